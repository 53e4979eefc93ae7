"""The three steps of an import, on both databases."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.alerts.models import Alert, CaseSummary
from casework.alerts.service import sweep_programme
from casework.cases.models import Case, CaseEnd, CaseTeamMember
from casework.contacts.models import Contact
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.exchange.checking import check
from casework.exchange.creation.work import Created
from casework.exchange.models import ImportRun
from casework.exchange.plan import Plan
from casework.exchange.reading.files import read_folder
from casework.exchange.reading.records import Batch
from casework.exchange.service import ImportRefused, run_import
from casework.households.models import Household, Person
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import Base
from casework.leases.models import LeaseStage
from casework.reassessments.models import Reassessment
from casework.rents.models import RentLine
from casework.reports.queries import annual_review
from tests.factories import make_case, make_programme, system_ctx
from tests.support.elsewhere import elsewhere

PETIT = Path(__file__).parents[2] / "data" / "petit"
REAL = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small folder, to be spoiled."""
    return Path(shutil.copytree(PETIT, tmp_path / "petit"))


def run(engine: Engine, clock: FixedClock, source: Path | Batch, **options: bool) -> tuple[Plan, Created]:
    batch = source if isinstance(source, Batch) else read_folder(source)
    with system_ctx(engine, clock) as ctx:
        return run_import(ctx, make_programme(ctx), batch, **options)


def count(engine: Engine, model: type[Base]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def everything(engine: Engine) -> dict[str, int]:
    """Return the number of rows of every table."""
    with Session(engine) as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def spoil(path: Path, old: str, new: str, encoding: str = "utf-8") -> None:
    text = path.read_bytes().decode(encoding)
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode(encoding))


def refusals(plan: Plan) -> list[tuple[str, int, str, str]]:
    return [(r.file, r.line, r.column, r.value) for r in plan.all_refused]


def test_everything_of_a_folder_goes_in(engine: Engine, clock: FixedClock) -> None:
    plan, created = run(engine, clock, PETIT)
    expected = json.loads((PETIT / "attendu.json").read_text(encoding="utf-8"))["rows"]
    assert plan.all_refused == []
    assert created.counts == {
        "users": 2,
        "cases": expected["menages"],
        "contacts": expected["visites"],
        "reassessments": expected["reevaluations"],
        "rent_lines": sum(expected["ledgers"].values()),
    }
    assert count(engine, CaseSummary) == expected["menages"]
    with Session(engine) as session:
        case = session.scalars(select(Case).where(Case.number == "PET-2025-002")).one()
        person = session.scalars(select(Person).where(Person.family_name == "Ilić")).one()
        household = session.get_one(Household, case.household_id)
        stage = session.scalars(select(LeaseStage).where(LeaseStage.case_id == case.id)).one()
        diagnostic = session.scalars(select(Diagnostic).where(Diagnostic.case_id == case.id)).one()
        contract = session.scalars(select(Contract).where(Contract.case_id == case.id)).one()
        referent = session.get_one(User, case.referent_id)
        end = session.scalars(select(CaseEnd).join(Case).where(Case.number == "PET-2024-001")).one()
        team = session.scalars(select(CaseTeamMember.user_id).where(CaseTeamMember.case_id == case.id)).one()
    assert (person.given_name, person.civility, household.adults, household.children) == ("Dragan", "M", 2, 1)
    assert (stage.stage, stage.from_on) == ("BAIL_GLISSANT", case.moved_in_on)
    assert diagnostic.effort_tenths == 257  # (468,90 + 70,10 - 305,00) / 910,25
    assert (contract.kind, contract.household_signatory, contract.planned_end_on) == ("INITIAL", None, None)
    assert (referent.handle, referent.is_active, referent.password_hash, referent.id) == ("a.diallo", False, None, team)
    assert (end.reason, end.outcome, end.ended_on.isoformat()) == ("OBJ", "MAINTIEN_TITRE", "2025-11-04")


def test_the_same_folder_twice_changes_nothing(engine: Engine, clock: FixedClock) -> None:
    run(engine, clock, PETIT)
    before = everything(engine)
    plan, created = run(engine, clock, PETIT)
    assert everything(engine) == before
    assert (plan.all_refused, plan.differences) == ([], [])
    assert created.counts == {}
    assert all(c.identical == c.read for c in plan.counts.values())


