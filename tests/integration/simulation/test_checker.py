"""The checker: it finds each kind of broken rule, planted behind the back of the use cases, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from casework.kernel.calendar import add_months
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import create_engine_for
from casework.kernel.errors import RuleViolation
from casework.simulation.checker.service import check_history
from casework.simulation.checker.violations import Violation
from casework.simulation.service import Order
from tests.factories.contexts import SYSTEM
from tests.integration.simulation.conftest import FIRST, FREE, LAST, NEW, live, put_in_use
from tests.support.databases import Databases

DAY = timedelta(days=1)
CODES = (str(NEW["id"]), str(FREE["id"]))


@pytest.fixture(scope="module")
def history(databases: Databases, database_kind: str) -> Iterator[Engine]:
    """Two programmes of no source, lived through once for all tests of this module."""
    url = databases.create(database_kind)
    engine = create_engine_for(url)
    for document, households in ((NEW, 14), (FREE, 6)):
        put_in_use(engine, document)
        live(engine, Order(str(document["id"]), households, FIRST, LAST, seed=3))
    yield engine
    engine.dispose()
    databases.drop(url)


@dataclass(frozen=True)
class Planting:
    """A transaction in which something is planted, and undone at the end of the test."""

    connection: Connection

    def one(self, sql: str, **values: object) -> Mapping[str, object]:
        """Return the first row of a SELECT, which has to have one."""
        row = self.connection.execute(text(sql), values).mappings().first()
        assert row is not None, f"the history holds nothing of this kind: {sql}"
        return {str(key): value for key, value in row.items()}

    def change(self, sql: str, **values: object) -> None:
        """Change exactly one row."""
        assert self.connection.execute(text(sql), values).rowcount == 1

    def violations(self) -> list[Violation]:
        """Return what the checker finds in both programmes."""
        with Session(self.connection) as session:
            ctx = Ctx(SYSTEM, FixedClock.on(LAST), session)
            return [violation for code in CODES for violation in check_history(ctx, code)]

    def redefine(self, code: str, **tables: object) -> None:
        """Let the definition say something else than when the history was lived through."""
        row = self.one(_VERSION, code=code)
        stored = row["definition"]
        document = json.loads(stored) if isinstance(stored, str) else stored
        assert isinstance(document, dict)
        self.change(
            "UPDATE programme_versions SET definition = :d WHERE id = :id",
            d=json.dumps(document | tables),
            id=row["id"],
        )


_VERSION = """SELECT v.id, v.definition FROM programme_versions v JOIN programmes p ON p.id = v.programme_id
WHERE p.code = :code"""
# An accompaniment of T-NEUF that has ended, with its contract and a day on which it still had some time to go.
_ENDED = """SELECT c.id, c.referred_on, k.id AS contract_id, k.signed_on, k.planned_end_on, e.ended_on
FROM cases c JOIN programmes p ON p.id = c.programme_id JOIN case_ends e ON e.case_id = c.id
JOIN contracts k ON k.case_id = c.id AND k.kind = 'INITIAL'
WHERE p.code = 'T-NEUF' AND {} ORDER BY c.id"""
_ACTIVE = """SELECT c.id, k.signed_on FROM cases c JOIN programmes p ON p.id = c.programme_id
JOIN contracts k ON k.case_id = c.id AND k.kind = 'INITIAL' LEFT JOIN case_ends e ON e.case_id = c.id
WHERE p.code IN ('T-NEUF', 'T-LIBRE') AND e.case_id IS NULL AND NOT EXISTS (SELECT 1 FROM suspensions s
WHERE s.case_id = c.id) AND {} ORDER BY c.id"""
_QUIET = "NOT EXISTS (SELECT 1 FROM alerts a WHERE a.case_id = c.id AND a.closed_on IS NULL AND a.rule IN ({}))"
_SLID = """EXISTS (SELECT 1 FROM lease_stages s WHERE s.case_id = c.id AND s.stage = 'BAIL_GLISSANT')
AND EXISTS (SELECT 1 FROM lease_stages s WHERE s.case_id = c.id AND s.stage = 'BAIL_DIRECT')"""


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _stage(planting: Planting, case_id: object, stage: str) -> Mapping[str, object]:
    return planting.one("SELECT id, from_on FROM lease_stages WHERE case_id = :c AND stage = :s", c=case_id, s=stage)


def plant_unknown_stage(planting: Planting) -> None:
    case = planting.one(_ENDED.format(_SLID))
    stage = _stage(planting, case["id"], "BAIL_DIRECT")
    planting.change("UPDATE lease_stages SET stage = 'COLOCATION' WHERE id = :id", id=stage["id"])


def plant_wrong_order(planting: Planting) -> None:
    case = planting.one(_ENDED.format(_SLID))
    stage = _stage(planting, case["id"], "BAIL_DIRECT")
    planting.change("UPDATE lease_stages SET stage = 'ALT' WHERE id = :id", id=stage["id"])


def plant_long_stage(planting: Planting) -> None:
    # Without the stage that followed it, a sliding lease goes on to the end.
    rows = planting.connection.execute(
        text(
            """SELECT d.id, g.from_on, e.ended_on FROM lease_stages d JOIN case_ends e ON e.case_id = d.case_id
            JOIN lease_stages g ON g.case_id = d.case_id AND g.stage = 'BAIL_GLISSANT' WHERE d.stage = 'BAIL_DIRECT'"""
        )
    )
    longest = max(rows, key=lambda row: _day(row.ended_on) - _day(row.from_on))
    planting.change("DELETE FROM lease_stages WHERE id = :id", id=longest.id)


def plant_stage_too_often(planting: Planting) -> None:
    case = planting.one(
        """SELECT c.id, s.from_on, e.ended_on, s.created_at FROM cases c JOIN lease_stages s ON s.case_id = c.id
        JOIN case_ends e ON e.case_id = c.id WHERE s.stage = 'APPARTEMENT_TEMOIN' ORDER BY c.id"""
    )
    for number in (1, 2):
        planting.change(
            """INSERT INTO lease_stages (case_id, stage, from_on, created_at, same_dwelling, note)
            VALUES (:c, 'APPARTEMENT_TEMOIN', :d, :at, :yes, '')""",
            c=case["id"],
            d=_day(case["from_on"]) + number * DAY,
            at=case["created_at"],
            yes=True,
        )


def plant_early_gate(planting: Planting) -> None:
    case = planting.one(_ENDED.format(_SLID))
    before = _day(_stage(planting, case["id"], "BAIL_GLISSANT")["from_on"])
    stage = _stage(planting, case["id"], "BAIL_DIRECT")
    planting.change("UPDATE lease_stages SET from_on = :d WHERE id = :id", d=before + 30 * DAY, id=stage["id"])


def plant_late_diagnostic(planting: Planting) -> None:
    case = planting.one(_ENDED.format("TRUE"))
    day = _day(case["signed_on"]) + DAY
    planting.change("UPDATE diagnostics SET made_on = :d WHERE case_id = :c", d=day, c=case["id"])


def plant_missing_party(planting: Planting) -> None:
    case = planting.one(_ENDED.format("TRUE"))
    planting.change("UPDATE contracts SET landlord_signatory = ' ' WHERE id = :id", id=case["contract_id"])


def plant_no_objective(planting: Planting) -> None:
    case = planting.one(_ENDED.format("TRUE"))
    planting.connection.execute(text("DELETE FROM objectives WHERE case_id = :c"), {"c": case["id"]})


def plant_renewals(planting: Planting) -> None:
    case = planting.one(
        _ENDED.format("NOT EXISTS (SELECT 1 FROM contracts a WHERE a.case_id = c.id AND a.kind = 'AMENDMENT')")
    )
    for number in (1, 2, 3):
        planting.change(
            """INSERT INTO contracts (case_id, kind, signed_on, created_at, planned_end_on, terms, derogation)
            SELECT case_id, 'AMENDMENT', :d, created_at, :end, '', '' FROM contracts WHERE id = :id""",
            d=_day(case["signed_on"]) + number * DAY,
            end=_day(case["planned_end_on"]) + number * DAY,
            id=case["contract_id"],
        )


def plant_renewal_of_what_is_not_renewable(planting: Planting) -> None:
    case = planting.one(
        _ENDED.format("NOT EXISTS (SELECT 1 FROM contracts a WHERE a.case_id = c.id AND a.kind = 'AMENDMENT')")
    )
    planting.connection.execute(text("UPDATE contracts SET derogation = 'Motif' WHERE kind = 'AMENDMENT'"))
    planting.redefine("T-NEUF", accompaniment={"max_months": 18, "renewable": False, "derogation": True})
    planting.change(
        """INSERT INTO contracts (case_id, kind, signed_on, created_at, planned_end_on, terms, derogation)
        SELECT case_id, 'AMENDMENT', :d, created_at, :end, '', '' FROM contracts WHERE id = :id""",
        d=_day(case["signed_on"]) + DAY,
        end=_day(case["planned_end_on"]) + DAY,
        id=case["contract_id"],
    )


def plant_short_accompaniment(planting: Planting) -> None:
    case = planting.one(_ENDED.format("TRUE"))
    planting.redefine("T-NEUF", accompaniment={"min_months": 18, "max_months": 30})
    planting.change("UPDATE case_ends SET note = '' WHERE case_id = :c", c=case["id"])


def plant_long_accompaniment(planting: Planting) -> None:
    case = planting.one(_ENDED.format(_NOT_DEROGATED))
    day = _day(case["signed_on"]) + 600 * DAY
    planting.change("UPDATE case_ends SET ended_on = :d WHERE case_id = :c", d=day, c=case["id"])


_NOT_DEROGATED = "NOT EXISTS (SELECT 1 FROM contracts a WHERE a.case_id = c.id AND a.derogation <> '') AND k.signed_on < '2024-05-01'"


def plant_late_planned_end(planting: Planting) -> None:
    case = planting.one(_ENDED.format(_NOT_DEROGATED))
    last = planting.one("SELECT id FROM contracts WHERE case_id = :c ORDER BY signed_on DESC", c=case["id"])
    day = _day(case["signed_on"]) + 600 * DAY
    planting.change("UPDATE contracts SET planned_end_on = :d WHERE id = :id", d=day, id=last["id"])


def plant_headcount(planting: Planting) -> None:
    signed = planting.one(f"SELECT count(*) AS n FROM ({_SIGNATURES}) s", code="T-NEUF")["n"]
    assert isinstance(signed, int)
    planting.redefine("T-NEUF", households={"value": signed - 1, "unit": "total"}, quota=[])


_SIGNATURES = """SELECT k.signed_on, c.housing_at_entry FROM contracts k JOIN cases c ON c.id = k.case_id
JOIN programmes p ON p.id = c.programme_id WHERE p.code = :code AND k.kind = 'INITIAL'"""


def plant_year(planting: Planting) -> None:
    rows = planting.connection.execute(text(f"SELECT signed_on FROM ({_SIGNATURES}) s"), {"code": "T-NEUF"})
    years = [_day(row.signed_on).year for row in rows]
    most = max(map(years.count, years))
    planting.redefine("T-NEUF", households={"value": 20, "unit": "total", "per_year": most}, quota=[])
    fullest = next(year for year in years if years.count(year) == most)
    cases = planting.connection.execute(text(_ENDED.format("TRUE"))).mappings()
    _copy(planting, next(row for row in cases if _day(row["signed_on"]).year == fullest)["id"])


def _copy(planting: Planting, case_id: object) -> None:
    """Let a case be there twice: as one household more that entered on the same day."""
    planting.change(
        """INSERT INTO cases (number, programme_id, programme_version_id, household_id, referred_on, referral_source,
        housing_at_entry, created_at, referral_motive, rent_cents, charges_cents, benefit_cents, benefit_payment, version)
        SELECT 'COPIE', programme_id, programme_version_id, household_id, referred_on, referral_source, housing_at_entry,
        created_at, '', 0, 0, 0, benefit_payment, 1 FROM cases WHERE id = :c""",
        c=case_id,
    )
    copy = planting.one("SELECT id FROM cases WHERE number = 'COPIE'")["id"]
    planting.change(
        """INSERT INTO diagnostics (case_id, made_on, created_at, social_part, housing_part, resources, rent_cents,
        annexes_cents, charges_cents, benefit_cents, fixed_charges_cents, recommendation_note)
        SELECT :copy, made_on, created_at, '', '', resources, 0, 0, 0, 0, 0, '' FROM diagnostics WHERE case_id = :c""",
        copy=copy,
        c=case_id,
    )
    planting.change(
        """INSERT INTO contracts (case_id, kind, signed_on, created_at, planned_end_on, terms, derogation,
        household_signatory, association_signatory, landlord_signatory)
        SELECT :copy, kind, signed_on, created_at, planned_end_on, '', '', household_signatory, association_signatory,
        landlord_signatory FROM contracts WHERE case_id = :c AND kind = 'INITIAL'""",
        copy=copy,
        c=case_id,
    )
    planting.change(
        """INSERT INTO objectives (case_id, contract_id, label, party, state)
        SELECT case_id, id, 'Objectif', 'HOUSEHOLD', 'OPEN' FROM contracts WHERE case_id = :copy""",
        copy=copy,
    )
    planting.change(
        """INSERT INTO case_ends (case_id, ended_on, reason, outcome, created_at, relay, note)
        SELECT :copy, ended_on, reason, outcome, created_at, '', note FROM case_ends WHERE case_id = :c""",
        copy=copy,
        c=case_id,
    )


def plant_caseload(planting: Planting) -> None:
    planting.redefine("T-LIBRE", households={"value": 2, "unit": "active_caseload"}, quota=[])


def plant_quota(planting: Planting) -> None:
    housed = f"SELECT count(*) AS n FROM ({_SIGNATURES}) s WHERE housing_at_entry <> 'HLM'"
    signed = planting.one(housed, code="T-NEUF")["n"]
    assert isinstance(signed, int)
    quota = [{"value": signed - 1, "unit": "household", "by": "mode", "of": "access"}]
    planting.redefine("T-NEUF", quota=quota)


def plant_lease_quota(planting: Planting) -> None:
    planting.redefine("T-LIBRE", quota=[{"value": 2, "unit": "dwelling", "by": "lease", "of": "APPARTEMENT_TEMOIN"}])


def plant_entry_after_project(planting: Planting) -> None:
    last = planting.one(f"SELECT max(signed_on) AS day FROM ({_SIGNATURES}) s", code="T-NEUF")
    months = next(n for n in range(40) if add_months(FIRST, n) >= _day(last["day"])) - 1
    planting.redefine("T-NEUF", duration={"months": months})


def plant_age(planting: Planting) -> None:
    case = planting.one(_ENDED.format("TRUE"))
    member = planting.one(
        """SELECT m.person_id FROM household_members m JOIN cases c ON c.household_id = m.household_id
        WHERE c.id = :c AND m.link = 'REFERENCE'""",
        c=case["id"],
    )
    young = _day(case["referred_on"]) - 17 * 365 * DAY
    planting.change("UPDATE persons SET born_on = :d WHERE id = :id", d=young, id=member["person_id"])


def _contact(planting: Planting, case: Mapping[str, object]) -> object:
    made = "SELECT id FROM contacts WHERE case_id = :c AND occurred_on < :end ORDER BY occurred_on DESC"
    return planting.one(made, c=case["id"], end=case["ended_on"])["id"]


def plant_contact_before_referral(planting: Planting) -> None:
    case = planting.one(_ENDED.format("TRUE"))
    day = _day(case["referred_on"]) - DAY
    planting.change("UPDATE contacts SET occurred_on = :d WHERE id = :id", d=day, id=_contact(planting, case))


def plant_contact_after_end(planting: Planting) -> None:
    case = planting.one(_ENDED.format("TRUE"))
    day = _day(case["ended_on"]) + DAY
    planting.change("UPDATE contacts SET occurred_on = :d WHERE id = :id", d=day, id=_contact(planting, case))


def plant_reassessment_before_contract(planting: Planting) -> None:
    case = planting.one(_ENDED.format("EXISTS (SELECT 1 FROM reassessments r WHERE r.case_id = c.id)"))
    held = planting.one("SELECT id FROM reassessments WHERE case_id = :c ORDER BY held_on", c=case["id"])
    day = _day(case["signed_on"]) - DAY
    planting.change("UPDATE reassessments SET held_on = :d WHERE id = :id", d=day, id=held["id"])


def plant_overdue_contact(planting: Planting) -> None:
    quiet = _QUIET.format("'VISIT_OVERDUE', 'CONTACT_LOST'")
    old = "NOT EXISTS (SELECT 1 FROM contacts t WHERE t.case_id = c.id AND t.outcome IN ('ABSENT', 'REFUS'))"
    case = planting.one(_ACTIVE.format(f"{quiet} AND k.signed_on < '2025-11-01' AND {old}"))
    planting.connection.execute(text("UPDATE contacts SET outcome = 'REPORTEE' WHERE case_id = :c"), {"c": case["id"]})


def plant_overdue_reassessment(planting: Planting) -> None:
    quiet = _QUIET.format("'REASSESSMENT_OVERDUE', 'REASSESSMENT_DUE_SOON'")
    case = planting.one(_ACTIVE.format(f"{quiet} AND k.signed_on < '2025-08-01'"))
    planting.connection.execute(text("DELETE FROM reassessments WHERE case_id = :c"), {"c": case["id"]})


def plant_arrears(planting: Planting) -> None:
    quiet = _QUIET.format("'ARREARS_CONSTITUTED', 'CAF_REPORT_DUE', 'ARREARS_EARLY'")
    case = planting.one(
        _ACTIVE.format(
            f"{quiet} AND c.rent_account_id IS NOT NULL AND EXISTS (SELECT 1 FROM rent_lines l WHERE l.account_id = c.rent_account_id)"
        )
    )
    last = planting.one(
        """SELECT l.account_id, max(l.month) AS month FROM rent_lines l JOIN cases c ON c.rent_account_id = l.account_id
        WHERE c.id = :c GROUP BY l.account_id""",
        c=case["id"],
    )
    planting.change(
        "UPDATE rent_lines SET balance_cents = 900000 WHERE account_id = :a AND month = :m",
        a=last["account_id"],
        m=_day(last["month"]),
    )


def _raise(planting: Planting, case_id: object, rule: object, due_on: date) -> None:
    planting.change(
        """INSERT INTO alerts (case_id, programme_id, rule, due_on, raised_on, facts)
        SELECT id, programme_id, :rule, :due, :due, '{}' FROM cases WHERE id = :c""",
        c=case_id,
        rule=rule,
        due=due_on,
    )


def plant_alert_without_cause(planting: Planting) -> None:
    case = planting.one(_ENDED.format("TRUE"))
    _raise(planting, case["id"], "CONTRACT_ENDED", _day(case["planned_end_on"]))


def plant_alert_twice(planting: Planting) -> None:
    alert = planting.one("SELECT case_id, rule, due_on FROM alerts WHERE closed_on IS NULL ORDER BY id")
    _raise(planting, alert["case_id"], alert["rule"], _day(alert["due_on"]) + DAY)


Plant = Callable[[Planting], None]
PLANTS: dict[Plant, str] = {
    plant_unknown_stage: "stage_unknown",
    plant_wrong_order: "stage_order",
    plant_long_stage: "stage_too_long",
    plant_stage_too_often: "stage_too_often",
    plant_early_gate: "gate_too_early",
    plant_late_diagnostic: "contract_before_diagnostic",
    plant_missing_party: "party_missing",
    plant_no_objective: "objective_missing",
    plant_renewals: "too_many_renewals",
    plant_renewal_of_what_is_not_renewable: "not_renewable",
    plant_short_accompaniment: "accompaniment_too_short",
    plant_long_accompaniment: "accompaniment_too_long",
    plant_late_planned_end: "planned_end_too_late",
    plant_headcount: "headcount_exceeded",
    plant_year: "headcount_exceeded",
    plant_caseload: "headcount_exceeded",
    plant_quota: "quota_exceeded",
    plant_lease_quota: "quota_exceeded",
    plant_entry_after_project: "entry_after_project_end",
    plant_age: "age_outside_limits",
    plant_contact_before_referral: "fact_before_referral",
    plant_contact_after_end: "fact_after_end",
    plant_reassessment_before_contract: "dates_out_of_order",
    plant_overdue_contact: "alert_missing",
    plant_overdue_reassessment: "alert_missing",
    plant_arrears: "alert_missing",
    plant_alert_without_cause: "alert_without_cause",
    plant_alert_twice: "alert_twice",
}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_what_is_planted_is_found_and_nothing_else(history: Engine, plant: Plant) -> None:
    with history.connect() as connection, connection.begin() as transaction:
        planting = Planting(connection)
        plant(planting)
        found = planting.violations()
        transaction.rollback()

    assert [violation.rule for violation in found] == [PLANTS[plant]], found
    assert found[0].says
    assert found[0].found
    assert found[0].case


def test_a_history_as_it_was_lived_breaks_no_rule(history: Engine) -> None:
    with history.connect() as connection:
        assert Planting(connection).violations() == []


def test_a_programme_that_is_not_there_is_said(history: Engine) -> None:
    with Session(history) as session, pytest.raises(RuleViolation, match="n’existe pas"):
        check_history(Ctx(SYSTEM, FixedClock.on(LAST), session), "X-1")
