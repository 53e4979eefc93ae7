"""Every table and every column has a declared fate: what becomes of it when a household is anonymised."""

from __future__ import annotations

import re

from sqlalchemy import Column, Integer, MetaData, String, Table

from casework.kernel.audit_chain import WORDS
from casework.models import metadata
from casework.privacy.fates import Fate, Rows, fates, faults


def test_every_table_and_column_has_a_fate() -> None:
    assert faults(metadata) == []


def test_a_new_column_and_a_new_table_are_found() -> None:
    grown = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(grown)
    grown.tables["persons"].append_column(Column("nickname", String(10)))
    Table("letters", grown, Column("id", Integer, primary_key=True))

    assert faults(grown) == ["letters: no fate", "persons.nickname: no fate"]


def test_no_column_holds_a_social_security_number() -> None:
    """Décret 2019-341: who is not listed there may not keep it, and no organisation is entitled by configuration."""
    names = [f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns]
    likely = re.compile(r"(^|[._])(nir|nss|secu|insee|social_security|numero_securite)([._]|$)")

    assert [name for name in names if likely.search(name)] == []


def test_what_people_wrote_is_never_kept() -> None:
    """A text of 20 000 characters or a name is emptied or replaced wherever it is about accompanied people."""
    kept = [
        f"{fate.table}.{name}"
        for fate in fates()
        if fate.rows is Rows.ANONYMISE
        for name, what in fate.columns.items()
        if what is Fate.KEEP
        and isinstance(kind := metadata.tables[fate.table].c[name].type, String)
        and (kind.length or 0) > 32
    ]

    # Words about the staff and the program, not about accompanied people; seals that say nothing without their salt.
    assert sorted(kept) == [
        "audit_events.chain_hash",
        "audit_events.content_hash",
        "audit_events.entity",
        "audit_events.use_case",
        "case_summaries.referent_name",
    ]


def test_what_a_trace_loses_is_what_its_fate_says() -> None:
    """Its content goes by a statement of its own: who wrote, when, where and the seals stay."""
    (fate,) = (fate for fate in fates() if fate.table == "audit_events")

    assert {name for name, what in fate.columns.items() if what is not Fate.KEEP} == {"salt", *WORDS}
