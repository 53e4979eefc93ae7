"""The alerts that should be open after the last sweep, worked out from the rows, beside those that are."""

from collections.abc import Iterator
from datetime import date, timedelta

from casework.programmes.definition.parts import Definition
from casework.simulation.checker.arithmetic import (
    after_months,
    contact_rhythm,
    end_of_month,
    number,
    reassessment_months,
)
from casework.simulation.checker.history import CaseTold, History, LineTold
from casework.simulation.checker.violations import Violation

_MADE, _ATTEMPT, _MISSED = "REALISEE", "TENTATIVE", {"ABSENT", "REFUS"}
_SLIDING = "BAIL_GLISSANT"
Alert = tuple[str, date]
# What this module judges: an alert of another rule is left alone.
JUDGED = (
    "REASSESSMENT_OVERDUE",
    "REASSESSMENT_DUE_SOON",
    "VISIT_OVERDUE",
    "CONTACT_LOST",
    "CONTRACT_ENDING",
    "CONTRACT_ENDED",
    "LEASE_SLIDE_NOTICE_DUE",
    "ARREARS_CONSTITUTED",
    "CAF_REPORT_DUE",
    "ARREARS_EARLY",
)


def check(history: History) -> Iterator[Violation]:
    """Yield the alerts that are missing, those whose cause is gone, and those that are open twice."""
    if history.swept_on is None:
        return
    for case in history.cases:
        due = dict(alerts_due(case, history.swept_on))
        for rule in JUDGED:
            opened = [due_on for name, due_on in case.open_alerts if name == rule]
            yield from _compare(case, history.swept_on, rule, due.get(rule), opened)


def _compare(case: CaseTold, day: date, rule: str, due: date | None, opened: list[date]) -> Iterator[Violation]:
    if len(opened) > 1:
        found = f"{rule} ouverte {len(opened)} fois : {', '.join(map(str, opened))}"
        yield Violation("alert_twice", case.number, day, "une alerte par fait", found)
        return
    if due is not None and due not in opened:
        yield Violation("alert_missing", case.number, day, f"{rule} échue le {due}", "aucune alerte ouverte")
    for due_on in opened:
        if due_on != due:
            says = f"aucun motif au dernier balayage, le {day}"
            yield Violation("alert_without_cause", case.number, due_on, says, f"{rule} du {due_on} ouverte")


def alerts_due(case: CaseTold, day: date) -> Iterator[Alert]:
    """Yield (rule, due date) of what should be open for a case on `day`, by the facts dated up to then."""
    if case.ended_on is not None and case.ended_on <= day:
        return
    paused = any(first <= day and (last is None or day <= last) for first, last in case.pauses)
    contracts = [contract for contract in case.contracts if contract.signed_on <= day]
    if contracts and not paused:
        yield from _followup(case, contracts[0].signed_on, day)
        yield from _contract_end(case.definition, contracts[-1].planned_end_on, day)
        yield from _slide(case, day)
    if case.referred_on <= day:
        yield from _arrears(case, [line for line in case.lines if end_of_month(line.month) <= day], day)


def _followup(case: CaseTold, signed_on: date, day: date) -> Iterator[Alert]:
    definition = case.definition
    held = [on for on in case.reassessments if on <= day]
    due = after_months(max([signed_on, *held]), reassessment_months(definition, day))
    if day > due:
        yield "REASSESSMENT_OVERDUE", due
    elif day >= due - timedelta(days=number(definition, "reassess_notice_days", day)):
        yield "REASSESSMENT_DUE_SOON", due
    known = [contact for contact in case.contacts if contact.on <= day]
    made = [contact.on for contact in known if contact.outcome == _MADE and contact.kind != _ATTEMPT]
    base = max([signed_on, *made])
    rhythm = contact_rhythm(definition, day)
    allowed = [days for month, days in rhythm if base >= after_months(signed_on, month)] or [rhythm[0][1]]
    if day > base + timedelta(days=allowed[-1]):
        yield "VISIT_OVERDUE", base + timedelta(days=allowed[-1])
    missed = [c.on for c in known if c.outcome in _MISSED and (not made or c.on > made[-1])]
    patience = number(definition, "contact_lost_after", day)
    if len(missed) >= patience:
        yield "CONTACT_LOST", missed[patience - 1]


def _contract_end(definition: Definition, planned: date | None, day: date) -> Iterator[Alert]:
    if planned is not None and day > planned:
        yield "CONTRACT_ENDED", planned
    elif planned is not None and day >= planned - timedelta(days=number(definition, "contract_end_notice_days", day)):
        yield "CONTRACT_ENDING", planned


def _slide(case: CaseTold, day: date) -> Iterator[Alert]:
    held = [stage for stage in case.stages if stage.from_on <= day]
    if not held or held[-1].code != _SLIDING:
        return
    months, count = number(case.definition, "slide_examination_months", day), 1
    while after_months(held[-1].from_on, months * count) < day:
        count += 1
    end = after_months(held[-1].from_on, months * count)
    notice = after_months(end, -number(case.definition, "slide_notice_months", day))
    if day >= notice:
        yield "LEASE_SLIDE_NOTICE_DUE", notice


def _arrears(case: CaseTold, lines: list[LineTold], day: date) -> Iterator[Alert]:
    if not lines:
        return
    definition = case.definition
    multiple = number(definition, "arrears_multiple", day)
    since: date | None = None
    short = 0
    for line in lines:
        constituted = line.balance > 0 and line.balance >= multiple * line.base
        since = (since or end_of_month(line.month)) if constituted else None
        short = short + 1 if line.paid < line.base else 0
    if since is not None:
        yield "ARREARS_CONSTITUTED", since
        due = after_months(since, number(definition, "caf_report_months", day))
        reported = any(since <= on <= day for on in case.reports)
        if not reported and day >= due - timedelta(days=number(definition, "caf_report_notice_days", day)):
            yield "CAF_REPORT_DUE", due
    last = end_of_month(lines[-1].month)
    early = number(definition, "early_arrears_months", day)
    if short >= 2 and case.moved_in_on is not None and last <= after_months(case.moved_in_on, early):
        yield "ARREARS_EARLY", last
