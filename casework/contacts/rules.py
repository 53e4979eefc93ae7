"""What counts as a contact that was made."""

from casework.contacts.vocabulary import MADE_KINDS, ContactKind, ContactOutcome
from casework.kernel.errors import RuleViolation


def is_made(kind: ContactKind, outcome: ContactOutcome) -> bool:
    """Tell whether somebody was met or spoken to: an attempt never is, whatever came of it."""
    return outcome is ContactOutcome.REALISEE and kind in MADE_KINDS


def check_attempt(kind: ContactKind, outcome: ContactOutcome) -> None:
    """Refuse an attempt in which somebody was met: that was a visit or a call. Raises RuleViolation on `outcome`."""
    if outcome is ContactOutcome.REALISEE and kind not in MADE_KINDS:
        raise RuleViolation(
            "outcome",
            "Une tentative n’a pas abouti\u00a0: si le contact a eu lieu, choisissez la visite, l’entretien ou l’appel.",
        )
