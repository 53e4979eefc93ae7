"""Files that are read and no longer written: archived, anonymised, or limited at the wish of the person."""

from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, or_, select

from casework.cases.models import Case, CaseRetention
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.privacy.rights import limited_since

# Since when a case, beside its retention, is closed to writing, for each of the reasons: anonymised, archived, limited.
CLOSED_SINCE = (CaseRetention.anonymised_on, CaseRetention.archived_on, limited_since(Case.id).label("limited_on"))
# What may be noted in a file, by permission, that is refused once it is closed: the rights of the person stay open.
_WRITTEN_BY = frozenset(
    {
        "address:protect",
        "case:manage",
        "contact:write",
        "contract:write",
        "diagnostic:write",
        "exit:write",
        "lease:write",
        "person:write",
        "reassessment:write",
        "rent:report",
        "sensitive:write",
    }
)


def is_closed() -> ColumnElement[bool]:
    """Return the condition « this case is closed to writing » on a case with its retention, where it has one, joined."""
    return or_(*(since.is_not(None) for since in CLOSED_SINCE))


def is_writing(permission: str) -> bool:
    """Tell whether who uses `permission` writes into a file."""
    return permission in _WRITTEN_BY


def refuse_closed(anonymised_on: date | None, archived_on: date | None, limited_on: date | None) -> None:
    """Refuse what was written into a file with these values of `CLOSED_SINCE`. Raises RuleViolation on the whole."""
    refusal = _refusal(anonymised_on, archived_on, limited_on)
    if refusal is not None:
        raise refusal


def why_closed(ctx: Ctx, case_id: int) -> RuleViolation | None:
    """Return why nothing is written any more into a case that the actor is known to see; None where it is open."""
    return _refusal(*ctx.session.connection().execute(_closing(), {"case_id": case_id}).one())


def _refusal(anonymised_on: date | None, archived_on: date | None, limited_on: date | None) -> RuleViolation | None:
    if anonymised_on is not None:
        return RuleViolation("", "Ce dossier est anonymisé\u00a0: plus rien n’y est écrit.")
    if archived_on is not None:
        return RuleViolation("", "Ce dossier est archivé\u00a0: il se consulte, et plus rien n’y est écrit.")
    if limited_on is not None:
        return RuleViolation(
            "",
            "La personne a demandé que l’usage de ce dossier soit limité\u00a0: il se consulte, et rien n’y est écrit "
            "tant que la limitation n’est pas levée.",
        )
    return None


@cache
def _closing() -> Select[date | None, date | None, date | None]:
    return (
        select(*CLOSED_SINCE)
        .select_from(Case)
        .outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
        .where(Case.id == bindparam("case_id", type_=Case.id.type))
    )
