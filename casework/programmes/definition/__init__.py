"""A programme definition, read from data and checked: every fault is told with its place and what is allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NoReturn

from casework.kernel.errors import CaseworkError
from casework.programmes.vocabulary import PARAMETER_LABELS, LeaseStageCode

CATEGORIES = (
    "coordination",
    "access",
    "maintain",
    "access_and_maintain",
    "mental_health",
    "domestic_violence",
    "youth",
    "travellers",
    "ex_offenders",
    "elderly",
)
MODES = ("access", "maintain", "both")
UNITS = ("total", "per_year", "active_caseload")
PERIODS = ("day", "week", "month", "quarter", "year")
CADENCES = ("contact", "home_visit", "meeting", "reassessment", "evaluation", "landlord_review", "commission")
CONTACT_CADENCES = ("contact", "home_visit", "meeting")
COSTS = ("total", "diagnostic", "accompaniment", "rental_management")
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class DefinitionError(CaseworkError):
    """A definition cannot be used: file, key, value and what is allowed."""


@dataclass(frozen=True)
class Quantity:
    """A number of households or dwellings, as the source counts them."""

    value: int
    unit: str
    approximate: bool = False


@dataclass(frozen=True)
class Cadence:
    """Something done every `every` `unit`s, from `from_month` months after the contract on."""

    what: str
    every: int
    unit: str
    from_month: int = 0

    @property
    def days(self) -> int:
        """Days that the cadence allows between two of them."""
        return self.every * _DAYS[self.unit]

    @property
    def months(self) -> int | None:
        """Months that the cadence allows, None when it is counted in days or weeks."""
        factor = _MONTHS.get(self.unit)
        return None if factor is None else self.every * factor


@dataclass(frozen=True)
class Amount:
    """A cost or a funding, in cents; `period` is "year" or None for the whole project."""

    what: str
    amount_cents: int
    period: str | None = None


@dataclass(frozen=True)
class Definition:
    """What a programme says. None: the source says nothing, which is never « no »."""

    id: str
    title: str
    landlord: str
    operator: str
    valid_from: date
    category: str
    mode: str | None = None
    households: Quantity | None = None
    dwellings: Quantity | None = None
    duration_months: int | None = None
    open_ended: bool = False
    min_months: int | None = None
    max_months: int | None = None
    cadences: tuple[Cadence, ...] = ()
    stages: tuple[str, ...] = ()
    order_matters: bool = False
    thresholds: Mapping[str, int] = field(default_factory=dict)
    costs: tuple[Amount, ...] = ()
    fundings: tuple[Amount, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def reassess_every_months(self) -> int | None:
        """Months between two reassessments, None when the programme does not say."""
        return next((c.months for c in self.cadences if c.what == "reassessment" and c.months), None)

    @property
    def contact_phases(self) -> tuple[tuple[int, int], ...]:
        """(months after the contract, days allowed between contacts), in order; empty when nothing is said."""
        phases = {c.from_month: c.days for c in self.cadences if c.what in CONTACT_CADENCES}
        return tuple(sorted(phases.items()))


class _Reader:
    """One table of a definition; it remembers where it is, and which keys were read."""

    def __init__(self, place: str, table: object) -> None:
        self.place = place
        if not isinstance(table, Mapping):
            raise DefinitionError(f"{place} : une table est attendue, « {table} » n’en est pas une.")
        self._table: Mapping[str, object] = table
        self._read: set[str] = set()

    def _fail(self, key: str, value: object, allowed: str) -> NoReturn:
        raise DefinitionError(f"{self.place}, clé « {key} », valeur « {value} » : {allowed}.")

    def get(self, key: str) -> object:
        """Return the raw value of `key`, or None."""
        self._read.add(key)
        return self._table.get(key)

    def text(self, key: str) -> str:
        """Return a text that may not be missing or empty."""
        value = self.get(key)
        if not isinstance(value, str) or not value.strip():
            self._fail(key, value, "un texte non vide est attendu")
        return value.strip()

    def choice(self, key: str, allowed: Sequence[str], *, required: bool = True) -> str | None:
        """Return one of the allowed words."""
        value = self.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, str) or value not in allowed:
            self._fail(key, value, f"valeurs admises : {', '.join(allowed)}")
        return value

    def number(self, key: str, *, low: int = 1, high: int = 10**12) -> int | None:
        """Return a whole number from `low` to `high`, or None when the key is absent."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self._fail(key, value, f"un nombre entier d’au moins {low} est attendu")
        return value

    def required_number(self, key: str, *, low: int = 1) -> int:
        """Return a whole number that may not be missing."""
        value = self.number(key, low=low)
        if value is None:
            self._fail(key, value, f"un nombre entier d’au moins {low} est attendu")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; an absent key is false."""
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self._fail(key, value, "true ou false est attendu")
        return bool(value)

    def day(self, key: str) -> date:
        """Return a date (a TOML date, or its ISO text as JSON keeps it)."""
        value = self.get(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self._fail(key, value, "une date AAAA-MM-JJ est attendue")
        if not isinstance(value, date):
            self._fail(key, value, "une date AAAA-MM-JJ est attendue")
        return value

    def table(self, key: str) -> "_Reader | None":
        """Return the sub-table `key`, or None."""
        value = self.get(key)
        return None if value is None else _Reader(f"{self.place}, [{key}]", value)

    def tables(self, key: str) -> "list[_Reader]":
        """Return the sub-tables of the list `key`."""
        value = self.get(key) or []
        if not isinstance(value, list):
            self._fail(key, value, "une liste de tables est attendue")
        return [_Reader(f"{self.place}, [[{key}]] n° {i}", item) for i, item in enumerate(value, 1)]

    def words(self, key: str, allowed: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, each of them one of `allowed` where that is given."""
        value = self.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self._fail(key, value, "une liste de textes est attendue")
        for word in value:
            if allowed is not None and word not in allowed:
                self._fail(key, word, f"valeurs admises : {', '.join(allowed)}")
        return tuple(value)

    def finish(self) -> None:
        """Refuse keys that nobody read: they are misspelt."""
        unknown = sorted(set(self._table) - self._read)
        if unknown:
            self._fail(
                unknown[0], self._table[unknown[0]], f"clé inconnue ; clés admises : {', '.join(sorted(self._read))}"
            )


