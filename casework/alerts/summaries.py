"""The summary of each case: written by the transaction that changed the case's facts, and by every sweep."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from casework.alerts import queries
from casework.alerts.models import CaseSummary
from casework.alerts.rules import CaseFacts, Occurrence, contact_due_on, reassessment_due_on
from casework.alerts.vocabulary import NEVER, NOTHING_DUE, PRIORITY
from casework.cases.vocabulary import CaseState
from casework.kernel.database import insert_many, renew_statistics, upsert
from casework.kernel.late import write_late
from casework.kernel.text import search_key
from casework.programmes.terms import Terms

Value = str | int | date | None
MANY = 1_000  # as an import brings them, not a week of referrals
LONGEST = 200  # two names and the space between them may be longer than a line of the database
_TABLE = CaseSummary.__table__
_COLUMNS = [column.name for column in _TABLE.c]
_CORRECT = (
    update(CaseSummary)
    .where(CaseSummary.case_id == bindparam("key"))
    .values({name: bindparam(name) for name in _COLUMNS if name != "case_id"})
)

# The columns that a contact made can change.
_OF_CONTACT = ("last_contact_on", "contact_due_on", "next_due_on", "open_alerts", "worst_rule", "computed_on")
_MEET = (
    update(CaseSummary)
    .where(CaseSummary.case_id == bindparam("key"))
    .values({name: bindparam(name) for name in _OF_CONTACT})
)


def keep_summaries(
    session: Session,
    day: date,
    facts: Sequence[CaseFacts],
    held: Mapping[int, Sequence[Occurrence]],
    terms: Mapping[int, Terms],
    stored_rows: Iterable[Sequence[Any]],
) -> None:
    """Write the summaries that are missing or no longer say what the facts say.

    `stored_rows` are the rows of queries.known_cases for the same cases.
    """
    known = {row[0]: row for row in stored_rows}
    fresh: list[dict[str, Value]] = []
    stale: list[dict[str, Value]] = []
    for f in facts:
        stored = known[f.case_id]
        row = _status(f, held[f.case_id], terms[f.version_id], day) | _identity(queries.Identity(*stored[:_IDENTITY]))
        before = stored[_IDENTITY:]
        if before[0] is None:
            fresh.append(row)
        elif any(row[name] != value for name, value in zip(_COLUMNS, before, strict=True) if name != "computed_on"):
            stale.append({**row, "key": f.case_id})
    if fresh:
        insert_many(session, upsert(session, CaseSummary), fresh)
        if len(fresh) >= MANY:
            renew_statistics(session, CaseSummary)
    if stale:
        session.connection().execute(_CORRECT, stale)


_IDENTITY = len(queries.Identity._fields)


def _identity(who: queries.Identity) -> dict[str, Value]:
    name = " ".join(part for part in (who.family_name, who.given_name) if part) or who.number
    name_key = _joined(_key(part) for part in name.split(" "))
    return {
        "case_id": who.case_id,
        "programme_id": who.programme_id,
        "number": who.number,
        "name": name[:LONGEST],
        "name_key": name_key[:LONGEST],
        "search_key": _joined((search_key(who.number, who.lease_number or ""), name_key))[:LONGEST],
        "district": who.district or "",
        "referent_id": who.referent_id,
        "referent_name": who.referent_name or "",
    }


# The same names come back from household to household, and from sweep to sweep.
_key = lru_cache(maxsize=20_000)(search_key)


def _joined(keys: Iterable[str]) -> str:
    return " ".join(key for key in keys if key)


def state_of(facts: CaseFacts) -> CaseState:
    """Return where the accompaniment stands on the day of the facts."""
    if facts.ended_on is not None:
        return CaseState.ENDED
    if facts.contract_on is not None:
        return CaseState.SUSPENDED if facts.suspended else CaseState.ACTIVE
    return CaseState.DIAGNOSED if facts.diagnosed else CaseState.REFERRED


def keep_contact(
    session: Session,
    day: date,
    facts: CaseFacts,
    terms: Terms,
    reassessment_due_on: date | None,
    rules: Iterable[str],
) -> None:
    """Write what a contact made changes in the summary of a case; `rules` are those of which an alert holds."""
    contact = contact_due_on(facts, terms) if facts.is_active else None
    values = {"key": facts.case_id, **_contact_status(facts, contact, reassessment_due_on, rules, day)}
    write_late(session, _MEET, values)


def _contact_status(
    facts: CaseFacts, contact: date | None, reassessment: date | None, rules: Iterable[str], day: date
) -> dict[str, Value]:
    pressing = sorted(rules, key=PRIORITY.__getitem__)
    return {
        "last_contact_on": facts.last_contact_on or NEVER,
        "contact_due_on": contact,
        "next_due_on": min((due for due in (reassessment, contact) if due), default=NOTHING_DUE),
        "open_alerts": len(pressing),
        "worst_rule": pressing[0] if pressing else None,
        "computed_on": day,
    }


def _status(facts: CaseFacts, held: Sequence[Occurrence], terms: Terms, day: date) -> dict[str, Value]:
    active = facts.is_active
    reassessment = reassessment_due_on(facts, terms) if active else None
    contact = contact_due_on(facts, terms) if active else None
    return {
        "state": state_of(facts).value,
        "stage": facts.stage,
        "contract_on": facts.contract_on,
        "planned_end_on": facts.planned_end_on,
        "ended_on": facts.ended_on,
        "reassessment_due_on": reassessment,
        "debt_cents": max(0, facts.rent.balance_cents) if facts.rent else 0,
        **_contact_status(facts, contact, reassessment, (o.rule for o in held), day),
    }
