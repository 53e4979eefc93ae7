"""What counts as a contact that was made."""

from casework.contacts.vocabulary import MADE_KINDS, ContactKind, ContactOutcome


def is_made(kind: ContactKind, outcome: ContactOutcome) -> bool:
    """Tell whether somebody was met or spoken to: an attempt never is, whatever came of it."""
    return outcome is ContactOutcome.REALISEE and kind in MADE_KINDS
