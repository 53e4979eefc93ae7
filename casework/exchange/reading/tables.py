"""Rows of a file, one after the other, whatever the hand that made it: blank lines, stray quotes, wrong widths."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from operator import itemgetter

from casework.exchange.reading.decoding import Unreadable, control_bytes, decode, has_control_characters
from casework.exchange.reading.layout import REJECT_COLUMNS, Header, column_key, recognise
from casework.exchange.reading.records import Reason, Refusal, Sheet, Source, reason

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
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

        Regular: no quotes, no blank lines, every row as wide as the header. The cells are as they stand in the file,
        with white space around them that means nothing. Read this way a file takes a fraction of the time that it takes
        row by row.
        """
        width = len(self.header.names)
        cells = self._pieces(self.header.separator, width)
        if cells is None:
            return None
        return self._numbers(len(cells) // width), [cells[position::width] for position in self.header.positions]

    def halves(self, place: int) -> tuple[Sequence[int], str, list[str], list[str]] | None:
        """Return the line numbers, the cell in column `place`, and what stands before and after it in every row.

        None when not every row of a regular file has the same cell there, or a column is not in its place.
        """
        separator, columns = self.header.separator, len(self.header.layout.columns)
        if self.header.positions != tuple(range(columns)) or len(self.header.names) != columns:
            return None
        first = self._body.split(separator, place + 1)
        if len(first) <= place + 1:
            return None
        pieces = self._pieces(f"{separator}{first[place]}{separator}", 2)
        return (self._numbers(len(pieces) // 2), first[place], pieces[::2], pieces[1::2]) if pieces else None

    def _pieces(self, mark: str, count: int) -> list[str] | None:
        """Return what stands between the marks and the ends of the rows, None unless it is `count` pieces a row."""
        body, end = self._body, self._end
        # Every row but the first begins with a line feed, and none is elsewhere: a row with a piece too many or too few
        # shows.
        marked = body.replace(end, f"{mark}\n")
        if self._guarded or self._suspicious or '"' in marked or "\r" in marked:
            return None
        pieces = marked.split(mark)
        starts = pieces[count::count]
        regular = len(pieces) % count == 0 and marked.count("\n") == "".join(starts).count("\n") == len(starts)
        return pieces if regular else None

    @cached_property
    def _end(self) -> str:
        return "\r\n" if "\r" in self.sheet.text else "\n"

    @cached_property
    def _body(self) -> str:
        """Return the text under the header, without the last line end."""
        *above, body = self.sheet.text.removesuffix(self._end).split(self._end, self._header_line)
        return body if len(above) == self._header_line else ""

    def _numbers(self, rows: int) -> Sequence[int]:
        first = self._header_line + 1
        return range(first, first + rows)

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
    for number, line in enumerate(_LINE.finditer(sheet.text), 1):
        if line[1].strip(" \t;,"):
            header = recognise(line[1], source.name)
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
