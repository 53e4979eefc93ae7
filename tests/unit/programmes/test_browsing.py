from __future__ import annotations

import pytest

from casework.programmes.browsing import Filters, find_entries, find_entry, neighbours
from casework.programmes.catalogue import catalogue, catalogue_codes


def found(**filters: str) -> list[str]:
    return [d.id for d in find_entries(Filters(**filters)).entries]


def test_without_a_filter_every_entry_stands_by_its_number() -> None:
    assert tuple(found()) == catalogue_codes()


@pytest.mark.parametrize("text", ["île-de-france", "ILE DE FRANCE", "Ile-de-France"])
def test_words_are_found_without_accents_or_capitals(text: str) -> None:
    assert found(text=text) == found(text="ile de france")
    assert "2.1.3" in found(text=text)


def test_every_word_must_be_there_wherever_it_stands() -> None:
    assert "2.1.18" in found(text="armee salut metz")
    assert found(text="armee salut metz") == [code for code in found(text="metz") if code in found(text="armee salut")]
    assert found(text="introuvable") == []


def test_a_publics_name_is_found() -> None:
    assert set(found(text="gens du voyage")) >= {d.id for d in catalogue() if "travellers" in d.publics}


def test_a_number_finds_its_entry_or_its_chapter_and_nothing_else() -> None:
    assert found(text="2.3.1") == ["2.3.1"]
    assert found(text="f-caen") == ["F-CAEN"]
    assert found(text="3.3") == [f"3.3.{n}" for n in range(1, 9)]
    assert found(text="9") == []


def test_filters_hold_together_and_each_counts_what_its_values_would_keep() -> None:
    both = find_entries(Filters(category="access", stage="BAIL_GLISSANT"))

    assert [d.id for d in both.entries] == [
        d.id for d in catalogue() if d.category == "access" and "BAIL_GLISSANT" in d.lease.stages
    ]
    assert both.categories["access"] == len(both.entries)
    assert both.categories["youth"] == len(found(category="youth", stage="BAIL_GLISSANT"))
    assert both.stages["BAIL_DIRECT"] == len(found(category="access", stage="BAIL_DIRECT"))
    assert both.publics["isolated"] == len(found(category="access", stage="BAIL_GLISSANT", public="isolated"))
    assert both.modes["access"] == len(found(category="access", stage="BAIL_GLISSANT", mode="access"))


def test_an_unknown_mode_is_in_the_catalogue_and_under_no_mode() -> None:
    assert "F-CAEN" in found()
    assert all("F-CAEN" not in found(mode=mode) for mode in ("access", "maintain", "both"))


def test_only_what_differs_from_everything_stands_in_the_address() -> None:
    filters = Filters(text="metz", stage="BAIL_DIRECT")

    assert filters.to_query() == {"mot": "metz", "statut": "BAIL_DIRECT"}
    assert filters.to_query(text="", category="youth") == {"theme": "youth", "statut": "BAIL_DIRECT"}


def test_an_entry_has_its_neighbours() -> None:
    codes = catalogue_codes()
    before, after = neighbours("2.1.10")

    assert (before and before.id, after and after.id) == ("2.1.9", "2.1.11")
    assert neighbours(codes[0])[0] is None
    assert neighbours(codes[-1])[1] is None
    assert find_entry("NOWHERE") is None
    assert neighbours("NOWHERE") == (None, None)
