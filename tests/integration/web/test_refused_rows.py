"""What the database refuses: two people who noted the same are told so, a defect of the program is an error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseEnd, CaseTeamMember, Suspension
from casework.contacts import service
from casework.contacts.models import Contact
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import is_taken
from casework.web.models import SentForm
from casework.web.sent_forms import new_key
from tests.factories import Stage, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

SOUND = {"occurred_on": "2026-03-30", "kind": "TEL", "outcome": "REALISEE", "shared_note": "Appel du matin"}
SAME = "La même chose vient d’être enregistrée."
Write = Callable[[Ctx, int], None]


def _end_again(ctx: Ctx, case_id: int) -> None:
    values = {"case_id": case_id, "ended_on": ctx.today, "reason": "OBJ", "outcome": "INCONNU", "relay": "", "note": ""}
    ctx.session.execute(insert(CaseEnd).values(**values, created_at=ctx.clock.now()))


def _take_number(ctx: Ctx, case_id: int) -> None:
    other = make_case(ctx, make_programme(ctx), stage=Stage.REFERRED, number="AUTRE")
    other.number = ctx.session.get_one(Case, case_id).number


def _point_nowhere(ctx: Ctx, case_id: int) -> None:
    ctx.session.add(CaseTeamMember(case_id=case_id, user_id=404404, since_on=ctx.today))


def _say_what_none_may(ctx: Ctx, case_id: int) -> None:
    ctx.session.add(Suspension(case_id=case_id, from_on=ctx.today, reason="x", to_on=date(2000, 1, 1)))


def _leave_empty(ctx: Ctx, case_id: int) -> None:
    ctx.session.add(Suspension(case_id=case_id, from_on=ctx.today, reason=None))  # type: ignore[arg-type]  # the fault


TAKEN: dict[str, Write] = {"primary key": _end_again, "unique": _take_number}
DEFECTS: dict[str, Write] = {"foreign key": _point_nowhere, "check": _say_what_none_may, "not null": _leave_empty}


@pytest.fixture
def place(engine: Engine, clock: FixedClock) -> tuple[User, int]:
    """A referent, and their household, whose accompaniment is over."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        return referent, make_case(ctx, programme, referent=referent, stage=Stage.ENDED).id


@pytest.mark.parametrize("name", [*TAKEN, *DEFECTS])
def test_only_what_may_be_there_once_is_taken(
    engine: Engine, clock: FixedClock, place: tuple[User, int], name: str
) -> None:
    with pytest.raises(IntegrityError) as refused, system_ctx(engine, clock) as ctx:  # noqa: PT012 -- flushed or not
        (TAKEN | DEFECTS)[name](ctx, place[1])
        ctx.session.flush()

    assert is_taken(refused.value) is (name in TAKEN)


def _let_contacts_write(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    """Let whoever notes a contact write something else beside it."""
    record = service.record_contact

    def record_and_write(ctx: Ctx, case_id: int, *told: Any) -> object:
        contact = record(ctx, case_id, *told)
        write(ctx, case_id)
        return contact

    monkeypatch.setattr(service, "record_contact", record_and_write)


def _kept(engine: Engine) -> tuple[int, int]:
    """Return how many contacts and keys of forms are kept."""
    with Session(engine) as session:
        counts = [session.scalar(select(func.count()).select_from(model)) or 0 for model in (Contact, SentForm)]
    return counts[0], counts[1]


@pytest.mark.parametrize("name", TAKEN)
def test_who_comes_second_is_told_that_somebody_was_first(
    client: StrictClient, place: tuple[User, int], engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _let_contacts_write(monkeypatch, TAKEN[name])
    sign_in(client, place[0])

    answer = send_form(client, f"/menages/{place[1]}/contacts/nouveau", SOUND | {"form_key": new_key()})

    assert answer.status_code == 200
    text = unescape(answer.get_data(as_text=True))
    assert SAME in text
    assert SOUND["shared_note"] in text
    assert _kept(engine) == (0, 0)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_of_the_program_is_told_as_an_error_and_writes_nothing(
    app: Flask,
    client: StrictClient,
    place: tuple[User, int],
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    _let_contacts_write(monkeypatch, DEFECTS[name])
    app.testing = False
    client.lint = False  # the client would stop at the status; the page is looked at below
    sign_in(client, place[0])

    answer = send_form(client, f"/menages/{place[1]}/contacts/nouveau", SOUND | {"form_key": new_key()})

    text = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 500
    assert "Code 500" in text
    assert name in caplog.text.casefold().replace("-", " ")
    assert SAME not in text
    assert _kept(engine) == (0, 0)
