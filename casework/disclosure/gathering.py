"""Everything that is held on the household of a case, read table by table."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from casework.accounts.models import User
from casework.accounts.vocabulary import ROLE_LABELS
from casework.cases.models import Case
from casework.cases.queries import CaseHead, case_head, members_of
from casework.disclosure.content import Content, contents
from casework.households.models import HouseholdMember
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.database import Base
from casework.kernel.text import search_key
from casework.privacy.fates import fates
from casework.privacy.vocabulary import Reach

PROFESSIONAL = "un ou une professionnelle"
SOMEBODY_ELSE = "une autre personne"
_REACHED_THROUGH_CASE = frozenset({"persons", "households", "household_members", "dwellings", "rent_accounts"})


@dataclass(frozen=True)
class Part:
    """The rows of one table: what may be told of them, in the types of the database."""

    content: Content
    rows: Sequence[Mapping[str, Any]]


def everything_held(ctx: Ctx, case_id: int) -> tuple[CaseHead, list[Part]]:
    """Return the head of a case, and of each table the rows about its household that the actor may read.

    Professionals are told by their role; a name that is of nobody of the household is masked. Raises NotVisible.
    """
    head = case_head(ctx, case_id)
    reaches = {fate.table: fate.reach for fate in fates()}
    roles = {row.id: ROLE_LABELS.get(row.role, row.role) for row in ctx.session.execute(select(User.id, User.role))}
    names = [frozenset(search_key(m.family_name, m.given_name).split()) for m in members_of(ctx, case_id)]
    parts = []
    for content in contents():
        reach = reaches.get(content.table)
        if content.withheld or reach is None:
            continue
        rows = ctx.session.execute(_rows(ctx, Base.metadata.tables[content.table], reach, head)).mappings()
        parts.append(Part(content, [_told(content, dict(row), roles, names) for row in rows]))
    return head, parts


def _rows(ctx: Ctx, table: Table, reach: Reach, head: CaseHead) -> Select[*tuple[Any, ...]]:
    statement = select(table).where(WAYS[reach](table, head)).order_by(*_order(table))
    if table.name not in _REACHED_THROUGH_CASE and table.name != "rent_lines":
        statement = statement.where(visible(ctx, _model(table)))
    return statement


WAYS: dict[Reach, Callable[[Table, CaseHead], ColumnElement[bool]]] = {
    Reach.SELF: lambda table, head: table.c.id == head.id,
    Reach.CASE: lambda table, head: table.c.case_id == head.id,
    Reach.HOUSEHOLD: lambda table, head: table.c.id == head.household_id,
    Reach.MEMBER: lambda table, head: table.c.household_id == head.household_id,
    Reach.PERSON: lambda table, head: table.c.id.in_(
        select(HouseholdMember.person_id).where(HouseholdMember.household_id == head.household_id)
    ),
    Reach.DWELLING: lambda table, head: table.c.id.in_(select(Case.dwelling_id).where(Case.id == head.id)),
    Reach.ACCOUNT: lambda table, head: table.c.id == head.rent_account_id,
    Reach.ACCOUNT_LINES: lambda table, head: table.c.account_id == head.rent_account_id,
}


def _order(table: Table) -> list[ColumnElement[Any]]:
    """The first date of what happened, then the key: as it is read."""
    dates = [column for column in table.columns if column.name.endswith("_on") or column.name == "month"]
    return [*dates[:1], *table.primary_key.columns]


def _model(table: Table) -> type[Base]:
    return next(m.class_ for m in Base.registry.mappers if m.local_table is table)


def _told(
    content: Content, row: Mapping[str, Any], roles: Mapping[int, str], names: Sequence[frozenset[str]]
) -> dict[str, Any]:
    told = {name: row[name] for name in (*content.words, *content.technical)}
    for name in content.professional:
        told[name] = None if row[name] is None else roles.get(row[name], PROFESSIONAL)
    for name in content.masked:
        told[name] = PROFESSIONAL if row[name] else None
    for name in content.third:
        told[name] = row[name] if _is_of_household(row[name], names) else SOMEBODY_ELSE if row[name] else None
    return told


def _is_of_household(name: str | None, names: Sequence[frozenset[str]]) -> bool:
    return bool(name) and any(frozenset(search_key(name or "").split()) == known for known in names)


def as_json(head: CaseHead, parts: Sequence[Part], today: date) -> bytes:
    """Return everything for machines: codes and raw values, with the words that say what each column is."""
    document = {
        "dossier": head.number,
        "dispositif": head.programme_code,
        "etabli_le": today.isoformat(),
        "parties": {
            part.content.table: {
                "titre": part.content.title,
                "colonnes": part.content.labels,
                "lignes": [{name: _plain(value) for name, value in row.items()} for row in part.rows],
            }
            for part in parts
        },
        "non_communique": {content.title: content.withheld for content in contents() if content.withheld},
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
