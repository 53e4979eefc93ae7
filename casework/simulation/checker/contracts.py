"""Contracts after diagnostics, with three parties; accompaniments neither too short nor too long."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from casework.programmes.definition.parts import Accompaniment
from casework.simulation.checker.arithmetic import after_months
from casework.simulation.checker.history import CaseTold, ContractTold, History
from casework.simulation.checker.violations import Violation


def check(history: History) -> Iterator[Violation]:
    """Yield what is wrong with the contracts."""
    for case in history.cases:
        if case.contracts:
            yield from _signature(case, case.contracts[0])
            yield from _amendments(case)
            yield from _length(case, case.contracts[0].signed_on, history.last_day)


def _signature(case: CaseTold, first: ContractTold) -> Iterator[Violation]:
    day = first.signed_on
    if not any(made_on <= day for made_on in case.diagnostics):
        found = f"contrat du {day}, diagnostics : {', '.join(map(str, case.diagnostics)) or 'aucun'}"
        yield Violation("contract_before_diagnostic", case.number, day, "le diagnostic vient avant le contrat", found)
    missing = [party for party, name in first.signatories.items() if not name.strip()]
    if missing:
        found = f"il manque {', '.join(missing)}"
        yield Violation("party_missing", case.number, day, "ménage, association et bailleur signent", found)
    if not any(objective.contract_id == first.id for objective in case.objectives):
        yield Violation("objective_missing", case.number, day, "un contrat porte au moins un objectif", "aucun")


def _amendments(case: CaseTold) -> Iterator[Violation]:
    limits = _limits(case)
    renewals = 0
    for before, after in pairwise(case.contracts):
        longer = before.planned_end_on is not None and (
            after.planned_end_on is None or after.planned_end_on > before.planned_end_on
        )
        renewals += longer
        if longer and limits.renewals_max is not None and renewals > limits.renewals_max and not after.derogation:
            says = f"renouvelable {limits.renewals_max} fois"
            yield Violation("too_many_renewals", case.number, after.signed_on, says, f"{renewals} renouvellements")
        if longer and limits.renewable is False and not after.derogation:
            found = f"fin portée au {after.planned_end_on}"
            yield Violation(
                "not_renewable", case.number, after.signed_on, "l’accompagnement ne se renouvelle pas", found
            )


def _length(case: CaseTold, signed_on: date, last_day: date) -> Iterator[Violation]:
    limits = _limits(case)
    if limits.min_months is not None and case.end is not None and not case.end.note.strip():
        least = after_months(signed_on, limits.min_months)
        if case.end.on < least:
            says, found = f"au moins {limits.min_months} mois, ou un motif", f"du {signed_on} au {case.end.on}"
            yield Violation("accompaniment_too_short", case.number, case.end.on, says, f"{found}, sans motif")
    latest = _latest(limits, signed_on)
    until = case.ended_on or last_day
    if latest is not None and until > latest and not _is_derogated(case, limits, until):
        says, found = f"jusqu’au {latest} au plus, sauf motif", f"encore accompagné le {until}"
        yield Violation("accompaniment_too_long", case.number, until, says, found)
    for contract in case.contracts:
        planned, motive = contract.planned_end_on, limits.derogation and contract.derogation.strip()
        if latest is not None and planned is not None and planned > latest and not motive:
            says, found = f"jusqu’au {latest} au plus, sauf motif", f"fin prévue le {planned}"
            yield Violation("planned_end_too_late", case.number, contract.signed_on, says, found)


def _limits(case: CaseTold) -> Accompaniment:
    """Return the limits that bind every household of the programme."""
    stated = case.definition.accompaniment
    return Accompaniment() if stated.only_for else stated


def _latest(limits: Accompaniment, signed_on: date) -> date | None:
    """Return the last day of the longest accompaniment: the maximum, or all periods that may follow one another."""
    found = [] if limits.max_months is None else [after_months(signed_on, limits.max_months)]
    if limits.period_months is not None and limits.renewals_max is not None:
        renewal = limits.renewal_months or limits.period_months
        found.append(after_months(signed_on, limits.period_months + limits.renewals_max * renewal))
    return min(found, default=None)


def _is_derogated(case: CaseTold, limits: Accompaniment, until: date) -> bool:
    """Tell whether a contract with a motive carries the accompaniment to that day."""
    return limits.derogation and any(
        contract.derogation.strip() and (contract.planned_end_on is None or contract.planned_end_on >= until)
        for contract in case.contracts
    )
