"""Files that are read and no longer written: archived or anonymised."""

from sqlalchemy import or_, select

from casework.cases.models import CaseRetention
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.kernel.events import CaseChanged


def refuse_closed_case(ctx: Ctx, event: CaseChanged) -> None:
    """Undo what was written into a file that is closed. Raises RuleViolation on the whole.

    Every use case that writes facts of a case announces it, so that none can forget to ask. What is noted in another
    case of the same household is no writing here.
    """
    if event.echo:
        return
    statement = select(CaseRetention.anonymised_on).where(
        CaseRetention.case_id == event.case_id,
        or_(CaseRetention.anonymised_on.is_not(None), CaseRetention.archived_on.is_not(None)),
    )
    row = ctx.session.connection().execute(statement).one_or_none()
    if row is None:
        return
    if row.anonymised_on is not None:
        raise RuleViolation("", "Ce dossier est anonymisé\u00a0: plus rien n’y est écrit.")
    raise RuleViolation("", "Ce dossier est archivé\u00a0: il se consulte, et plus rien n’y est écrit.")
