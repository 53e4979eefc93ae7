"""Collect the messages of the interface, merge them into the English catalogue and compile it.

`python scripts/messages.py` brings the catalogue up to date and lists what has no translation;
`python scripts/messages.py --check` changes nothing and fails when the catalogue is behind.
"""

import io
import pkgutil
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import casework

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "casework" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
# What click says by itself on the command line, in French: written by hand, compiled here.
CLICK_PO = ROOT / "casework" / "translations" / "fr" / "LC_MESSAGES" / "click.po"
CLICK_MO = CLICK_PO.with_suffix(".mo")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_n": None,
    "lazy_gettext": None,
    "to_translate": None,
    "reason": None,
    "RuleViolation": (2,),
    "Conflict": (1,),
    "ImportRefused": (2,),
    "CaseworkError": (1,),
    "DefinitionError": (1,),
    "refuse": (3,),
    "Counted": (1, 2),
}
JINJA = {"**.html": {"silent": "false", "extensions": "jinja2.ext.do"}}
SOURCES: tuple[tuple[Path, list[tuple[str, str]], dict[str, dict[str, str]]], ...] = (
    (ROOT / "casework", [("**.py", "python")], {}),
    (ROOT / "templates", [("**.html", "jinja2")], JINJA),
)


def collect() -> Catalog:
    """Return every message of the program, the templates and the vocabularies."""
    found = Catalog(charset="utf-8")
    for folder, methods, options in SOURCES:
        for name, _line, message, _comments, _context in extract_from_dir(
            str(folder), methods, options, keywords=KEYWORDS, comment_tags=()
        ):
            texts = message if isinstance(message, tuple) else (message,)
            if all(texts):
                found.add(message, locations=[(f"{folder.name}/{name}", 1)])
    for name, label in labels():
        found.add(label, locations=[(name, 1)])
    return found


def labels() -> list[tuple[str, str]]:
    """Return (module, label) of every label of the vocabularies: they are translated where they are shown."""
    pairs: list[tuple[str, str]] = []
    for info in pkgutil.walk_packages(casework.__path__, "casework."):
        if ".vocabulary" not in info.name:
            continue
        module = import_module(info.name)
        for name in sorted(vars(module)):
            if name.endswith("_LABEL"):
                pairs.append((info.name.replace(".", "/") + ".py", getattr(module, name)))
            if name.endswith("_LABELS"):
                pairs += [(info.name.replace(".", "/") + ".py", label) for label in getattr(module, name).values()]
    return pairs


def merged() -> Catalog:
    """Return the English catalogue with exactly the messages of today; new ones have an empty translation."""
    with PO.open("rb") as file:
        known = read_po(file, locale="en") if PO.stat().st_size else Catalog(locale="en")
    fresh = Catalog(locale="en", charset="utf-8", header_comment="# English translation of Casework.", fuzzy=False)
    for message in sorted(collect(), key=lambda m: str(m.id)):
        if not message.id:
            continue
        before = known.get(message.id if isinstance(message.id, str) else message.id[0])
        text = (
            before.string
            if before is not None and not before.fuzzy
            else ("" if isinstance(message.id, str) else ("", ""))
        )
        fresh.add(message.id, text, locations=sorted({(name, 1) for name, _l in message.locations}))
    return fresh


def missing(catalogue: Catalog) -> list[str]:
    """Return the messages that have no translation."""
    return [
        str(m.id) for m in catalogue if m.id and not (all(m.string) if isinstance(m.string, tuple | list) else m.string)
    ]


def as_po(catalogue: Catalog) -> bytes:
    """Return the catalogue as the text of a .po file, without dates, so that it changes with the messages only."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=False, include_lineno=False)
    volatile = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator', b'"Report-Msgid')
    return b"\n".join(row for row in buffer.getvalue().split(b"\n") if not row.startswith(volatile))


def as_mo(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue."""
    buffer = io.BytesIO()
    catalogue.creation_date = datetime(2000, 1, 1, tzinfo=UTC)  # the file changes with the messages only
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> int:
    """Bring the catalogue up to date, or check that it is."""
    catalogue = merged()
    po = as_po(catalogue)
    mo = as_mo(read_po(io.BytesIO(po), locale="en"))
    click_mo = as_mo(read_po(io.BytesIO(CLICK_PO.read_bytes()), locale="fr"))
    lacking = missing(catalogue)
    if "--check" in sys.argv:
        compiled = {MO: mo, CLICK_MO: click_mo}
        behind = PO.read_bytes() != po or any(
            not p.exists() or p.read_bytes() != wanted for p, wanted in compiled.items()
        )
        for message in lacking:
            print(f"no English for: {message}")
        if behind:
            print("The catalogue is behind: run python scripts/messages.py")
        return 1 if behind or lacking else 0
    PO.write_bytes(po)
    MO.write_bytes(mo)
    CLICK_MO.write_bytes(click_mo)
    print(f"{sum(1 for m in catalogue if m.id)} messages, {len(lacking)} without English.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
