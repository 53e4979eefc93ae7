"""Addresses that nobody follows by a link: wrong ids, wrong parameters, bytes that are no text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote_plus, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

import casework
from tests.access.requests import READ, WRITE, Door, methods_of, relations_of
from tests.integration.hostile.found import addresses, senders_of, throwaway_app
from tests.integration.hostile.submissions import hard, hostile_texts

_APP = throwaway_app()
_HOLE = re.compile(r"<(?:[^<>:]+(?:\([^()]*\))?:)?(\w+)>")
_PIECES = [
    *[
        "0",
        "-1",
        "1.0",
        "+1",
        "1e3",
        "0x1",
        "00001",
        "None",
        "true",
        "NaN",
        "%20",
        "%C2%A0",
        "%D9%A3",
        "%C2%B2",
        "'",
        "%22",
        "%3Cscript%3E",
        "..",
        "%2e%2e",
        "%25s",
        "%7B%7B1%7D%7D",
    ],
    *["2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616", "999999999999999999"],
    *["%00", "1%00", "%0D%0AX:1", "%FF", "%ED%A0%80", "%F4%8F%BF%BF", "%E2%80%AE", ";", "?", "#", "%5C", "%2F"],
    "9" * 5_000,
    "a" * 8_000,
]


def _parameters() -> list[str]:
    """Return the names of the parameters that the application reads from addresses."""
    folder = Path(casework.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    return sorted({name for text in sources for name in re.findall(r'\bargs(?:\.get(?:list)?\(|\[)"(\w+)"', text)})


@pytest.mark.parametrize("address", sorted({rule.rule for method in (READ, WRITE) for rule in addresses(_APP, method)}))
def test_no_id_and_no_word_in_an_address_makes_a_page_fail(door: Door, address: str) -> None:
    rule = next(rule for rule in door.rules() if rule.rule == address)
    who = senders_of(door.app, rule.endpoint)[0]
    names = _HOLE.findall(address)
    values = door.world.values(rule.endpoint, relations_of(rule)[0], names, who)
    for name in names:
        for piece in _PIECES:
            shown = {other: str(value) for other, value in values.items()} | {name: piece}
            path = unquote_to_bytes(_filled(address, shown))
            for method in methods_of(rule):
                answer = door.call(who, method, path)
                assert answer.status < 500, (method, path[:300], answer.status)
                assert "<script>" not in answer.text.replace("<script src", "")


@pytest.mark.parametrize("address", sorted({rule.rule for rule in addresses(_APP, READ)}))
def test_no_parameter_makes_a_page_fail(door: Door, address: str) -> None:
    rule = next(rule for rule in door.rules() if rule.rule == address)
    who = senders_of(door.app, rule.endpoint)[0]
    known = _parameters()
    assert len(known) > 8
    places = st.builds(lambda key, row: f"{key}~{row}", hostile_texts(), st.sampled_from(["1", "0", "-1", "9" * 19]))
    value = st.one_of(hostile_texts(), places, st.text(max_size=20), st.sampled_from(["tous", "nom", "dette", "1"]))
    pairs = st.lists(st.tuples(st.one_of(st.sampled_from(known), st.text(max_size=5)), value), min_size=1, max_size=5)

    @hard(6)
    @given(st.lists(pairs, min_size=10, max_size=10))
    def ask(batch: list[list[tuple[str, str]]]) -> None:
        path = door.url(rule, relations_of(rule)[0], who)
        for query in batch:
            sent = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query)
            answer = door.call(who, READ, path.encode(), sent.encode())
            assert answer.status < 500, (path, sent, answer.status)
            assert "<script>alert" not in answer.text, sent

    ask()


def _filled(address: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values[hole[1]], address)


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))
