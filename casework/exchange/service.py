"""Use cases of the import: check what was read, create what is sound, in one transaction."""

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.queries import hold_cases
from casework.alerts.service import sweep_programme
from casework.cases.models import RentAccount
from casework.exchange import queries
from casework.exchange.bulk import insert_with_ids
from casework.exchange.checking import check
from casework.exchange.creation.changes import change_cases
from casework.exchange.creation.followup import (
    change_followup,
    create_contacts,
    create_lines,
    create_reassessments,
    replace_lines,
)
from casework.exchange.creation.households import create_cases
from casework.exchange.creation.work import Created, Work
from casework.exchange.models import ImportRun
from casework.exchange.plan import Plan
from casework.exchange.reading.records import Batch
from casework.kernel.audit import record_bulk
from casework.kernel.context import Ctx
from casework.kernel.database import lock_subject
from casework.kernel.errors import RuleViolation
from casework.kernel.row_security import as_system
from casework.programmes.models import Programme, ProgrammeMember

SOURCE_FILES = "FILES"


class ImportRefused(RuleViolation):
    """Nothing goes in: a file cannot be used, or the import is strict and a row is refused."""

    def __init__(self, plan: Plan, message: str) -> None:
        super().__init__("", message)
        self.plan = plan


def import_batch(
    ctx: Ctx, programme: Programme, batch: Batch, *, replace: bool = False, strict: bool = False
) -> tuple[Plan, Created]:
    """Check a batch and put in what is sound; return the plan and what was created.

    The alerts are the next step of the same transaction: `bring_alerts_up_to_date`.
    Raises ImportRefused, and then nothing was written, when a file cannot be used, or when `strict` and a row is
    refused.
    """
    lock_subject(ctx.session, programme.id)
    # Before anything is written: who holds one of the cases by then may wait for what an import writes.
    hold_cases(ctx.session, programme.id)
    plan = check(ctx, programme, batch, replace=replace)
    if not plan.is_usable:
        raise ImportRefused(plan, "Un fichier est inutilisable : rien n’est entré.")
    if strict and plan.all_refused:
        raise ImportRefused(plan, "Des lignes sont refusées et l’import est strict : rien n’est entré.")
    return plan, create(ctx, programme, plan)


def run_import(
    ctx: Ctx, programme: Programme, batch: Batch, *, replace: bool = False, strict: bool = False
) -> tuple[Plan, Created]:
    """Do both: `import_batch`, then `bring_alerts_up_to_date`. Raises ImportRefused."""
    plan, created = import_batch(ctx, programme, batch, replace=replace, strict=strict)
    bring_alerts_up_to_date(ctx, programme, created)
    return plan, created


def create(ctx: Ctx, programme: Programme, plan: Plan) -> Created:
    """Put in what the check found sound and return what was created.

    When nothing is new, nothing at all is written.
    """
    created = Created()
    if not plan.incoming:
        return created
    run = ImportRun(
        programme_id=programme.id,
        user_id=ctx.actor.user_id,
        source=SOURCE_FILES,
        created_at=ctx.clock.now(),
        counts={"files": {name: vars(counts).copy() for name, counts in plan.counts.items()}},
    )
    ctx.session.add(run)
    ctx.session.flush()
    created.import_id = run.id
    users = _find_users(ctx, programme, plan, created)
    accounts = _find_accounts(ctx, programme, plan, run.id)
    work = Work(ctx, programme, plan, run.id, run.created_at, users, accounts, created)
    create_cases(work)
    change_cases(work)
    cases = queries.case_ids(ctx, programme.id) if plan.contacts or plan.reassessments else {}
    create_contacts(work, cases)
    create_reassessments(work, cases)
    change_followup(work)
    create_lines(work)
    replace_lines(work)
    changed = [change.stored.id for change in plan.changes]
    run.counts = run.counts | {
        "created": created.counts,
        "changed_cases": changed,
        "untold": created.untold,
        "told": created.told,
        "refused": plan.refused_rows,
        "months": sorted({month for page in plan.lines for month in set(page.months)}),
    }
    return created


def bring_alerts_up_to_date(ctx: Ctx, programme: Programme, created: Created) -> None:
    """Let the alerts and summaries of a programme follow what an import put in; nothing went in: nothing to do.

    The ledger of a home tells other programmes of the landlord that follow somebody there, too.
    """
    if created.import_id is None:
        return
    sweep_programme(ctx, programme.id, ctx.today)
    with as_system(ctx.session, ctx.actor):
        for other in queries.other_programmes_with_lines_of(ctx, programme.id, created.import_id):
            sweep_programme(ctx, other, ctx.today)


def _find_users(ctx: Ctx, programme: Programme, plan: Plan, created: Created) -> dict[str, int]:
    """Return the users whom the files name as referents, by handle; unknown ones are made, unable to sign in."""
    named: dict[str, str] = {}
    renamed = [change.facts for change in plan.changes if "referent" in change.changed]
    for facts in [*(row.facts for row in plan.new_cases), *renamed]:
        if facts.referent:
            named.setdefault(facts.referent.casefold(), facts.referent)
    known = queries.operator_users(ctx, programme.id)
    users = {key: user.id for key, user in known.items()}
    unknown = [handle for key, handle in named.items() if key not in users]
    for handle in unknown:
        user = User(
            organisation_id=programme.operator_id,
            handle=handle,
            display_name=handle,
            role=Role.REFERENT.value,
            created_at=ctx.clock.now(),
            is_active=False,
        )
        ctx.session.add(user)
        ctx.session.flush()
        users[handle.casefold()] = user.id
    if unknown:
        created.counts["users"] = len(unknown)
    # The check let no one in here but referents and members.
    for user_id in sorted(users[key] for key in named if key not in known or not known[key].is_member):
        ctx.session.add(ProgrammeMember(programme_id=programme.id, user_id=user_id))
    ctx.session.flush()
    return users


def _find_accounts(ctx: Ctx, programme: Programme, plan: Plan, import_id: int) -> dict[str, int]:
    """Return the rent accounts of the landlord, by lease number; those of new leases are made."""
    accounts = queries.account_ids(ctx, programme.landlord_id)
    facts = [row.facts for row in plan.new_cases] + [change.facts for change in plan.changes]
    missing = dict.fromkeys(f.lease_number for f in facts if f.lease_number and f.lease_number not in accounts)
    rows = [{"landlord_id": programme.landlord_id, "lease_number": lease} for lease in missing]
    ids = insert_with_ids(ctx.session, RentAccount, rows)
    if ids:
        record_bulk(ctx, RentAccount, "import", {"import_id": import_id, "rows": len(ids)})
    return accounts | dict(zip((str(lease) for lease in missing), ids, strict=True))
