"""A programme put in use before definitions had their present form goes on after the upgrade."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from casework.kernel.database import create_engine_for
from casework.kernel.migrate import downgrade, upgrade
from casework.programmes.definition import read_definition
from casework.programmes.terms import terms_on

OLD = {
    "id": "LOCAL",
    "title": "Un dispositif local",
    "landlord": "Office du Val",
    "operator": "Les Pins",
    "valid_from": "2020-01-01",
    "category": "access",
    "households": {"value": 30, "unit": "total", "approximate": True},
    "duration": {"months": 36},
    "accompaniment": {"max_months": 12},
    "cadence": [{"what": "contact", "every": 2, "unit": "week"}, {"what": "reassessment", "every": 2, "unit": "month"}],
    "lease": {"stages": ["ALT", "BAIL_GLISSANT", "BAIL_DIRECT"], "order_matters": True},
    "cost": [
        {"what": "diagnostic", "amount_cents": 5_000},
        {"what": "total", "amount_cents": 900_000, "period": "year"},
    ],
    "funding": [{"funder": "État", "amount_cents": 900_000}],
    "thresholds": {"arrears_multiple": 3},
    "remarks": ["Une remarque."],
}


def _stored(url: str) -> dict[str, object]:
    engine = create_engine_for(url)
    versions = sa.Table("programme_versions", sa.MetaData(), autoload_with=engine)
    with engine.connect() as connection:
        found: dict[str, object] = connection.execute(sa.select(versions.c.definition)).scalar_one()
    engine.dispose()
    return found


def _put_in_use(url: str) -> None:
    engine = create_engine_for(url)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    tables, now = metadata.tables, sa.text("CURRENT_TIMESTAMP")
    with engine.begin() as connection:
        for number, kind in ((1, "LANDLORD"), (2, "ASSOCIATION")):
            connection.execute(
                sa.insert(tables["organisations"]).values(id=number, kind=kind, name=kind, created_at=now)
            )
        connection.execute(
            sa.insert(tables["programmes"]).values(
                id=1, code="LOCAL", name="Un dispositif local", landlord_id=1, operator_id=2, created_at=now
            )
        )
        connection.execute(
            sa.insert(tables["programme_versions"]).values(
                id=1, programme_id=1, number=1, valid_from=date(2020, 1, 1), definition=OLD, digest="x", created_at=now
            )
        )
    engine.dispose()


def test_a_definition_in_use_is_said_in_the_form_of_today_and_back(database_url: str) -> None:
    downgrade(database_url, "0008")
    _put_in_use(database_url)

    upgrade(database_url)
    definition = read_definition("v1", _stored(database_url))

    assert (definition.landlords, definition.operators) == (("Office du Val",), ("Les Pins",))
    assert definition.lease.stages == ("ALT", "BAIL_GLISSANT", "BAIL_DIRECT")
    assert (definition.lease.order_matters, definition.max_months, definition.costs.total_period) == (True, 12, "year")
    terms = terms_on(definition, date(2026, 3, 30))
    assert (terms.contact_phases, terms.arrears_multiple) == (((0, 14),), 3)

    downgrade(database_url, "0008")
    assert _stored(database_url) == OLD
    upgrade(database_url)
