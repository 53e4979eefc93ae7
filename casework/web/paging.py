"""Pages of long lists by the key of the last row seen: as fast on the last page as on the first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, literal_column, tuple_

Key = str | int | date
LARGEST = 2**63 - 1
RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Sort:
    """A column to sort on (never null), the id that settles ties, and how to read the column's value back."""

    column: ColumnElement[Any]
    row_id: ColumnElement[int]
    parse: Callable[[str], Key]

    def key_of(self, place: "Place") -> Key | None:
        """Return the value of the column at `place`; None for the start of the list, and for what cannot be read."""
        if not place.row_id:
            return None
        try:
            key = self.parse(place.key)
        except ValueError:
            return None
        return None if isinstance(key, int) and abs(key) > LARGEST else key

    def sound(self, place: "Place") -> "Place":
        """Return the place when it can be read, else the start of the list."""
        return Place() if self.key_of(place) is None else place


@dataclass(frozen=True)
class Place:
    """Where one stands in a list: after (or before) the row with this key; the whole list when it is empty."""

    key: str = ""
    row_id: int = 0
    backwards: bool = False

    @classmethod
    def read(cls, after: str | None, before: str | None) -> "Place":
        """Read a place from the address: `value~id`. What cannot be read is the start of the list."""
        text, backwards = (before, True) if before else (after, False)
        key, _, row_id = (text or "").rpartition("~")
        if not row_id.isascii() or not row_id.isdecimal() or len(row_id) > 18 or not key.isprintable():
            return cls()
        if not int(row_id):
            return cls()
        return cls(key, int(row_id), backwards)


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """Some rows of a list, and the places of the pages around them ("" where there is none)."""

    rows: Sequence[RowT]
    previous: str
    next: str


def paged(
    statement: Select[*tuple[Any, ...]], sort: Sort, place: Place, size: int, *, descending: bool
) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of one page and one row more, which tells whether there is another page."""
    downwards = descending != place.backwards
    key = sort.key_of(place)
    if key is not None:
        here = tuple_(sort.column, sort.row_id)
        there = tuple_(key, place.row_id)
        statement = statement.where(here < there if downwards else here > there)
    order = (sort.column.desc(), sort.row_id.desc()) if downwards else (sort.column, sort.row_id)
    # Written into the statement: of a limit that comes as a value, PostgreSQL supposes a tenth of all rows.
    return statement.order_by(*order).limit(literal_column(str(size + 1)))


def cut(rows: Sequence[RowT], place: Place, size: int, key_of: Callable[[RowT], str]) -> Page[RowT]:
    """Return the page out of the rows of `paged`; `key_of` gives the place of a row, `value~id`."""
    more = len(rows) > size
    kept = list(rows[:size])
    if place.backwards:
        kept.reverse()
    has_previous = more if place.backwards else bool(place.row_id)
    has_next = True if place.backwards else more
    return Page(
        kept,
        key_of(kept[0]) if kept and has_previous else "",
        key_of(kept[-1]) if kept and has_next else "",
    )
