"""What a person is handed of each table, read from content.toml and held against the tables of the program."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData

from casework.privacy.fates import Rows, fates

FILE = Path(__file__).parent / "content.toml"


@dataclass(frozen=True)
class Content:
    """What is told of one table: column → what it says, by kind of column. See content.toml."""

    table: str
    title: str
    words: Mapping[str, str] = field(default_factory=dict)
    professional: Mapping[str, str] = field(default_factory=dict)
    masked: Mapping[str, str] = field(default_factory=dict)
    third: Mapping[str, str] = field(default_factory=dict)
    technical: tuple[str, ...] = ()
    withheld: str = ""

    @property
    def labels(self) -> dict[str, str]:
        """Column → what it says, for every column that a reader is shown."""
        return {**self.words, **self.professional, **self.masked, **self.third}


@cache
def contents() -> tuple[Content, ...]:
    """Return what is told of each table, in the order in which it is told."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(_content(table, entry) for table, entry in document.items())


def _content(table: str, entry: Mapping[str, Any]) -> Content:
    words, professional, masked, third = (
        {str(column): str(says) for column, says in entry.get(kind, {}).items()}
        for kind in ("words", "professional", "masked", "third")
    )
    technical, withheld = tuple(entry.get("technical", ())), str(entry.get("withheld", ""))
    return Content(table, str(entry["title"]), words, professional, masked, third, technical, withheld)


def faults(metadata: MetaData) -> list[str]:
    """Return the tables and columns about people of which content.toml says nothing, or two things."""
    known = {content.table: content for content in contents()}
    found = []
    for fate in fates():
        content = known.get(fate.table)
        if fate.rows is Rows.NONE:
            continue
        if content is None:
            found.append(f"{fate.table}: nothing is said of it")
        else:
            told = [*content.labels, *content.technical]
            columns = [column.name for column in metadata.tables[fate.table].columns]
            found += [f"{fate.table}.{name}: nothing is said of it" for name in columns if name not in told]
            found += [f"{fate.table}.{name}: no such column" for name in told if name not in columns]
            found += [f"{fate.table}.{name}: said twice" for name in set(told) if told.count(name) > 1]
    return sorted(found)
