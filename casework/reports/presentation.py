"""The annual review in words: what the screen, the paper and the spreadsheet say alike, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from casework.cases.vocabulary import REFERRAL_SOURCE_LABELS
from casework.exits.vocabulary import END_REASON_LABELS, OUTCOME_LABELS
from casework.households.vocabulary import COMPOSITION_LABELS, HOUSING_LABELS
from casework.kernel.money import NO_BREAK
from casework.reports.queries import ReviewedProgramme
from casework.reports.rules import BREAKDOWNS, AnnualReview
from casework.reports.vocabulary import (
    COUNT_LABELS,
    DATE_LABELS,
    FIGURE_LABELS,
    GROUPED,
    OTHER_DATE_LABEL,
)
from casework.web.filters import in_a_row, label, short_day
from casework.web.i18n import gettext, language, ngettext

CODE_LABELS: dict[str, Mapping[str, str]] = {
    "composition": COMPOSITION_LABELS,
    "housing_at_entry": HOUSING_LABELS,
    "referral_source": REFERRAL_SOURCE_LABELS,
    "end_reasons": END_REASON_LABELS,
    "outcomes": OUTCOME_LABELS,
}


@dataclass(frozen=True)
class Cover:
    """What stands on the first page: which review, and the day it was issued."""

    programme: ReviewedProgramme
    year: int
    issued_on: date

    @property
    def title(self) -> str:
        """The title of every face."""
        return gettext("Bilan annuel %(year)s", year=self.year)

    @property
    def is_provisional(self) -> bool:
        """Tell whether the year is not over yet."""
        return self.issued_on <= date(self.year, 12, 31)

    @property
    def terms(self) -> list[tuple[str, str]]:
        """Who and when, in words."""
        return [
            (gettext("Dispositif"), f"{self.programme.name} ({self.programme.code})"),
            (gettext("Bailleur"), self.programme.landlord),
            (gettext("Association"), self.programme.operator),
            (gettext("Année"), str(self.year)),
            (gettext("Édité le"), short_day(self.issued_on)),
        ]


@dataclass(frozen=True)
class Share:
    """One line of a breakdown. `length` is that of its bar, from 0 to 100."""

    code: str
    label: str
    count: int
    shown: str
    part: str
    length: int


def number(value: float | None) -> str:
    """Return `1 234` or `118,5`; a dash where there is no figure."""
    if value is None:
        return "–"
    whole, tenth = divmod(round(value * 10), 10)
    grouped, point = f"{whole:,}", "."
    if language() == "fr":
        grouped, point = grouped.replace(",", NO_BREAK), ","
    return f"{grouped}{point}{tenth}" if tenth else grouped


def figure_label(name: str) -> str:
    """Return the words for a figure or a breakdown."""
    return label(name, FIGURE_LABELS)


def code_label(name: str, code: str) -> str:
    """Return the words for a code of the breakdown `name`."""
    return gettext("Autres, regroupés car peu nombreux") if code == GROUPED else label(code, CODE_LABELS[name])


def date_label(name: str) -> str:
    """Return what the date of a household is, in the list behind the figure `name`."""
    return gettext(DATE_LABELS.get(name, OTHER_DATE_LABEL))


def count_label(name: str) -> str | None:
    """Return what is counted in the list behind the figure `name`; None where each household counts for one."""
    return gettext(COUNT_LABELS[name]) if name in COUNT_LABELS else None


def figure_rows(review: AnnualReview, names: tuple[str, ...]) -> list[tuple[str, str, float | None]]:
    """Return (name, words, figure) of some figures, in order."""
    return [(name, figure_label(name), getattr(review, name)) for name in names]


def shares(review: AnnualReview, name: str) -> list[Share]:
    """Return the lines of a breakdown, the largest first, each with its part of the whole."""
    counts = review.breakdown(name)
    whole, longest = sum(counts.values()), max(counts.values(), default=1)
    lines = [
        Share(
            code,
            code_label(name, code),
            count,
            number(count),
            _percent(count, whole),
            round(100 * count / longest),
        )
        for code, count in counts.items()
    ]
    return sorted(lines, key=lambda line: (line.code == GROUPED, -line.count, line.label, line.code))


def _percent(part: int, whole: int) -> str:
    tenths = (part * 2000 + whole) // (2 * whole)
    point, space = (",", NO_BREAK) if language() == "fr" else (".", "")
    return f"{tenths // 10}{point}{tenths % 10}{space}%"


def empty_words(review: AnnualReview, name: str) -> str:
    """Return why the breakdown `name` has no line: nobody is in it, or so few that it is withheld."""
    if getattr(review, BREAKDOWNS[name].of):
        return gettext("Cette répartition n’est pas communiquée\u00a0: trop peu de ménages par catégorie.")
    return gettext("Aucun ménage.")


def sentences(review: AnnualReview, cover: Cover) -> list[str]:
    """Return the review as people would tell it."""
    if not review.active_caseload:
        return [gettext("Aucun ménage n’a été suivi en %(year)s.", year=review.year), _referred(review)]
    told = [_followed(review, cover), _movements(review), _people(review), _activity(review), _referred(review)]
    if review.median_duration_days_of_left is not None:
        days = review.median_duration_days_of_left
        told.append(
            ngettext(
                "La durée médiane d’accompagnement des ménages sortis est de %(n)s jour.",
                "La durée médiane d’accompagnement des ménages sortis est de %(n)s jours.",
                _form(days),
                n=number(days),
            )
        )
    return told


def _form(count: float) -> int:
    """Return the whole number that chooses the form: in French less than two is singular, in English all but one."""
    return max(int(count), 1) if language() == "fr" else ceil(count)


def _two_parts(first: str, second: str) -> str:
    return in_a_row((first, second)) + "."


def _followed(review: AnnualReview, cover: Cover) -> str:
    count, still = review.active_caseload, review.stock_on_31_december
    followed = ngettext(
        "%(n)s ménage a été suivi en %(year)s",
        "%(n)s ménages ont été suivis en %(year)s",
        _form(count),
        n=number(count),
        year=review.year,
    )
    if cover.is_provisional:
        none = gettext("aucun ne l’est plus")
        some = ngettext("%(n)s l’est encore", "%(n)s le sont encore", _form(still), n=number(still))
    else:
        none = gettext("aucun ne l’était plus au 31 décembre")
        some = ngettext(
            "%(n)s l’était encore au 31 décembre",
            "%(n)s l’étaient encore au 31 décembre",
            _form(still),
            n=number(still),
        )
    return _two_parts(followed, some if still else none)


def _movements(review: AnnualReview) -> str:
    entered, left, before = review.entered, review.left, review.stock_on_1_january
    within = gettext(
        "%(entries)s et %(exits)s dans l’année",
        entries=ngettext("%(n)s entrée", "%(n)s entrées", _form(entered), n=number(entered)),
        exits=ngettext("%(n)s sortie", "%(n)s sorties", _form(left), n=number(left)),
    )
    already = ngettext(
        "%(n)s ménage était déjà suivi au 1er janvier",
        "%(n)s ménages étaient déjà suivis au 1er janvier",
        _form(before),
        n=number(before),
    )
    return _two_parts(within, already if before else gettext("aucun ménage n’était suivi avant le 1er janvier"))


def _people(review: AnnualReview) -> str:
    adults, children, months = review.persons_adults, review.persons_children, review.household_months
    return gettext(
        "Les ménages suivis réunissent %(adults)s et %(children)s, pour %(months)s.",
        adults=ngettext("%(n)s adulte", "%(n)s adultes", _form(adults), n=number(adults)),
        children=ngettext("%(n)s enfant", "%(n)s enfants", _form(children), n=number(children)),
        months=ngettext("%(n)s mois-mesure", "%(n)s mois-mesures", _form(months), n=number(months)),
    )


def _activity(review: AnnualReview) -> str:
    made, visits, missed = review.contacts_made, review.home_visits_made, review.contacts_missed
    held = review.reassessments_held
    contacts = gettext(
        "%(contacts)s, dont %(visits)s",
        contacts=ngettext("%(n)s contact a eu lieu", "%(n)s contacts ont eu lieu", _form(made), n=number(made)),
        visits=ngettext("%(n)s visite à domicile", "%(n)s visites à domicile", _form(visits), n=number(visits)),
    )
    rest = gettext(
        "%(missed)s et %(held)s",
        missed=ngettext("%(n)s absence ou refus", "%(n)s absences ou refus", _form(missed), n=number(missed)),
        held=ngettext("%(n)s réévaluation tenue", "%(n)s réévaluations tenues", _form(held), n=number(held)),
    )
    return _two_parts(contacts, rest)


def _referred(review: AnnualReview) -> str:
    referred, diagnosed = review.households_referred, review.diagnostics_made
    return gettext(
        "%(households)s et %(diagnostics)s.",
        households=ngettext(
            "%(n)s ménage a été orienté", "%(n)s ménages ont été orientés", _form(referred), n=number(referred)
        ),
        diagnostics=ngettext(
            "%(n)s diagnostic a été réalisé",
            "%(n)s diagnostics ont été réalisés",
            _form(diagnosed),
            n=number(diagnosed),
        ),
    )
