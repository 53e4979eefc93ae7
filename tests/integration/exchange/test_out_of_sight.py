"""What a file says of a household that its sender does not see: refused row by row, and the others go in."""

from __future__ import annotations

import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseRetention
from casework.contacts.models import Contact
from casework.exchange import household_check
from casework.exchange.creation.work import Created
from casework.exchange.plan import Plan
from casework.exchange.reading.files import read_folder
from casework.exchange.service import run_import
from casework.kernel.clock import FixedClock
from casework.reassessments.models import Reassessment
from casework.rents.models import RentLine
from tests.factories import acting_as, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient
from tests.support.tree import ROOT

PETIT = ROOT / "tests" / "data" / "petit"
AWA = "PET-2025-003"  # on line 4, with the lease 10003/03
LEASE = "10003/03"
CLOSED, TAKEN = str(household_check.CLOSED), str(household_check.TAKEN)


@pytest.fixture
def coordinator(engine: Engine, clock: FixedClock) -> User:
    """Somebody who reads the whole programme but for what is in the archive."""
    with system_ctx(engine, clock) as ctx:
        return make_user(ctx, Role.COORDINATOR, programme=make_programme(ctx))


@pytest.fixture
def case_id(engine: Engine, clock: FixedClock) -> int:
    """The case of Awa N’Diaye, archived after all of the folder went in."""
    with system_ctx(engine, clock) as ctx:
        run_import(ctx, make_programme(ctx), read_folder(PETIT))
        case_id = ctx.session.scalars(select(Case.id).where(Case.number == AWA)).one()
        ctx.session.add(
            CaseRetention(
                case_id=case_id,
                archived_on=ctx.today,
                archived_until=ctx.today + timedelta(days=400),
                archive_reason="Recours en cours.",
            )
        )
        return case_id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small folder, with one more household."""
    folder = Path(shutil.copytree(PETIT, tmp_path / "petit"))
    path = folder / "menages.csv"
    text = path.read_bytes().decode("utf-8")
    row = next(line for line in text.splitlines() if line.startswith(AWA))
    more = row.replace(AWA, "PET-2026-777").replace(LEASE, "10077/77")
    path.write_bytes(f"{text}{more}\r\n".encode())
    return folder


def send(engine: Engine, clock: FixedClock, user: User, folder: Path) -> tuple[Plan, Created]:
    with acting_as(engine, clock, user) as ctx:
        return run_import(ctx, make_programme(ctx), read_folder(folder))


def of(plan: Plan, file: str) -> set[tuple[str, str, bool]]:
    """Return what is refused in a file: (value, reason, whether it waits for its household)."""
    return {(r.value, str(r.reason), r.is_waiting) for r in plan.all_refused if r.file.startswith(file)}


@pytest.mark.usefixtures("case_id")
def test_an_archived_case_is_refused_and_the_other_rows_go_in(
    engine: Engine, clock: FixedClock, coordinator: User, folder: Path
) -> None:
    plan, created = send(engine, clock, coordinator, folder)

    assert of(plan, "menages") == of(plan, "visites") == of(plan, "reevaluations") == {(AWA, CLOSED, False)}
    assert of(plan, "quittancement") == {(LEASE, CLOSED, False)}
    assert created.counts == {"cases": 1}
    with system_ctx(engine, clock) as ctx:
        assert ctx.session.scalars(select(Case.number).where(Case.import_id == created.import_id)).all() == [
            "PET-2026-777"
        ]


def test_nothing_is_written_into_an_archived_case_by_contacts_reassessments_and_ledgers_alone(
    engine: Engine, clock: FixedClock, coordinator: User, folder: Path, case_id: int
) -> None:
    with system_ctx(engine, clock) as ctx:
        account = ctx.session.get_one(Case, case_id).rent_account_id
        for found in (
            select(Contact).where(Contact.case_id == case_id),
            select(Reassessment).where(Reassessment.case_id == case_id),
            select(RentLine).where(RentLine.account_id == account),
        ):
            rows = ctx.session.scalars(found).all()
            assert rows
            for row in rows:
                ctx.session.delete(row)
    (folder / "menages.csv").unlink()

    plan, created = send(engine, clock, coordinator, folder)

    assert created.counts == {}
    assert of(plan, "visites") == of(plan, "reevaluations") == {(AWA, CLOSED, False)}
    assert of(plan, "quittancement") == {(LEASE, "Aucun ménage du dispositif n’a ce numéro de bail.", False)}


@pytest.mark.usefixtures("case_id")
def test_a_coordinator_reads_in_the_preview_what_is_refused_and_confirms_the_rest(
    client: StrictClient, coordinator: User, folder: Path
) -> None:
    sign_in(client, coordinator)
    files = [(io.BytesIO(path.read_bytes()), path.name) for path in sorted(folder.glob("*.csv"))]
    sent = send_form(client, "/import", {"programme": "F-SEMIS", "files": files})
    preview = client.get(sent.location).get_data(as_text=True)
    done = send_form(client, sent.location)

    assert CLOSED in preview
    assert done.status_code == 302
    assert "/import/faits/" in done.location


def test_a_number_out_of_sight_is_told_as_taken_and_nothing_else(
    engine: Engine, clock: FixedClock, folder: Path, case_id: int
) -> None:
    """No role that imports is kept from a file that is open; one that would be learns that its number is not free."""
    with system_ctx(engine, clock) as ctx:
        referent = make_user(ctx, Role.REFERENT, programme=make_programme(ctx))
        others = set(ctx.session.scalars(select(Case.number).where(Case.id != case_id)))

    plan, created = send(engine, clock, referent, folder)

    assert len(others) == 8
    expected = {(AWA, CLOSED, False)} | {(number, TAKEN, False) for number in others}
    assert of(plan, "menages") == expected
    assert {value for value, _why, _waits in of(plan, "visites")} <= others | {AWA}
    assert of(plan, "visites") <= expected
    assert created.counts == {"cases": 1}


@pytest.mark.usefixtures("case_id")
def test_who_sees_the_archive_sends_its_rows_again_without_harm(
    engine: Engine, clock: FixedClock, folder: Path
) -> None:
    with system_ctx(engine, clock) as ctx:
        manager = make_user(ctx, Role.MANAGER, programme=make_programme(ctx))

    plan, created = send(engine, clock, manager, folder)

    assert (plan.all_refused, created.counts) == ([], {"cases": 1})
