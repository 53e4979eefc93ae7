from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.accounts.vocabulary import Role
from casework.exchange.reading.records import HouseholdFacts
from casework.exchange.rules import contract_fault, corrected_contracts, household_faults, may_follow, overlap

TODAY = date(2026, 3, 30)
SOUND = HouseholdFacts(
    number="A-1",
    civility="MME",
    family_name="Gérard",
    given_name="Élodie",
    born_on=date(1967, 6, 18),
    adults=2,
    children=0,
    composition="CSANS",
    resources=103332,
    benefit=20600,
    benefit_payment="TIERS_PAYANT",
    lease_number="1/01",
    address="9 avenue de la Gare",
    district="Centre",
    typology="T2",
    rent=34517,
    charges=9363,
    moved_in_on=date(2020, 6, 28),
    stage="BAIL_DIRECT",
    referral_source="FAMILLE",
    referred_on=date(2025, 7, 16),
    diagnosed_on=date(2025, 8, 14),
    contract_on=date(2025, 9, 20),
    planned_end_on=date(2026, 3, 20),
    referent="r1",
    housing_at_entry="HLM",
    ended_on=date(2026, 2, 1),
    end_reason="OBJ",
    outcome="MAINTIEN_TITRE",
)
DAY = timedelta(days=1)


def test_a_whole_path_has_no_fault() -> None:
    assert household_faults(SOUND, TODAY) == []


def test_a_path_may_stop_after_any_step() -> None:
    ended = {"ended_on": None, "end_reason": None, "outcome": None}
    signed = replace(SOUND, **ended)  # type: ignore[arg-type]  # each name with a value of its type
    for facts in (
        signed,
        replace(signed, contract_on=None, planned_end_on=None),
        replace(signed, contract_on=None, planned_end_on=None, diagnosed_on=None),
        replace(SOUND, contract_on=None, planned_end_on=None),
    ):
        assert household_faults(facts, TODAY) == []


@pytest.mark.parametrize(
    ("facts", "column"),
    [
        (replace(SOUND, born_on=TODAY + DAY), "date_naissance"),
        (replace(SOUND, adults=0, children=0), "adultes"),
        (replace(SOUND, moved_in_on=None), "date_entree_logement"),
        (replace(SOUND, diagnosed_on=SOUND.referred_on - DAY), "date_diagnostic"),
        (replace(SOUND, contract_on=SOUND.referred_on - DAY), "date_contrat"),
        (replace(SOUND, contract_on=date(2025, 8, 13)), "date_contrat"),
        (replace(SOUND, contract_on=None), "date_fin_prevue"),
        (replace(SOUND, planned_end_on=SOUND.contract_on), "date_fin_prevue"),
        (replace(SOUND, ended_on=SOUND.referred_on - DAY), "date_sortie"),
        (replace(SOUND, ended_on=date(2025, 9, 19)), "date_sortie"),
        (replace(SOUND, ended_on=None), "date_sortie"),
        (replace(SOUND, end_reason=None), "motif_fin"),
        (replace(SOUND, outcome=None), "resultat"),
    ],
)
def test_what_cannot_be_true_together_is_told_with_its_column(facts: HouseholdFacts, column: str) -> None:
    assert [fault[0] for fault in household_faults(facts, TODAY)] == [column]


def test_a_lease_passes_on_when_an_accompaniment_ends() -> None:
    first = replace(SOUND, ended_on=date(2026, 2, 1))
    assert overlap(first, replace(SOUND, number="B", referred_on=date(2026, 1, 31), ended_on=None))
    assert not overlap(first, replace(SOUND, number="B", referred_on=date(2026, 2, 1), ended_on=None))
    assert overlap(replace(SOUND, ended_on=None), replace(SOUND, number="B", referred_on=date(2020, 1, 1)))


CONTRACTS = [(date(2025, 1, 10), date(2025, 7, 10)), (date(2025, 6, 1), None)]


@pytest.mark.parametrize(
    ("signed_on", "planned_end_on", "dates", "is_sound"),
    [
        (date(2025, 5, 31), None, [(date(2025, 5, 31), date(2025, 7, 10)), (date(2025, 6, 1), None)], True),
        (date(2025, 6, 1), None, [(date(2025, 6, 1), date(2025, 7, 10)), (date(2025, 6, 1), None)], False),
        (date(2025, 7, 10), None, [(date(2025, 7, 10), date(2025, 7, 10)), (date(2025, 6, 1), None)], False),
        (None, date(2025, 6, 1), [(date(2025, 1, 10), date(2025, 6, 1)), (date(2025, 6, 1), None)], True),
        (None, date(2025, 6, 2), [(date(2025, 1, 10), date(2025, 7, 10)), (date(2025, 6, 1), date(2025, 6, 2))], True),
    ],
)
def test_a_contract_stays_before_its_end_and_its_amendments(
    signed_on: date | None, planned_end_on: date | None, dates: list[tuple[date, date | None]], is_sound: bool
) -> None:
    corrected = corrected_contracts(CONTRACTS, signed_on, planned_end_on)
    assert corrected == dates
    assert (contract_fault(corrected) is None) == is_sound


def test_referents_of_the_association_may_follow_and_managers_where_they_work() -> None:
    followers = {(role, here) for role in Role for here in (False, True) if may_follow(role, is_member=here)}

    assert followers == {(Role.REFERENT, False), (Role.REFERENT, True), (Role.MANAGER, True)}
