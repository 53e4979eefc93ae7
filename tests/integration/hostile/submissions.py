"""Submissions that nobody sends by the page: sound ones with something wrong in them, in every shape of a request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.integration.hostile.found import Form

BOUNDARY = "----between-parts"
NUMBERS = [
    "-1",
    "0",
    "+1",
    "1.0",
    "1,005",
    "1e5",
    "1e309",
    "-1e309",
    "NaN",
    "Infinity",
    "-inf",
    "0x10",
    "1_000",
    "--1",
    "12,345",
    "99999999999",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "²",
    "١٢",
    "½",
]
DATES = [
    "0000-00-00",
    "0001-01-01",
    "1899-12-31",
    "1900-01-01",
    "2026-02-31",
    "31/02/2026",
    "29/02/2025",
    "2026-13-01",
    "9999-12-31",
    "10000-01-01",
    "-2026-01-01",
    "2026-3-3",
    "03-03-2026",
    "2026-03-30T10:00:00Z",
    "20260330",
    "٢٠٢٦-٠٣-٣٠",
    "2100-12-31",
    "25:61",
    "24:00",
]
TEXTS = (
    "",
    " ",
    "\u00a0\u2007",
    "\x00",
    "a\x00b",
    "\ud800",
    "a\udfffb",
    "\x1b[31m\x07",
    "\r\nSet-Cookie: a=b",
    "\u202e\u2066\u200b\ufeff",
    "\u2028\u2029\x85",
    "\uffff\U0010ffff",
    "a" + "\u0301" * 1_000,
    "👩‍👩‍👧‍👦" * 60,
    "ﷺ" * 200,
    "㎯" * 200,
    "ﬃ" * 200,
    "İŉǰΐ" * 50,
    "Ω≈ç√∫" * 40,
    "x" * 200,
    "x" * 201,
    "سلام " * 2_000,
    "x" * 20_001,
    "9" * 5_000,
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{ 7 * 7 }}{% raw %}",
    "%(n)s %s %n %",
    "'; DROP TABLE cases; --",
    "../../../../etc/passwd",
    "None",
    "null",
    "true",
    "[]",
    "{}",
    "~",
    "2026-03-30~5",
)
HOSTILE = (*TEXTS, *NUMBERS, *DATES)
_JSON: tuple[object, ...] = (None, True, 5, -1.5, [], ["a", "b"], {}, {"a": {"b": []}}, "\ud800", "x")
_RAW = (
    b"",
    b"\xff\xfe\xfa",
    b"{",
    b"[1, 2]",
    b'"text"',
    b"null",
    b"&&&===;;;%%%zz%",
    b"a=%",
    b"\x00" * 100,
    f"--{BOUNDARY}".encode(),
    f"--{BOUNDARY}--\r\n".encode(),
    f"--{BOUNDARY}\r\n\r\nno name\r\n--{BOUNDARY}--\r\n".encode(),
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="x"\r\n\r\nwithout an end'.encode(),
    f"--{BOUNDARY}\r\nContent-Disposition: form-data; name*=utf-7''x; filename*=nonsense''y\r\n\r\n".encode(),
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="x"\r\nContent-Type: text/plain; charset=nonsense\r\n'
    f"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n--{BOUNDARY}--\r\n".encode(),
)
_TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data",
    f"multipart/form-data; boundary={BOUNDARY}",
    "text/plain",
    "application/xml",
    "nonsense",
    "",
)
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Submission:
    """A request's body and its type. `typed` is what stands in its fields, when a page may show all of it again."""

    body: bytes
    content_type: str
    typed: str = ""

    def __repr__(self) -> str:
        return f"Submission({self.body[:2_000]!r}, {self.content_type!r})"


def hard(examples: int) -> settings:
    """Return the settings of a search that makes `examples` and keeps the one that fails as it is."""
    return settings(
        max_examples=examples, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )


