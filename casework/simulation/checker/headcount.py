"""Who entered: not more households than the definition says, none after the project, none outside the ages."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from casework.programmes.definition.parts import Definition, Quota
from casework.simulation.checker.arithmetic import after_months, age
from casework.simulation.checker.history import CaseTold, History
from casework.simulation.checker.violations import Violation

# At home when they were referred: the programme helps them to stay. The tables tell the mode by nothing else.
_AT_HOME = {"HLM", "PRIVE", "PROP", "OSDT", "GRATUIT", "FONCTION"}
Entry = tuple[date, CaseTold]


def check(history: History) -> Iterator[Violation]:
    """Yield the households that should not have entered."""
    entries = sorted(
        ((case.signed_on, case) for case in history.cases if case.signed_on is not None),
        key=lambda entry: (entry[0], entry[1].number),
    )
    for place, (day, case) in enumerate(entries):
        definition = history.definition_on(day)
        yield from _headcount(definition, entries[: place + 1], day, case)
        yield from _quotas(definition, entries[: place + 1], day, case)
        yield from _project(history, definition, day, case)
    for case in history.cases:
        yield from _ages(case)
    yield from _leases(history)


def _headcount(definition: Definition, entries: Sequence[Entry], day: date, case: CaseTold) -> Iterator[Violation]:
    headcount = definition.households
    if headcount is None:
        return
    limits = [(headcount.unit, headcount.value)]
    if headcount.per_year is not None:
        limits.append(("per_year", headcount.per_year))
    for unit, value in limits:
        count = _count(unit, entries, day)
        if count > value:
            yield Violation("headcount_exceeded", case.number, day, _says(unit, value), f"{count} ménages")


def _count(unit: str, entries: Sequence[Entry], day: date) -> int:
    if unit == "per_year":
        return sum(entered.year == day.year for entered, _case in entries)
    if unit == "active_caseload":
        return sum(case.is_followed_on(day) for _entered, case in entries)
    return len(entries)


def _says(unit: str, value: int) -> str:
    words = {"total": "au total", "per_year": "par an", "active_caseload": "en même temps"}
    return f"{value} ménages {words[unit]}"


def _quotas(definition: Definition, entries: Sequence[Entry], day: date, case: CaseTold) -> Iterator[Violation]:
    unit = definition.households.unit if definition.households else "total"
    for quota in definition.quotas:
        if quota.by == "mode" and quota.unit == "household" and _mode(case) == quota.of:
            count = _count(unit, [entry for entry in entries if _mode(entry[1]) == quota.of], day)
            if count > quota.value:
                says = f"{_says(unit, quota.value)} pour « {quota.of} »"
                yield Violation("quota_exceeded", case.number, day, says, f"{count} ménages")


def _mode(case: CaseTold) -> str:
    return "maintain" if case.housing_at_entry in _AT_HOME else "access"


def _leases(history: History) -> Iterator[Violation]:
    """Yield the stages that begin where as many households as the quota says have it already.

    A stage of before the referral takes a place of the programme from the referral on.
    """
    starts = sorted((max(s.from_on, c.referred_on), c.number, s.code, c) for c in history.cases for s in c.stages)
    for day, number, code, case in starts:
        quota = next(_lease_quotas(history.definition_on(day), code), None)
        if quota is None:
            continue
        count = sum(_stage_on(other, day, until=number) == code for other in history.cases)
        if count > quota.value:
            says = f"{quota.value} en même temps pour {code}"
            yield Violation("quota_exceeded", case.number, day, says, f"{count} ménages")


def _lease_quotas(definition: Definition, code: str) -> Iterator[Quota]:
    return (quota for quota in definition.quotas if quota.by == "lease" and quota.of == code)


def _stage_on(case: CaseTold, day: date, until: str) -> str | None:
    """Return the stage of a case on a day; of the cases that begin one that day, up to the number `until` only."""
    if case.ended_on is not None and case.ended_on <= day:
        return None
    starts = [(max(stage.from_on, case.referred_on), stage.code) for stage in case.stages]
    held = [code for start, code in starts if start < day or (start == day and case.number <= until)]
    return held[-1] if held else None


def _project(history: History, definition: Definition, day: date, case: CaseTold) -> Iterator[Violation]:
    duration = definition.duration
    if duration.months is None or duration.is_minimum:
        return
    months: int | None = duration.months
    if duration.renewable:
        renewed = None if duration.renewals_max is None else duration.months * (1 + duration.renewals_max)
        months = duration.total_months_max if duration.total_months_max is not None else renewed
    if months is not None and day > after_months(history.opened_on, months):
        says = f"projet de {months} mois depuis le {history.opened_on}"
        yield Violation("entry_after_project_end", case.number, day, says, f"contrat du {day}")


def _ages(case: CaseTold) -> Iterator[Violation]:
    limits = case.definition.ages
    if case.born_on is None:
        return
    years = age(case.born_on, case.referred_on)
    outside: list[tuple[Callable[[int], bool], str]] = []
    if limits.min is not None:
        low, strict = limits.min, limits.min_strict
        outside.append(
            (lambda n: n < low or (strict and n == low), f"{'plus de ' if strict else 'à partir de '}{low} ans")
        )
    if limits.max is not None:
        high, before = limits.max, limits.max_strict
        outside.append(
            (lambda n: n > high or (before and n == high), f"{'moins de ' if before else 'jusqu’à '}{high} ans")
        )
    for is_outside, says in outside:
        if is_outside(years):
            yield Violation("age_outside_limits", case.number, case.referred_on, says, f"{years} ans")
