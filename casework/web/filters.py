"""How pages write dates, amounts and codes. No locale look-up for each row: forty words of French and English."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from flask import Flask

from casework.kernel.clock import PARIS
from casework.kernel.money import (
    NO_BREAK,
    format_amount,
    format_amount_in_english,
    format_number_in_english,
    in_french,
    with_minus,
)
from casework.web.i18n import SOURCE, gettext, language, ngettext

_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_DAYS = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
# The days of a month, on average.
_DAYS_OF_MONTH = 365.25 / 12


def day(value: date | None) -> str:
    """Return `03/03/2026`, or a dash."""
    return "–" if value is None else f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def long_day(value: date | None) -> str:
    """Return `mardi 3 mars 2026`."""
    if value is None:
        return "–"
    words = language()
    number = "1er" if words == "fr" and value.day == 1 else str(value.day)
    return f"{_DAYS[words][value.weekday()]} {number} {_MONTHS[words][value.month - 1]} {value.year}"


def short_day(value: date | None) -> str:
    """Return `3 mars 2026`."""
    return long_day(value).split(" ", 1)[-1]


def moment(value: datetime) -> str:
    """Return the Paris day and time of an instant: `3 mars 2026, 14:05`."""
    local = value.astimezone(PARIS)
    return f"{short_day(local.date())}, {local:%H:%M}"


def month(value: date) -> str:
    """Return `mars 2026`."""
    return f"{_MONTHS[language()][value.month - 1]} {value.year}"


def distance(value: date | None, today: date) -> str:
    """Return how far a date is, in words: `aujourd’hui`, `il y a 12 jours`, `dans 3 jours`, `il y a 4 mois`."""
    if value is None:
        return gettext("jamais")
    days = (today - value).days
    if days == 0:
        return gettext("aujourd’hui")
    if abs(days) == 1:
        return gettext("hier") if days > 0 else gettext("demain")
    if abs(days) < 60:
        number = abs(days)
        if days > 0:
            return ngettext("il y a %(num)d jour", "il y a %(num)d jours", number)
        return ngettext("dans %(num)d jour", "dans %(num)d jours", number)
    months = round(abs(days) / _DAYS_OF_MONTH)
    if days > 0:
        return ngettext("il y a %(num)d mois", "il y a %(num)d mois", months)
    return ngettext("dans %(num)d mois", "dans %(num)d mois", months)


def euros(cents: int | None) -> str:
    """Return `1 234,56 €`, in English `€1,234.56`, or a dash."""
    if cents is None:
        return "–"
    return format_amount(cents) if language() == SOURCE else format_amount_in_english(cents)


def number(cents: int) -> str:
    """Return `1 234,56`, in English `1,234.56`: an amount as a field of a form holds it."""
    return _written(format_number_in_english(cents))


def whole_number(value: int) -> str:
    """Return `24 003`, in English `24,003`."""
    return _written(f"{value:,}")


def tenths(value: int | None) -> str:
    """Return `23,4 %`, in English `23.4%`, for tenths of a percent, or « non calculable »."""
    if value is None:
        return gettext("non calculable")
    return decimal(value) + ("\u00a0%" if language() == SOURCE else "%")


def decimal(value: int) -> str:
    """Return `23,4`, in English `23.4`, for tenths."""
    whole, tenth = divmod(abs(value), 10)
    return with_minus(_written(f"{'-' if value < 0 else ''}{whole}.{tenth}"))


def _written(number: str) -> str:
    """Return a number that is written in English as the language of the page writes it."""
    return in_french(number) if language() == SOURCE else number


def label(code: str | None, labels: Mapping[str, str]) -> str:
    """Return the word for a code in the language of the page, the code itself when it is unknown."""
    if not code:
        return "–"
    return gettext(labels[code]) if code in labels else code


def first_capital(text: str) -> str:
    """Return the text with its first letter as a capital, and the others as they are: English months keep theirs."""
    return text[:1].upper() + text[1:]


def told(term: str, said: str) -> str:
    """Return `Bailleur : SEMIS`, in English `Landlord: SEMIS`."""
    return f"{term}{_before_marks()}: {said}"


def in_a_row(parts: Iterable[str]) -> str:
    """Return `un ; deux`, in English `one; two`."""
    return f"{_before_marks()}; ".join(parts)


def _before_marks() -> str:
    return NO_BREAK if language() == SOURCE else ""


def install(app: Flask) -> None:
    """Give the filters to the templates."""
    for name, function in {
        "day": day,
        "long_day": long_day,
        "short_day": short_day,
        "moment": moment,
        "month": month,
        "distance": distance,
        "euros": euros,
        "number": number,
        "tenths": tenths,
        "decimal": decimal,
        "label": label,
        "first_capital": first_capital,
        "in_a_row": in_a_row,
    }.items():
        app.jinja_env.filters[name] = function
