from __future__ import annotations

from datetime import date

import pytest

from casework.households.rules import Makeup, Member, check_birth, check_declared, check_stay, composition_of
from casework.households.vocabulary import Composition
from casework.kernel.errors import RuleViolation

TODAY = date(2026, 3, 30)
HER = Member("REFERENCE", "MME", date(1984, 5, 17))
HIM = Member("REFERENCE", "M", date(1980, 1, 2))
NAMELESS = Member("REFERENCE", None, date(1980, 1, 2))
MINOR = Member("REFERENCE", "M", date(2009, 1, 2))
PARTNER = Member("CONJOINT", "M", date(1982, 3, 4))
CHILD = Member("ENFANT", None, date(2015, 6, 7))
GROWN_CHILD = Member("ENFANT", "MME", date(2005, 6, 7))
UNDATED_CHILD = Member("ENFANT")
MOTHER = Member("PARENT", "MME", date(1955, 6, 7))
FRIEND = Member("AUTRE", "M", date(1990, 6, 7))
NEPHEW = Member("AUTRE", "M", date(2012, 6, 7))


@pytest.mark.parametrize(
    ("members", "makeup"),
    [
        ([], Makeup(0, 0, Composition.NR)),
        ([HER], Makeup(1, 0, Composition.FSEULE)),
        ([HIM], Makeup(1, 0, Composition.HSEUL)),
        ([NAMELESS], Makeup(1, 0, Composition.NR)),
        ([MINOR], Makeup(0, 1, Composition.MINEUR)),
        ([HER, CHILD], Makeup(1, 1, Composition.FMONO)),
        ([HIM, CHILD, UNDATED_CHILD], Makeup(1, 2, Composition.HMONO)),
        ([HER, GROWN_CHILD], Makeup(2, 0, Composition.FMONO)),
        ([HER, NEPHEW], Makeup(1, 1, Composition.FMONO)),
        ([HER, PARTNER], Makeup(2, 0, Composition.CSANS)),
        ([HER, PARTNER, CHILD], Makeup(2, 1, Composition.CAVEC)),
        ([HER, PARTNER, GROWN_CHILD], Makeup(3, 0, Composition.CAVEC)),
        ([HER, MOTHER], Makeup(2, 0, Composition.GADU)),
        ([HIM, FRIEND, CHILD], Makeup(2, 1, Composition.GENF)),
        ([HER, PARTNER, MOTHER], Makeup(3, 0, Composition.GADU)),
    ],
)
def test_the_composition_follows_from_the_people(members: list[Member], makeup: Makeup) -> None:
    assert composition_of(members, TODAY) == makeup


@pytest.mark.parametrize(
    ("day", "adults"), [(date(2026, 3, 29), 1), (date(2026, 3, 30), 2), (date(2026, 4, 5), 2), (date(2026, 4, 6), 1)]
)
def test_only_who_lives_there_on_the_day_counts_both_ends_included(day: date, adults: int) -> None:
    guest = Member("AUTRE", "M", date(1990, 1, 1), from_on=date(2026, 3, 30), to_on=date(2026, 4, 5))

    assert composition_of([HER, guest], day).adults == adults


@pytest.mark.parametrize(("day", "children"), [(date(2026, 3, 30), 1), (date(2026, 3, 31), 0)])
def test_one_is_an_adult_from_the_eighteenth_birthday_on(day: date, children: int) -> None:
    assert composition_of([HER, Member("ENFANT", "M", date(2008, 3, 31))], day).children == children


@pytest.mark.parametrize(
    ("composition", "adults", "children", "field"),
    [
        ("HSEUL", 1, 0, None),
        ("FSEULE", 1, 1, "composition"),
        ("FSEULE", 2, 0, "composition"),
        ("HMONO", 1, 3, None),
        ("FMONO", 2, 0, None),
        ("FMONO", 1, 0, "composition"),
        ("CSANS", 2, 0, None),
        ("CSANS", 2, 1, "composition"),
        ("CAVEC", 2, 1, None),
        ("CAVEC", 3, 0, None),
        ("CAVEC", 2, 0, "composition"),
        ("GADU", 2, 0, None),
        ("GADU", 1, 0, "composition"),
        ("GENF", 1, 1, None),
        ("GENF", 3, 0, "composition"),
        ("MINEUR", 0, 1, None),
        ("MINEUR", 1, 0, "composition"),
        ("NR", 4, 4, None),
        ("NR", 0, 0, "adults"),
    ],
)
def test_declared_numbers_must_fit_the_declared_composition(
    composition: str, adults: int, children: int, field: str | None
) -> None:
    if field is None:
        check_declared(composition, adults, children)
        return
    with pytest.raises(RuleViolation) as refused:
        check_declared(composition, adults, children)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("born_on", "sound"),
    [(None, True), (TODAY, True), (date(2026, 3, 31), False), (date(1905, 4, 1), True), (date(1905, 3, 30), False)],
)
def test_a_birth_is_neither_ahead_nor_out_of_reason(born_on: date | None, sound: bool) -> None:
    if sound:
        check_birth("born_on", born_on, TODAY)
        return
    with pytest.raises(RuleViolation):
        check_birth("born_on", born_on, TODAY)


@pytest.mark.parametrize(
    ("from_on", "to_on", "field"),
    [
        (None, None, None),
        (TODAY, TODAY, None),
        (date(2026, 3, 31), None, "from_on"),
        (None, date(2026, 3, 31), "to_on"),
        (TODAY, date(2026, 3, 29), "to_on"),
    ],
)
def test_a_stay_starts_before_it_ends_and_is_not_noted_ahead(
    from_on: date | None, to_on: date | None, field: str | None
) -> None:
    if field is None:
        check_stay(from_on, to_on, TODAY)
        return
    with pytest.raises(RuleViolation) as refused:
        check_stay(from_on, to_on, TODAY)
    assert refused.value.field == field
