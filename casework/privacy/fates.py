"""The fate of every table and column, read from fates.toml and held against the tables of the program."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy import MetaData

from casework.kernel.errors import CaseworkError
from casework.privacy.vocabulary import Reach

FILE = Path(__file__).parent / "fates.toml"


class Rows(StrEnum):
    """What becomes of the rows of a table."""

    ANONYMISE = "anonymise"
    DELETE = "delete"
    NONE = "none"


class Fate(StrEnum):
    """What becomes of a column."""

    KEEP = "keep"
    BLANK = "blank"
    NAME = "name"
    NUMBER = "number"
    YEAR = "year"
    TOMBSTONE = "tombstone"


class FateError(CaseworkError):
    """A table or column has no fate, or one that cannot be."""


@dataclass(frozen=True)
class TableFate:
    """What becomes of one table. `why`: what a table without accompanied people holds, and how long."""

    table: str
    rows: Rows
    reach: Reach | None
    columns: Mapping[str, Fate]
    why: str = ""


@cache
def fates() -> tuple[TableFate, ...]:
    """Return the fate of every table, in the order of the file. Raises FateError when the file is faulty."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(_table_fate(name, entry) for name, entry in document.items())


def _table_fate(name: str, entry: Mapping[str, object]) -> TableFate:
    try:
        rows = Rows(str(entry["rows"]))
        reach = Reach(str(entry["reach"])) if rows is not Rows.NONE else None
    except (KeyError, ValueError) as error:
        raise FateError(f"fates.toml, [{name}] : {error}") from error
    columns: dict[str, Fate] = {}
    for fate in Fate:
        listed = entry.get(fate.value, [])
        for column in listed if isinstance(listed, list) else []:
            if column in columns:
                raise FateError(f"fates.toml, [{name}] : la colonne « {column} » a deux sorts.")
            columns[str(column)] = fate
    why = str(entry.get("why", ""))
    if rows is Rows.NONE and not why:
        raise FateError(f"fates.toml, [{name}] : dites ce que la table contient, et combien de temps.")
    return TableFate(name, rows, reach, columns, why)


def faults(metadata: MetaData) -> list[str]:
    """Return the tables and columns of `metadata` that have no fate, and the fates of what does not exist."""
    known = {fate.table: fate for fate in fates()}
    found = [f"{name}: no such table" for name in known.keys() - metadata.tables.keys()]
    for name, table in metadata.tables.items():
        fate = known.get(name)
        if fate is None:
            found.append(f"{name}: no fate")
        elif fate.rows is Rows.ANONYMISE:
            columns = {column.name for column in table.columns}
            found += [f"{name}.{column}: no fate" for column in columns - fate.columns.keys()]
            found += [f"{name}.{column}: no such column" for column in fate.columns.keys() - columns]
    return sorted(found)
