"""Contacts, reassessments and ledger lines."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import TypeVar

from sqlalchemy import bindparam, select, update

from casework.contacts.models import Contact
from casework.exchange.bulk import Cell, load_rows, stored_instant
from casework.exchange.creation.work import LOADED_AT_ONCE, Work
from casework.exchange.plan import FactChange
from casework.exchange.reading.records import LEDGER_AMOUNTS, LedgerPage
from casework.kernel.audit import JsonValue
from casework.reassessments.models import Reassessment
from casework.rents.models import RentLine

Fact = TypeVar("Fact", Contact, Reassessment)

_CONTACT_COLUMNS = (
    "case_id",
    "occurred_on",
    "kind",
    "outcome",
    "duration_minutes",
    "author_id",
    "created_at",
    "import_id",
    "shared_note",
    "private_note",
)
_SAID = {"issue": "outcome", "duree_minutes": "duration_minutes", "decision": "decision"}
_LINE_COLUMNS = (
    "account_id",
    "month",
    "rent_cents",
    "charges_cents",
    "benefit_cents",
    "paid_cents",
    "balance_cents",
    "tenant_name",
    "import_id",
)


def create_contacts(work: Work, cases: Mapping[str, tuple[int, int | None]]) -> None:
    """Put the missing contacts in; who follows the case is taken to have made them."""
    if not work.plan.contacts:
        return
    at, origin = stored_instant(work.ctx.session, work.now), work.import_id
    rows = (
        (cases[c.number][0], c.day.isoformat(), c.kind, c.outcome, c.minutes, cases[c.number][1], at, origin, "", "")
        for c in work.plan.contacts
    )
    load_rows(work.ctx.session, Contact, _CONTACT_COLUMNS, rows)
    work.trace(Contact, "import", len(work.plan.contacts))
    work.created.counts["contacts"] = len(work.plan.contacts)


def create_reassessments(work: Work, cases: Mapping[str, tuple[int, int | None]]) -> None:
    """Put the missing reassessments in."""
    rows: list[dict[str, object]] = [
        {
            "case_id": cases[r.number][0],
            "held_on": r.day,
            "decision": r.decision,
            "created_at": work.now,
            "author_id": cases[r.number][1],
            "levels": {},
            "household_words": "",
            "shared_note": "",
            "private_note": "",
            "import_id": work.import_id,
        }
        for r in work.plan.reassessments
    ]
    if rows:
        work.insert(Reassessment, rows)
        work.created.counts["reassessments"] = len(rows)


def change_followup(work: Work) -> None:
    """Write what the files add to contacts and reassessments that are known, and what they replace."""
    _change_facts(work, Contact, work.plan.changed_contacts, "updated_contacts")
    _change_facts(work, Reassessment, work.plan.changed_reassessments, "updated_reassessments")


def _change_facts(work: Work, model: type[Fact], changes: Sequence[FactChange], name: str) -> None:
    session = work.ctx.session
    for start in range(0, len(changes), LOADED_AT_ONCE):
        written = {change.id: change.written for change in changes[start : start + LOADED_AT_ONCE]}
        for fact in session.scalars(select(model).where(model.id.in_(written))):
            for column, value in written[fact.id].items():
                setattr(fact, _SAID[column], value)
        session.flush()
    if changes:
        work.created.counts[name] = len(changes)


def create_lines(work: Work) -> None:
    """Put the new ledger lines in."""
    if not work.plan.lines:
        return
    # Account by account, each in the order of the files: its lines stay together, on disk and in the index.
    rows = sorted(
        chain.from_iterable(_line_rows(page, work.accounts, work.import_id) for page in work.plan.lines),
        key=itemgetter(0),
    )
    load_rows(work.ctx.session, RentLine, _LINE_COLUMNS, rows)
    count = sum(map(len, work.plan.lines))
    work.trace(RentLine, "import", count)
    work.created.counts["rent_lines"] = count


def _line_rows(page: LedgerPage, accounts: Mapping[str, int], origin: int) -> Iterator[tuple[Cell, ...]]:
    return (
        (accounts[lease], month, rent, charges, benefit, paid, balance, tenant, origin)
        for lease, month, (rent, charges, benefit, paid, balance), tenant in zip(
            page.leases, page.months, page.amounts, page.tenants, strict=True
        )
    )


def replace_lines(work: Work) -> None:
    """Write the confirmed amounts over the known ones, and keep the old ones in the audit."""
    changes = work.plan.changed_lines
    if not changes or not work.plan.replace:
        return
    statement = (
        update(RentLine)
        .where(RentLine.account_id == bindparam("account"), RentLine.month == bindparam("of_month"))
        .values(
            rent_cents=bindparam("rent"),
            charges_cents=bindparam("charges"),
            benefit_cents=bindparam("benefit"),
            paid_cents=bindparam("paid"),
            balance_cents=bindparam("balance"),
            import_id=work.import_id,
        )
    )
    work.ctx.session.connection().execute(
        statement,
        [
            {
                "account": work.accounts[c.row.lease],
                "of_month": date.fromisoformat(c.row.month),
                **dict(zip(("rent", "charges", "benefit", "paid", "balance"), c.row.amounts, strict=True)),
            }
            for c in changes
        ],
    )
    differences: list[JsonValue] = [
        {"lease": c.row.lease, "month": c.row.month}
        | {n: [a, b] for n, a, b in zip(LEDGER_AMOUNTS, c.old, c.row.amounts, strict=True) if a != b}
        for c in changes
    ]
    work.trace_differences(RentLine, differences)
    work.created.counts["replaced_lines"] = len(changes)
