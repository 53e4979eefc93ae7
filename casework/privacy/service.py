"""Use cases on how long files are kept: notice, archive, anonymisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Delete, Update

from casework.accounts.vocabulary import Role
from casework.cases.models import CaseRetention
from casework.cases.queries import case_to_change, team_row
from casework.kernel.audit import AuditEvent, reason_given, record_bulk, write_waiting
from casework.kernel.audit_purges import purge_content
from casework.kernel.context import Ctx
from casework.kernel.database import Base, insert_many, upsert
from casework.kernel.errors import NotVisible, RuleViolation
from casework.kernel.row_security import as_system
from casework.privacy.anonymising import counts, reached_traces, statements
from casework.privacy.queries import file_of, files_over, hold_files, retention_of
from casework.privacy.rules import Keeping, Known, batches, due_on, may_be_anonymised, may_be_archived, wants_notice
from casework.privacy.vocabulary import Reach
from casework.programmes.terms import national_value

BATCH = 500


@dataclass(frozen=True)
class Plan:
    """What is to be done on a day: whose referent is told, which files are anonymised."""

    notices: tuple[Known, ...]
    anonymised: tuple[Known, ...]


def keeping_on(day: date) -> Keeping:
    """Return how long files are kept, by the national parameters in force on `day`."""
    return Keeping(national_value("retention_active_months", day), national_value("retention_notice_days", day))


def plan_retention(ctx: Ctx) -> Plan:
    """Return what is to be done today, without doing it."""
    keeping, files = keeping_on(ctx.today), files_over(ctx)
    return Plan(
        tuple(known for known in files if wants_notice(known, keeping, ctx.today)),
        tuple(known for known in files if may_be_anonymised(known, keeping, ctx.today)),
    )


def give_notices(ctx: Ctx, plan: Plan) -> int:
    """Note that the referents of the plan's files are told from today on; return how many."""
    rows = [{"case_id": known.case_id, "noticed_on": ctx.today, "archive_reason": ""} for known in plan.notices]
    if rows:
        statement = upsert(ctx.session, CaseRetention)
        told = statement.on_conflict_do_update(
            index_elements=["case_id"], set_={"noticed_on": statement.excluded.noticed_on}
        )
        insert_many(ctx.session, told, rows)
        record_bulk(ctx, CaseRetention, "notice", {"count": len(rows), "on": ctx.today.isoformat()})
    return len(rows)


def anonymise_cases(ctx: Ctx, case_ids: Iterable[int]) -> int:
    """Carry out the fates of every table for these cases, for good; return how many cases that were not yet.

    Whoever calls it has made sure that they are due. Batches keep the statements short; the transaction is the caller's.
    Run again for the same cases it changes nothing that counts.
    """
    count, parts = 0, batches(case_ids, BATCH)
    # Traces and people are reached past the cases, and what another programme still keeps must be seen to be spared.
    with as_system(ctx.session, ctx.actor):
        # All of them before the end of the chain of traces: who notes something of a case holds it first, too.
        for batch in parts:
            hold_files(ctx, batch)
        for batch in parts:
            _note_anonymised(ctx, batch)
            changed = {table: _run(ctx, statement, batch) for table, statement in statements(_dialect(ctx))}
            write_waiting(ctx.session)
            changed[AuditEvent.__tablename__] = purge_content(ctx, reached_traces(), {"case_ids": batch})
            for table, rows in changed.items():
                record_bulk(ctx, _model(table), "anonymise", {"rows": rows, "cases": len(batch)})
            count += len(batch)
    return count


def effect_on(ctx: Ctx, case_ids: Sequence[int]) -> dict[Reach, int]:
    """Return how many rows an anonymisation of these cases would empty or delete, by how they are found."""
    found = dict.fromkeys(Reach, 0)
    connection = ctx.session.connection()
    for batch in batches(case_ids, BATCH):
        for reach, statement in counts():
            found[reach] += connection.execute(statement, {"case_ids": batch}).scalar_one()
    return found


def anonymise_due(ctx: Ctx, seen: int) -> int:
    """Anonymise every case that the actor sees and whose time is over; return how many.

    `seen` is the number that was shown before the decision. Raises RuleViolation when it is another one by now.
    """
    due = [known.case_id for known in plan_retention(ctx).anonymised]
    if len(due) != seen:
        raise RuleViolation("", "La liste a changé depuis que vous l’avez ouverte. Relisez-la, puis confirmez.")
    return anonymise_cases(ctx, due)


def archive_case(ctx: Ctx, case_id: int, reason: str, until: date) -> None:
    """Keep the file of a case that is over in a restricted archive until a day, for a reason that is written down.

    Raises NotVisible (also for a referent who is not of the team), or RuleViolation on `reason`, `until` or the whole.
    """
    case_to_change(ctx, case_id)
    check_is_of_team(ctx, case_id)
    known = file_of(ctx, case_id)
    if known is None or not may_be_archived(known, keeping_on(ctx.today), ctx.today):
        raise RuleViolation("", "Cet accompagnement est en cours : notez d’abord sa fin.")
    if not reason.strip():
        raise RuleViolation(
            "reason", "Écrivez pourquoi ce dossier est gardé : l’obligation ou la preuve qui le demande."
        )
    due = due_on(known, keeping_on(ctx.today))
    if until <= ctx.today or (due is not None and until <= due and known.archived_on is None):
        raise RuleViolation("until", "Un archivage va au-delà du jour où le dossier serait anonymisé.")
    row = retention_of(ctx, case_id)
    if row is None:
        row = CaseRetention(case_id=case_id)
    with reason_given(ctx, reason):
        row.archived_on, row.archived_until, row.archive_reason = ctx.today, until, reason.strip()
        row.archived_by, row.noticed_on = ctx.actor.user_id, None  # the end of the archive is told anew
        ctx.session.add(row)


def check_is_of_team(ctx: Ctx, case_id: int) -> None:
    """Raise NotVisible for a referent who reaches a case without being of its team, by a broken glass."""
    if ctx.actor.role == Role.REFERENT and team_row(ctx, case_id, ctx.actor.user_id or 0) is None:
        raise NotVisible


def _run(ctx: Ctx, statement: Update | Delete, batch: Sequence[int]) -> int:
    return ctx.session.connection().execute(statement, {"case_ids": batch}).rowcount


def _dialect(ctx: Ctx) -> str:
    return ctx.session.get_bind().dialect.name


def _note_anonymised(ctx: Ctx, batch: Sequence[int]) -> None:
    statement = upsert(ctx.session, CaseRetention)
    done = statement.on_conflict_do_update(
        index_elements=["case_id"], set_={"anonymised_on": statement.excluded.anonymised_on}
    )
    rows = [{"case_id": case_id, "anonymised_on": ctx.today, "archive_reason": ""} for case_id in batch]
    insert_many(ctx.session, done, rows)


def _model(table: str) -> type[Base]:
    return next(m.class_ for m in Base.registry.mappers if str(m.local_table) == table)
