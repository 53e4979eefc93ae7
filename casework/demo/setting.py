"""Where the demonstration plays: data, as everything about a programme."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Beside:
    """A programme that is lived through beside the first one: so many households, over so many months."""

    programme: str
    households: int
    months: int


@cache
def demo_programme() -> str:
    """Return the code of the programme of the demonstration."""
    return str(_document()["programme"])


@cache
def beside() -> Beside:
    """Return the programme that is lived through beside it."""
    return Beside(**_document()["beside"])


def _document() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "demonstration.toml").read_text(encoding="utf-8"))
