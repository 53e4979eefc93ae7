"""Files that are read and no longer written: archived, anonymised, or limited at the wish of the person."""

from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, or_, select

from casework.cases.models import Case, CaseRetention
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.kernel.events import CaseChanged
from casework.privacy.rights import limited_since

# Since when a case, beside its retention, is closed to writing: for each of the reasons.
_ANONYMISED, _ARCHIVED = CaseRetention.anonymised_on, CaseRetention.archived_on
_LIMITED = limited_since(Case.id).label("limited_on")


def is_closed() -> ColumnElement[bool]:
    """Return the condition « this case is closed to writing » on a case with its retention, where it has one, joined."""
    return or_(*(since.is_not(None) for since in (_ANONYMISED, _ARCHIVED, _LIMITED)))


def refuse_closed_case(ctx: Ctx, event: CaseChanged) -> None:
    """Undo what was written into a file that is closed. Raises RuleViolation on the whole.

    Every use case that writes facts of a case announces it, so that none can forget to ask. What is noted in another
    case of the same household is no writing here.
    """
    if event.echo:
        return
    row = ctx.session.connection().execute(_closing(), {"case_id": event.case_id}).one()
    if row.anonymised_on is not None:
        raise RuleViolation("", "Ce dossier est anonymisé\u00a0: plus rien n’y est écrit.")
    if row.archived_on is not None:
        raise RuleViolation("", "Ce dossier est archivé\u00a0: il se consulte, et plus rien n’y est écrit.")
    if row.limited_on is not None:
        raise RuleViolation(
            "",
            "La personne a demandé que l’usage de ce dossier soit limité\u00a0: il se consulte, et rien n’y est écrit "
            "tant que la limitation n’est pas levée.",
        )


@cache
def _closing() -> Select[*tuple[object, ...]]:
    return (
        select(_ANONYMISED, _ARCHIVED, _LIMITED)
        .select_from(Case)
        .outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
        .where(Case.id == bindparam("case_id", type_=Case.id.type))
    )
