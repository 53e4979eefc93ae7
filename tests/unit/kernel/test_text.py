from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.kernel.text import clean_line, clean_text, search_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Lefèvre", "lefevre"),
        (unicodedata.normalize("NFD", "Lefèvre"), "lefevre"),
        ("LEFÈVRE", "lefevre"),
        ("Cœur", "coeur"),
        ("CŒUR", "coeur"),
        ("Lætitia Æ", "laetitia ae"),
        ("Łukasz Wałęsa", "lukasz walesa"),
        ("İbrahim", "ibrahim"),
        ("Yıldız", "yildiz"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Søren Đorđe", "soren dorde"),
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("D’Angelo-N'Diaye", "d angelo n diaye"),
        ("N\u02bcDiaye", "n diaye"),
        ("  Martin   (Anne) ", "martin anne"),
        ("SAI-2025-001", "sai 2025 001"),
        ("ﬁn ²", "fin 2"),
        ("snake_case", "snake case"),
        ("’–…!", ""),
        ("", ""),
    ],
)
def test_a_search_key_forgets_case_accents_ligatures_and_punctuation(text: str, key: str) -> None:
    assert search_key(text) == key


@pytest.mark.parametrize("name", ["محمد", "Шевченко", "陳", "Παπαδόπουλος"])
def test_a_name_in_another_script_keeps_a_key_of_its_own(name: str) -> None:
    """Without one it could be found by no search, and a search for it would find everybody."""
    assert search_key(name)
    assert search_key(name) == search_key(name.upper()) == search_key(search_key(name))


def test_vowel_signs_change_no_key() -> None:
    assert search_key("مُحَمَّد") == search_key("محمد")


def test_parts_are_joined_by_a_space() -> None:
    assert search_key("Martin", "", "Anne") == "martin anne"


@given(st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = search_key(text)

    assert search_key(key) == key
    assert key == " ".join(key.split())
    assert "%" not in key
    assert "\x00" not in key


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Anne   Martin ", "Anne Martin"),
        ("Anne\tMartin\r\n", "Anne Martin"),
        ("Anne\x00Martin", "Anne Martin"),
        ("Anne\u00a0Martin", "Anne Martin"),
        ("Mar\u00adtin", "Martin"),  # a soft hyphen out of a PDF
        ("\ufeffMartin", "Martin"),  # a byte-order mark out of a file
        ("\u202enitraM", "nitraM"),
        ("e\u0301", "é"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_a_line_is_one_line_of_visible_characters(text: str, line: str) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("un\r\ndeux\rtrois\n", "un\ndeux\ntrois"),
        ("a\x00b\x07c", "abc"),
        ("\n\n  texte \n", "texte"),
        ("12\u00a0€\tfin", "12\u00a0€\tfin"),
        ("e\u0301te\u0301", "été"),
        ("\ud800", ""),
        ("a\u2028b", "ab"),
    ],
)
def test_a_text_keeps_its_lines_and_loses_what_is_not_seen(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text())
def test_clean_texts_are_clean_already(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    for cleaned in (clean_line(text), clean_text(text)):
        assert "\x00" not in cleaned
        cleaned.encode()
