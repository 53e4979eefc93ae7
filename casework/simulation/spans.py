"""How long a programme accompanies, and until when it takes households in, as its definition says."""

from dataclasses import dataclass
from datetime import date

from casework.kernel.calendar import add_months
from casework.programmes.definition.parts import Definition

# What is planned where a definition says nothing: it binds nobody.
USUAL_MONTHS = 12
USUAL_RENEWAL_MONTHS = 6
LONGEST_USUAL_MONTHS = 22
# What a derogation adds at most in a simulation.
DEROGATION_MONTHS = 4


@dataclass(frozen=True)
class Span:
    """Months of one accompaniment. None: the definition sets no such limit.

    `first` is what the first contract plans, `renewal` what an amendment adds, `renewals` how many there may be;
    `derogation`: a longer one is possible with a motive.
    """

    least: int | None
    most: int | None
    typical: int
    first: int
    renewal: int
    renewals: int | None
    derogation: bool


def span_of(definition: Definition) -> Span:
    """Return the span of an accompaniment; limits for one form of support only bind nobody in general."""
    stated = definition.accompaniment
    renewal = stated.renewal_months or stated.period_months or USUAL_RENEWAL_MONTHS
    renewals = 0 if stated.renewable is False else stated.renewals_max
    first = stated.period_months or stated.typical_months or definition.max_months or USUAL_MONTHS
    most = definition.max_months
    if renewals is not None:
        whole = first + renewals * renewal
        most = whole if most is None else min(most, whole)
    if most is not None:
        first = min(first, most)
    typical = stated.typical_months or most or USUAL_MONTHS
    return Span(definition.min_months, most, typical, first, renewal, renewals, stated.derogation)


def project_end(definition: Definition, opened_on: date) -> date | None:
    """Return the day from which no household may enter any more; None: the project goes on.

    A project goes on when it is renewable without a limit, or when its length is a least one.
    """
    duration = definition.duration
    if duration.months is None or duration.is_minimum:
        return None
    months: int | None = duration.months
    if duration.renewable:
        times = None if duration.renewals_max is None else 1 + duration.renewals_max
        months = duration.total_months_max or (times and duration.months * times)
    return None if months is None else add_months(opened_on, months)
