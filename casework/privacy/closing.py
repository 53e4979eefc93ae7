"""Files that are read and no longer written: archived, anonymised, or limited at the wish of the person."""

from datetime import date

from sqlalchemy import ColumnElement, or_

from casework.cases.models import Case, CaseRetention
from casework.kernel.errors import RuleViolation
from casework.privacy.rights import limited_since

# Since when a case, beside its retention, is closed to writing, for each of the reasons: anonymised, archived, limited.
CLOSED_SINCE = (CaseRetention.anonymised_on, CaseRetention.archived_on, limited_since(Case.id).label("limited_on"))


def is_closed() -> ColumnElement[bool]:
    """Return the condition « this case is closed to writing » on a case with its retention, where it has one, joined."""
    return or_(*(since.is_not(None) for since in CLOSED_SINCE))


def refuse_closed(anonymised_on: date | None, archived_on: date | None, limited_on: date | None) -> None:
    """Refuse what was written into a file with these values of `CLOSED_SINCE`. Raises RuleViolation on the whole."""
    if anonymised_on is not None:
        raise RuleViolation("", "Ce dossier est anonymisé\u00a0: plus rien n’y est écrit.")
    if archived_on is not None:
        raise RuleViolation("", "Ce dossier est archivé\u00a0: il se consulte, et plus rien n’y est écrit.")
    if limited_on is not None:
        raise RuleViolation(
            "",
            "La personne a demandé que l’usage de ce dossier soit limité\u00a0: il se consulte, et rien n’y est écrit "
            "tant que la limitation n’est pas levée.",
        )
