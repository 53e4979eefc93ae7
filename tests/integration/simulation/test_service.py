"""The simulator: a plan lived through by the use cases, the same for a seed, on a new database or beside other cases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.alerts.models import Alert, CaseSummary
from casework.cases.models import Case, CaseEnd
from casework.contacts.models import Contact
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock, paris_date
from casework.kernel.database import create_engine_for
from casework.kernel.errors import RuleViolation
from casework.programmes.models import Programme
from casework.rents.models import RentLine
from casework.simulation.service import Order
from tests.factories import make_programme, system_ctx
from tests.integration.simulation.conftest import FIRST, LAST, Simulate, all_rows, live
from tests.support.databases import Databases


def test_the_same_seed_gives_the_same_rows_in_every_table_audit_included(
    simulated: Simulate, engine: Engine, databases: Databases, database_kind: str
) -> None:
    url = databases.create(database_kind)
    other = create_engine_for(url)
    simulated("F-SEMIS", households=6)
    live(other, Order("F-SEMIS", 6, FIRST, LAST, seed=1))
    rows, again = all_rows(engine), all_rows(other)
    other.dispose()
    databases.drop(url)

    assert {name for name in rows if rows[name] != again[name]} == set()
    assert len(rows["audit_events"]) > 200


def test_another_seed_gives_other_lives(simulated: Simulate) -> None:
    first = simulated("F-SEMIS", households=3, seed=1).plan
    second = simulated("2.3.12", households=3, seed=2).plan

    assert [life.home for life in first.lives] != [life.home for life in second.lives]


def test_a_history_holds_what_people_note_and_every_row_says_who_and_when(simulated: Simulate, engine: Engine) -> None:
    simulated("F-SEMIS", households=8)
    with Session(engine) as session:
        counts = {
            model: session.scalar(select(func.count()).select_from(model)) for model in (Contact, RentLine, Alert)
        }
        instants = session.scalars(select(AuditEvent.at)).all()
        authors = set(session.scalars(select(Contact.author_id)))
        referents = set(session.scalars(select(User.id).where(User.role == "REFERENT")))
        cases, summaries = (session.scalar(select(func.count()).select_from(m)) for m in (Case, CaseSummary))

    assert all(counts.values())
    assert cases == summaries == 8
    assert authors == referents
    assert {paris_date(at) for at in instants} <= {
        date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1)
    }


def test_no_more_households_live_than_the_definition_has_room_for(simulated: Simulate, engine: Engine) -> None:
    run = simulated("2.1.1", households=5)
    again = simulated("2.1.1", households=5, seed=2)

    assert len(run.plan.lives) == 2
    assert len(again.plan.lives) == 0
    with Session(engine) as session:
        assert session.scalar(select(func.count(Case.id))) == 2


def test_a_programme_in_use_and_who_works_there_are_taken_as_they_are(simulated: Simulate, engine: Engine) -> None:
    with system_ctx(engine, FixedClock.on(FIRST)) as ctx:
        make_programme(ctx)
    simulated("F-SEMIS", households=2)
    simulated("F-SEMIS", households=2, seed=5)
    with Session(engine) as session:
        assert session.scalar(select(func.count(Programme.id))) == 1
        assert session.scalar(select(func.count(User.id))) == 4
        assert session.scalar(select(func.count(Case.id))) == 4


def test_what_cannot_be_simulated_is_said_and_nothing_written(simulated: Simulate, engine: Engine) -> None:
    with pytest.raises(RuleViolation, match="n’existe pas"):
        simulated("X-1")
    with pytest.raises(RuleViolation, match="avant de commencer"):
        simulated("F-SEMIS", first=LAST, last=FIRST)
    with Session(engine) as session:
        assert session.scalar(select(func.count(AuditEvent.id))) == 0


def test_households_that_have_left_have_an_end_and_the_others_a_state(simulated: Simulate, engine: Engine) -> None:
    plan = simulated("2.3.9", households=6).plan
    with Session(engine) as session:
        ended = session.scalar(select(func.count(CaseEnd.case_id)))

    assert ended == sum(life.leaves_on <= LAST for life in plan.lives)
