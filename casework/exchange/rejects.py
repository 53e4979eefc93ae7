"""Refused rows as files that the user corrects and sends again: same columns, and three that say why."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from casework.exchange.reading.layout import REJECT_COLUMNS, column_key
from casework.exchange.reading.records import Refusal, Sheet
from casework.exchange.reading.tables import FORMULA_SIGNS, GUARD

UTF8_MARK = "\ufeff"
_PLAIN_NUMBER = frozenset("0123456789+-., \u00a0\u202f€")


def reject_files(
    sheets: Iterable[Sheet], refused: Iterable[Refusal], translate: Callable[[str], str] = str
) -> Iterator[tuple[str, str]]:
    """Yield (file name, CSV text) for each file that has refused rows; the name is that of the source."""
    by_file: defaultdict[str, defaultdict[int, list[Refusal]]] = defaultdict(lambda: defaultdict(list))
    for refusal in refused:
        if refusal.line > 1:
            by_file[refusal.file][refusal.line].append(refusal)
    for sheet in sheets:
        if sheet.name in by_file:
            yield sheet.name, _reject_text(sheet, by_file[sheet.name], translate)


def _reject_text(sheet: Sheet, refused: dict[int, list[Refusal]], translate: Callable[[str], str]) -> str:
    ignored = {column_key(name) for name in REJECT_COLUMNS}
    kept = [position for position, name in enumerate(sheet.header) if column_key(name) not in ignored]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(sheet.header[position] for position in kept), *REJECT_COLUMNS])
    for line, record in _records(sheet, set(refused)):
        faults = refused[line]
        secret = {column_key(fault.column) for fault in faults if fault.is_secret}
        shown = ["" if column_key(name) in secret else cell for name, cell in zip(sheet.header, record, strict=False)]
        cells = [shown[position] for position in kept] if len(record) == len(sheet.header) else record
        columns = ", ".join(dict.fromkeys(fault.column for fault in faults if fault.column))
        why = " / ".join(dict.fromkeys(fault.reason.text(translate) for fault in faults))
        padding = [""] * (len(kept) - len(cells))
        writer.writerow([*map(_guard, cells), *padding, str(line), columns, why])
    return UTF8_MARK + text.getvalue()


def _records(sheet: Sheet, lines: set[int]) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of the records that start on these lines, as they stand in the file."""
    reader = csv.reader(io.StringIO(sheet.text, newline=""), delimiter=sheet.separator, strict=True)
    physical = io.StringIO(sheet.text, newline="").readlines()
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = physical[start - 1].rstrip("\r\n").split(sheet.separator)
        if start in lines:
            yield start, cells


def _guard(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula; the reader takes the sign away again."""
    return GUARD + cell if cell.startswith(FORMULA_SIGNS) and not set(cell) <= _PLAIN_NUMBER else cell
