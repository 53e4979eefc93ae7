"""Programmes in use share after the upgrade what they shared before it, and the next convention follows on that."""

from __future__ import annotations

from sqlalchemy import Engine

from casework.kernel.clock import FixedClock
from casework.kernel.migrate import downgrade, upgrade
from casework.programmes.conventions import CLAUSES, conventions_of
from casework.programmes.vocabulary.sharing import Opening
from tests.factories import make_convention, make_programme, system_ctx


def test_the_upgrade_opens_what_was_open_without_naming_a_document(
    engine: Engine, database_url: str, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        ids = [make_programme(ctx, code).id for code in ("F-SEMIS", "2.3.14")]
    engine.dispose()
    downgrade(database_url, "0014")
    upgrade(database_url)

    with system_ctx(engine, clock) as ctx:
        for programme_id in ids:
            (taken_over,) = conventions_of(ctx, programme_id)
            assert (taken_over.number, taken_over.from_on) == (1, ctx.today)
            assert (taken_over.reference, taken_over.author) == ("", None)
            assert taken_over.openings == dict.fromkeys(CLAUSES, Opening.OPEN)
        assert make_convention(ctx, make_programme(ctx)).number == 2
