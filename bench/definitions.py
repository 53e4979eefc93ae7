"""Reading and checking every definition of the catalogue, beside bare TOML parsing of the same files."""

import tomllib
from collections.abc import Iterator

from bench.measure import Line, alternate, seconds
from casework.programmes.catalogue import FOLDER, catalogue, catalogue_codes, catalogue_definition

TARGET = 2.5


def measure_catalogue(rounds: int) -> Iterator[Line]:
    """Measure the first reading in a process; it is kept from then on."""
    codes = catalogue_codes()

    def ours() -> float:
        catalogue.cache_clear()
        catalogue_definition.cache_clear()
        return seconds(catalogue)

    yield Line(
        f"catalogue of {len(codes)} definitions, beside TOML", *alternate(ours, lambda: seconds(_parse), rounds), TARGET
    )


def _parse() -> None:
    for code in catalogue_codes():
        tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
