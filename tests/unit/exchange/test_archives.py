import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.exchange import archives
from casework.exchange.archives import unpack
from casework.exchange.reading.records import Source
from casework.kernel.errors import RuleViolation


def archive(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return packed.getvalue()


def test_the_tables_of_an_archive_come_out_by_their_bare_names() -> None:
    data = archive(
        {
            "dossier/menages.csv": b"a",
            "../../etc/visites.CSV": b"b",
            "lisez-moi.txt": b"c",
            "__MACOSX/menages.csv": b"d",
        }
    )
    assert list(unpack(Source("envoi.zip", data))) == [Source("menages.csv", b"a"), Source("visites.CSV", b"b")]


def test_a_plain_file_is_itself() -> None:
    assert list(unpack(Source("menages.csv", b"a;b"))) == [Source("menages.csv", b"a;b")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive({"bombe.csv": b"0" * 30_000_000}), "démesurée"),
        (archive({f"{n}.csv": b"x" for n in range(301)}), "300"),
        (archive({"a.txt": b"x"}), "aucun fichier CSV"),
        (archive({"a.csv": b"x" * 999}, zipfile.ZIP_LZMA), "façon rare"),
        (archive({"a.csv": b"x" * 999})[:60], "abîmée"),
        (b"PK\x03\x04" + b"\0" * 40, "abîmée"),
        (archive({"a.csv": b"x"})[4:], "abîmée"),
    ],
    ids=["bomb", "crowd", "no table", "rare", "cut", "hollow", "beheaded"],
)
def test_hostile_archives_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(RuleViolation, match=words):
        list(unpack(Source("envoi.zip", data)))


def test_an_archive_too_large_once_open_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    with pytest.raises(RuleViolation, match="démesurée"):
        list(unpack(Source("envoi.zip", archive({"a.csv": b"12345678901"}))))


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(archive({"a.csv": b"x" * 5000}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(RuleViolation, match="abîmée"):
        list(unpack(Source("envoi.zip", bytes(data))))


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(archive({"a.csv": b"x"}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    with pytest.raises(RuleViolation, match="mot de passe"):
        list(unpack(Source("envoi.zip", bytes(data))))


@given(st.binary(max_size=400))
def test_any_bytes_after_the_mark_are_read_or_refused(data: bytes) -> None:
    try:
        found = list(unpack(Source("x.zip", b"PK\x03\x04" + data)))
    except RuleViolation as refused:
        found = []
        assert refused.field == "files"  # noqa: PT017 -- both outcomes are right
    assert all(source.name for source in found)


@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_sound_archive_with_wrong_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(archive({"a.csv": b"numero_dossier;date\r\n" * 4, "é.csv": b"x"}))
    for place, byte in changes:
        data[place % len(data)] = byte
    with suppress(RuleViolation):  # whatever else it raises is a page that fails
        list(unpack(Source("x.zip", bytes(data))))


@pytest.mark.parametrize("place", [0, 12, 16], ids=["mark", "size of the directory", "place of the directory"])
def test_a_directory_that_points_nowhere_is_refused(place: int) -> None:
    data = bytearray(archive({"a.csv": b"x" * 999}))
    end = data.index(b"PK\x05\x06")
    data[end + place : end + place + 4] = b"\xff\xff\xff\x1b"
    with pytest.raises(RuleViolation, match="abîmée"):
        list(unpack(Source("x.zip", bytes(data))))


def test_a_body_that_does_not_unpack_is_refused() -> None:
    data = bytearray(archive({"a.csv": bytes(range(256)) * 8}))
    data[40:60] = b"\xff" * 20
    with pytest.raises(RuleViolation, match="abîmée"):
        list(unpack(Source("x.zip", bytes(data))))