@pytest.mark.parametrize("name", ["petit", "saintes", "boiffiers"])
def test_alerts_and_figures_equal_what_other_code_computed(engine: Engine, clock: FixedClock, name: str) -> None:
    folder = PETIT if name == "petit" else REAL / name
    if not folder.is_dir():
        return  # the real folders are not part of the project; the small one stands for them
    expected = json.loads((folder / "attendu.json").read_text(encoding="utf-8"))
    plan, _created = run(engine, clock, folder)
    assert plan.all_refused == []
    assert not [note.msgid for sheet in plan.batch.sheets for note in sheet.notes if "locataire" in note.msgid]
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        for day, alerts in expected["sweeps"].items():
            found = sweep_programme(ctx, programme.id, type(clock.today()).fromisoformat(day))
            assert sorted([f.case, f.rule, f.due_on.isoformat()] for f in found) == sorted(alerts), day
        for year, figures in expected["annual"].items():
            assert annual_review(ctx, programme.id, int(year)).as_json() == figures


def test_two_contacts_alike_are_two_contacts(engine: Engine, clock: FixedClock, folder: Path) -> None:
    visits = folder / "visites.csv"
    whole = visits.read_bytes()
    lines = whole.decode("utf-8").splitlines(keepends=True)
    twin = next(line for line in lines if lines.count(line) == 2)
    lines.remove(twin)
    visits.write_text("".join(lines), encoding="utf-8", newline="")
    run(engine, clock, folder)
    visits.write_bytes(whole)
    plan, created = run(engine, clock, folder)
    assert created.counts == {"contacts": 1}
    assert plan.counts["visites.csv"].identical == plan.counts["visites.csv"].read - 1


def test_refused_rows_leave_the_sound_ones_in(engine: Engine, clock: FixedClock, folder: Path) -> None:
    spoil(folder / "menages.csv", ";04/11/2025;OBJ;", ";04/11/2024;OBJ;")
    spoil(folder / "quittancement_2025-06.csv", "10003/03", "99999/99", "cp1252")
    spoil(folder / "reevaluations.csv", "PET-2025-002", "PET-2025-999")
    plan, created = run(engine, clock, folder)
    by_file = {(r.file, r.column) for r in plan.all_refused}
    assert ("menages.csv", "date_sortie") in by_file
    assert ("quittancement_2025-06.csv", "N° bail") in by_file
    assert ("reevaluations.csv", "numero_dossier") in by_file
    assert created.counts["cases"] == 8
    # What speaks of the refused household is refused with it, and says so.
    told = {str(r.reason) for r in plan.all_refused if r.value == "PET-2024-001" and r.file == "visites.csv"}
    assert told == {"Le ménage de ce dossier est refusé (menages.csv, ligne 2) : cette ligne entrera avec lui."}


@pytest.mark.parametrize(
    ("sound", "spoilt"),
    [
        (";29/02/1984;", ";30/02/1984;"),  # cannot be read
        (";04/11/2025;OBJ;", ";04/11/2024;OBJ;"),  # is against a rule
    ],
)
def test_what_is_about_a_refused_household_waits_for_it(
    engine: Engine, clock: FixedClock, folder: Path, sound: str, spoilt: str
) -> None:
    spoil(folder / "quittancement_2025-06.csv", "10003/03", "99999/99", "cp1252")
    spoil(folder / "menages.csv", sound, spoilt)
    plan, _created = run(engine, clock, folder)
    waiting = [refusal for refusal in plan.all_refused if refusal.is_waiting]
    faulty = {(refusal.file, refusal.value) for refusal in plan.all_refused if not refusal.is_waiting}

    assert {refusal.value for refusal in waiting} == {"PET-2024-001", "10001/01"}
    assert {refusal.file for refusal in waiting} > {"visites.csv", "quittancement_2025-06.csv"}
    assert {str(refusal.reason) for refusal in waiting if refusal.value == "10001/01"} == {
        "Le ménage de ce bail est refusé (menages.csv, ligne 2) : cette ligne entrera avec lui."
    }
    assert len(faulty) == 2
    assert ("quittancement_2025-06.csv", "99999/99") in faulty

    spoil(folder / "menages.csv", spoilt, sound)
    spoil(folder / "quittancement_2025-06.csv", "99999/99", "10003/03", "cp1252")
    again, _created = run(engine, clock, folder)
    assert not again.all_refused
    assert {"visites.csv", "quittancement_2025-06.csv"} <= {name for name, c in again.counts.items() if c.new}


def test_strict_lets_nothing_in_when_a_row_is_refused(engine: Engine, clock: FixedClock, folder: Path) -> None:
    spoil(folder / "visites.csv", "REALISEE", "VENU")
    before = everything(engine)
    with pytest.raises(ImportRefused) as refused:
        run(engine, clock, folder, strict=True)
    assert len(refused.value.plan.all_refused) == 1
    assert everything(engine) == before


def test_an_unusable_file_lets_nothing_in(engine: Engine, clock: FixedClock, folder: Path) -> None:
    run(engine, clock, PETIT)
    before = everything(engine)
    (folder / "quittancement_2026-03.csv").write_bytes("N° bail;Locataire".encode("utf-16"))
    spoil(folder / "visites.csv", ";VAD;", ";TEL;")
    with pytest.raises(ImportRefused):
        run(engine, clock, folder)
    assert everything(engine) == before


