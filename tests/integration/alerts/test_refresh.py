from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.alerts.models import CaseSummary
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.clock import FixedClock
from casework.kernel.database import create_engine_for
from tests.factories import Stage, make_case, make_programme, system_ctx

OLDER, NEWER = date(2026, 3, 10), date(2026, 3, 28)


def _met(on: date) -> ContactNews:
    return ContactNews(on, ContactKind.VAD, ContactOutcome.REALISEE)


@pytest.mark.parametrize(("first", "second"), [(NEWER, OLDER), (OLDER, NEWER)])
def test_of_two_contacts_noted_at_once_the_summary_knows_both(
    database_url: str, engine: Engine, clock: FixedClock, first: date, second: date
) -> None:
    """The second would not see the first, and would write over what the first wrote of the case."""
    with system_ctx(engine, clock) as ctx:
        case_id = make_case(ctx, make_programme(ctx)).id
    started, errors = threading.Event(), list[Exception]()

    def note_second() -> None:
        own = create_engine_for(database_url)
        try:
            started.wait(20)
            with system_ctx(own, clock) as ctx:
                record_contact(ctx, case_id, _met(second))
        except Exception as error:
            errors.append(error)
        finally:
            own.dispose()

    other = threading.Thread(target=note_second)
    other.start()
    with system_ctx(engine, clock) as ctx:
        record_contact(ctx, case_id, _met(first))
        started.set()
        other.join(1.0)  # long enough to come to where it must wait
    other.join(30)

    assert errors == []
    with Session(engine) as session:
        assert session.scalars(select(CaseSummary.last_contact_on)).one() == NEWER


def test_the_longest_names_fit_into_the_summary(engine: Engine, clock: FixedClock) -> None:
    """Their keys are longer still: one letter may become two."""
    with system_ctx(engine, clock) as ctx:
        make_case(
            ctx,
            make_programme(ctx),
            stage=Stage.REFERRED,
            family_name="Œ" * 200,
            given_name="ß" * 200,
            number="T-2025-001",
        )

    with Session(engine) as session:
        summary = session.scalars(select(CaseSummary)).one()
    assert summary.name == "Œ" * 200
    assert summary.name_key == "oe" * 100
    assert summary.search_key.startswith("t 2025 001 oeoe")
