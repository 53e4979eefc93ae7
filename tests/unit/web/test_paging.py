from __future__ import annotations

import pytest

from casework.web.paging import Place, cut


@pytest.mark.parametrize(
    ("after", "before", "place"),
    [
        (None, None, Place()),
        ("", "", Place()),
        ("martin~7", None, Place("martin", 7)),
        ("martin~7", "petit~9", Place("petit", 9, backwards=True)),
        ("a~b~7", None, Place("a~b", 7)),
        ("~7", None, Place("", 7)),
        ("martin", None, Place()),
        ("martin~", None, Place()),
        ("martin~-7", None, Place()),
        ("martin~0", None, Place()),
        (None, "martin~0", Place()),
        ("martin~٧", None, Place()),
        ("martin~1e3", None, Place()),
        ("martin~9999999999999999999", None, Place()),
        ("mar\x00tin~7", None, Place()),
    ],
)
def test_a_place_in_a_list_is_read_from_the_address_or_is_its_start(
    after: str | None, before: str | None, place: Place
) -> None:
    assert Place.read(after, before) == place


def _places(rows: list[int], place: Place, size: int = 2) -> tuple[list[int], str, str]:
    page = cut(rows, place, size, str)
    return list(page.rows), page.previous, page.next


@pytest.mark.parametrize(
    ("rows", "place", "expected"),
    [
        ([1, 2, 3], Place(), ([1, 2], "", "2")),
        ([1, 2], Place(), ([1, 2], "", "")),
        ([], Place(), ([], "", "")),
        ([3, 4, 5], Place("2", 2), ([3, 4], "3", "4")),
        ([5], Place("4", 4), ([5], "5", "")),
        ([], Place("9", 9), ([], "", "")),
        ([4, 3, 2], Place("5", 5, backwards=True), ([3, 4], "3", "4")),
        ([2, 1], Place("3", 3, backwards=True), ([1, 2], "", "2")),
    ],
)
def test_a_page_knows_whether_there_are_others_around_it(
    rows: list[int], place: Place, expected: tuple[list[int], str, str]
) -> None:
    assert _places(rows, place) == expected
