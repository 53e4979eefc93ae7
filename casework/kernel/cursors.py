"""The cursor of PostgreSQL: it describes the columns of a result to who looks at them."""

from collections.abc import Sequence
from typing import overload

import psycopg
from psycopg import Column
from psycopg.rows import TupleRow


class LeanCursor(psycopg.Cursor[TupleRow]):
    """A cursor as SQLAlchemy needs it: it asks each time whether there are columns, and knows them from the first time.

    An object for each column of each result is a fiftieth of a page.
    """

    @property
    def description(self) -> Sequence[Column] | None:  # type: ignore[override]  # a list that nobody changes
        """The columns of the result; None when there are none."""
        result = self.pgresult
        return _Columns(self, result.nfields) if result is not None and result.nfields else super().description


class _Columns(Sequence[Column]):
    def __init__(self, cursor: LeanCursor, width: int) -> None:
        self._cursor, self._width = cursor, width

    @overload
    def __getitem__(self, place: int) -> Column: ...

    @overload
    def __getitem__(self, place: slice) -> list[Column]: ...

    def __getitem__(self, place: int | slice) -> Column | list[Column]:
        places = range(self._width)[place]
        return Column(self._cursor, places) if isinstance(places, int) else [Column(self._cursor, i) for i in places]

    def __len__(self) -> int:
        return self._width
