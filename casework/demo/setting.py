"""Where the demonstration plays: data, as everything about a programme."""

import tomllib
from collections.abc import Sequence
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


@dataclass(frozen=True)
class Sharing:
    """A convention of a programme: since how many months, by which document, and what it does not simply open."""

    programme: str
    months: int
    reference: str
    reason: str
    agreed: Sequence[str]
    closed: Sequence[str]


@cache
def demo_programme() -> str:
    """Return the code of the programme of the demonstration."""
    return str(_document()["programme"])


@cache
def beside() -> Beside:
    """Return the programme that is lived through beside it."""
    return Beside(**_document()["beside"])


@cache
def sharings(programme: str) -> tuple[Sharing, ...]:
    """Return the conventions of a programme, the first one first."""
    every = [Sharing(**table) for table in _document()["conventions"]]
    return tuple(sharing for sharing in every if sharing.programme == programme)


def _document() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "demonstration.toml").read_text(encoding="utf-8"))
