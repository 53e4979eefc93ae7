"""What is forgotten every night."""

from datetime import timedelta

from sqlalchemy import CursorResult, delete, or_

from casework.accounts.models import SignInFailure, SignInSession
from casework.kernel.context import Ctx

KEPT = timedelta(days=1)


def forget_old_sign_ins(ctx: Ctx) -> int:
    """Delete sessions that expired or ended, and refused sign-ins, more than a day ago; return how many rows."""
    before = ctx.clock.now() - KEPT
    sessions = ctx.session.execute(
        delete(SignInSession).where(or_(SignInSession.expires_at < before, SignInSession.ended_at < before))
    )
    failures = ctx.session.execute(delete(SignInFailure).where(SignInFailure.at < before))
    return sum(result.rowcount for result in (sessions, failures) if isinstance(result, CursorResult))
