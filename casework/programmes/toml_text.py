"""A raw definition as people write it: TOML to a plain document, ready to be kept as JSON, and back."""

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date

import tomli_w

from casework.programmes.definition import DefinitionError

MOST_CHARACTERS = 200_000
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def read_text(name: str, text: str) -> dict[str, object]:
    """Return the document that the TOML `text` holds, dates as ISO texts; `name` names it in messages.

    Raises DefinitionError when it is not TOML, or holds what no definition can (a number without end, a nil character).
    """
    try:
        parsed = tomllib.loads(text)
        kept = json.dumps(parsed, default=lambda v: v.isoformat() if isinstance(v, date) else str(v), allow_nan=False)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        if place is None:
            raise DefinitionError("%(name)s : le texte s’arrête avant d’être complet.", name=name) from error
        raise DefinitionError(
            "%(name)s : le texte ne se lit pas comme du TOML à la ligne %(line)s, colonne %(column)s.",
            name=name,
            line=place[1],
            column=place[2],
        ) from error
    except (ValueError, RecursionError) as error:
        raise DefinitionError("%(name)s : un nombre ou une liste passe toute mesure.", name=name) from error
    if "\\u0000" in kept:
        raise DefinitionError("%(name)s : le texte contient un caractère nul, qui ne peut pas être gardé.", name=name)
    return dict(json.loads(kept))


def write_text(document: Mapping[str, object]) -> str:
    """Return a raw definition as TOML, its date as a date, its simple keys before its tables."""
    start = document.get("valid_from")
    dated = {"valid_from": date.fromisoformat(start)} if isinstance(start, str) else {}
    return tomli_w.dumps(dict(document) | dated)
