"""What a file says otherwise of a known household: refused where it cannot be, replaced where it was confirmed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.cases.version_service import move_case_to_version
from casework.contracts.models import Contract
from casework.contracts.vocabulary import ContractKind
from casework.exchange.creation.work import Created
from casework.exchange.plan import Plan
from casework.exchange.reading.files import read_folder
from casework.exchange.service import run_import
from casework.kernel.clock import FixedClock
from casework.programmes.models import ProgrammeVersion
from tests.factories import make_programme, make_version, system_ctx
from tests.support.tree import ROOT

PETIT = ROOT / "tests" / "data" / "petit"
AWA = "PET-2025-003"  # contract of 31/05/2025, planned end 31/05/2026


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small folder, to be corrected."""
    return Path(shutil.copytree(PETIT, tmp_path / "petit"))


def run(engine: Engine, clock: FixedClock, source: Path, **options: bool) -> tuple[Plan, Created]:
    with system_ctx(engine, clock) as ctx:
        return run_import(ctx, make_programme(ctx), read_folder(source), **options)


def correct(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


def told(plan: Plan) -> list[tuple[str, int, str, str]]:
    return [(r.file, r.line, r.column, r.value) for r in plan.all_refused]


def amend(engine: Engine, clock: FixedClock, ends: tuple[date, date | None]) -> None:
    """Give the contract of Awa N’Diaye its planned end, and an amendment of 01/12/2025 with another one."""
    with system_ctx(engine, clock) as ctx:
        contract = ctx.session.scalars(
            select(Contract).join(Case, Case.id == Contract.case_id).where(Case.number == AWA)
        ).one()
        contract.planned_end_on, later = ends
        ctx.session.add(
            Contract(
                case_id=contract.case_id,
                kind=ContractKind.AMENDMENT.value,
                signed_on=date(2025, 12, 1),
                created_at=clock.now(),
                planned_end_on=later,
            )
        )


def contract_dates(engine: Engine) -> list[tuple[date, date | None]]:
    dates = select(Contract.signed_on, Contract.planned_end_on).join(Case, Case.id == Contract.case_id)
    with Session(engine) as session:
        rows = session.execute(dates.where(Case.number == AWA).order_by(Contract.signed_on))
        return [(signed, planned) for signed, planned in rows]


@pytest.mark.parametrize("signed_on", ["15/12/2025", "10/02/2026"])
def test_a_contract_is_not_moved_after_its_amendment_or_its_own_end(
    engine: Engine, clock: FixedClock, folder: Path, signed_on: str
) -> None:
    run(engine, clock, PETIT)
    amend(engine, clock, ends=(date(2026, 1, 31), date(2026, 9, 30)))
    households = folder / "menages.csv"
    correct(households, ";31/05/2025;31/05/2026;m.perrin;HLM;", f";{signed_on};30/09/2026;m.perrin;HLM;")
    correct(households, ";468,90;", ";500,00;")
    plan, created = run(engine, clock, folder, replace=True)
    assert told(plan) == [("menages.csv", 4, "date_contrat", signed_on)]
    assert created.counts == {"updated_cases": 1}
    assert contract_dates(engine) == [
        (date(2025, 5, 31), date(2026, 1, 31)),
        (date(2025, 12, 1), date(2026, 9, 30)),
    ]


def test_a_corrected_contract_date_leaves_the_ends_as_they_are(engine: Engine, clock: FixedClock, folder: Path) -> None:
    run(engine, clock, PETIT)
    amend(engine, clock, ends=(date(2026, 5, 31), None))
    correct(folder / "menages.csv", ";31/05/2025;31/05/2026;", ";30/05/2025;31/05/2026;")
    plan, _created = run(engine, clock, folder, replace=True)
    assert plan.all_refused == []
    assert contract_dates(engine) == [(date(2025, 5, 30), date(2026, 5, 31)), (date(2025, 12, 1), None)]


def test_an_empty_cell_does_not_take_back_the_end_that_is_known(
    engine: Engine, clock: FixedClock, folder: Path
) -> None:
    """The lease of a household that left goes to another one, whose row comes with a stale row of the first."""
    run(engine, clock, PETIT)
    households = folder / "menages.csv"
    correct(households, ";04/11/2025;OBJ;MAINTIEN_TITRE", ";;;")
    first = households.read_text(encoding="utf-8-sig").splitlines()[1]
    second = first.replace("PET-2024-001", "PET-2026-777").replace(
        ";07/10/2024;28/10/2024;18/11/2024;18/11/2025;", ";05/01/2026;;;;"
    )
    with households.open("a", encoding="utf-8", newline="") as file:
        file.write(f"{second}\r\n")
    plan, created = run(engine, clock, folder)
    assert (told(plan), created.counts) == ([], {"cases": 1})
    plan, created = run(engine, clock, folder)
    assert (told(plan), created.counts) == ([], {})


def test_an_empty_cell_does_not_take_back_the_contract_that_is_known(
    engine: Engine, clock: FixedClock, folder: Path
) -> None:
    run(engine, clock, PETIT)
    correct(folder / "menages.csv", ";31/05/2025;31/05/2026;m.perrin;", ";;31/05/2026;m.perrin;")
    plan, created = run(engine, clock, folder)
    assert (told(plan), created.counts) == ([], {})
    assert plan.counts["menages.csv"].identical == 9


def test_what_a_row_says_is_judged_with_what_is_known(engine: Engine, clock: FixedClock, folder: Path) -> None:
    """An end before the contract that only the database knows."""
    run(engine, clock, PETIT)
    correct(
        folder / "menages.csv",
        ";31/05/2025;31/05/2026;m.perrin;HLM;;;",
        ";;;m.perrin;HLM;15/05/2025;DEPART;INCONNU",
    )
    plan, created = run(engine, clock, folder)
    assert told(plan) == [("menages.csv", 4, "date_sortie", "15/05/2025")]
    assert created.counts == {}


@pytest.mark.parametrize(("decided", "number"), [(False, 2), (True, 1)])
def test_a_corrected_referral_takes_the_version_of_its_day_unless_it_was_decided(
    engine: Engine, clock: FixedClock, folder: Path, decided: bool, number: int
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_version(ctx, make_programme(ctx), date(2025, 4, 20), summary="Plus tard")
    run(engine, clock, PETIT)
    assert version_of(engine) == 1  # referred on 14/04/2025
    if decided:
        with system_ctx(engine, clock) as ctx:
            case_id = ctx.session.scalars(select(Case.id).where(Case.number == AWA)).one()
            move_case_to_version(ctx, case_id, 2, "Choix du ménage", 1)
            move_case_to_version(ctx, case_id, 1, "Retour", 2)
    correct(folder / "menages.csv", ";14/04/2025;02/05/2025;", ";22/04/2025;02/05/2025;")
    run(engine, clock, folder)
    assert version_of(engine) == 1
    plan, created = run(engine, clock, folder, replace=True)
    assert (told(plan), created.counts) == ([], {"updated_cases": 1})
    assert version_of(engine) == number


def version_of(engine: Engine) -> int:
    number = select(ProgrammeVersion.number).join(Case, Case.programme_version_id == ProgrammeVersion.id)
    with Session(engine) as session:
        return session.scalars(number.where(Case.number == AWA)).one()
