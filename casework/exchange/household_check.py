"""The check of the table of households: against itself, against the programme, against what is known."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from casework.exchange import queries
from casework.exchange.plan import CaseChange, Plan
from casework.exchange.queries import StoredCase
from casework.exchange.reading.records import (
    HOUSEHOLD_COLUMNS,
    Difference,
    HouseholdFacts,
    HouseholdRow,
    Refusal,
    reason,
)
from casework.exchange.rules import Fault, contract_fault, corrected_contracts, household_faults, overlap
from casework.kernel.context import Ctx
from casework.kernel.money import format_number
from casework.programmes.models import Programme
from casework.programmes.queries import version_on

_COLUMN_OF = {attribute: column for column, attribute in HOUSEHOLD_COLUMNS.items()}
_AMOUNTS = frozenset({"resources", "benefit", "rent", "charges"})
_PEOPLE = frozenset({"adults", "children", "composition"})
_PLACE = ("address", "district")
# Who reads a programme is for those who manage accounts to say: an import lets nobody in but referents.
NO_REFERENT = reason(
    "Cette personne ne peut pas suivre de ménage ici\u00a0: il faut un compte de référent ou de référente de "
    "l’association, ou de responsable qui travaille déjà dans ce dispositif."
)
# Of a case that the actor does not see, these words and no others are told.
CLOSED = reason("Ce dossier est fermé à l’écriture : archivé, ou limité à la demande de la personne.")
TAKEN = reason("Ce numéro de dossier est déjà pris dans ce dispositif.")


def check_households(ctx: Ctx, programme: Programme, plan: Plan) -> None:
    """Sort the rows of the tables of households into new, known, differing and refused ones."""
    stored, closed = queries.stored_cases(ctx, programme.id), queries.closed_numbers(ctx, programme.id)
    judge = _Judge(ctx, programme, plan, (known.facts for known in stored.values()))
    for asked in plan.batch.households:
        known = stored.get(asked.facts.number)
        row = _without_secret(plan, asked) if known is not None and known.is_protected else asked
        said = _Said({}, {}) if known is None else _said(row.facts, known)
        facts = row.facts if known is None else _with(known.facts, said.every)
        faults = judge.faults(row, facts, known, said.every)
        if faults:
            _refuse(plan, row, faults)
            continue
        judge.holders.add(facts)
        if known is None:
            plan.new_cases.append(row)
            plan.counts[row.file].new += 1
        else:
            is_closed = facts.number in closed
            _check_known(ctx, plan, row, known, said, is_whole=row.facts == asked.facts, is_closed=is_closed)


class _Judge:
    """What stands against the rows of one batch: what cannot be true, and what the programme does not allow."""

    def __init__(self, ctx: Ctx, programme: Programme, plan: Plan, known: Iterable[HouseholdFacts]) -> None:
        self._today, self._out_of_sight = ctx.today, plan.out_of_sight
        self._stages = version_on(ctx, programme.id, ctx.today).definition.lease.stages
        self._users = queries.operator_users(ctx, programme.id)
        self._seen: dict[str, int] = {}
        self.holders = _Leases(known)

    def faults(
        self, row: HouseholdRow, facts: HouseholdFacts, known: StoredCase | None, every: Mapping[str, Any]
    ) -> list[Fault]:
        """Return (column, reason) for all that stands against a row.

        `facts`: what results for its household; `every`: what it says of a known case beside what is known.
        """
        found = household_faults(facts, self._today) if known is None else _faults(known, every, self._today)
        if facts.number in self._seen:
            why = reason("Ce numéro de dossier est déjà à la ligne %(line)s.", line=self._seen[facts.number])
            found.append(("numero_dossier", why))
        self._seen.setdefault(facts.number, row.line)
        if facts.number in self._out_of_sight:
            found.append(("numero_dossier", self._out_of_sight[facts.number]))
        stages = self._stages
        if facts.stage and stages and facts.stage not in stages and (known is None or facts.stage != known.facts.stage):
            why = reason("Ce dispositif ne prévoit que : %(stages)s.", stages=", ".join(stages))
            found.append(("statut_occupation", why))
        holder = self.holders.other_holder(facts) if known is None or every else None
        if holder is not None:
            found.append(("numero_bail", reason("Ce bail est celui du dossier %(number)s.", number=holder)))
        if facts.referent and (known is None or "referent" in every) and not self._may_follow(facts.referent):
            found.append(("referent", NO_REFERENT))
        return found

    def _may_follow(self, handle: str) -> bool:
        user = self._users.get(handle.casefold())
        return user is None or user.may_follow  # a name that nobody has is entered as that of a referent


class _Said(NamedTuple):
    """What a row adds to a known case, and what it says otherwise, by attribute."""

    news: dict[str, object]
    differing: dict[str, object]

    @property
    def every(self) -> dict[str, object]:
        """Both together."""
        return self.news | self.differing


def _said(facts: HouseholdFacts, known: StoredCase) -> _Said:
    """Return what a row says of a case beside what is known; an empty cell says nothing."""
    said = _Said({}, {})
    for attribute in _COLUMN_OF:
        value, old = getattr(facts, attribute), getattr(known.facts, attribute)
        if value in {None, ""} or _same(known, attribute, value, old):
            continue
        (said.news if old in {None, ""} else said.differing)[attribute] = value
    return said


class _Leases:
    """Which households hold which lease, and when."""

    def __init__(self, known: Iterable[HouseholdFacts]) -> None:
        self._holders: dict[str, dict[str, HouseholdFacts]] = {}
        for facts in known:
            self.add(facts)

    def add(self, facts: HouseholdFacts) -> None:
        """Remember that a household holds its lease."""
        if facts.lease_number:
            self._holders.setdefault(facts.lease_number, {})[facts.number] = facts

    def other_holder(self, facts: HouseholdFacts) -> str | None:
        """Return the case that holds the same lease at the same time, or None."""
        if not facts.lease_number:
            return None
        holders = self._holders.get(facts.lease_number, {})
        return next((n for n, other in holders.items() if n != facts.number and overlap(facts, other)), None)


def _refuse(plan: Plan, row: HouseholdRow, faults: Iterable[Fault]) -> None:
    for column, why in faults:
        attribute = HOUSEHOLD_COLUMNS[column]
        plan.refused.append(Refusal(row.file, row.line, column, _shown(attribute, getattr(row.facts, attribute)), why))


def _check_known(
    ctx: Ctx, plan: Plan, row: HouseholdRow, known: StoredCase, said: _Said, *, is_whole: bool, is_closed: bool
) -> None:
    """Sort a row about a known case; one of which a part is refused counts among the refused ones."""
    news, differing = said
    if is_closed and (news or differing):
        _refuse(plan, row, [("numero_dossier", CLOSED)])
        return
    written = news | (differing if plan.replace else {})
    facts = _with(known.facts, written)
    faults = _faults(known, written, ctx.today)
    if faults:
        _refuse(plan, row, faults)
        return
    plan.differences += [
        Difference(
            row.file, row.line, facts.number, _COLUMN_OF[a], _shown(a, getattr(known.facts, a)), _shown(a, value)
        )
        for a, value in differing.items()
    ]
    if written:
        plan.changes.append(CaseChange(row, known, facts, tuple(written)))
    counts = plan.counts[row.file]
    if not is_whole:
        return
    if differing:
        counts.differing += 1
    elif news:
        counts.completed += 1
    else:
        counts.identical += 1


def _faults(known: StoredCase, written: Mapping[str, Any], today: date) -> list[Fault]:
    """Return what cannot be true together once a known case has these facts too; what was so before is no fault of theirs."""
    before = household_faults(known.facts, today)
    after = household_faults(_with(known.facts, written), today)
    return [*(fault for fault in after if fault not in before), *_contract_faults(known, written)]


def _contract_faults(known: StoredCase, written: Mapping[str, Any]) -> list[Fault]:
    """Return why the contract that is known cannot be moved to the day that a row gives."""
    signed_on = written.get("contract_on")
    if not known.contracts or signed_on is None:
        return []
    why = contract_fault(corrected_contracts(known.contracts, signed_on, written.get("planned_end_on")))
    return [] if why is None else [("date_contrat", why)]


def _without_secret(plan: Plan, row: HouseholdRow) -> HouseholdRow:
    """Return the row without the address, which is secret; what it said is told by its column only."""
    why = reason(
        "L’adresse de ce ménage est protégée : elle n’entre par aucun fichier. Le reste de la ligne est traité."
    )
    plan.refused += [
        Refusal(row.file, row.line, _COLUMN_OF[attribute], "", why, is_secret=True)
        for attribute in _PLACE
        if getattr(row.facts, attribute)
    ]
    return row._replace(facts=replace(row.facts, address=None, district=None))


def _with(facts: HouseholdFacts, written: Mapping[str, Any]) -> HouseholdFacts:
    # The values come from facts of the same class, name by name.
    return replace(facts, **written)


def _same(known: StoredCase, attribute: str, value: object, old: object) -> bool:
    if known.people_entered and attribute in _PEOPLE:
        return True
    if attribute == "referent":
        return str(value).casefold() == str(old or "").casefold()
    return value == old or value in known.also.get(attribute, ())


def _shown(attribute: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if attribute in _AMOUNTS and isinstance(value, int):
        return format_number(value)
    return str(value)
