"""Rows that wait to be written together, with the ids that they will have."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from casework.exchange.bulk import insert_rows, next_ids
from casework.kernel.audit import record_bulk
from casework.kernel.context import Ctx
from casework.kernel.database import Base

Model = type[Base]
Row = dict[str, object]


class Books:
    """New rows in the order of their ids, and changes of rows that were written before.

    Books without ids only count: a first reading of a plan says how many ids a second one needs.
    """

    def __init__(self, ids: Mapping[Model, Iterator[int]] | None = None) -> None:
        self._ids = ids
        self.added: Counter[Model] = Counter()
        self.changed: Counter[Model] = Counter()
        self._new: dict[Model, dict[int, Row]] = {}
        self._changes: dict[Model, dict[int, Row]] = {}

    def add(self, model: Model, **values: object) -> int:
        """Add a row; what is not named gets what a new object has. Return its id (0 in a table without one)."""
        self.added[model] += 1
        place = self.added[model]
        if "id" not in model.__table__.c:
            self._new.setdefault(model, {})[place] = _template(model, tuple(values)) | values
            return 0
        key = place if self._ids is None else next(self._ids[model])
        self._new.setdefault(model, {})[key] = {"id": key} | _template(model, tuple(values)) | values
        return key

    def change(self, model: Model, key: int, **values: object) -> None:
        """Change the row `key`, whether it waits here or was written before."""
        waiting = self._new.get(model, {}).get(key)
        if waiting is not None:
            waiting.update(values)
        else:
            self.changed[model] += 1
            self._changes.setdefault(model, {}).setdefault(key, {}).update(values)

    def write(self, session: Session) -> None:
        """Write what waits: the new rows, those first to which others point, then the changes."""
        places = {str(table): place for place, table in enumerate(Base.metadata.sorted_tables)}
        for model in sorted(self._new, key=lambda model: places[model.__tablename__]):
            insert_rows(session, model, list(self._new[model].values()))
        for model, changes in self._changes.items():
            _change_rows(session, model, changes)
        self.forget()

    def forget(self) -> None:
        """Let go of what waits."""
        self._new.clear()
        self._changes.clear()

    def trace(self, ctx: Ctx, operation: str) -> None:
        """Leave the trace of everything that was written: one for each table."""
        for model in sorted(self.added | self.changed, key=lambda model: model.__tablename__):
            record_bulk(ctx, model, operation, {"rows": self.added[model], "changed": self.changed[model]})


def reserved(session: Session, counted: Books) -> dict[Model, Iterator[int]]:
    """Return the ids of as many rows as were counted, which nobody else will use."""
    return {
        model: iter(next_ids(session, model, count))
        for model, count in counted.added.items()
        if "id" in model.__table__.c
    }


@cache
def _template(model: Model, named: tuple[str, ...]) -> Row:
    """Return what the columns that are not named hold in a new object: the defaults of the model."""
    probe = model(**dict.fromkeys(named))
    return {column.name: getattr(probe, column.name) for column in model.__table__.c if column.name != "id"}


def _change_rows(session: Session, model: Model, changes: Mapping[int, Row]) -> None:
    """Send the changes, those of the same columns together."""
    table = model.__table__
    alike: dict[tuple[str, ...], list[Row]] = {}
    for key, values in changes.items():
        row = {"row_key": key} | {f"new_{name}": value for name, value in values.items()}
        alike.setdefault(tuple(sorted(values)), []).append(row)
    for names, rows in alike.items():
        statement = update(model).where(table.c.id == bindparam("row_key"))
        session.connection().execute(statement.values({name: bindparam(f"new_{name}") for name in names}), rows)
