"""A contact or a reassessment that a file tells otherwise: another one where there can be two, else a difference."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.contacts.models import Contact
from casework.exchange.creation.work import Created
from casework.exchange.plan import Plan
from casework.exchange.reading.files import read_folder
from casework.exchange.service import run_import
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.reassessments.models import Reassessment
from tests.factories import make_programme, system_ctx
from tests.support.tree import ROOT

PETIT = ROOT / "tests" / "data" / "petit"
VISIT = "PET-2024-001;10/12/2024;"
REVIEW = "PET-2024-001;20/01/2025;"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The households of the small folder alone."""
    target = tmp_path / "petit"
    target.mkdir()
    shutil.copy(PETIT / "menages.csv", target)
    return target


def send(engine: Engine, clock: FixedClock, folder: Path, *, replace: bool = False) -> tuple[Plan, Created]:
    with system_ctx(engine, clock) as ctx:
        return run_import(ctx, make_programme(ctx), read_folder(folder), replace=replace)


def visits(folder: Path, *told: str) -> None:
    lines = ["numero_dossier;date;type;issue;duree_minutes", *(VISIT + words for words in told), ""]
    (folder / "visites.csv").write_text("\r\n".join(lines), encoding="utf-8", newline="")


def reviews(folder: Path, *decisions: str) -> None:
    lines = ["numero_dossier;date;decision", *(REVIEW + decision for decision in decisions), ""]
    (folder / "reevaluations.csv").write_text("\r\n".join(lines), encoding="utf-8", newline="")


def contacts(engine: Engine) -> list[str]:
    with Session(engine) as session:
        found = session.scalars(select(Contact).order_by(Contact.id)).all()
        return sorted(f"{c.kind};{c.outcome};{'' if c.duration_minutes is None else c.duration_minutes}" for c in found)


def decisions(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return sorted(session.scalars(select(Reassessment.decision)))


@pytest.mark.parametrize(
    ("base", "file", "columns", "kept", "replaced"),
    [
        (["TEL;ABSENT;5"], ["TEL;REALISEE;5"], ["issue"], ["TEL;ABSENT;5"], ["TEL;REALISEE;5"]),
        (
            ["TEL;ABSENT;5"],
            ["TEL;REALISEE;45"],
            ["issue", "duree_minutes"],
            ["TEL;ABSENT;5"],
            ["TEL;REALISEE;45"],
        ),
        # An empty cell says nothing, and a fact that was not told is completed.
        (["TEL;REALISEE;45"], ["TEL;REALISEE;"], [], ["TEL;REALISEE;45"], ["TEL;REALISEE;45"]),
        (["TEL;REALISEE;"], ["TEL;REALISEE;45"], [], ["TEL;REALISEE;45"], ["TEL;REALISEE;45"]),
        # Another kind is another contact; so is one more call of the same day.
        (["TEL;ABSENT;5"], ["VAD;REALISEE;5"], [], *[["TEL;ABSENT;5", "VAD;REALISEE;5"]] * 2),
        (["TEL;ABSENT;5"], ["TEL;ABSENT;5", "TEL;REALISEE;5"], [], *[["TEL;ABSENT;5", "TEL;REALISEE;5"]] * 2),
        (
            ["TEL;ABSENT;5", "TEL;REFUS;6"],
            ["TEL;REALISEE;7"],
            [],
            *[["TEL;ABSENT;5", "TEL;REALISEE;7", "TEL;REFUS;6"]] * 2,
        ),
        # Two calls that are both known, one of them otherwise.
        (
            ["TEL;ABSENT;5", "TEL;REALISEE;6"],
            ["TEL;REALISEE;6", "TEL;REFUS;5"],
            ["issue"],
            ["TEL;ABSENT;5", "TEL;REALISEE;6"],
            ["TEL;REALISEE;6", "TEL;REFUS;5"],
        ),
    ],
)
def test_a_contact_told_otherwise(
    engine: Engine,
    clock: FixedClock,
    folder: Path,
    base: list[str],
    file: list[str],
    columns: list[str],
    kept: list[str],
    replaced: list[str],
) -> None:
    visits(folder, *base)
    send(engine, clock, folder)
    visits(folder, *file)
    plan, _created = send(engine, clock, folder)
    assert [(d.subject, d.column) for d in plan.differences] == [("PET-2024-001 · 10/12/2024", c) for c in columns]
    assert [r.column for r in plan.all_refused] == columns
    assert contacts(engine) == kept

    plan, created = send(engine, clock, folder, replace=True)
    assert plan.all_refused == []
    assert created.counts == ({"updated_contacts": 1} if columns else {})
    assert contacts(engine) == replaced
    again, created = send(engine, clock, folder)
    assert (again.differences, created.counts) == ([], {})


def test_what_a_contact_said_before_stays_in_the_audit(engine: Engine, clock: FixedClock, folder: Path) -> None:
    visits(folder, "TEL;ABSENT;5")
    send(engine, clock, folder)
    visits(folder, "TEL;REALISEE;5")
    send(engine, clock, folder, replace=True)
    with Session(engine) as session:
        trace = session.scalars(
            select(AuditEvent).where(AuditEvent.entity == "contacts", AuditEvent.operation == "update")
        ).one()
    assert trace.difference == {"outcome": ["ABSENT", "REALISEE"]}


def test_a_reassessment_is_one_a_day(engine: Engine, clock: FixedClock, folder: Path) -> None:
    reviews(folder, "POURSUITE", "AJUSTEMENT")
    plan, _created = send(engine, clock, folder)
    assert [(r.line, r.column, r.value) for r in plan.all_refused] == [(3, "date", "20/01/2025")]
    assert decisions(engine) == ["POURSUITE"]

    for twice in (("AJUSTEMENT", "POURSUITE"), ("POURSUITE", "POURSUITE")):
        reviews(folder, *twice)
        plan, _created = send(engine, clock, folder, replace=True)
        assert [(r.column, r.value) for r in plan.all_refused] == [("date", "20/01/2025")]
        assert decisions(engine) == ["POURSUITE"]

    reviews(folder, "AJUSTEMENT")
    plan, _created = send(engine, clock, folder)
    assert [(d.column, d.old, d.new) for d in plan.differences] == [("decision", "POURSUITE", "AJUSTEMENT")]
    assert decisions(engine) == ["POURSUITE"]

    plan, created = send(engine, clock, folder, replace=True)
    assert created.counts == {"updated_reassessments": 1}
    assert decisions(engine) == ["AJUSTEMENT"]
    assert send(engine, clock, folder)[1].counts == {}
