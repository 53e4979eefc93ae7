"""What a page says of what was just done, and the way to take it back."""

from flask import flash

UNDO = "undo"
# Not for people: the key of a form that was kept, so that the browser lets its draft go.
KEPT_FORM = "kept"


def offer_undo(url: str) -> None:
    """Put a button « Annuler » beside the message that was flashed just before: one press posts to `url`."""
    flash(url, UNDO)
