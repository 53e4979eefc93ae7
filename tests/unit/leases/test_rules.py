from datetime import date

import pytest

from casework.kernel.errors import RuleViolation
from casework.leases.rules import check_after_last_stage, check_next_stage, examinations, next_stages
from casework.programmes.definition.parts import Lease, Path
from casework.programmes.vocabulary import STAGE_LABELS, LeaseStageCode

PATH = ("ALT", "SOUS_LOCATION", "BAIL_GLISSANT", "BAIL_DIRECT")
ORDERED = Lease((Path(PATH),), order_matters=True)
FREE = Lease((Path(PATH),))
FORKED = Lease((Path(("ALT", "BAIL_DIRECT")), Path(("ALT", "SOUS_LOCATION", "RES_SOCIALE"))), order_matters=True)
FLATS = Lease((Path(("APPARTEMENT_TEMOIN",) * 3),), order_matters=True)


@pytest.mark.parametrize(
    ("history", "lease", "following"),
    [
        ((), ORDERED, PATH),
        (("ALT",), ORDERED, ("SOUS_LOCATION", "BAIL_GLISSANT", "BAIL_DIRECT")),
        (("ALT", "BAIL_GLISSANT"), ORDERED, ("BAIL_DIRECT",)),
        (("BAIL_DIRECT",), ORDERED, ()),
        (("BAIL_DIRECT",), FREE, ("ALT", "SOUS_LOCATION", "BAIL_GLISSANT")),
        (("PCS",), ORDERED, PATH),  # a stage of a file, unknown to the programme
        (("BAIL_DIRECT", "ALT"), ORDERED, ("SOUS_LOCATION", "BAIL_GLISSANT", "BAIL_DIRECT")),  # no path goes so
        (("ALT",), FORKED, ("BAIL_DIRECT", "SOUS_LOCATION", "RES_SOCIALE")),
        (("ALT", "SOUS_LOCATION"), FORKED, ("RES_SOCIALE",)),
        (("ALT", "BAIL_DIRECT"), FORKED, ()),
        (("APPARTEMENT_TEMOIN",), FLATS, ("APPARTEMENT_TEMOIN",)),
        (("APPARTEMENT_TEMOIN",) * 3, FLATS, ()),
    ],
)
def test_the_path_goes_forward_where_the_order_matters(
    history: tuple[str, ...], lease: Lease, following: tuple[str, ...]
) -> None:
    assert next_stages(history, lease) == following


def test_a_programme_without_a_path_allows_every_stage() -> None:
    assert set(next_stages(["ALT"], Lease())) == set(LeaseStageCode) - {LeaseStageCode.ALT}


def test_what_a_source_names_beside_its_paths_is_allowed_where_no_order_is_imposed() -> None:
    assert next_stages([], Lease((Path(("ALT",)),), named=("PCS",))) == ("ALT", "PCS")
    assert next_stages([], Lease((Path(("ALT",)),), named=("PCS",), order_matters=True)) == ("ALT",)


@pytest.mark.parametrize(
    ("stage", "history", "lease", "words"),
    [
        ("ALT", ["ALT"], ORDERED, "déjà le statut"),
        ("PCS", ["ALT"], ORDERED, "ne prévoit pas"),
        ("ALT", ["SOUS_LOCATION"], ORDERED, "Peuvent suivre\u00a0: Bail glissant, Bail direct"),
        ("ALT", ["BAIL_DIRECT"], ORDERED, "dernier statut"),
        ("APPARTEMENT_TEMOIN", ["APPARTEMENT_TEMOIN"] * 3, FLATS, "déjà le statut"),
    ],
)
def test_a_stage_that_cannot_follow_is_refused_with_those_that_can(
    stage: str, history: list[str], lease: Lease, words: str
) -> None:
    with pytest.raises(RuleViolation, match=words) as refused:
        check_next_stage(stage, history, lease, STAGE_LABELS)

    assert refused.value.field == "stage"


def test_a_stage_may_be_skipped() -> None:
    check_next_stage("BAIL_DIRECT", ["ALT"], ORDERED, STAGE_LABELS)


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
