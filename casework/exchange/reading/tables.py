"""Rows of a file, one after the other, whatever the hand that made it: blank lines, stray quotes, wrong widths."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter, methodcaller

from casework.exchange.reading.decoding import Unreadable, control_bytes, decode, has_control_characters
from casework.exchange.reading.layout import REJECT_COLUMNS, Header, column_key, recognise
from casework.exchange.reading.records import Reason, Refusal, Sheet, Source, reason

_STARTS_ROW = methodcaller("startswith", "\n")
GUARD = "'"
FORMULA_SIGNS = ("=", "+", "-", "@")


class Table:
    """A decoded file with a recognised header; iterating gives (line, cells in the order of the layout)."""

    def __init__(self, sheet: Sheet, header: Header, header_line: int, suspicious: bool) -> None:
        self.sheet, self.header, self._header_line = sheet, header, header_line
        # Whether the file holds control characters somewhere: only then is each row searched for them.
        self._suspicious = suspicious
        self._guarded = REJECT_COLUMNS[-1] in {column_key(name) for name in header.names}
        self._pick = _picker(header.positions)

    def rows(self, refused: list[Refusal]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the rows that have as many cells as the header; the others go to `refused`.

        Raises Unreadable when a quote is opened and never closed: what follows cannot be trusted.
        """
        for line, cells in self._records(refused):
            if not "".join(cells).strip():
                continue
            self.sheet.read += 1
            fault = self._fault(cells)
            if fault is not None:
                refused.append(Refusal(self.sheet.name, line, "", self.header.separator.join(cells)[:200], fault))
                continue
            picked = self._pick(cells)
            yield line, tuple(map(_unguard, picked)) if self._guarded else picked

    def columns(self) -> tuple[Sequence[int], list[list[str]]] | None:
        """Return the line numbers and the columns of the layout, all at once, or None when the file is not regular.

        The cells are as they stand in the file, with white space around them that means nothing.

        A ledger is read several times faster this way than row by row: no quotes, no blank lines, every row as wide
        as the header.
        """
        text, separator, width = self.sheet.text, self.header.separator, len(self.header.names)
        end = "\r\n" if "\r" in text else "\n"
        *above, body = text.removesuffix(end).split(end, self._header_line)
        # Every row but the first begins with a mark, so that it shows when one is wider or narrower than the header.
        marked = body.replace(end, separator + "\n")
        if self._guarded or self._suspicious or '"' in marked or "\r" in marked or len(above) != self._header_line:
            return None
        cells = marked.split(separator)
        starts = cells[width::width]
        if len(cells) % width or marked.count("\n") != len(starts) or not all(map(_STARTS_ROW, starts)):
            return None
        first, count = self._header_line + 1, len(starts) + 1
        self.sheet.read += count
        return range(first, first + count), [cells[position::width] for position in self.header.positions]

    def _lines(self) -> Iterator[str]:
        return islice(io.StringIO(self.sheet.text, newline=""), self._header_line, None)

    def _records(self, refused: list[Refusal]) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._lines(), delimiter=self.header.separator, strict=True)
        first = self._header_line
        while True:
            start = first + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                why = str(error)
                if "unexpected end of data" in why:
                    raise Unreadable(
                        reason("Un guillemet ouvert à la ligne %(line)s n’est jamais fermé.", line=start)
                    ) from error
                if "field limit" in why:
                    raise Unreadable(
                        reason("La ligne %(line)s a un champ de plus de 131 072 caractères.", line=start)
                    ) from error
                self.sheet.read += 1
                refused.append(
                    Refusal(self.sheet.name, start, "", "", reason("Les guillemets de cette ligne sont mal placés."))
                )
                continue
            yield start, cells

    def _fault(self, cells: list[str]) -> Reason | None:
        width = len(self.header.names)
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            del cells[width:]
        if len(cells) != width:
            return reason(
                "Cette ligne a %(found)s colonnes ; l’en-tête en a %(expected)s.", found=len(cells), expected=width
            )
        if self._suspicious and any(map(has_control_characters, cells)):
            return reason("Cette ligne contient un caractère de contrôle.")
        return None


def open_table(source: Source) -> Table:
    """Return the table that a file holds, its header recognised. Raises Unreadable."""
    sheet = Sheet(source.name, text=decode(source.data))
    for number, line in enumerate(io.StringIO(sheet.text, newline=""), 1):
        if line.strip(" \t\r\n;,"):
            header = recognise(line.rstrip("\r\n"), source.name)
            if header is None:
                raise Unreadable(
                    reason(
                        "Ce fichier n’est pas reconnu : ses colonnes ne sont ni celles des ménages, ni des visites, "
                        "ni des réévaluations, ni du quittancement."
                    )
                )
            sheet.kind, sheet.separator, sheet.header = header.layout.kind, header.separator, header.names
            if header.extra:
                sheet.notes.append(reason("Colonnes ignorées : %(columns)s.", columns=", ".join(header.extra)))
            return Table(sheet, header, number, control_bytes(source.data) > 0)
    raise Unreadable(reason("Ce fichier est vide."))


def _picker(positions: Sequence[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(positions) == 1:
        return lambda cells: (cells[positions[0]],)
    return itemgetter(*positions)


def _unguard(cell: str) -> str:
    """Undo what the file of refused rows puts before a cell that a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith(GUARD) and cell[1:2] in FORMULA_SIGNS else cell