def _quantity(reader: _Reader | None) -> Quantity | None:
    if reader is None:
        return None
    unit = reader.choice("unit", UNITS) or UNITS[0]
    quantity = Quantity(reader.required_number("value"), unit, reader.flag("approximate"))
    reader.finish()
    return quantity


def _cadence(reader: _Reader) -> Cadence:
    cadence = Cadence(
        what=reader.choice("what", CADENCES) or "",
        every=reader.required_number("every"),
        unit=reader.choice("unit", PERIODS) or "",
        from_month=reader.number("from_month", low=0) or 0,
    )
    if cadence.what == "reassessment" and cadence.months is None:
        reader.choice("unit", tuple(_MONTHS))
    reader.finish()
    return cadence


def _amount(reader: _Reader, key: str, allowed: Sequence[str] | None) -> Amount:
    what = reader.text(key) if allowed is None else reader.choice(key, allowed) or ""
    amount = Amount(
        what, reader.required_number("amount_cents", low=0), reader.choice("period", ("year",), required=False)
    )
    reader.finish()
    return amount


def _thresholds(reader: _Reader | None) -> dict[str, int]:
    """Return the numbers that replace national parameters. A reminder may be of no day; nothing else may be nil."""
    if reader is None:
        return {}
    values = {key: reader.number(key, low=0 if key.endswith("_notice_days") else 1) for key in PARAMETER_LABELS}
    reader.finish()
    return {key: value for key, value in values.items() if value is not None}


def read_definition(place: str, data: object) -> Definition:
    """Return the definition held in `data` (a parsed TOML or JSON document); `place` names it in messages.

    Raises DefinitionError with the place, the key, the value and what is allowed.
    """
    root = _Reader(place, data)
    duration, accompaniment, lease = root.table("duration"), root.table("accompaniment"), root.table("lease")
    definition = Definition(
        id=root.text("id"),
        title=root.text("title"),
        landlord=root.text("landlord"),
        operator=root.text("operator"),
        valid_from=root.day("valid_from"),
        category=root.choice("category", CATEGORIES) or "",
        mode=root.choice("mode", MODES, required=False),
        households=_quantity(root.table("households")),
        dwellings=_quantity(root.table("dwellings")),
        duration_months=duration.number("months") if duration else None,
        open_ended=accompaniment.flag("open_ended") if accompaniment else False,
        min_months=accompaniment.number("min_months") if accompaniment else None,
        max_months=accompaniment.number("max_months") if accompaniment else None,
        cadences=tuple(_cadence(r) for r in root.tables("cadence")),
        stages=lease.words("stages", tuple(LeaseStageCode)) if lease else (),
        order_matters=lease.flag("order_matters") if lease else False,
        thresholds=_thresholds(root.table("thresholds")),
        costs=tuple(_amount(r, "what", COSTS) for r in root.tables("cost")),
        fundings=tuple(_amount(r, "funder", None) for r in root.tables("funding")),
        remarks=root.words("remarks"),
    )
    for part in (duration, accompaniment, lease, root):
        if part is not None:
            part.finish()
    _check_whole(place, definition)
    return definition


def _check_whole(place: str, d: Definition) -> None:
    if d.open_ended and d.max_months is not None:
        raise DefinitionError(f"{place}, [accompaniment] : sans durée limitée et durée maximale s’excluent.")
    if d.min_months and d.max_months and d.min_months > d.max_months:
        raise DefinitionError(f"{place}, [accompaniment] : la durée minimale dépasse la durée maximale.")
    starts = sorted((c.what, c.from_month) for c in d.cadences)
    if any(a == b for a, b in pairwise(starts)):
        raise DefinitionError(f"{place}, [[cadence]] : deux cadences de même nature partent du même mois.")
