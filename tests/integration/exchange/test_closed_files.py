"""What a file says of a household whose case is closed to writing is refused; what it repeats is not."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from casework.cases.models import Case
from casework.contacts.models import Contact
from casework.exchange.household_check import CLOSED
from casework.exchange.reading.files import read_folder
from casework.exchange.service import run_import
from casework.kernel.clock import FixedClock
from casework.privacy.rights import Answer, answer_request, record_request
from casework.privacy.vocabulary import Decision, Right
from casework.reassessments.models import Reassessment
from tests.factories import make_programme, system_ctx
from tests.support.tree import ROOT

FOLDER = ROOT / "tests" / "data" / "petit"


@pytest.mark.databases("sqlite")
def test_a_limitation_stops_an_import_row_by_row(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        run_import(ctx, programme, read_folder(FOLDER))
        contact = ctx.session.scalars(select(Contact).order_by(Contact.id)).first()
        assert contact is not None
        case = ctx.session.get_one(Case, contact.case_id)
        number, case_id, resources = case.number, case.id, case.resources_cents
        asked = record_request(ctx, case_id, Right.LIMITATION, ctx.today, "")
        answer_request(ctx, case_id, asked.id, Answer(Decision.GRANTED, ctx.today, ""))
        for row in ctx.session.scalars(select(Reassessment).where(Reassessment.case_id == case_id)).all():
            ctx.session.delete(row)
        ctx.session.delete(contact)
        case.resources_cents = 1
    with system_ctx(engine, clock) as ctx:
        plan, _created = run_import(ctx, make_programme(ctx), read_folder(FOLDER), replace=True)
        met = ctx.session.scalars(select(Contact.id).where(Contact.case_id == case_id)).all()
        kept = ctx.session.get_one(Case, case_id).resources_cents

    assert {refusal.value for refusal in plan.refused} == {number}
    assert {refusal.file for refusal in plan.refused} >= {"menages.csv", "visites.csv"}
    assert {str(refusal.reason) for refusal in plan.refused} == {str(CLOSED)}
    assert (plan.contacts, plan.changes, kept) == ([], [], 1)
    assert resources != kept
    assert met
