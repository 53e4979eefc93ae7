"""Pieces of sentences that the parts of a sheet share."""

from collections.abc import Iterable, Mapping, Sequence

from casework.kernel.money import NO_BREAK, in_french
from casework.programmes.vocabulary.parts import PARTY_LABELS
from casework.programmes.vocabulary.thresholds import THRESHOLD_UNIT_LABELS, THRESHOLD_UNIT_SINGULAR_LABELS
from casework.web.filters import label
from casework.web.i18n import SOURCE, language, ngettext
from casework.web.i18n import gettext as _

# A term, and one or several things said of it.
Item = tuple[str, tuple[str, ...]]


def number(value: int | float) -> str:
    """Return `1 809` or `0,5` (no-break spaces), in English `1,809` or `0.5`."""
    written = f"{value:,}"
    if language() != SOURCE:
        return written.replace("-", "−")
    return in_french(written).replace("-", "−" + NO_BREAK)


def counted(value: int | float, unit: str) -> str:
    """Return a number with its unit, in the singular or the plural of the language of the page: `1,5 poste`."""
    one = abs(value) < 2 if language() == "fr" else value == 1
    words = THRESHOLD_UNIT_SINGULAR_LABELS.get(unit) if one else None
    return f"{number(value)}{NO_BREAK}{_(words or THRESHOLD_UNIT_LABELS[unit])}"


def between(low: int | float | None, value: int | float, unit: str) -> str:
    """Return `4 à 5 ménages`, or the number alone where there is no lower end."""
    words = counted(value, unit)
    return words if low is None else _("%(low)s à %(high)s", low=number(low), high=words)


def months(value: int) -> str:
    """Return a number of months."""
    return counted(value, "month")


def after(points: Sequence[int]) -> str:
    """Return `au bout de 6 et 12 mois`; "" without any point."""
    if not points:
        return ""
    words = joined([number(month) for month in points])
    return ngettext("au bout de %(months)s mois", "au bout de %(months)s mois", points[-1], months=words)


def rhythm(every: int | None, unit: str | None) -> str:
    """Return `chaque mois`, `tous les 2 mois`; "" when no number is printed."""
    if every is None or unit is None:
        return ""
    return {
        "day": lambda: ngettext("chaque jour", "tous les %(num)d jours", every),
        "week": lambda: ngettext("chaque semaine", "toutes les %(num)d semaines", every),
        "month": lambda: ngettext("chaque mois", "tous les %(num)d mois", every),
        "quarter": lambda: ngettext("chaque trimestre", "tous les %(num)d trimestres", every),
        "year": lambda: ngettext("chaque année", "tous les %(num)d ans", every),
    }[unit]()


def purpose(mode: str) -> str:
    """Return a mode as the head of what holds for it only."""
    return {"access": _("Pour accéder à un logement"), "maintain": _("Pour rester dans son logement")}[mode]


def labels_of(codes: Iterable[str], labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words for several codes."""
    return tuple(label(code, labels) for code in codes)


def joined(words: Sequence[str]) -> str:
    """Return `a, b et c`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s et %(last)s", first=", ".join(words[:-1]), last=words[-1])


def parties(codes: Iterable[str]) -> str:
    """Return those who take part, side by side."""
    return " · ".join(labels_of(codes, PARTY_LABELS))


def said(*items: tuple[str, str | Sequence[str] | None]) -> tuple[Item, ...]:
    """Return the items that say something, each with all that it says."""
    pairs = [(term, (words,) if isinstance(words, str) else tuple(words or ())) for term, words in items]
    return tuple((term, told) for term, told in pairs if any(told))
