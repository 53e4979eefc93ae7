"""Facts in the order in which they can be: after the referral, before the end, one after the other."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from casework.simulation.checker.arithmetic import after_months
from casework.simulation.checker.history import CaseTold, History
from casework.simulation.checker.violations import Violation

_IN_ORDER = "les faits se suivent"


def check(history: History) -> Iterator[Violation]:
    """Yield the facts whose dates cannot be."""
    for case in history.cases:
        yield from _before_referral(case)
        yield from _after_end(case)
        for what, first, then in _sequences(case):
            if then < first:
                yield Violation("dates_out_of_order", case.number, then, _IN_ORDER, f"{what} : {then} avant {first}")


def _noted(case: CaseTold) -> Iterator[tuple[str, date]]:
    """Yield what can only happen between the referral and the end. The lease and its rents were there before."""
    yield from (("diagnostic", day) for day in case.diagnostics)
    yield from (("contrat", contract.signed_on) for contract in case.contracts)
    yield from (("réévaluation", day) for day in case.reassessments)
    yield from (("suspension", first) for first, _last in case.pauses)
    yield from (("signalement", day) for day in case.reports)


def _before_referral(case: CaseTold) -> Iterator[Violation]:
    for what, day in (*_noted(case), *(("contact", contact.on) for contact in case.contacts)):
        if day < case.referred_on:
            says = f"rien avant l’orientation du {case.referred_on}"
            yield Violation("fact_before_referral", case.number, day, says, f"{what} du {day}")


def _after_end(case: CaseTold) -> Iterator[Violation]:
    end = case.ended_on
    if end is None:
        return
    watched_until = _watched_until(case, end)
    late = [(what, day) for what, day in _noted(case) if day > end]
    late += [("statut", stage.from_on) for stage in case.stages if stage.from_on > end]
    late += [("objectif", o.settled_on) for o in case.objectives if o.settled_on is not None and o.settled_on > end]
    late += [("contact", contact.on) for contact in case.contacts if contact.on > watched_until]
    for what, day in late:
        yield Violation("fact_after_end", case.number, day, f"rien après la fin du {end}", f"{what} du {day}")


def _watched_until(case: CaseTold, end: date) -> date:
    """Return the last day of a contact: the end, or the end of the watch after it."""
    watch = case.definition.watch
    if watch is None:
        return end
    return date.max if watch.max_months is None else after_months(end, watch.max_months)


def _sequences(case: CaseTold) -> Iterator[tuple[str, date, date]]:
    """Yield (what, first day, later day): the second may not come before the first."""
    yield from _of_contracts(case)
    signed_on = case.signed_on
    if signed_on is not None:
        yield from (("réévaluation", signed_on, day) for day in case.reassessments if day >= case.referred_on)
    if case.ended_on is not None:
        yield "fin", signed_on or case.referred_on, case.ended_on
    for first, last in case.pauses:
        if last is not None:
            yield "suspension", first, last
    for (_first, last), (following, _last) in pairwise(case.pauses):
        if last is not None:
            yield "suspension", last, following


def _of_contracts(case: CaseTold) -> Iterator[tuple[str, date, date]]:
    first = next((contract.signed_on for contract in case.contracts if contract.first), None)
    for contract in case.contracts:
        if first is not None and not contract.first:
            yield "avenant", first, contract.signed_on
        if contract.planned_end_on is not None:
            yield "fin prévue", contract.signed_on, contract.planned_end_on
    agreed = {contract.id: contract.signed_on for contract in case.contracts}
    for objective in case.objectives:
        for day in (objective.due_on, objective.settled_on):
            if day is not None:
                yield "objectif", agreed[objective.contract_id], day
