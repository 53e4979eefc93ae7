"""The thread of a case: every step of the path, newest first, from the tables where the steps stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    false,
    literal_column,
    null,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from casework.accounts.models import User
from casework.accounts.vocabulary import Category
from casework.cases.models import Case, CaseEnd, Suspension, VersionMove
from casework.contacts.models import Contact
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.exits.queries import told_reason
from casework.kernel.context import Actor
from casework.kernel.database import Base, constant
from casework.kernel.vault import EncryptedText, installed
from casework.leases.models import LeaseStage
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport

SIZE = 60
KINDS = (
    "referral",
    "diagnostic",
    "contract",
    "lease",
    "suspension",
    "reassessment",
    "report",
    "contact",
    "version",
    "end",
)
GROUPS = {
    "contacts": ("contact",),
    "reevaluations": ("reassessment", "diagnostic"),
    "bail": ("lease", "contract", "report"),
    "parcours": ("referral", "diagnostic", "contract", "suspension", "version", "end"),
}
# Who may read which entries; the rest of the thread is open to all who see the case.
_PERMISSIONS = {
    "contact": "contact:read",
    "reassessment": "reassessment:read",
    "diagnostic": "diagnostic:read",
    "contract": "contract:read",
    "report": "rent:read",
}
# Entries whose fact is of a category that conventions open or not; what else they say is of another one, where named.
_CATEGORIES = {
    "contact": Category.CONTACTS,
    "reassessment": Category.REASSESSMENTS,
    "diagnostic": Category.DIAGNOSTIC,
}
_CATEGORIES_OF_WORDS = {
    ("contact", "shared"): Category.NOTES,
    ("reassessment", "shared"): Category.NOTES,
    ("diagnostic", "detail"): Category.BUDGET,
}
# Entries that all see, and what of them belongs to the follow-up: who reads no contacts reads the fact and its date.
_OF_FOLLOW_UP: dict[str, frozenset[str]] = {
    "referral": frozenset({"code", "shared"}),
    "lease": frozenset({"shared"}),
    "suspension": frozenset({"shared"}),
    "version": frozenset({"shared"}),
    "end": frozenset({"code", "detail", "shared"}),
}


def groups_of(actor: Actor, shared: frozenset[Category]) -> list[str]:
    """Return the filters of the thread under which the actor may read something; `shared`: what they read of the case."""
    return [name for name, kinds in GROUPS.items() if any(_may_read(actor.permissions, kind, shared) for kind in kinds)]


def _may_read(permissions: frozenset[str], kind: str, shared: frozenset[Category]) -> bool:
    is_permitted = kind not in _PERMISSIONS or _PERMISSIONS[kind] in permissions
    return is_permitted and (kind not in _CATEGORIES or _CATEGORIES[kind] in shared)


@dataclass(frozen=True)
class ThreadPlace:
    """The entry after which an older page starts."""

    on: date
    rank: int
    entry_id: int


class ThreadRow(NamedTuple):
    """One entry. `private` is empty for those who may not read the association's part: it is not even asked for."""

    kind: str
    rank: int
    entry_id: int
    on: date
    code: str | None
    detail: str | None
    shared: str | None
    private: str | None
    author: str | None