def _encode(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def urlencoded(pairs: Pairs) -> Submission:
    """Return fields as a browser sends them."""
    body = "&".join(f"{quote_plus(_encode(name))}={quote_plus(_encode(value))}" for name, value in pairs)
    return Submission(body.encode(), "application/x-www-form-urlencoded", "".join(value for _name, value in pairs))


def _misencoded(pairs: Pairs, encoding: str) -> Submission:
    """What the page shows with an accent more, as a browser sends it that takes the page for another encoding."""
    values = ((name, f"{value}é".encode(encoding, "replace")) for name, value in pairs)
    body = "&".join(f"{quote_plus(_encode(name))}={quote_plus(value)}" for name, value in values)
    return Submission(body.encode(), "application/x-www-form-urlencoded")


def _part(name: str, data: bytes, file_name: str | None) -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"'
    if file_name is not None:
        head += f'; filename="{file_name}"'
    return f"--{BOUNDARY}\r\n".encode() + _encode(head) + b"\r\n\r\n" + data + b"\r\n"


def _multipart(pairs: Pairs, files: Sequence[str] = (), file_name: str = "a.csv") -> Submission:
    """Every field as a part; those named in `files` as a file."""
    parts = [_part(name, _encode(value), file_name if name in files else None) for name, value in pairs]
    parts += [_part(name, b"numero_dossier;nom\r\nA;B\r\n", file_name) for name in files if name not in dict(pairs)]
    return Submission(b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}")


def _json(values: object) -> Submission:
    return Submission(json.dumps(values).encode(), "application/json")


def hostile_texts() -> st.SearchStrategy[str]:
    """Return texts that were right for nothing, from a list of them."""
    # By their places: Hypothesis writes a strategy out with all that it holds, and these are long.
    return st.integers(0, len(HOSTILE) - 1).map(lambda place: HOSTILE[place])


def submissions(form: Form) -> st.SearchStrategy[Submission]:
    """Return submissions to a form: mostly the ways of a browser, with nothing, something or everything wrong."""
    names = sorted(form.fields)
    one = st.one_of(
        *[
            st.tuples(st.just(name), st.sampled_from(sorted(set(values)) or [""]))
            for name, values in form.fields.items()
        ]
    )
    changes = st.lists(one, max_size=3).map(dict) if names else st.just(dict[str, str]())
    lost = st.sets(st.sampled_from(names or ["x"]), max_size=2)
    hostile = st.one_of(hostile_texts(), hostile_texts(), st.text(max_size=30))
    wrong = st.one_of(st.just(dict[str, str]()), st.dictionaries(st.sampled_from(names or ["x"]), hostile, max_size=3))
    strange = st.one_of(st.just(Pairs()), st.lists(st.tuples(_names(names), hostile), max_size=3))
    pairs: st.SearchStrategy[Pairs] = st.builds(_mixed, st.just(form.shown), changes, lost, wrong, strange)
    file_names = st.sampled_from(["a.csv", "", "../../a", "a\udcff.csv", "x" * 300, "a\x01.zip", 'a"b.csv'])
    as_parts = st.builds(_multipart, pairs, st.just(form.files))
    by_browser = as_parts if form.files else st.builds(urlencoded, pairs)
    return st.one_of(
        *[by_browser] * 5,
        st.builds(urlencoded, pairs),
        st.builds(_misencoded, pairs, st.sampled_from(["latin-1", "cp1252", "utf-16", "utf-7", "cp037"])),
        st.builds(_multipart, pairs, st.lists(st.sampled_from([*names, *form.files, "x"]), max_size=3), file_names),
        st.builds(_json, st.dictionaries(_names(names), st.one_of(hostile, st.sampled_from(_JSON)), max_size=6)),
        st.builds(Submission, st.sampled_from(_RAW), st.sampled_from(_TYPES)),
    )


def _names(names: Sequence[str]) -> st.SearchStrategy[str]:
    """Return names of fields: known ones again, indexes of lists that are none, names that no form has."""
    known = st.sampled_from([*names, "x"])
    indexes = st.sampled_from(
        ["0", "-1", "1", "999999", "99999999999999999999", "²", "٣", "x", "", "0-label", "1-due_on", "0-0-0-label"]
    )
    listed = st.builds(lambda name, index: f"{name.partition('-')[0]}-{index}", known, indexes)
    return st.one_of(
        known, listed, st.sampled_from(["", "csrf_token", "__class__", "data", "_method", "\ud800", "a\x00"])
    )


def _mixed(
    shown: Mapping[str, str], changes: Mapping[str, str], lost: set[str], wrong: Mapping[str, str], strange: Pairs
) -> Pairs:
    """Return what the page shows with some other choices, some fields lost, and what is wrong."""
    kept = {name: value for name, value in {**shown, **changes}.items() if name not in lost}
    return [*{**kept, **wrong}.items(), *strange]


def oversized(form: Form) -> list[Submission]:
    """Return the form as its page shows it with a megabyte in its first text, and in its last; and ten megabytes."""
    ends = sorted({*list(form.fields)[:1], *list(form.fields)[-1:]})
    long = [urlencoded(list({**form.shown, name: "é" * 500_000}.items())) for name in ends]
    return [*long, Submission(b"x=" + b"9" * 10_000_000, "application/x-www-form-urlencoded")]


def sent_file(texts: Mapping[str, str], field: str, file_name: str, data: bytes) -> Submission:
    """Return a form with one file in `field`, as a browser sends it."""
    parts = [_part(name, value.encode(), None) for name, value in texts.items()]
    body = b"".join([*parts, _part(field, data, file_name)]) + f"--{BOUNDARY}--\r\n".encode()
    return Submission(body, f"multipart/form-data; boundary={BOUNDARY}")
