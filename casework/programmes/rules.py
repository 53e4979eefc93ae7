"""Totals of a definition, which are never trusted when typed; what a later version says otherwise, and when it may."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from casework.accounts.vocabulary import Category, Role
from casework.kernel.errors import RuleViolation
from casework.programmes.definition.evidence import Reconciliation
from casework.programmes.definition.parts import Definition
from casework.programmes.vocabulary.sharing import CATEGORY_LABELS, STANDS_IN, Opening

CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9.-]{0,30}[A-Z0-9])?", re.ASCII)
MOST_OF_TITLE = 200
# What dates a version, and is told apart from what it says.
_DATING = frozenset({"valid_from"})
_UNORDERED = frozenset({"publics", "actions", "origin"})


@dataclass(frozen=True)
class Totals:
    """In cents; None where the definition states nothing to hold against the other."""

    printed: int | None
    fundings: int | None

    @property
    def fundings_differ(self) -> bool:
        """Tell whether the fundings do not add up to the cost."""
        return None not in {self.printed, self.fundings} and self.printed != self.fundings


def totals_of(definition: Definition) -> Totals:
    """Return the totals of a definition; the fundings only when all of them are amounts for the period of the cost."""
    costs, fundings = definition.costs, definition.fundings
    amounts = [f.amount_cents for f in fundings if f.amount_cents is not None and f.period == costs.total_period]
    return Totals(costs.total_cents, sum(amounts) if amounts and len(amounts) == len(fundings) else None)


def unreconciled(definition: Definition) -> tuple[Reconciliation, ...]:
    """Return the printed figures with which the sheet's own figures do not agree."""
    return tuple(r for r in definition.reconciliations if r.difference)


def guide_total(definition: Definition) -> int | None:
    """Return the households that the guide counts for a programme, None when it states no headcount.

    The headcount, times the years of the project when it is counted per year or as an active caseload; the upper end
    of a range (mechanisms, § 1: the rule that reproduces the guide's table exactly).
    """
    quantity, months = definition.households, definition.duration.months
    if quantity is None:
        return None
    if quantity.unit == "total" or months is None:
        return quantity.value
    return quantity.value * months // 12


@dataclass(frozen=True)
class Difference:
    """Something that a later version says otherwise: at `place` (`households.value`, `cadences`), a value or a part.

    None on one side: nothing was said there, or is said there now.
    """

    place: str
    before: object
    after: object


def differences(before: Definition, after: Definition) -> tuple[Difference, ...]:
    """Return everything that `after` says otherwise than `before`, in the order of a definition; not their dates."""
    return tuple(_of_parts("", fields(before), before, after))


def _of_parts(place: str, parts: Iterable[Field[Any]], before: object, after: object) -> Iterator[Difference]:
    """Compare two wholes of the same kind part by part; a whole that is missing says nothing."""
    for part in parts:
        if part.name not in _DATING:
            unsaid = None if part.default is MISSING else part.default
            values = (unsaid if whole is None else getattr(whole, part.name) for whole in (before, after))
            yield from _of_values(f"{place}.{part.name}" if place else part.name, *values)


def _of_values(place: str, before: object, after: object) -> Iterator[Difference]:
    if before == after:
        return
    said = after if before is None else before
    if isinstance(before, tuple) and isinstance(after, tuple):
        yield from _of_lists(place, before, after)
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from _of_values(f"{place}.{key}", before.get(key), after.get(key))
    elif is_dataclass(said) and not isinstance(said, type):
        yield from _of_parts(place, fields(said), before, after)
    else:
        yield Difference(place, before, after)


def _of_lists(place: str, before: Sequence[object], after: Sequence[object]) -> Iterator[Difference]:
    """Compare two lists; a part that stands where another stood is held against it."""
    if place in _UNORDERED:
        before, after = sorted(before, key=str), sorted(after, key=str)
    for _tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if before[i:j] == after[k:m]:
            continue
        gone, come = before[i:j], after[k:m]
        for number in range(max(len(gone), len(come))):
            was = gone[number] if number < len(gone) else None
            yield Difference(place, was, come[number] if number < len(come) else None)


def check_code(code: str) -> None:
    """Refuse a code that is not plain: capitals, digits, dots and dashes. Raises RuleViolation on `code`."""
    if not CODE.fullmatch(code):
        raise RuleViolation(
            "code", "Un code a de 1 à 32 capitales sans accent, chiffres, points ou tirets : par exemple VAL-2026."
        )


def check_title(title: str) -> None:
    """Refuse a title that no list could show. Raises RuleViolation on `title`."""
    if len(title) > MOST_OF_TITLE:
        raise RuleViolation("title", "Ce titre ne tient pas sur une ligne : raccourcissez-le.")


def check_version_start(valid_from: date, last_from: date) -> None:
    """Refuse a version that does not start after the last one. Raises RuleViolation on `valid_from`."""
    if valid_from <= last_from:
        raise RuleViolation(
            "valid_from",
            "La dernière version est en vigueur depuis le %(day)s : la nouvelle commence après.",
            day=last_from.strftime("%d/%m/%Y"),
        )


def check_same_programme(before: Definition, after: Definition) -> None:
    """Refuse a version that names another programme, landlord or association: that is another programme.

    Raises RuleViolation on `id`, `landlords` or `operators`.
    """
    pairs = {
        "id": (before.id, after.id),
        "landlords": (before.landlords[:1], after.landlords[:1]),
        "operators": (before.operators[:1], after.operators[:1]),
    }
    for key, (was, is_now) in pairs.items():
        if was != is_now:
            raise RuleViolation(
                key,
                "« %(key)s » ne change pas d’une version à l’autre : ouvrez un autre dispositif pour un autre bailleur "
                "ou une autre association.",
                key=key,
            )


def check_convention_start(from_on: date, last_from_on: date | None) -> None:
    """Refuse a convention that starts before the last one: what was in force on a day stays so. Raises RuleViolation."""
    if last_from_on is not None and from_on < last_from_on:
        raise RuleViolation(
            "from_on",
            "La convention d’avant commence le %(day)s : celle-ci ne peut pas commencer plus tôt.",
            day=last_from_on.strftime("%d/%m/%Y"),
        )


def check_openings(openings: Mapping[tuple[Category, Role], Opening]) -> None:
    """Refuse a category that would be read nowhere, because what its words stand in is closed. Raises RuleViolation."""
    for category, places in STANDS_IN.items():
        for (opened, reader), opening in openings.items():
            if opened is not category or opening is Opening.CLOSED:
                continue
            if all(openings.get((place, reader), Opening.CLOSED) is Opening.CLOSED for place in places):
                raise RuleViolation(
                    clause_field(category, reader),
                    "« %(category)s » se lit dans une autre rubrique : ouvrez aussi « %(place)s ».",
                    category=CATEGORY_LABELS[category],
                    place=CATEGORY_LABELS[min(places)],
                )


def clause_field(category: Category, reader: Role) -> str:
    """Return the name of the field of a form that says what a reader reads."""
    return f"{category}_{reader}".lower()