def test_duplicates_are_refused_with_the_first_place(engine: Engine, clock: FixedClock, folder: Path) -> None:
    households = folder / "menages.csv"
    first = households.read_text(encoding="utf-8-sig").splitlines()[1]
    other = first.replace("PET-2024-001", "PET-2024-777").replace(";04/11/2025;OBJ;MAINTIEN_TITRE", ";;;")
    later = other.replace("10001/01", "10002/02")
    with households.open("a", encoding="utf-8", newline="") as file:
        file.write(f"{first}\r\n{later}\r\n")
    ledger = folder / "quittancement_2025-06.csv"
    ledger.write_bytes(ledger.read_bytes() + ledger.read_bytes().split(b"\r\n")[1] + b"\r\n")
    plan, _created = run(engine, clock, folder)
    assert refusals(plan) == [
        ("menages.csv", 11, "numero_dossier", "PET-2024-001"),
        ("menages.csv", 12, "numero_bail", "10002/02"),
        ("quittancement_2025-06.csv", 9, "N° bail", "10001/01"),
    ]
    assert "ligne 2" in str(plan.all_refused[0].reason)
    assert "PET-2025-002" in str(plan.all_refused[1].reason)
    assert "quittancement_2025-06.csv, ligne 2" in str(plan.all_refused[2].reason)


def test_a_ledger_month_replaces_nothing_in_silence(engine: Engine, clock: FixedClock, folder: Path) -> None:
    run(engine, clock, PETIT)
    ledger = folder / "quittancement_2025-06.csv"
    cells = ledger.read_bytes().decode("cp1252").splitlines()[2].split(";")
    spoil(ledger, ";".join(cells), ";".join([*cells[:6], "1,00", "999,00"]), "cp1252")
    before = everything(engine)
    plan, created = run(engine, clock, folder)
    assert everything(engine) == before
    assert created.counts == {}
    assert [(d.line, d.column, d.old, d.new) for d in plan.differences] == [
        (3, "Encaissé", cells[6], "1,00"),
        (3, "Solde", cells[7], "999,00"),
    ]
    assert [(r.line, r.column) for r in plan.all_refused] == [(3, "Encaissé"), (3, "Solde")]

    plan, created = run(engine, clock, folder, replace=True)
    assert plan.all_refused == []
    assert created.counts == {"replaced_lines": 1}
    with Session(engine) as session:
        line = session.scalars(select(RentLine).where(RentLine.balance_cents == 999_00)).one()
        trace = session.scalars(
            select(AuditEvent).where(AuditEvent.entity == "rent_lines", AuditEvent.operation == "update")
        ).one()
    assert line.paid_cents == 1_00
    assert trace.difference["changes"][0]["month"] == "2025-06-01"
    assert trace.difference["changes"][0]["Solde"][1] == 999_00
    assert run(engine, clock, folder)[0].differences == []


def test_a_ledger_tells_the_other_programmes_that_follow_somebody_in_the_home(
    engine: Engine, clock: FixedClock
) -> None:
    """A household whose file is a year old in one programme may be followed in another one, under the same lease."""
    with system_ctx(engine, clock) as ctx:
        programme, other = make_programme(ctx), make_programme(ctx, "3.2.4")
        other.landlord_id = programme.landlord_id
        case_id = make_case(ctx, other, lease_number="10007/07").id
    with Session(engine) as session:
        assert session.scalars(select(CaseSummary.debt_cents)).one() == 0
    run(engine, clock, PETIT)
    with Session(engine) as session:
        debts = session.scalars(select(CaseSummary.debt_cents).where(CaseSummary.case_id == case_id))
        assert debts.one() == 2_062_00  # of February: March is not over
        alerts = session.scalars(select(Alert.rule).where(Alert.case_id == case_id, Alert.closed_on.is_(None)))
        assert "ARREARS_CONSTITUTED" in alerts.all()


