from __future__ import annotations

import threading
from concurrent.futures import wait
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.alerts.models import CaseSummary
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from tests.factories import Stage, make_case, make_programme, system_ctx
from tests.support.elsewhere import elsewhere

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
    started = threading.Event()

    def note_second(ctx: Ctx) -> None:
        record_contact(ctx, case_id, _met(second))

    with elsewhere(database_url, clock, started, note_second) as other:
        with system_ctx(engine, clock) as ctx:
            record_contact(ctx, case_id, _met(first))
            started.set()
            wait([other], 1.0)  # long enough to come to where it must wait
        other.result(30)

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
