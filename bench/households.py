"""Some hundreds of households that lived through three years: what the simulator's fast way leaves.

What they lived is never written here: referrals, contacts, rents, stages and ends come from the plan of the simulator.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from sqlalchemy import Table, func, select, text

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseEnd
from casework.contacts.models import Contact
from casework.kernel import audit
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import create_engine_for
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from casework.kernel.vault import installed
from casework.models import metadata
from casework.privacy.fates import fates
from casework.privacy.vocabulary import Reach
from casework.programmes.service import Opening, Partner, create_programme
from casework.simulation.bulk.service import simulate_in_bulk
from casework.simulation.service import OPENER, Order
from tests.factories import make_user

TODAY = date(2026, 3, 30)
CLOCK = FixedClock.on(TODAY)
PROGRAMME = "BANC"
DISTRICT = "Centre"
REFERENTS = 40
# What a page of a household shows at least, where it is measured.
CONTACTS = 60
# Everybody comes within some months, and the notes of the last days are not made yet: there is something to do.
_FIRST, _LAST = date(2022, 8, 1), date(2026, 3, 18)
_DEFINITION: Mapping[str, object] = MappingProxyType(
    {
        "id": PROGRAMME,
        "title": "Trois ans d’accompagnement",
        "valid_from": "2020-01-01",
        "category": "access_and_maintain",
        "mode": "both",
        "landlords": ["Office du Val"],
        "duration": {"months": 6, "renewable": False},
        "accompaniment": {"min_months": 42, "typical_months": 60, "period_months": 12, "renewal_months": 12},
        "cadence": [
            {"what": "contact", "every": 3, "unit": "week"},
            {"what": "reassessment", "every": 3, "unit": "month"},
        ],
        "lease": {"order_matters": True},
        "path": [
            {"stages": ["BAIL_GLISSANT", "BAIL_DIRECT"], "mode": "access", "same_dwelling": True},
            {"stages": ["BAIL_DIRECT"], "mode": "maintain"},
        ],
    }
)
# The schema in which their rows are set apart, to be multiplied.
LIVED = "lived"
# What the sweep finds: it is measured, and begins with nothing.
_FOUND = ("alerts", "case_summaries", "sweep_log")
_LANDLORD, _ASSOCIATION = Partner(name="Office du Val"), Partner(name="Les Rives")
# The simulator invents no private words; a team writes some, and reading them costs what it costs.
_PRIVATE_WORDS = (
    f"UPDATE {LIVED}.contacts SET private_note = :note WHERE outcome = 'REALISEE'",
    f"UPDATE {LIVED}.diagnostics SET social_part = :social",
)


@dataclass(frozen=True)
class Lived:
    """What is known of the simulated households. `busy`: the cases that run and have a full page of contacts."""

    count: int
    programme_id: int
    landlord_id: int
    manager: User
    referents: tuple[User, ...]
    busy: tuple[int, ...]


def live(url: str, superuser_url: str, count: int) -> Lived:
    """Let `count` households live in the migrated, empty database at `url`, and set their rows apart.

    Raises AssertionError when there is no room for so many.
    """
    engine = create_engine_for(url)
    audit.install(engine)
    with writing_context(engine, OPENER, FixedClock.on(_FIRST), "bench", Events()) as ctx:
        programme = create_programme(ctx, Opening(PROGRAMME, _DEFINITION, _LANDLORD, _ASSOCIATION))
        manager = make_user(ctx, Role.MANAGER, programme=programme, password=None)
        referents = [make_user(ctx, Role.REFERENT, programme=programme, password=None) for _ in range(REFERENTS)]
    with writing_context(engine, OPENER, CLOCK, "bench", Events()) as ctx:
        run = simulate_in_bulk(ctx, Order(PROGRAMME, count, _FIRST, _LAST))
        if len(run.plan.lives) != count:
            raise AssertionError(f"{len(run.plan.lives)} households live, not {count}")
        busy = _busy(ctx)
    engine.dispose()
    _set_apart(superuser_url)
    return Lived(count, programme.id, programme.landlord_id, manager, tuple(referents), busy)


def _busy(ctx: Ctx) -> tuple[int, ...]:
    full = select(Contact.case_id).group_by(Contact.case_id).having(func.count() >= CONTACTS)
    found = select(Case.id).where(Case.id.in_(full), Case.id.not_in(select(CaseEnd.case_id))).order_by(Case.id)
    return tuple(ctx.session.scalars(found))


@cache
def tables_of_households() -> tuple[Table, ...]:
    """Return the tables whose rows are about households (what becomes of them once is told of each), but what is found."""
    told = {fate.table for fate in fates() if fate.reach not in {None, Reach.AUDIT}}
    return tuple(table for table in metadata.sorted_tables if table.name in told.difference(_FOUND))


def _set_apart(superuser_url: str) -> None:
    words = {
        "note": installed().encrypt(
            "contacts.private_note", "La personne dit sa fatigue ; à reprendre la prochaine fois."
        ),
        "social": installed().encrypt("diagnostics.social_part", "Isolement, santé fragile."),
    }
    tables = [table.name for table in tables_of_households()]
    engine = create_engine_for(superuser_url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {LIVED}"))
        for table in tables:
            connection.execute(text(f"CREATE TABLE {LIVED}.{table} AS SELECT * FROM {table}"))
        for statement in _PRIVATE_WORDS:
            connection.execute(text(statement), words)
        connection.execute(text(f"TRUNCATE {', '.join([*tables, *_FOUND])}"))
    engine.dispose()
