"""Where the demonstration plays: data, as everything about a programme."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def demo_programme() -> str:
    """Return the code of the programme of the demonstration."""
    text = (Path(__file__).parent / "demonstration.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["programme"])
