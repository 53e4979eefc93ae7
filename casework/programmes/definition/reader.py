"""Reading one table of a definition: what is wrong is told with the place, the key, the value and what is allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn

from casework.kernel.errors import CaseworkError

NO_LIMIT = 10**12


@dataclass(frozen=True)
class Fault:
    """What a definition says wrongly: `reason` is a French template that `values` fill. `number` is a place in a list.

    `table` and `key` are "" where the fault is that of the whole file, or of a whole table.
    """

    table: str
    number: int | None
    key: str
    value: object
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


class DefinitionError(CaseworkError):
    """A definition cannot be used: file, key, value and what is allowed; `fault` says the same for a form."""

    def __init__(self, message: str, fault: Fault | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.fault = fault


@dataclass(frozen=True)
class Place:
    """A table of a definition, or the file itself; `number` is its place, from 1, in a list of tables."""

    file: str
    table: str = ""
    number: int | None = None

    def __str__(self) -> str:
        if not self.table:
            return self.file
        where = f"[{self.table}]" if self.number is None else f"[[{self.table}]] n° {self.number}"
        return f"{self.file}, {where}"

    def refuse(self, key: str, value: object, reason: str, **values: object) -> NoReturn:
        """Refuse the value of a key; `reason` is a template that `values` fill. Raises DefinitionError."""
        said = reason % values if values else reason
        where = f"{self}, clé « {key} », valeur « {value} »" if key else str(self)
        raise DefinitionError(f"{where} : {said}.", Fault(self.table, self.number, key, value, reason, values))


class Reader:
    """One table of a definition; it remembers where it is, and which keys were read."""

    def __init__(self, place: Place, table: object) -> None:
        self.place = place
        if not isinstance(table, Mapping):
            place.refuse("", table, "une table est attendue, « %(found)s » n’en est pas une", found=table)
        self._table: Mapping[str, object] = table
        self._read: set[str] = set()
        self._parts: list[Reader] = []

    def get(self, key: str) -> object:
        """Return the raw value of `key`, or None."""
        self._read.add(key)
        return self._table.get(key)

    def text(self, key: str) -> str:
        """Return a text that may not be missing or empty."""
        value = self.get(key)
        if not isinstance(value, str) or not value.strip():
            self.place.refuse(key, value, "un texte non vide est attendu")
        return value.strip()

    def optional_text(self, key: str) -> str | None:
        """Return a text that is not empty, or None when the key is absent."""
        return None if self.get(key) is None else self.text(key)

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """Return one of the allowed words."""
        value = self.get(key)
        if not isinstance(value, str) or value not in allowed:
            self.place.refuse(key, value, "valeurs admises : %(allowed)s", allowed=", ".join(allowed))
        return value

    def optional_choice(self, key: str, allowed: Sequence[str]) -> str | None:
        """Return one of the allowed words, or None when the key is absent."""
        return None if self.get(key) is None else self.choice(key, allowed)

    def number(self, key: str, *, low: int = 1, high: int = NO_LIMIT) -> int:
        """Return a whole number from `low` to `high`."""
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            if high == NO_LIMIT:
                self.place.refuse(key, value, "un nombre entier d’au moins %(low)s est attendu", low=low)
            self.place.refuse(
                key, value, "un nombre entier d’au moins %(low)s et d’au plus %(high)s est attendu", low=low, high=high
            )
        return value

    def optional_number(self, key: str, *, low: int = 1, high: int = NO_LIMIT) -> int | None:
        """Return a whole number from `low` to `high`, or None when the key is absent."""
        return None if self.get(key) is None else self.number(key, low=low, high=high)

    def measure(self, key: str) -> int | float | None:
        """Return a number of nil or more, whole or not, or None when the key is absent."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < NO_LIMIT:
            self.place.refuse(key, value, "un nombre d’au moins 0 est attendu")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; an absent key is false."""
        return bool(self.maybe(key))

    def maybe(self, key: str) -> bool | None:
        """Return true or false, None (unknown) when the key is absent."""
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self.place.refuse(key, value, "true ou false est attendu")
        return value

    def day(self, key: str) -> date:
        """Return a date (a TOML date, or its ISO text as JSON keeps it)."""
        value = self.get(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.place.refuse(key, value, "une date AAAA-MM-JJ est attendue")
        if not isinstance(value, date):
            self.place.refuse(key, value, "une date AAAA-MM-JJ est attendue")
        return value

    def words(self, key: str, allowed: Sequence[str] | None = None, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of texts, each of them one of `allowed` where that is given."""
        value = self.get(key)
        if value is None and not required:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self.place.refuse(key, value, "une liste de textes est attendue")
        if required and not value:
            self.place.refuse(key, value, "au moins un texte est attendu")
        for word in value:
            if allowed is not None and word not in allowed:
                self.place.refuse(key, word, "valeurs admises : %(allowed)s", allowed=", ".join(allowed))
        return tuple(value)

    def numbers(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers of at least 1, in rising order; empty when the key is absent."""
        value = self.get(key)
        if value is None:
            return ()
        sound = isinstance(value, list) and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
        if not sound or not isinstance(value, list) or sorted(set(value)) != value or min(value, default=1) < 1:
            self.place.refuse(
                key, value, "une liste de nombres entiers d’au moins 1, du plus petit au plus grand, est attendue"
            )
        return tuple(value)

    def exact(self, key: str) -> Fraction:
        """Return a number without rounding."""
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.place.refuse(key, value, "un nombre est attendu")
        return _exact(value)

    def products(self, key: str) -> tuple[tuple[Fraction, ...], ...]:
        """Return a list of lists of numbers, each of which is a product."""
        value = self.get(key)
        rows = value if isinstance(value, list) and value else None
        if rows is None or not all(isinstance(row, list) and row for row in rows):
            self.place.refuse(key, value, "une liste de listes de nombres est attendue")
        for row in rows:
            if any(isinstance(v, bool) or not isinstance(v, int | float) for v in row):
                self.place.refuse(key, row, "une liste de nombres est attendue")
        return tuple(tuple(_exact(v) for v in row) for row in rows)

    def table(self, key: str) -> "Reader | None":
        """Return the sub-table `key`, or None."""
        value = self.get(key)
        return None if value is None else self._part(Reader(Place(self.place.file, key), value))

    def tables(self, key: str) -> "list[Reader]":
        """Return the sub-tables of the list `key`."""
        value = self.get(key)
        if value is not None and not isinstance(value, list):
            self.place.refuse(key, value, "une liste de tables est attendue")
        return [self._part(Reader(Place(self.place.file, key, i), item)) for i, item in enumerate(value or [], 1)]

    def _part(self, part: "Reader") -> "Reader":
        self._parts.append(part)
        return part

    def finish(self) -> None:
        """Refuse keys that nobody read, here and in every part: they are misspelt."""
        for part in self._parts:
            part.finish()
        unknown = sorted(set(self._table) - self._read)
        if unknown:
            known = ", ".join(sorted(self._read))
            self.place.refuse(
                unknown[0], self._table[unknown[0]], "clé inconnue ; clés admises : %(allowed)s", allowed=known
            )


def _exact(value: int | float) -> Fraction:
    return Fraction(Decimal(str(value)))
