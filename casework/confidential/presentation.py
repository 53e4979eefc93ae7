"""A convention on sharing in words: what it opens, and what another one would change for how many households."""

from collections.abc import Iterable
from typing import Any

from casework.accounts.vocabulary import Category, Role
from casework.programmes.conventions import CLAUSES, Convention, Openings
from casework.programmes.rules import clause_field
from casework.programmes.vocabulary.sharing import CATEGORY_LABELS, OPENED_LABELS, OPENING_LABELS, Opening
from casework.web.filters import in_a_row
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext
from casework.web.i18n import to_translate as _n

Words = dict[str, Any]
# How a reader is named in a sentence.
_READERS: dict[str, str] = {Role.LANDLORD_SOCIAL: _n("La gestion sociale"), Role.LANDLORD_RENT: _n("Le quittancement")}
TONES = {Opening.OPEN: "settled", Opening.AGREED: "information", Opening.CLOSED: "muted"}


def clause_rows(convention: Convention | None) -> list[Words]:
    """Return each category in words, with what the two teams of the landlord read of it; None: there is none for it."""
    return [
        {
            "label": _(CATEGORY_LABELS[category]),
            "words": _(OPENED_LABELS[category]),
            "social": _state(convention, category, Role.LANDLORD_SOCIAL),
            "rent": _state(convention, category, Role.LANDLORD_RENT),
        }
        for category in Category
    ]


def _state(convention: Convention | None, category: Category, reader: Role) -> Words | None:
    if (category, reader) not in CLAUSES:
        return None
    opening = convention.openings[category, reader] if convention else Opening.CLOSED
    return {"label": _(OPENING_LABELS[opening]), "tone": TONES[opening]}


def told(convention: Convention) -> str:
    """Return what a convention opens to the social team, in one line."""
    opened = [
        _(CATEGORY_LABELS[category]) + (" " + _("(avec l’accord du ménage)") if opening is Opening.AGREED else "")
        for (category, reader), opening in convention.openings.items()
        if reader is Role.LANDLORD_SOCIAL and opening is not Opening.CLOSED
    ]
    return in_a_row(opened) or _("rien de la partie partagée")


def fields_of(convention: Convention | None) -> dict[str, str]:
    """Return what a convention says, by the names of the fields of its form; everything closed where there is none."""
    return {
        clause_field(category, reader): (
            convention.openings[category, reader].value if convention else Opening.CLOSED.value
        )
        for category, reader in CLAUSES
    }


def effects(present: Convention | None, after: Openings, counts: tuple[int, int]) -> list[str]:
    """Return what `after` would change, a sentence for each category; `counts`: households followed, those that agreed."""
    followed, agreed = counts
    read = {Opening.OPEN: followed, Opening.AGREED: agreed, Opening.CLOSED: 0}
    found = []
    for category, reader in CLAUSES:
        before = present.openings[category, reader] if present else Opening.CLOSED
        if before is not after[category, reader]:
            change = read[after[category, reader]] - read[before]
            found.append(_effect(_(_READERS[reader]), _(CATEGORY_LABELS[category]), after[category, reader], change))
    return found or [_("Rien ne change dans ce que lit le bailleur.")]


def _effect(who: str, what: str, opening: Opening, change: int) -> str:
    if change < 0:
        return ngettext(
            "%(who)s ne lira plus « %(what)s » de %(num)d ménage.",
            "%(who)s ne lira plus « %(what)s » de %(num)d ménages.",
            -change,
            who=who,
            what=what,
        )
    if change > 0:
        return ngettext(
            "%(who)s lira « %(what)s » de %(num)d ménage de plus.",
            "%(who)s lira « %(what)s » de %(num)d ménages de plus.",
            change,
            who=who,
            what=what,
        )
    return _(
        "%(who)s, « %(what)s » : « %(opening)s », sans effet sur les ménages d’aujourd’hui.",
        who=who,
        what=what,
        opening=_(OPENING_LABELS[opening]),
    )


def closed_words(convention: Convention | None, reader: Role, shared: Iterable[Category]) -> list[str]:
    """Return the categories of one household that a convention keeps from a reader, those that an agreement opens marked."""
    read = set(shared)
    found = []
    for category, of in CLAUSES:
        if of is not reader or category in read:
            continue
        waits = convention is not None and convention.openings[category, of] is Opening.AGREED
        label = _(CATEGORY_LABELS[category])
        found.append(_("%(category)s (le ménage n’a pas donné son accord)", category=label) if waits else label)
    return found


def asks_agreement(convention: Convention | None) -> list[str]:
    """Return the categories that the landlord reads only of households that agreed."""
    openings = convention.openings.items() if convention else ()
    asked = {category for (category, _reader), opening in openings if opening is Opening.AGREED}
    return [_(CATEGORY_LABELS[category]) for category in Category if category in asked]