def thread_statement(
    permissions: frozenset[str], group: str, shared: frozenset[Category], *, placed: bool
) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of up to SIZE + 1 entries, the newest of those that who holds these permissions may read.

    Its columns are those of ThreadRow, in this order; its parameters `case_id` and, when `placed`, those of `after`.
    `shared` holds the categories that they read of the case.
    """
    kinds = tuple(kind for kind in GROUPS.get(group, KINDS) if _may_read(permissions, kind, shared))
    words, private = "contact:read" in permissions, "contact:read-private" in permissions
    unread: dict[str, set[str]] = {
        kind: {name for (of, name), category in _CATEGORIES_OF_WORDS.items() if of == kind and category not in shared}
        | (set() if private else {"private"})
        | (set() if words else _OF_FOLLOW_UP.get(kind, frozenset()))
        for kind in kinds
    }
    entries = union_all(_NO_ENTRIES, *(_part(kind, unread[kind]) for kind in kinds)).subquery("e")
    statement = (
        select(
            entries.c.kind,
            entries.c.rank,
            entries.c.entry_id,
            entries.c.on,
            entries.c.code,
            entries.c.detail,
            entries.c.shared,
            entries.c.private,
            User.display_name.label("author"),
        )
        .outerjoin(User, User.id == entries.c.author_id)
        .order_by(entries.c.on.desc(), entries.c.rank.desc(), entries.c.entry_id.desc())
        .limit(SIZE + 1)
    )
    if placed:
        last_shown = tuple_(
            bindparam("after_on", type_=Date()),
            bindparam("after_rank", type_=Integer()),
            bindparam("after_id", type_=Case.id.type),
        )
        statement = statement.where(tuple_(entries.c.on, entries.c.rank, entries.c.entry_id) < last_shown)
    return statement


def after(place: ThreadPlace) -> dict[str, object]:
    """Return the parameters of a SELECT that is placed: the entries after `place`."""
    return {"after_on": place.on, "after_rank": place.rank, "after_id": place.entry_id}


def thread_row(row: tuple[Any, ...]) -> ThreadRow:
    """Return an entry out of the first columns of a row of the SELECT, what is private of it opened."""
    # The union of several tables is of no column's type: each text is opened as that of the table it came from.
    return ThreadRow._make((*row[:7], _opened(row[0], row[7]), row[8]))


def _opened(kind: str, private: str | None) -> str | None:
    return installed().decrypt(_PRIVATE_PLACES[kind], private) if private else private


# kind → table and its columns for: owner (the case), id, on, code, detail, shared, private, author.
_SOURCES: dict[str, tuple[type[Base], dict[str, str]]] = {
    "referral": (
        Case,
        {"owner": "id", "on": "referred_on", "code": "referral_source", "shared": "referral_motive"},
    ),
    "diagnostic": (
        Diagnostic,
        {
            "on": "made_on",
            "code": "recommendation",
            "detail": "effort_tenths",
            "shared": "housing_part",
            "private": "social_part",
            "author": "author_id",
        },
    ),
    "contract": (Contract, {"on": "signed_on", "code": "kind", "detail": "planned_end_on"}),
    "lease": (LeaseStage, {"on": "from_on", "code": "stage", "shared": "note"}),
    "suspension": (Suspension, {"on": "from_on", "detail": "to_on", "shared": "reason"}),
    "reassessment": (
        Reassessment,
        {
            "on": "held_on",
            "code": "decision",
            "shared": "shared_note",
            "private": "private_note",
            "author": "author_id",
        },
    ),
    "report": (
        ArrearsReport,
        {"on": "reported_on", "detail": "debt_cents", "shared": "reference", "author": "author_id"},
    ),
    "contact": (
        Contact,
        {
            "on": "occurred_on",
            "code": "kind",
            "detail": "outcome",
            "shared": "shared_note",
            "private": "private_note",
            "author": "author_id",
        },
    ),
    "version": (
        VersionMove,
        {"on": "decided_on", "code": "from_number", "detail": "to_number", "shared": "reason", "author": "author_id"},
    ),
    "end": (CaseEnd, {"id": "case_id", "on": "ended_on", "code": "reason", "detail": "outcome", "shared": "relay"}),
}
_PRIVATE_PLACES = {
    kind: str(model.__table__.c[names["private"]]) for kind, (model, names) in _SOURCES.items() if "private" in names
}


# The names and the types of the columns: what follows in the union says neither.
_NO_ENTRIES = select(
    *(
        cast(null(), kind).label(name)
        for name, kind in {
            "kind": String(),
            "rank": Integer(),
            "entry_id": Case.id.type,
            "on": Date(),
            "code": String(),
            "detail": String(),
            "shared": String(),
            "private": String(),
            "author_id": Case.id.type,
        }.items()
    )
).where(false())
NOTHING: ColumnElement[Any] = literal_column("NULL")


def _part(kind: str, unread: Collection[str]) -> Select[*tuple[Any, ...]]:
    model, names = _SOURCES[kind]
    table = model.__table__.alias("t").c

    def text(name: str) -> ColumnElement[Any]:
        if name not in names or name in unread:
            return NOTHING
        column: ColumnElement[Any] = table[names[name]]
        is_text = isinstance(column.type, String | EncryptedText)
        if (kind, name) == ("end", "code") and "private" in unread:
            column = told_reason(column)
        return type_coerce(column, String) if is_text else cast(column, String)

    columns = (
        constant(kind),
        literal_column(f"{KINDS.index(kind)}"),
        table[names.get("id", "id")],
        table[names["on"]],
        *(text(name) for name in ("code", "detail", "shared", "private")),
        table[names["author"]] if "author" in names else NOTHING,
    )
    owner = table[names.get("owner", "case_id")]
    return select(*columns).where(owner == bindparam("case_id"))
