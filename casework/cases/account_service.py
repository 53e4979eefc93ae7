"""What becomes of the households when an account changes."""

from sqlalchemy import func, select

from casework.accounts import service as accounts
from casework.accounts.models import User
from casework.cases.models import Case, CaseEnd
from casework.kernel.context import Ctx
from casework.kernel.row_security import as_system
from casework.programmes.service import leave_programmes_of_others


def households_followed_by(ctx: Ctx, user_id: int) -> int:
    """Return of how many households that go on somebody is the referent.

    Who manages accounts reaches no household: they are told this number and nothing else.
    """
    ended = select(CaseEnd.case_id).where(CaseEnd.case_id == Case.id, CaseEnd.ended_on <= ctx.today).exists()
    with as_system(ctx.session, ctx.actor):
        return ctx.session.scalar(select(func.count(Case.id)).where(Case.referent_id == user_id, ~ended)) or 0


def revise_account(ctx: Ctx, user_id: int, *, email: str, name: str, role: str, organisation_id: int) -> User:
    """Correct an account; with another role or organisation, it leaves the programmes that are not its own any more.

    Raises NotVisible or RuleViolation as `accounts.service.revise_user` does.
    """
    user, moves = accounts.revise_user(ctx, user_id, email=email, name=name, role=role, organisation_id=organisation_id)
    if moves:
        leave_programmes_of_others(ctx, user)
    return user
