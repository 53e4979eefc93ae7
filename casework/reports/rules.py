"""The annual review: what each figure counts, once, for the totals and for the lists behind them.

A figure weighs each case: how many the case counts for, or None when it stands outside. The total is the sum of the
weights, the list is the cases that have one, so that the two can never disagree.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from statistics import median
from typing import NamedTuple

from casework.kernel.calendar import months_touched
from casework.reports.vocabulary import FIRST_YEAR, GROUPED, LAST_YEAR, SMALL_COUNT, UNKNOWN

JsonFigure = int | float | None | dict[str, int]


class Tally(NamedTuple):
    """How many facts of one kind fall in the year, and the day of the last one."""

    number: int = 0
    last_on: date | None = None


NONE = Tally()


class CaseFacts(NamedTuple):
    """What the review of a year has to know of one case. Tallies hold the facts dated in that year."""

    case_id: int
    referred_on: date
    diagnosed_on: date | None
    contract_on: date | None
    ended_on: date | None
    adults: int
    children: int
    composition: str
    housing_at_entry: str
    referral_source: str
    end_reason: str | None
    outcome: str | None
    contacts_made: Tally = NONE
    home_visits_made: Tally = NONE
    contacts_missed: Tally = NONE
    reassessments_held: Tally = NONE


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year: its 1 January, its 31 December."""

    first: date
    last: date

    @classmethod
    def of(cls, number: int) -> "Year":
        """Return the year `number`."""
        return cls(date(number, 1, 1), date(number, 12, 31))

    def holds(self, day: date | None) -> bool:
        """Tell whether `day` is a day of this year."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True)
class AnnualReview:
    """The figures of one year, in the order in which every face shows them.

    A breakdown holds {code: number of households}, by code; where the reader may not learn small numbers, they
    stand together as GROUPED. The median is None when nobody left.
    """

    year: int
    households_referred: int
    diagnostics_made: int
    stock_on_1_january: int
    entered: int
    left: int
    stock_on_31_december: int
    active_caseload: int
    persons_adults: int
    persons_children: int
    household_months: int
    composition: Mapping[str, int]
    housing_at_entry: Mapping[str, int]
    referral_source: Mapping[str, int]
    end_reasons: Mapping[str, int]
    outcomes: Mapping[str, int]
    median_duration_days_of_left: float | None
    contacts_made: int
    home_visits_made: int
    contacts_missed: int
    reassessments_held: int

    def as_json(self) -> dict[str, JsonFigure]:
        """Return {name of the figure: figure}, in order, ready for JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {k: dict(v) if isinstance(v, Mapping) else v for k, v in values.items()}

    def breakdown(self, name: str) -> Mapping[str, int]:
        """Return the breakdown `name` (a key of BREAKDOWNS)."""
        found: Mapping[str, int] = getattr(self, name)
        return found


@dataclass(frozen=True)
class Figure:
    """What a figure counts in a case, and the date of the case that makes it count.

    `among` says which cases are looked at; those of them whose weight is None stand outside.
    """

    among: Callable[[CaseFacts, Year], bool]
    weight: Callable[[CaseFacts, Year], int | None]
    date_of: Callable[[CaseFacts], date | None]


@dataclass(frozen=True)
class Breakdown:
    """The households of a figure, by a code of theirs."""

    of: str
    column: Callable[[CaseFacts], str | None]

    def code_of(self, case: CaseFacts) -> str:
        """Return the code of `case`; what nobody filled in is counted as such."""
        return self.column(case) or UNKNOWN


def is_followed(case: CaseFacts, year: Year) -> bool:
    """Tell whether the contract is signed by 31 December, and not ended before 1 January. A pause changes nothing."""
    return (
        case.contract_on is not None
        and case.contract_on <= year.last
        and (case.ended_on is None or case.ended_on >= year.first)
    )


def has_left(case: CaseFacts, year: Year) -> bool:
    """Tell whether a case followed in the year ended in it."""
    return year.holds(case.ended_on) and is_followed(case, year)


def _any(_case: CaseFacts, _year: Year) -> bool:
    return True


def _one(holds: bool) -> int | None:
    return 1 if holds else None


def _months(case: CaseFacts, year: Year) -> int | None:
    if case.contract_on is None:
        return None
    last = year.last if case.ended_on is None else min(case.ended_on, year.last)
    return months_touched(max(case.contract_on, year.first), last) or None


def _duration(case: CaseFacts, _year: Year) -> int | None:
    if case.contract_on is None or case.ended_on is None:
        return None
    return (case.ended_on - case.contract_on).days


def _contract_on(case: CaseFacts) -> date | None:
    return case.contract_on


def _ended_on(case: CaseFacts) -> date | None:
    return case.ended_on


def _tally(tally_of: Callable[[CaseFacts], Tally]) -> Figure:
    return Figure(is_followed, lambda case, _: tally_of(case).number or None, lambda case: tally_of(case).last_on)


