from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.exchange.reading.decoding import Unreadable, decode

TEXT = "N° bail;Locataire;Encaissé\r\n1/01;Œuvrard Hélène;1\u00a0234,56\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_three_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_every_sign_of_windows_1252_is_read_as_such() -> None:
    signs = bytes(byte for byte in range(0x20, 0x100) if byte not in {0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D})
    assert decode(signs) == signs.decode("cp1252")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (TEXT.encode() * 3 + "é".encode("cp1252"), "mêlés"),
        (b"nom\r\n\x81\x8d\r\n", "ligne 2"),
        (b"a;b\r\n\x01\x02\x03\x04", "contrôle"),
    ],
    ids=["utf-16", "utf-16 unmarked", "workbook", "pdf", "mixture", "neither", "control"],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        decode(data)


@given(st.binary(max_size=2000))
def test_any_bytes_are_either_read_or_refused(data: bytes) -> None:
    with suppress(Unreadable):
        assert isinstance(decode(data), str)
