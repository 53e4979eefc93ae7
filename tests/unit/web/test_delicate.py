from __future__ import annotations

import tomllib

import pytest

from casework.kernel.text import search_key
from casework.web.delicate import FILE, delicate_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # the key is 97 less the number modulo 97; Corsica counts as 19 and 18
        ("NIR 2 55 08 14 168 025 38.", ["2 55 08 14 168 025 38"]),
        ("255081416802538", ["255081416802538"]),
        ("2.55.08.14.168.025.38", ["2.55.08.14.168.025.38"]),
        ("1 80 05 2A 004 012 24", ["1 80 05 2A 004 012 24"]),
        ("2 97 11 2b 033 117 35", ["2 97 11 2b 033 117 35"]),
        ("n° 2550814168025, sans la clé", ["2550814168025"]),
        ("2 55 08 14 168 025 39", []),  # another key
        ("2 55 13 14 168 025", []),  # no thirteenth month
        ("FR76 3000 6000 0112 3456 7890 189", []),
        ("Bail 12550814168025389", []),
        ("Appeler le 06 12 34 56 78 avant le 30/03/2026", []),
        # diagnoses and offences, whatever their accents, capitals and plural
        ("Elle se dit DEPRESSIVE.", ["dépressive"]),
        ("Des cancers, un VIH", ["cancer", "VIH"]),
        ("Il est mis en examen pour viol", ["mis en examen", "viol"]),
        ("Trafic\u00a0de stupéfiants ?", ["trafic de stupéfiants"]),
        ("viol, puis viol", ["viol"]),
        # never inside another word
        ("Violette joue du violon, sans violence ; le cancérologue", []),
        ("Le budget est tenu, la dette recule.", []),
        ("", []),
        ("\x00\ud800" * 10 + "é" * 20_000, []),
    ],
)
def test_what_a_free_text_rarely_needs_is_found(text: str, found: list[str]) -> None:
    assert delicate_words(text) == found


def test_every_listed_word_is_found() -> None:
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    listed = [word for words in lists.values() for word in words]

    assert len(listed) == len({search_key(word) for word in listed}) > 50
    assert [word for word in listed if word not in delicate_words(f"On dit « {word.upper()} ».")] == []
