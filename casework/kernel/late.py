"""Writes that nobody reads before the commit: they wait for it, and PostgreSQL is sent all of them in one statement.

The trace of a transaction (audit) takes them with it, at the commit. Whatever else the session executes before that
sends them first; what goes past SQLAlchemy's statements (`exec_driver_sql`, COPY) does not.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, ColumnElement, Integer, bindparam, event, func, literal_column, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

LateWrite = tuple[UpdateBase, Mapping[str, object]]
_WAITING, _TABLES = "late_writes", "late_tables"


def write_late(session: Session, statement: UpdateBase, values: Mapping[str, object]) -> None:
    """Let a write wait for the commit of the transaction, or for the next statement.

    `statement` is built once and kept, and returns no rows; `values` are its parameters. In one statement PostgreSQL
    shows no write what another one writes: those of the same table go one after the other.
    """
    session.connection()  # what a former transaction left waiting is forgotten when the next one begins
    table = str(statement.table)
    if any(str(other.table) == table for other, _values in session.info[_WAITING]):
        send(session)
    session.info[_WAITING].append((statement, values))
    session.info[_TABLES].add(table)


def take(session: Session) -> list[LateWrite]:
    """Return the writes that wait; who takes them sends them."""
    waiting: list[LateWrite] = session.info.get(_WAITING, [])
    if waiting:
        session.info[_WAITING] = []
    return waiting


def send(session: Session) -> None:
    """Send the writes that wait, one after the other."""
    for statement, values in take(session):
        session.connection().execute(statement, values)


def tables(session: Session) -> set[str]:
    """Return the names of the tables to which late writes of this transaction go or went."""
    found: set[str] = session.info.get(_TABLES, set())
    return found


def parameters(writes: Sequence[LateWrite]) -> dict[str, object]:
    """Return the values of writes that are part of one statement, by the names that `are_done` gives them there."""
    return {
        _name(place, name): value for place, (_statement, values) in enumerate(writes) for name, value in values.items()
    }


def are_done(writes: Sequence[UpdateBase]) -> list[ColumnElement[bool]]:
    """Return the conditions, each always true, under which a statement of PostgreSQL does these writes before all else."""
    done = [_renamed(write, place).returning(_ONE).cte(f"write_{place}") for place, write in enumerate(writes)]
    return [select(func.count()).select_from(write).scalar_subquery() >= 0 for write in done]


_ONE = literal_column("1", Integer()).label("one")


def _renamed(write: UpdateBase, place: int) -> UpdateBase:
    """Return a write whose parameters have names that no column and no other write has."""

    def rename(element: ExternallyTraversible, **_options: object) -> BindParameter[object] | None:
        if not isinstance(element, BindParameter) or element.unique:
            return None
        return bindparam(_name(place, element.key), type_=element.type)

    renamed = replacement_traverse(write, {}, rename)
    assert isinstance(renamed, UpdateBase)  # noqa: S101 -- what is replaced is in it
    return renamed


def _name(place: int, name: str) -> str:
    return f"write_{place}_{name}"


def _begin(session: Session, *_rest: object) -> None:
    session.info[_WAITING], session.info[_TABLES] = [], set()


event.listen(Session, "after_begin", _begin)
event.listen(Session, "after_rollback", _begin)
