from datetime import date

import pytest

from casework.kernel.errors import RuleViolation
from casework.leases.rules import check_after_last_stage, check_next_stage, examinations, next_stages
from casework.programmes.vocabulary import STAGE_LABELS, LeaseStageCode

PATH = ("ALT", "SOUS_LOCATION", "BAIL_GLISSANT", "BAIL_DIRECT")


@pytest.mark.parametrize(
    ("present", "order_matters", "following"),
    [
        (None, True, PATH),
        ("ALT", True, ("SOUS_LOCATION", "BAIL_GLISSANT", "BAIL_DIRECT")),
        ("BAIL_GLISSANT", True, ("BAIL_DIRECT",)),
        ("BAIL_DIRECT", True, ()),
        ("BAIL_DIRECT", False, ("ALT", "SOUS_LOCATION", "BAIL_GLISSANT")),
        ("PCS", True, PATH),  # a stage of a file, unknown to the programme
    ],
)
def test_the_path_goes_forward_where_the_order_matters(
    present: str | None, order_matters: bool, following: tuple[str, ...]
) -> None:
    assert next_stages(present, PATH, order_matters=order_matters) == following


def test_a_programme_without_a_path_allows_every_stage() -> None:
    assert set(next_stages("ALT", (), order_matters=False)) == set(LeaseStageCode) - {LeaseStageCode.ALT}


@pytest.mark.parametrize(
    ("stage", "present", "words"),
    [
        ("ALT", "ALT", "déjà le statut"),
        ("PCS", "ALT", "ne prévoit pas"),
        ("ALT", "SOUS_LOCATION", "Peuvent suivre : Bail glissant, Bail direct"),
        ("ALT", "BAIL_DIRECT", "dernier statut"),
    ],
)
def test_a_stage_that_cannot_follow_is_refused_with_those_that_can(stage: str, present: str, words: str) -> None:
    with pytest.raises(RuleViolation, match=words) as refused:
        check_next_stage(stage, present, PATH, order_matters=True, labels=STAGE_LABELS)

    assert refused.value.field == "stage"


def test_a_stage_may_be_skipped() -> None:
    check_next_stage("BAIL_DIRECT", "ALT", PATH, order_matters=True, labels=STAGE_LABELS)


def test_a_stage_starts_after_the_last_one() -> None:
    check_after_last_stage(date(2026, 1, 2), date(2026, 1, 1))
    check_after_last_stage(date(2026, 1, 1), None)
    with pytest.raises(RuleViolation, match="depuis le 01/01/2026"):
        check_after_last_stage(date(2026, 1, 1), date(2026, 1, 1))


def test_examinations_are_counted_from_the_start_and_the_notice_from_the_end() -> None:
    found = examinations(date(2025, 8, 31), 6, 2, date(2026, 3, 1))

    assert [(e.number, e.ends_on, e.notice_on) for e in found] == [
        (1, date(2026, 2, 28), date(2025, 12, 28)),
        (2, date(2026, 8, 31), date(2026, 6, 30)),
        (3, date(2027, 2, 28), date(2026, 12, 28)),
    ]


def test_a_period_that_ends_today_is_the_present_one() -> None:
    assert [e.number for e in examinations(date(2025, 9, 30), 6, 2, date(2026, 3, 30))] == [1, 2]