FIGURES: dict[str, Figure] = {
    "households_referred": Figure(_any, lambda c, y: _one(y.holds(c.referred_on)), lambda c: c.referred_on),
    "diagnostics_made": Figure(_any, lambda c, y: _one(y.holds(c.diagnosed_on)), lambda c: c.diagnosed_on),
    "stock_on_1_january": Figure(
        is_followed, lambda c, y: _one(c.contract_on is not None and c.contract_on < y.first), _contract_on
    ),
    "entered": Figure(is_followed, lambda c, y: _one(y.holds(c.contract_on)), _contract_on),
    "left": Figure(has_left, lambda c, y: 1, _ended_on),
    "stock_on_31_december": Figure(
        is_followed, lambda c, y: _one(c.ended_on is None or c.ended_on > y.last), _contract_on
    ),
    "active_caseload": Figure(is_followed, lambda c, y: 1, _contract_on),
    "persons_adults": Figure(is_followed, lambda c, y: c.adults or None, _contract_on),
    "persons_children": Figure(is_followed, lambda c, y: c.children or None, _contract_on),
    "household_months": Figure(is_followed, _months, _contract_on),
    "median_duration_days_of_left": Figure(has_left, _duration, _ended_on),
    "contacts_made": _tally(lambda c: c.contacts_made),
    "home_visits_made": _tally(lambda c: c.home_visits_made),
    "contacts_missed": _tally(lambda c: c.contacts_missed),
    "reassessments_held": _tally(lambda c: c.reassessments_held),
}

BREAKDOWNS: dict[str, Breakdown] = {
    "composition": Breakdown("active_caseload", lambda c: c.composition),
    "housing_at_entry": Breakdown("active_caseload", lambda c: c.housing_at_entry),
    "referral_source": Breakdown("active_caseload", lambda c: c.referral_source),
    "end_reasons": Breakdown("left", lambda c: c.end_reason),
    "outcomes": Breakdown("left", lambda c: c.outcome),
}


def is_reviewable(year: int) -> bool:
    """Tell whether a review of `year` can make sense at all."""
    return FIRST_YEAR <= year <= LAST_YEAR


def is_to_come(year: int, today: date) -> bool:
    """Tell whether a year has not begun: what is planned in it is no review of it."""
    return year > today.year


def behind(cases: Iterable[CaseFacts], year: int, figure: str, code: str | None = None) -> list[tuple[CaseFacts, int]]:
    """Return the cases that a figure counts, each with how many it counts for.

    `figure` is a key of FIGURES, or one of BREAKDOWNS, then with the `code` to look at (None: all of them).
    Raises KeyError for any other name.
    """
    breakdown = BREAKDOWNS.get(figure)
    rule, of_year = FIGURES[breakdown.of if breakdown else figure], Year.of(year)
    return [
        (case, number)
        for case in cases
        if rule.among(case, of_year)
        and (number := rule.weight(case, of_year)) is not None
        and (breakdown is None or code is None or breakdown.code_of(case) == code)
    ]


def date_that_counts(case: CaseFacts, figure: str) -> date | None:
    """Return the date for which `case` counts in `figure` (a key of FIGURES or BREAKDOWNS)."""
    breakdown = BREAKDOWNS.get(figure)
    return FIGURES[breakdown.of if breakdown else figure].date_of(case)


def review_of(cases: Iterable[CaseFacts], year: int) -> AnnualReview:
    """Return the figures of `year` for the cases of one programme, in any order and whether they count or not."""
    of_year = Year.of(year)
    everyone = list(cases)
    followed = [case for case in everyone if is_followed(case, of_year)]
    left = [case for case in followed if has_left(case, of_year)]
    groups = {_any: everyone, is_followed: followed, has_left: left}

    def weights(figure: str) -> list[int]:
        rule = FIGURES[figure]
        return [n for case in groups[rule.among] if (n := rule.weight(case, of_year)) is not None]

    def total(figure: str) -> int:
        return sum(weights(figure))

    days = weights("median_duration_days_of_left")
    return AnnualReview(
        year=year,
        households_referred=total("households_referred"),
        diagnostics_made=total("diagnostics_made"),
        stock_on_1_january=total("stock_on_1_january"),
        entered=total("entered"),
        left=total("left"),
        stock_on_31_december=total("stock_on_31_december"),
        active_caseload=total("active_caseload"),
        persons_adults=total("persons_adults"),
        persons_children=total("persons_children"),
        household_months=total("household_months"),
        composition=_split(groups, "composition"),
        housing_at_entry=_split(groups, "housing_at_entry"),
        referral_source=_split(groups, "referral_source"),
        end_reasons=_split(groups, "end_reasons"),
        outcomes=_split(groups, "outcomes"),
        median_duration_days_of_left=median(days) if days else None,
        contacts_made=total("contacts_made"),
        home_visits_made=total("home_visits_made"),
        contacts_missed=total("contacts_missed"),
        reassessments_held=total("reassessments_held"),
    )


def _split(groups: Mapping[Callable[[CaseFacts, Year], bool], list[CaseFacts]], name: str) -> dict[str, int]:
    breakdown = BREAKDOWNS[name]
    codes = Counter(map(breakdown.code_of, groups[FIGURES[breakdown.of].among]))
    return dict(sorted(codes.items()))


def group_small_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return a breakdown in which no number under SMALL_COUNT can be read, nor worked out from the total.

    The small numbers stand together as GROUPED, which does not say what is in it; where they are fewer than SMALL_COUNT
    themselves, the smallest of the others join them. Where that is all of them, nothing is told.
    """
    told, grouped = {}, 0
    for code in sorted(counts, key=lambda code: (counts[code], code)):
        if counts[code] < SMALL_COUNT or 0 < grouped < SMALL_COUNT:
            grouped += counts[code]
        else:
            told[code] = counts[code]
    if not told:
        return {}
    return dict(sorted(told.items())) | ({GROUPED: grouped} if grouped else {})
