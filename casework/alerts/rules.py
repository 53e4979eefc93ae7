"""The alert rules, as pure decisions on the condensed facts of one case. Every surface calls `evaluate`, or a part of it.

Due dates are the last good day: on that day a thing is due, the day after it is overdue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from casework.alerts.vocabulary import RENT_RULES, AlertRule
from casework.cases.rules import is_watched_for_rent
from casework.kernel.calendar import add_months, month_end, period_end_from
from casework.programmes.terms import Terms
from casework.programmes.vocabulary import SLIDING_STAGES
from casework.rents.rules import threshold_cents

Figures = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class RentFacts:
    """The last rent line known on a day, in cents, and the runs of lines that end with it.

    `base_cents` is rent + charges − benefit received by the landlord (CCH R824-1). `constituted_since` is the first
    day of the first month of the unbroken run of constituted lines; `short_lines` counts the last lines that were
    each paid short of their base.
    """

    month: date
    balance_cents: int
    base_cents: int
    constituted_since: date | None
    short_lines: int


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of a case on a day: later facts are not in it."""

    case_id: int
    version_id: int
    number: str
    referred_on: date
    moved_in_on: date | None = None
    diagnosed: bool = False
    contract_on: date | None = None
    planned_end_on: date | None = None
    ended_on: date | None = None
    suspended: bool = False
    last_contact_on: date | None = None
    missed_since: int = 0
    third_missed_on: date | None = None
    last_reassessment_on: date | None = None
    stage: str | None = None
    stage_from_on: date | None = None
    rent: RentFacts | None = None
    reported_on: date | None = None

    @property
    def is_active(self) -> bool:
        """Contract signed, not ended, not suspended."""
        return self.contract_on is not None and self.ended_on is None and not self.suspended


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An alert that holds: its rule, its due date, the figures used (dates as ISO texts, amounts in cents)."""

    rule: AlertRule
    due_on: date
    facts: Figures


def reassessment_due_on(facts: CaseFacts, terms: Terms) -> date | None:
    """Return the last good day of the next reassessment, None before the contract."""
    if facts.contract_on is None:
        return None
    return add_months(_latest(facts.contract_on, facts.last_reassessment_on), terms.reassess_every_months)


def contact_due_on(facts: CaseFacts, terms: Terms) -> date | None:
    """Return the last good day of the next contact, None before the contract."""
    if facts.contract_on is None:
        return None
    base = _latest(facts.contract_on, facts.last_contact_on)
    allowed = terms.contact_phases[0][1]
    for from_month, days in terms.contact_phases:
        if base >= add_months(facts.contract_on, from_month):
            allowed = days
    return base + timedelta(days=allowed)


def slide_notice_on(facts: CaseFacts, terms: Terms, day: date) -> date | None:
    """Return by when the préfet is answered about the period of a sliding lease that runs on `day`, None without one."""
    if facts.stage not in SLIDING_STAGES or facts.stage_from_on is None:
        return None
    end = period_end_from(facts.stage_from_on, terms.slide_examination_months, day)
    return add_months(end, -terms.slide_notice_months)


def evaluate_contacts(facts: CaseFacts, terms: Terms, day: date) -> list[Occurrence]:
    """Return the alerts about contacts that hold for a case on `day`: all that a contact made can change."""
    found: list[Occurrence] = []
    if facts.is_active:
        _contact(facts, terms, day, found)
    return found


def evaluate(facts: CaseFacts, terms: Terms, day: date) -> list[Occurrence]:
    """Return every alert that holds for a case on `day`."""
    found: list[Occurrence] = []
    if facts.is_active:
        _reassessment(facts, terms, day, found)
        _contact(facts, terms, day, found)
        _contract(facts, terms, day, found)
        _slide(facts, terms, day, found)
    if facts.rent is not None and is_watched_for_rent(facts.referred_on, facts.ended_on, day):
        _arrears(facts, facts.rent, terms, day, found)
    return found


def _latest(first: date, other: date | None) -> date:
    return first if other is None or other < first else other


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _reassessment(facts: CaseFacts, terms: Terms, day: date, found: list[Occurrence]) -> None:
    due = reassessment_due_on(facts, terms)
    if due is None or day < due - timedelta(days=terms.reassess_notice_days):
        return
    rule = AlertRule.REASSESSMENT_OVERDUE if day > due else AlertRule.REASSESSMENT_DUE_SOON
    figures: Figures = {
        "contract_on": _iso(facts.contract_on),
        "last_on": _iso(facts.last_reassessment_on),
        "every_months": terms.reassess_every_months,
    }
    found.append(Occurrence(rule, due, figures))


def _contact(facts: CaseFacts, terms: Terms, day: date, found: list[Occurrence]) -> None:
    due = contact_due_on(facts, terms)
    if due is not None and day > due:
        figures: Figures = {
            "contract_on": _iso(facts.contract_on),
            "last_on": _iso(facts.last_contact_on),
            "days": (due - _latest(facts.contract_on or due, facts.last_contact_on)).days,
        }
        found.append(Occurrence(AlertRule.VISIT_OVERDUE, due, figures))
    if facts.third_missed_on is not None:
        figures = {"last_on": _iso(facts.last_contact_on), "missed": facts.missed_since}
        found.append(Occurrence(AlertRule.CONTACT_LOST, facts.third_missed_on, figures))


def _contract(facts: CaseFacts, terms: Terms, day: date, found: list[Occurrence]) -> None:
    end = facts.planned_end_on
    if end is None or day < end - timedelta(days=terms.contract_end_notice_days):
        return
    rule = AlertRule.CONTRACT_ENDED if day > end else AlertRule.CONTRACT_ENDING
    found.append(Occurrence(rule, end, {"planned_end_on": _iso(end)}))


def _slide(facts: CaseFacts, terms: Terms, day: date, found: list[Occurrence]) -> None:
    due = slide_notice_on(facts, terms, day)
    if due is not None and facts.stage_from_on is not None and day >= due:
        end = period_end_from(facts.stage_from_on, terms.slide_examination_months, day)
        figures = {"stage_from_on": _iso(facts.stage_from_on), "period_end_on": _iso(end)}
        found.append(Occurrence(AlertRule.LEASE_SLIDE_NOTICE_DUE, due, figures))


def _arrears(facts: CaseFacts, rent: RentFacts, terms: Terms, day: date, found: list[Occurrence]) -> None:
    last_day = month_end(rent.month)
    if rent.constituted_since is not None:
        since = month_end(rent.constituted_since)
        figures: dict[str, str | int] = {
            "month": _iso(rent.month),
            "debt_cents": rent.balance_cents,
            "base_cents": rent.base_cents,
            "threshold_cents": threshold_cents(rent.base_cents, terms.arrears_multiple),
            "check_by_hand": int(rent.base_cents <= 0),
        }
        found.append(Occurrence(AlertRule.ARREARS_CONSTITUTED, since, figures))
        report_due = add_months(since, terms.caf_report_months)
        if not _is_reported(facts, _iso(since)) and day >= report_due - timedelta(days=terms.caf_report_notice_days):
            figures = {"constituted_on": _iso(since), "debt_cents": rent.balance_cents}
            found.append(Occurrence(AlertRule.CAF_REPORT_DUE, report_due, figures))
    moved_in = facts.moved_in_on
    if rent.short_lines >= 2 and moved_in and last_day <= add_months(moved_in, terms.early_arrears_months):
        figures = {"lines": rent.short_lines, "debt_cents": rent.balance_cents, "moved_in_on": _iso(moved_in)}
        found.append(Occurrence(AlertRule.ARREARS_EARLY, last_day, figures))


def closing_fact(rule: str, due_on: date, facts: CaseFacts | None, day: date, figures: Figures | None = None) -> str:
    """Return the fact that made an alert of `rule` stop holding on `day`, as `code` or `code:ISO date`.

    `figures` are those of the alert: where the facts are still the same, it is the rules of the programme that changed,
    and what they already held closed nothing. A code alone says that the facts are others than they were.
    """
    if facts is None:
        return "case_gone"
    if facts.ended_on is not None:
        return f"ended:{facts.ended_on}"
    if facts.suspended and rule not in RENT_RULES:
        return "suspended"
    if _is_over(AlertRule(rule), due_on, facts, day):
        return f"passed:{due_on}"
    if figures is not None and _are_the_same_facts(AlertRule(rule), figures, facts):
        return f"terms:{day}"
    held = {} if figures is None else figures
    reassessed = ("reassessment", _newer(facts.last_reassessment_on, held))
    met = ("contact", _newer(facts.last_contact_on, held))
    ledger = ("ledger", facts.rent.month if facts.rent else None)
    reported = _is_reported(facts, str(held.get("constituted_on", "")))
    fact = {
        AlertRule.REASSESSMENT_OVERDUE: reassessed,
        AlertRule.REASSESSMENT_DUE_SOON: reassessed,
        AlertRule.VISIT_OVERDUE: met,
        AlertRule.CONTACT_LOST: met,
        AlertRule.CONTRACT_ENDING: ("planned_end", facts.planned_end_on),
        AlertRule.CONTRACT_ENDED: ("planned_end", facts.planned_end_on),
        AlertRule.LEASE_SLIDE_NOTICE_DUE: ("stage", facts.stage_from_on),
        AlertRule.CAF_REPORT_DUE: ("reported", facts.reported_on) if reported else ledger,
        AlertRule.ARREARS_CONSTITUTED: ledger,
        AlertRule.ARREARS_EARLY: ledger,
    }[AlertRule(rule)]
    return fact[0] if fact[1] is None else f"{fact[0]}:{fact[1]}"


def _newer(on: date | None, figures: Figures) -> date | None:
    """Return the day of a contact or a reassessment that came after those that the alert counted from, None otherwise."""
    counted_from = max(str(figures.get("last_on", "")), str(figures.get("contract_on", "")))
    return on if _iso(on) > counted_from else None


def _is_reported(facts: CaseFacts, since: str) -> bool:
    """Tell whether an arrears constituted on `since` (an ISO date) is reported: what was reported before is another."""
    return facts.reported_on is not None and _iso(facts.reported_on) >= since


def _are_the_same_facts(rule: AlertRule, figures: Figures, facts: CaseFacts) -> bool:
    """Tell whether the facts that an alert used, by its figures, are those of today."""
    contract_on = _iso(facts.contract_on)
    reassessed = {"contract_on": contract_on, "last_on": _iso(facts.last_reassessment_on)}
    used: dict[AlertRule, Figures] = {
        AlertRule.REASSESSMENT_OVERDUE: reassessed,
        AlertRule.REASSESSMENT_DUE_SOON: reassessed,
        AlertRule.VISIT_OVERDUE: {"contract_on": contract_on, "last_on": _iso(facts.last_contact_on)},
        AlertRule.CONTRACT_ENDING: {"planned_end_on": _iso(facts.planned_end_on)},
        AlertRule.LEASE_SLIDE_NOTICE_DUE: {"stage_from_on": _iso(facts.stage_from_on)},
    }
    known = used.get(rule)
    return known is not None and all(figures.get(name) == value for name, value in known.items())


def _is_over(rule: AlertRule, due_on: date, facts: CaseFacts, day: date) -> bool:
    """Tell whether nothing happened but time: a reminder became a delay, or the period of a slide ended."""
    if rule == AlertRule.REASSESSMENT_DUE_SOON:
        return day > due_on and (facts.last_reassessment_on is None or facts.last_reassessment_on <= due_on)
    if rule == AlertRule.CONTRACT_ENDING:
        return day > due_on == facts.planned_end_on
    return rule == AlertRule.LEASE_SLIDE_NOTICE_DUE and facts.stage in SLIDING_STAGES and day > due_on
