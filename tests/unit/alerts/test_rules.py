"""The ten rules of the table, each on the days around the one on which it turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.alerts.rules import CaseFacts, Occurrence, RentFacts, closing_fact, contact_due_on, evaluate
from casework.alerts.vocabulary import PRIORITY, RULE_LABELS, AlertRule
from casework.programmes.terms import Terms

NATIONAL = Terms(
    contact_phases=((0, 30),),
    reassess_every_months=2,
    reassess_notice_days=14,
    contract_end_notice_days=30,
    contact_lost_after=3,
    slide_examination_months=6,
    slide_notice_months=2,
    arrears_multiple=2,
    caf_report_months=2,
    caf_report_notice_days=15,
    early_arrears_months=6,
    effort_warn_tenths=250,
    effort_alert_tenths=330,
    remainder_days=30,
)
REFERRED = CaseFacts(case_id=1, version_id=1, number="T-1", referred_on=date(2025, 11, 3))
ACTIVE = replace(REFERRED, contract_on=date(2025, 12, 31))
SLIDING = replace(ACTIVE, stage="BAIL_GLISSANT", stage_from_on=date(2025, 8, 31))
# Base 300 €, constituted since the line of January (a line counts from the last day of its month).
OWING = RentFacts(date(2026, 2, 1), 600_00, 300_00, date(2026, 1, 1), 0)
DAY = timedelta(days=1)


def _held(facts: CaseFacts, rule: AlertRule, day: date, terms: Terms = NATIONAL) -> date | None:
    due = [o.due_on for o in evaluate(facts, terms, day) if o.rule == rule]
    assert len(due) <= 1
    return due[0] if due else None


def _occurrence(facts: CaseFacts, rule: AlertRule, day: date) -> Occurrence:
    (found,) = (o for o in evaluate(facts, NATIONAL, day) if o.rule == rule)
    return found


@pytest.mark.parametrize(
    ("day", "soon", "overdue"),
    [
        (date(2026, 2, 13), False, False),
        (date(2026, 2, 14), True, False),  # fourteen days before
        (date(2026, 2, 28), True, False),  # 31 December + 2 months: the last good day
        (date(2026, 3, 1), False, True),
        (date(2027, 3, 1), False, True),
    ],
)
def test_a_reassessment_is_announced_then_due_then_overdue(day: date, soon: bool, overdue: bool) -> None:
    due = date(2026, 2, 28)

    assert _held(ACTIVE, AlertRule.REASSESSMENT_DUE_SOON, day) == (due if soon else None)
    assert _held(ACTIVE, AlertRule.REASSESSMENT_OVERDUE, day) == (due if overdue else None)


@pytest.mark.parametrize(
    ("held_on", "due"),
    [
        (None, date(2026, 2, 28)),
        (date(2025, 11, 15), date(2026, 2, 28)),  # before the contract: does not count
        (date(2025, 12, 31), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 3, 31)),
        (date(2026, 2, 28), date(2026, 4, 28)),  # from the day it was held, never back to the 31st
    ],
)
def test_the_next_reassessment_counts_from_the_last_one_since_the_contract(held_on: date | None, due: date) -> None:
    facts = replace(ACTIVE, last_reassessment_on=held_on)

    assert _held(facts, AlertRule.REASSESSMENT_DUE_SOON, due) == due
    assert _held(facts, AlertRule.REASSESSMENT_OVERDUE, due + DAY) == due


@pytest.mark.parametrize(
    ("met_on", "due"),
    [
        (None, date(2026, 1, 30)),
        (date(2025, 12, 1), date(2026, 1, 30)),  # before the contract: does not count
        (date(2025, 12, 31), date(2026, 1, 30)),
        (date(2026, 2, 10), date(2026, 3, 12)),
    ],
)
def test_a_visit_is_overdue_the_day_after_the_last_good_one(met_on: date | None, due: date) -> None:
    facts = replace(ACTIVE, last_contact_on=met_on)

    assert contact_due_on(facts, NATIONAL) == due
    assert _held(facts, AlertRule.VISIT_OVERDUE, due) is None
    assert _held(facts, AlertRule.VISIT_OVERDUE, due + DAY) == due


@pytest.mark.parametrize(
    ("met_on", "days"),
    [
        (None, 7),
        (date(2026, 3, 30), 7),
        (date(2026, 3, 31), 30),  # three months after the contract: the second phase starts that day
        (date(2026, 6, 29), 30),
        (date(2026, 6, 30), 91),  # 31 December + 6 months
        (date(2027, 1, 1), 91),
    ],
)
def test_the_phase_of_the_cadence_is_that_of_the_last_contact(met_on: date | None, days: int) -> None:
    terms = replace(NATIONAL, contact_phases=((0, 7), (3, 30), (6, 91)))
    due = (met_on or date(2025, 12, 31)) + timedelta(days=days)
    facts = replace(ACTIVE, last_contact_on=met_on)

    assert _held(facts, AlertRule.VISIT_OVERDUE, due, terms) is None
    assert _held(facts, AlertRule.VISIT_OVERDUE, due + DAY, terms) == due


def test_a_contact_is_lost_on_the_day_of_the_third_missed_one() -> None:
    facts = replace(ACTIVE, last_contact_on=date(2026, 1, 5), missed_since=4, third_missed_on=date(2026, 2, 3))

    lost = _occurrence(facts, AlertRule.CONTACT_LOST, date(2026, 3, 1))

    assert lost.due_on == date(2026, 2, 3)
    assert lost.facts == {"last_on": "2026-01-05", "missed": 4}
    assert _held(replace(facts, third_missed_on=None, missed_since=2), AlertRule.CONTACT_LOST, date(2026, 3, 1)) is None


@pytest.mark.parametrize(
    ("day", "ending", "ended"),
    [
        (date(2026, 5, 30), False, False),
        (date(2026, 5, 31), True, False),  # thirty days before
        (date(2026, 6, 30), True, False),  # the last day is not past it
        (date(2026, 7, 1), False, True),
    ],
)
def test_a_contract_is_about_to_end_then_has_ended(day: date, ending: bool, ended: bool) -> None:
    end = date(2026, 6, 30)
    facts = replace(ACTIVE, planned_end_on=end)

    assert _held(facts, AlertRule.CONTRACT_ENDING, day) == (end if ending else None)
    assert _held(facts, AlertRule.CONTRACT_ENDED, day) == (end if ended else None)


def test_a_contract_without_planned_end_never_ends() -> None:
    for rule in (AlertRule.CONTRACT_ENDING, AlertRule.CONTRACT_ENDED):
        assert _held(ACTIVE, rule, date(2036, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "due"),
    [
        # From 31 August 2025, periods end on 28 February, 31 August…; the answer is due two months before each.
        (date(2025, 12, 27), None),
        (date(2025, 12, 28), date(2025, 12, 28)),
        (date(2026, 2, 28), date(2025, 12, 28)),  # the period ends on this day
        (date(2026, 3, 1), None),  # the next one runs
        (date(2026, 6, 29), None),
        (date(2026, 6, 30), date(2026, 6, 30)),  # 31 August − 2 months: June has no 31st
        (date(2026, 8, 31), date(2026, 6, 30)),
        (date(2026, 9, 1), None),
    ],
)
def test_the_answer_to_the_prefet_is_due_before_each_period_ends(day: date, due: date | None) -> None:
    assert _held(SLIDING, AlertRule.LEASE_SLIDE_NOTICE_DUE, day) == due


@pytest.mark.parametrize("stage", ["BAIL_DIRECT", "SOUS_LOCATION", None])
def test_only_a_sliding_lease_is_examined(stage: str | None) -> None:
    assert _held(replace(SLIDING, stage=stage), AlertRule.LEASE_SLIDE_NOTICE_DUE, date(2026, 1, 15)) is None


@pytest.mark.parametrize(
    "facts",
    [
        replace(SLIDING, contract_on=None),
        replace(SLIDING, suspended=True),
        replace(SLIDING, ended_on=date(2026, 1, 1)),
        REFERRED,
    ],
    ids=["not signed", "suspended", "ended", "referred"],
)
def test_who_is_not_accompanied_raises_nothing_of_the_accompaniment(facts: CaseFacts) -> None:
    whole = replace(facts, planned_end_on=date(2026, 1, 10), third_missed_on=date(2026, 1, 5), missed_since=3)

    for day in (date(2025, 12, 29), date(2026, 1, 15), date(2026, 9, 1)):
        assert evaluate(whole, NATIONAL, day) == []


def test_arrears_start_with_the_unbroken_run_and_show_their_figures() -> None:
    facts = replace(REFERRED, rent=OWING)

    held = _occurrence(facts, AlertRule.ARREARS_CONSTITUTED, date(2026, 3, 10))

    assert held.due_on == date(2026, 1, 31)
    assert held.facts == {
        "month": "2026-02-01",
        "debt_cents": 600_00,
        "base_cents": 300_00,
        "threshold_cents": 600_00,
        "check_by_hand": 0,
    }


@pytest.mark.parametrize("base", [0, -20_00])
def test_a_debt_on_a_base_of_nil_or_less_is_marked_for_a_check_by_hand(base: int) -> None:
    facts = replace(REFERRED, rent=replace(OWING, base_cents=base, balance_cents=1))

    assert _occurrence(facts, AlertRule.ARREARS_CONSTITUTED, date(2026, 3, 10)).facts["check_by_hand"] == 1


@pytest.mark.parametrize(
    ("facts", "is_watched"),
    [
        (REFERRED, True),  # long before any contract
        (replace(REFERRED, referred_on=date(2026, 3, 10)), True),
        (replace(REFERRED, referred_on=date(2026, 3, 11)), False),
        (replace(REFERRED, ended_on=date(2026, 3, 10)), False),
        (replace(ACTIVE, suspended=True), True),  # a pause stops no debt
    ],
)
def test_rents_are_watched_from_the_referral_until_the_end(facts: CaseFacts, is_watched: bool) -> None:
    held = _held(replace(facts, rent=OWING), AlertRule.ARREARS_CONSTITUTED, date(2026, 3, 10))

    assert (held is not None) is is_watched
    assert _held(facts, AlertRule.ARREARS_CONSTITUTED, date(2026, 3, 10)) is None


@pytest.mark.parametrize(
    ("day", "reported_on", "is_due"),
    [
        (date(2026, 3, 15), None, False),
        (date(2026, 3, 16), None, True),  # fifteen days before 31 January + 2 months
        (date(2026, 3, 31), None, True),
        (date(2026, 6, 1), None, True),
        (date(2026, 4, 1), date(2026, 1, 30), True),  # that was another debt, before this run
        (date(2026, 4, 1), date(2026, 1, 31), False),
        (date(2026, 4, 1), date(2026, 3, 20), False),
    ],
)
def test_the_report_to_the_caf_is_due_two_months_after(day: date, reported_on: date | None, is_due: bool) -> None:
    facts = replace(REFERRED, rent=OWING, reported_on=reported_on)

    assert _held(facts, AlertRule.CAF_REPORT_DUE, day) == (date(2026, 3, 31) if is_due else None)


def test_without_constituted_arrears_nothing_is_to_be_reported() -> None:
    facts = replace(REFERRED, rent=replace(OWING, constituted_since=None))

    assert evaluate(facts, NATIONAL, date(2026, 6, 1)) == []


@pytest.mark.parametrize(
    ("moved_in_on", "short_lines", "is_early"),
    [
        (date(2025, 8, 28), 2, True),  # 28 August + 6 months is 28 February, the end of the line's month
        (date(2025, 8, 27), 2, False),
        (date(2025, 8, 31), 2, True),  # shortened to 28 February
        (date(2026, 1, 15), 2, True),
        (date(2026, 1, 15), 5, True),
        (date(2026, 1, 15), 1, False),
        (None, 3, False),
    ],
)
def test_early_arrears_end_six_months_after_the_move(
    moved_in_on: date | None, short_lines: int, is_early: bool
) -> None:
    rent = replace(OWING, constituted_since=None, short_lines=short_lines)
    facts = replace(REFERRED, rent=rent, moved_in_on=moved_in_on)

    assert _held(facts, AlertRule.ARREARS_EARLY, date(2026, 3, 10)) == (date(2026, 2, 28) if is_early else None)


def test_the_figures_of_the_dates_are_told() -> None:
    facts = replace(
        SLIDING, last_contact_on=date(2026, 1, 2), last_reassessment_on=None, planned_end_on=date(2026, 8, 1)
    )
    told = {o.rule: o.facts for o in evaluate(facts, NATIONAL, date(2026, 8, 10))}

    assert told == {
        AlertRule.REASSESSMENT_OVERDUE: {"contract_on": "2025-12-31", "last_on": "", "every_months": 2},
        AlertRule.VISIT_OVERDUE: {"contract_on": "2025-12-31", "last_on": "2026-01-02", "days": 30},
        AlertRule.CONTRACT_ENDED: {"planned_end_on": "2026-08-01"},
        AlertRule.LEASE_SLIDE_NOTICE_DUE: {"stage_from_on": "2025-08-31", "period_end_on": "2026-08-31"},
    }


@pytest.mark.parametrize("rule", AlertRule)
def test_every_rule_has_words_a_place_and_a_closing_fact(rule: AlertRule) -> None:
    assert RULE_LABELS[rule]
    assert rule in PRIORITY
    assert closing_fact(rule, date(2026, 3, 1), REFERRED, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("rule", "facts", "fact"),
    [
        ("VISIT_OVERDUE", None, "case_gone"),
        ("VISIT_OVERDUE", replace(ACTIVE, ended_on=date(2026, 3, 1), suspended=True), "ended:2026-03-01"),
        ("VISIT_OVERDUE", replace(ACTIVE, suspended=True), "suspended"),
        ("VISIT_OVERDUE", replace(ACTIVE, last_contact_on=date(2026, 3, 2)), "contact:2026-03-02"),
        ("CONTACT_LOST", replace(ACTIVE, last_contact_on=date(2026, 3, 2)), "contact:2026-03-02"),
        (
            "REASSESSMENT_OVERDUE",
            replace(ACTIVE, last_reassessment_on=date(2026, 3, 2)),
            "reassessment:2026-03-02",
        ),
        ("CONTRACT_ENDED", replace(ACTIVE, planned_end_on=date(2027, 3, 2)), "planned_end:2027-03-02"),
        ("CONTRACT_ENDED", ACTIVE, "planned_end"),
        (
            "LEASE_SLIDE_NOTICE_DUE",
            replace(SLIDING, stage="BAIL_DIRECT", stage_from_on=date(2026, 3, 2)),
            "stage:2026-03-02",
        ),
        ("CAF_REPORT_DUE", replace(REFERRED, reported_on=date(2026, 3, 2)), "reported:2026-03-02"),
        ("ARREARS_CONSTITUTED", replace(REFERRED, rent=OWING), "ledger:2026-02-01"),
        ("ARREARS_EARLY", REFERRED, "ledger"),
        ("ARREARS_CONSTITUTED", replace(REFERRED, rent=OWING, suspended=True), "ledger:2026-02-01"),
    ],
)
def test_an_alert_is_closed_by_the_fact_that_made_it_stop(rule: str, facts: CaseFacts | None, fact: str) -> None:
    assert closing_fact(rule, date(2026, 2, 28), facts, date(2026, 3, 10)) == fact


PAID_OFF = replace(OWING, month=date(2026, 3, 1), balance_cents=0, constituted_since=None)


@pytest.mark.parametrize(
    ("rule", "figures", "facts", "fact"),
    [
        ("CAF_REPORT_DUE", {"constituted_on": "2026-01-31"}, {"reported_on": date(2025, 3, 1)}, "ledger:2026-03-01"),
        ("CAF_REPORT_DUE", {"constituted_on": "2026-01-31"}, {"reported_on": None}, "ledger:2026-03-01"),
        ("CAF_REPORT_DUE", {"constituted_on": "2026-01-31"}, {"reported_on": date(2026, 1, 30)}, "ledger:2026-03-01"),
        ("CAF_REPORT_DUE", {"constituted_on": "2026-01-31"}, {"reported_on": date(2026, 1, 31)}, "reported:2026-01-31"),
        ("CONTACT_LOST", {"last_on": "2026-01-05"}, {"last_contact_on": date(2026, 1, 5)}, "contact"),
        ("CONTACT_LOST", {"last_on": "2026-01-05"}, {"last_contact_on": date(2026, 1, 4)}, "contact"),
        ("CONTACT_LOST", {"last_on": "2026-01-05"}, {"last_contact_on": None}, "contact"),
        ("CONTACT_LOST", {"last_on": "2026-01-05"}, {"last_contact_on": date(2026, 1, 6)}, "contact:2026-01-06"),
        ("CONTACT_LOST", {"last_on": ""}, {"last_contact_on": date(2026, 1, 6)}, "contact:2026-01-06"),
        (
            "VISIT_OVERDUE",
            {"contract_on": "2026-01-01", "last_on": "2026-01-06"},
            {"contract_on": date(2026, 2, 1), "last_contact_on": date(2026, 1, 6)},
            "contact",
        ),
        (
            "VISIT_OVERDUE",
            {"contract_on": "2026-01-10", "last_on": ""},
            {"contract_on": date(2026, 2, 1), "last_contact_on": date(2026, 1, 6)},
            "contact",
        ),
        (
            "VISIT_OVERDUE",
            {"contract_on": "2026-01-01", "last_on": "2026-01-06"},
            {"contract_on": date(2026, 2, 1), "last_contact_on": date(2026, 1, 7)},
            "contact:2026-01-07",
        ),
        (
            "REASSESSMENT_OVERDUE",
            {"contract_on": "2025-12-01", "last_on": "2026-01-06"},
            {"contract_on": date(2026, 2, 1), "last_reassessment_on": date(2026, 1, 6)},
            "reassessment",
        ),
        (
            "REASSESSMENT_OVERDUE",
            {"contract_on": "2025-12-01", "last_on": "2026-01-06"},
            {"contract_on": date(2025, 12, 1), "last_reassessment_on": date(2026, 1, 7)},
            "reassessment:2026-01-07",
        ),
    ],
)
def test_what_the_figures_of_an_alert_already_held_did_not_close_it(
    rule: str, figures: dict[str, str], facts: dict[str, date | None], fact: str
) -> None:
    known = replace(ACTIVE, rent=PAID_OFF, **facts)  # type: ignore[arg-type]

    assert closing_fact(rule, date(2026, 2, 28), known, date(2026, 4, 10), figures) == fact


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("VISIT_OVERDUE", replace(ACTIVE, last_contact_on=date(2026, 1, 20))),
        ("REASSESSMENT_OVERDUE", ACTIVE),
        ("REASSESSMENT_DUE_SOON", replace(ACTIVE, last_reassessment_on=date(2026, 2, 1))),
        ("CONTRACT_ENDING", replace(ACTIVE, planned_end_on=date(2026, 8, 1))),
        ("LEASE_SLIDE_NOTICE_DUE", SLIDING),
    ],
)
def test_when_the_facts_are_the_same_it_is_the_rules_that_changed(rule: str, facts: CaseFacts) -> None:
    """A household that comes to follow another version met nobody by it: no contact, no review closed the alert."""
    day, due_on = date(2026, 3, 1), date(2026, 4, 1)
    figures = {
        "contract_on": (facts.contract_on or day).isoformat(),
        "last_on": "",
        "planned_end_on": "2026-08-01",
        "stage_from_on": (facts.stage_from_on or day).isoformat(),
    }
    last = {"VISIT_OVERDUE": facts.last_contact_on}.get(rule, facts.last_reassessment_on)
    figures["last_on"] = last.isoformat() if last else ""

    assert closing_fact(rule, due_on, facts, day, figures) == "terms:2026-03-01"
    met = replace(facts, last_contact_on=day, last_reassessment_on=day, planned_end_on=None, stage_from_on=day)
    assert closing_fact(rule, due_on, met, day, figures) != "terms:2026-03-01"


@pytest.mark.parametrize(
    ("rule", "facts", "is_over"),
    [
        (AlertRule.REASSESSMENT_DUE_SOON, ACTIVE, True),
        (AlertRule.REASSESSMENT_DUE_SOON, replace(ACTIVE, last_reassessment_on=date(2025, 12, 28)), True),
        (AlertRule.REASSESSMENT_DUE_SOON, replace(ACTIVE, last_reassessment_on=date(2026, 3, 1)), False),
        (AlertRule.CONTRACT_ENDING, replace(ACTIVE, planned_end_on=date(2026, 2, 28)), True),
        (AlertRule.CONTRACT_ENDING, replace(ACTIVE, planned_end_on=date(2026, 8, 28)), False),
        (AlertRule.LEASE_SLIDE_NOTICE_DUE, SLIDING, True),
        (AlertRule.LEASE_SLIDE_NOTICE_DUE, replace(SLIDING, stage="BAIL_DIRECT"), False),
        (AlertRule.VISIT_OVERDUE, ACTIVE, False),
    ],
)
def test_what_only_time_closed_says_so(rule: AlertRule, facts: CaseFacts, is_over: bool) -> None:
    """A reminder that became a delay was settled by nobody: it must not read « réévaluation faite »."""
    told = closing_fact(rule, date(2026, 2, 28), facts, date(2026, 3, 1))

    assert (told == "passed:2026-02-28") is is_over
