"""Amounts that no file told yet: they are completed later, and no effort rate is made of them meanwhile."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.diagnostics.models import Diagnostic
from casework.diagnostics.rules import Budget
from casework.diagnostics.service import Findings, record_diagnostic
from casework.exchange.creation.work import Created
from casework.exchange.plan import Plan
from casework.exchange.reading.files import read_folder
from casework.exchange.service import run_import
from casework.kernel.clock import FixedClock
from tests.factories import make_programme, system_ctx
from tests.support.tree import ROOT

PETIT = ROOT / "tests" / "data" / "petit"
DRAGAN = "PET-2025-002"
# Resources, benefit and who gets it; rent and charges.
TOLD = ("910,25", "305,00", "DIRECT", "468,90", "70,10")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The households of the small folder alone."""
    target = tmp_path / "petit"
    target.mkdir()
    shutil.copy(PETIT / "menages.csv", target)
    return target


def send(
    engine: Engine, clock: FixedClock, folder: Path, amounts: tuple[str, ...], *, replace: bool = False
) -> tuple[Plan, Created]:
    resources, benefit, payment, rent, charges = amounts
    rows = (PETIT / "menages.csv").read_text(encoding="utf-8-sig").splitlines()
    cells = rows[2].split(";")
    cells[8:11], cells[15:17] = [resources, benefit, payment], [rent, charges]
    rows[2] = ";".join(cells)
    (folder / "menages.csv").write_text("\r\n".join([*rows, ""]), encoding="utf-8", newline="")
    with system_ctx(engine, clock) as ctx:
        return run_import(ctx, make_programme(ctx), read_folder(folder), replace=replace)


def efforts(engine: Engine) -> list[int | None]:
    of_case = select(Diagnostic.effort_tenths).join(Case, Case.id == Diagnostic.case_id).where(Case.number == DRAGAN)
    with Session(engine) as session:
        return list(session.scalars(of_case.order_by(Diagnostic.id)))


def case_amounts(engine: Engine) -> tuple[int | None, int, str, int, int]:
    with Session(engine) as session:
        case = session.scalars(select(Case).where(Case.number == DRAGAN)).one()
        return case.resources_cents, case.benefit_cents, case.benefit_payment, case.rent_cents, case.charges_cents


def test_amounts_that_were_not_told_are_completed(engine: Engine, clock: FixedClock, folder: Path) -> None:
    send(engine, clock, folder, ("910,25", "", "", "", ""))
    assert case_amounts(engine) == (910_25, 0, "TIERS_PAYANT", 0, 0)
    for amounts, expected in (
        (("910,25", "", "", "468,90", ""), (910_25, 0, "TIERS_PAYANT", 468_90, 0)),
        (TOLD, (910_25, 305_00, "DIRECT", 468_90, 70_10)),
    ):
        plan, created = send(engine, clock, folder, amounts)
        assert (plan.all_refused, plan.differences) == ([], [])
        assert plan.counts["menages.csv"].completed == 1
        assert created.counts == {"updated_cases": 1}
        assert case_amounts(engine) == expected
        assert send(engine, clock, folder, amounts)[1].counts == {}


@pytest.mark.parametrize("first", [TOLD, ("910,25", "", "", "", "")])
def test_what_was_told_to_be_nil_is_told(
    engine: Engine, clock: FixedClock, folder: Path, first: tuple[str, ...]
) -> None:
    nil = ("910,25", "0,00", "TIERS_PAYANT", "0,00", "0,00")
    send(engine, clock, folder, first)
    plan, created = send(engine, clock, folder, nil, replace=True)
    assert plan.all_refused == []
    assert created.counts == {"updated_cases": 1}
    assert send(engine, clock, folder, nil)[1].counts == {}
    plan, created = send(engine, clock, folder, TOLD)
    assert [(d.column, d.old) for d in plan.differences] == [
        ("apl_mensuelle", "0,00"),
        ("apl_versement", "TIERS_PAYANT"),
        ("loyer", "0,00"),
        ("charges", "0,00"),
    ]
    assert created.counts == {}


def test_what_people_wrote_since_is_told(engine: Engine, clock: FixedClock, folder: Path) -> None:
    send(engine, clock, folder, ("910,25", "", "", "468,90", "70,10"))
    with system_ctx(engine, clock) as ctx:
        case = ctx.session.scalars(select(Case).where(Case.number == DRAGAN)).one()
        for benefit_cents in (305_00, 0):  # the benefit came, and ended
            case.benefit_cents = benefit_cents
            ctx.session.flush()
    plan, created = send(engine, clock, folder, ("910,25", "305,00", "", "468,90", "70,10"))
    assert [(d.column, d.old) for d in plan.differences] == [("apl_mensuelle", "0,00")]
    assert created.counts == {}
    assert case_amounts(engine)[1] == 0


@pytest.mark.parametrize(
    ("amounts", "effort"),
    [
        (TOLD, 257),  # (468,90 + 70,10 - 305,00) / 910,25
        (("910,25", "0,00", "", "468,90", "0,00"), 515),
        (("910,25", "305,00", "", "", "70,10"), None),
        (("910,25", "", "", "468,90", "70,10"), None),
        (("910,25", "305,00", "", "468,90", ""), None),
        (("910,25", "", "", "", ""), None),
        (("", "305,00", "", "468,90", "70,10"), None),
        (("0,00", "305,00", "", "468,90", "70,10"), None),
    ],
)
def test_no_effort_rate_is_made_of_what_was_not_told(
    engine: Engine, clock: FixedClock, folder: Path, amounts: tuple[str, ...], effort: int | None
) -> None:
    send(engine, clock, folder, amounts)
    assert efforts(engine) == [effort]
    # It follows what is completed, then what is corrected.
    send(engine, clock, folder, TOLD, replace=True)
    assert efforts(engine) == [257]
    send(engine, clock, folder, (*TOLD[:3], "478,90", "70,10"))
    assert efforts(engine) == [257]
    send(engine, clock, folder, (*TOLD[:3], "478,90", "70,10"), replace=True)
    assert efforts(engine) == [268]


def test_a_diagnostic_that_people_wrote_keeps_its_amounts(engine: Engine, clock: FixedClock, folder: Path) -> None:
    send(engine, clock, folder, ("910,25", "", "", "", ""))
    with system_ctx(engine, clock) as ctx:
        case_id = ctx.session.scalars(select(Case.id).where(Case.number == DRAGAN)).one()
        budget = Budget({"WAGES": 1000_00}, rent_cents=500_00)
        record_diagnostic(ctx, case_id, Findings(date(2025, 3, 10), budget=budget))
    send(engine, clock, folder, TOLD, replace=True)
    assert efforts(engine) == [257, 500]