def test_who_notes_something_while_an_import_works_waits_for_it(
    database_url: str, engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would hold a case that the import needs at its end, and may wait themselves for what it wrote before."""
    run(engine, clock, PETIT)
    with Session(engine) as session:
        case_id = session.scalars(select(Case.id).where(Case.number == "PET-2025-002")).one()
    checked, order = threading.Event(), list[str]()

    def check_and_wait(*given: Any, **options: Any) -> Plan:
        checked.set()
        wait([other], 1.0)  # long enough to be done, if nothing stopped it
        order.append("import")
        return check(*given, **options)

    def note(ctx: Ctx) -> None:
        record_contact(ctx, case_id, ContactNews(ctx.today, ContactKind.VAD, ContactOutcome.REALISEE))
        order.append("contact")

    monkeypatch.setattr("casework.exchange.service.check", check_and_wait)
    with elsewhere(database_url, clock, checked, note) as other:
        run(engine, clock, PETIT)
        other.result(30)
    assert order == ["import", "contact"]


def test_news_go_in_and_contradictions_wait_for_a_word(engine: Engine, clock: FixedClock, folder: Path) -> None:
    run(engine, clock, PETIT)
    households = folder / "menages.csv"
    # News: Mme Da Silva leaves. A contradiction: the rent of M. Ilić.
    spoil(households, ";m.perrin;RUE;;;", ";m.perrin;RUE;28/03/2026;DEPART;INCONNU")
    spoil(households, ";468,90;", ";500,00;")
    spoil(households, ";;;;HLM", ";;;a.diallo;HLM")
    plan, created = run(engine, clock, folder)
    assert created.counts == {"updated_cases": 2}
    assert [(d.subject, d.column, d.old, d.new) for d in plan.differences] == [
        ("PET-2025-002", "loyer", "468,90", "500,00")
    ]
    counts = plan.counts["menages.csv"]
    assert (counts.completed, counts.differing, counts.identical) == (2, 1, 6)
    with Session(engine) as session:
        end = session.scalars(select(CaseEnd).join(Case).where(Case.number == "PET-2025-008")).one()
        assert (end.reason, end.ended_on.isoformat()) == ("DEPART", "2026-03-28")
        case = session.scalars(select(Case).where(Case.number == "PET-2025-007")).one()
        assert case.referent_id in session.scalars(select(CaseTeamMember.user_id)).all()
        assert session.scalars(select(Case.rent_cents).where(Case.number == "PET-2025-002")).one() == 468_90

    plan, created = run(engine, clock, folder, replace=True)
    assert created.counts == {"updated_cases": 1}
    with Session(engine) as session:
        case = session.scalars(select(Case).where(Case.number == "PET-2025-002")).one()
        trace = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.entity == "cases", AuditEvent.operation == "update")
            .order_by(AuditEvent.id.desc())
        ).first()
    assert (case.rent_cents, case.version) == (500_00, 2)
    assert trace is not None
    assert trace.difference["rent_cents"] == [468_90, 500_00]


def test_every_fact_of_a_household_can_be_replaced(engine: Engine, clock: FixedClock, folder: Path) -> None:
    run(engine, clock, PETIT)
    header, *rows = (folder / "menages.csv").read_text(encoding="utf-8-sig").splitlines()
    new = (
        "PET-2024-001;M.;Lefebvre;Solenn;28/02/1984;2;3;CAVEC;1 400,00;211,00;DIRECT;10001/99;4 rue;Port;T4;421,00;56,00;"
        "02/09/2023;BAIL_GLISSANT;FAMILLE;08/10/2024;29/10/2024;19/11/2024;19/11/2025;z.nouvel;RUE;05/11/2025;DEPART;INCONNU"
    )
    (folder / "menages.csv").write_text("\r\n".join([header, new, *rows[1:], ""]), encoding="utf-8", newline="")
    plan, _created = run(engine, clock, folder, replace=True)
    assert len(plan.differences) == 28
    again, created = run(engine, clock, folder)
    assert (again.differences, created.counts) == ([], {})


def test_news_that_contradict_what_is_known_are_refused(engine: Engine, clock: FixedClock, folder: Path) -> None:
    run(engine, clock, PETIT)
    # The file moves the contract back and ends the case before the contract that is known.
    spoil(
        folder / "menages.csv",
        ";12/12/2025;12/04/2026;m.perrin;RUE;;;",
        ";25/11/2025;;m.perrin;RUE;01/12/2025;DEPART;INCONNU",
    )
    plan, created = run(engine, clock, folder)
    assert created.counts == {}
    assert refusals(plan) == [("menages.csv", 9, "date_sortie", "01/12/2025")]


def test_every_table_that_an_import_writes_is_audited(engine: Engine, clock: FixedClock) -> None:
    _plan, created = run(engine, clock, PETIT)
    with Session(engine) as session:
        traces = session.scalars(select(AuditEvent)).all()
        imported = session.scalars(select(ImportRun)).one()
    bulk = {trace.entity: trace.difference for trace in traces if trace.operation == "import"}
    assert bulk["rent_lines"] == {"import_id": created.import_id, "rows": created.counts["rent_lines"]}
    assert {"cases", "persons", "households", "contacts", "reassessments", "contracts", "lease_stages"} <= set(bulk)
    assert imported.counts["files"]["menages.csv"]["new"] == 9
    assert count(engine, Contact) == created.counts["contacts"]
    assert count(engine, Reassessment) == created.counts["reassessments"]
