"""The statements that carry out the fates: one for each table, for many cases at once."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Delete,
    Integer,
    Select,
    String,
    Table,
    Update,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.types import TypeEngine

from casework.cases.models import Case, CaseRetention
from casework.households.models import HouseholdMember
from casework.kernel.audit import AuditEvent
from casework.kernel.database import Base
from casework.privacy.fates import Fate, Rows, TableFate, fates
from casework.privacy.vocabulary import Reach

NAME = "Anonymisé"
_IDS = bindparam("case_ids", expanding=True, type_=Case.id.type)


@cache
def statements(dialect: str) -> tuple[tuple[str, Update | Delete], ...]:
    """Return (table, statement) for each table that holds something of people; their parameter is `case_ids`."""
    found = ((fate.table, _statement(fate, dialect)) for fate in fates())
    return tuple((table, statement) for table, statement in found if statement is not None)


@cache
def counts() -> tuple[tuple[Reach, Select[int]], ...]:
    """Return (reach, SELECT of the number of rows reached) of each table; their parameter is `case_ids`."""
    found = ((fate, Base.metadata.tables[fate.table]) for fate in fates())
    return tuple(
        (fate.reach, select(func.count()).select_from(table).where(_reached(table, fate.reach)))
        for fate, table in found
        if fate.reach is not None
    )


def _statement(fate: TableFate, dialect: str) -> Update | Delete | None:
    if fate.rows is Rows.NONE or fate.reach in {None, Reach.AUDIT}:
        return None
    table = Base.metadata.tables[fate.table]
    condition = _reached(table, fate.reach)
    if fate.rows is Rows.DELETE:
        return delete(table).where(condition)
    changes = {name: _value(table, name, what, dialect) for name, what in fate.columns.items() if what is not Fate.KEEP}
    return update(table).where(condition).values(changes) if changes else None


def _value(table: Table, name: str, fate: Fate, dialect: str) -> object:
    column = table.c[name]
    if fate is Fate.NAME:
        return NAME
    if fate is Fate.NUMBER:
        return literal("ANON-") + cast(next(iter(table.primary_key.columns)), String)
    if fate is Fate.YEAR:
        if dialect == "postgresql":
            return cast(func.date_trunc("year", column), column.type)
        return func.date(column, "start of year", type_=column.type)
    return None if column.nullable else _empty(column.type)


def _empty(kind: TypeEngine[Any]) -> object:
    if isinstance(kind, JSON):
        return {}
    return 0 if isinstance(kind, Integer) else ""


def _reached(table: Table, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on the rows of `table` that are about the cases, and about no case that is still kept."""
    ways: dict[Reach, Callable[[], ColumnElement[bool]]] = {
        Reach.SELF: lambda: table.c.id.in_(_IDS),
        Reach.CASE: lambda: table.c.case_id.in_(_IDS),
        Reach.HOUSEHOLD: lambda: table.c.id.in_(_only_of(Case.household_id)),
        Reach.MEMBER: lambda: table.c.household_id.in_(_only_of(Case.household_id)),
        Reach.PERSON: lambda: table.c.id.in_(_persons()),
        Reach.DWELLING: lambda: table.c.id.in_(_only_of(Case.dwelling_id)),
        Reach.ACCOUNT: lambda: table.c.id.in_(_only_of(Case.rent_account_id)),
        Reach.ACCOUNT_LINES: lambda: table.c.account_id.in_(_only_of(Case.rent_account_id)),
        Reach.AUDIT: reached_traces,
    }
    return ways[reach]()


def _only_of(column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]) -> Select[int | None]:
    """Return the ids in `column` of the cases that no case still kept shares."""
    other, kept = aliased(Case), aliased(CaseRetention)
    shared = (
        select(other.id)
        .outerjoin(kept, kept.case_id == other.id)
        .where(
            getattr(other, column.key) == column,
            other.id.not_in(_IDS),
            kept.anonymised_on.is_(None),
        )
    )
    return select(column).where(Case.id.in_(_IDS), column.is_not(None), ~shared.exists())


def _persons() -> Select[int]:
    """Return the ids of the people of those households, who live in no other that is still kept."""
    elsewhere, other, kept = aliased(HouseholdMember), aliased(Case), aliased(CaseRetention)
    stays = (
        select(elsewhere.id)
        .join(other, other.household_id == elsewhere.household_id)
        .outerjoin(kept, kept.case_id == other.id)
        .where(elsewhere.person_id == HouseholdMember.person_id, other.id.not_in(_IDS), kept.anonymised_on.is_(None))
    )
    return select(HouseholdMember.person_id).where(
        HouseholdMember.household_id.in_(_only_of(Case.household_id)), ~stays.exists()
    )


def reached_traces() -> ColumnElement[bool]:
    """Return the condition on the traces of the cases, and of their people, homes and leases; it takes `case_ids`."""
    ids = {
        "persons": _persons(),
        "dwellings": _only_of(Case.dwelling_id),
        "rent_accounts": _only_of(Case.rent_account_id),
    }
    of_others = (and_(AuditEvent.entity == name, AuditEvent.entity_id.in_(found)) for name, found in ids.items())
    return or_(AuditEvent.case_id.in_(_IDS), *of_others)
