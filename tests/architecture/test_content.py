"""What a person is handed of every table is declared: a table or a column that nobody thought of fails the build."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String

from casework.disclosure.content import contents, faults
from casework.disclosure.gathering import WAYS
from casework.disclosure.words import CODES
from casework.models import metadata
from casework.privacy.fates import fates
from casework.privacy.vocabulary import Reach

# Codes in their own words: numbers and times that people know.
_PLAIN = {"cases.number", "rent_accounts.lease_number", "appointments.at_time", "persons.phone"}


def test_every_table_and_column_about_people_is_told_or_said_to_be_withheld() -> None:
    assert faults(metadata) == []


def test_a_new_column_is_found() -> None:
    grown = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(grown)
    grown.tables["persons"].append_column(Column("nickname", String(10)))

    assert faults(grown) == ["persons.nickname: nothing is said of it"]


def test_every_way_to_a_row_is_known() -> None:
    reached = {fate.reach for fate in fates() if fate.reach is not None}
    withheld = {content.table for content in contents() if content.withheld}
    told = {fate.reach for fate in fates() if fate.reach is not None and fate.table not in withheld}

    assert reached <= set(Reach)
    assert told == set(WAYS)


def test_every_code_is_told_in_words() -> None:
    coded = {
        f"{content.table}.{name}"
        for content in contents()
        if content.table in metadata.tables and not content.withheld
        for name in content.words
        if isinstance(kind := metadata.tables[content.table].c[name].type, String) and kind.length == 32
    }

    assert coded - CODES.keys() - _PLAIN == set()
