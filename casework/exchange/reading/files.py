"""The first of the three steps of an import: files to a batch of sound rows and refusals."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from casework.exchange.reading.decoding import Unreadable
from casework.exchange.reading.followup import read_contacts, read_reassessments
from casework.exchange.reading.households import read_households
from casework.exchange.reading.ledger import LedgerReader
from casework.exchange.reading.records import Batch, Refusal, Sheet, Source, reason
from casework.exchange.reading.tables import Table, open_table
from casework.exchange.vocabulary import FileKind

Reader = Callable[[Table, Batch], None]


def read_folder(folder: Path) -> Batch:
    """Return what the CSV files of a folder hold. Raises OSError when the folder cannot be read."""
    return read_sources(folder_sources(folder))


def folder_sources(folder: Path) -> Iterator[Source]:
    """Yield the CSV files of a folder, by name. Raises OSError when the folder or a file cannot be read."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".csv":
            yield Source(path.name, path.read_bytes())


def read_sources(sources: Iterable[Source]) -> Batch:
    """Return what the files hold: sound rows by kind, refused rows, and files of which nothing can be used."""
    with _collector_paused():
        return _read_all(sources)


def _read_all(sources: Iterable[Source]) -> Batch:
    batch = Batch()
    readers: dict[FileKind, Reader] = {
        FileKind.HOUSEHOLDS: read_households,
        FileKind.CONTACTS: read_contacts,
        FileKind.REASSESSMENTS: read_reassessments,
        FileKind.LEDGER: LedgerReader().read,
    }
    for source in sources:
        try:
            table = open_table(source)
        except Unreadable as bad:
            batch.sheets.append(Sheet(source.name))
            batch.unusable.append(Refusal(source.name, 0, "", "", bad.why))
            continue
        batch.sheets.append(table.sheet)
        faults = list(_header_faults(table))
        if faults:
            batch.unusable += faults
            continue
        try:
            readers[table.header.layout.kind](table, batch)
        except Unreadable as bad:
            batch.unusable.append(Refusal(source.name, 0, "", "", bad.why))
    return batch


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Make no search for cycles while hundreds of thousands of plain rows are made: it takes half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _header_faults(table: Table) -> Iterator[Refusal]:
    for column in table.header.missing:
        yield Refusal(table.sheet.name, 1, column, "", reason("Cette colonne manque dans le fichier."))
    for column in table.header.repeated:
        yield Refusal(table.sheet.name, 1, column, "", reason("Cette colonne est deux fois dans le fichier."))
