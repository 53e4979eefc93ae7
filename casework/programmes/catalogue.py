"""The catalogue of programme definitions shipped with the application, one file each, read once."""

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from casework.programmes.definition import Definition, DefinitionError, read_definition
from casework.programmes.toml_text import read_text

FOLDER = Path(__file__).parent / "catalogue"
_NOT_PROGRAMMES = frozenset({"national.toml", "guide.toml"})
_NUMBER = re.compile(r"\d+")


def load_document(path: Path) -> dict[str, object]:
    """Return the parsed TOML file at `path`, dates as ISO texts, ready to be kept as JSON.

    Raises DefinitionError when the file is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{path.name} : ce fichier n’est pas du texte UTF-8 ({error}).") from error
    return read_text(path.name, text)


@cache
def catalogue_codes() -> tuple[str, ...]:
    """Return the codes of the catalogue's programmes, in the order of their numbers: 2.1.9 before 2.1.10."""
    return tuple(sorted((p.stem for p in FOLDER.glob("*.toml") if p.name not in _NOT_PROGRAMMES), key=_rank))


def _rank(code: str) -> tuple[bool, list[int], str]:
    numbers = [int(number) for number in _NUMBER.findall(code)] if code[0].isdigit() else []
    return not numbers, numbers, code


def catalogue_document(code: str) -> dict[str, object]:
    """Return the raw definition `code`. Raises KeyError when the catalogue has none of that code."""
    if code not in catalogue_codes():
        raise KeyError(code)
    return load_document(FOLDER / f"{code}.toml")


@cache
def catalogue_definition(code: str) -> Definition:
    """Return the checked definition `code`. Raises KeyError or DefinitionError."""
    return read_definition(f"{code}.toml", catalogue_document(code))


@cache
def catalogue() -> tuple[Definition, ...]:
    """Return every checked definition of the catalogue, in the order of their codes. Raises DefinitionError."""
    return tuple(catalogue_definition(code) for code in catalogue_codes())


def digest_of(document: dict[str, object]) -> str:
    """Return a fingerprint of a raw definition."""
    return sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
