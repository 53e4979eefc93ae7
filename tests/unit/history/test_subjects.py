from __future__ import annotations

from sqlalchemy import Column, Date

from casework.history.subjects import READING_LABELS, SUBJECTS, Show
from casework.kernel.reading import Reading
from casework.kernel.vault import EncryptedText
from casework.models import metadata

COLUMNS: dict[str, Column[object]] = {
    f"{entity}.{name}": metadata.tables[entity].c[name]
    for entity, subject in SUBJECTS.items()
    for name in subject.fields
}
FIELDS = {f"{entity}.{name}": field for entity, subject in SUBJECTS.items() for name, field in subject.fields.items()}


def test_each_field_is_shown_as_what_its_column_holds() -> None:
    days = {place for place, field in FIELDS.items() if field.show is Show.DAY}

    assert days == {place for place, column in COLUMNS.items() if isinstance(column.type, Date)}
    assert {p for p, f in FIELDS.items() if f.show is Show.EUROS} == {p for p in COLUMNS if p.endswith("_cents")}
    assert all(field.labels for field in FIELDS.values() if field.show is Show.CODE)


def test_no_value_is_shown_that_is_encrypted_or_may_be_a_secret_address() -> None:
    encrypted = {place for place, column in COLUMNS.items() if isinstance(column.type, EncryptedText)}
    withheld = {place for place, field in FIELDS.items() if field.show is Show.WITHHELD}

    assert withheld == encrypted | {"dwellings.address", "dwellings.district", "persons.phone"}


def test_what_lies_above_the_association_s_own_notes_has_no_history_on_screen() -> None:
    assert not SUBJECTS.keys() & {"address_protections", "sensitive_notes", "glass_breaks", "consents"}


def test_each_kind_of_reading_has_its_words() -> None:
    assert set(READING_LABELS) == set(Reading)
