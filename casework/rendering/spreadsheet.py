"""Spreadsheets: what people typed is always text, never a formula or a link."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from casework.kernel.text import clean_text
from casework.rendering.palette import INK, LINE, MUTED, PRIMARY, PRIMARY_GROUND, SERIES

Cell = str | int | float | None
_A4 = 9
_ROW_PIXELS = 20
_FONT = "Calibri"
# Letters of running text for each unit of a column's width, which is that of a digit.
_LETTERS = 1.1
# A report is a few hundred cells: made in memory, it leaves no temporary file behind.
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FORMATS = {
    "title": {"bold": True, "font_size": 18, "font_color": PRIMARY},
    "heading": {"bold": True, "font_size": 13, "font_color": PRIMARY},
    "text": {"text_wrap": True, "valign": "top"},
    "note": {"text_wrap": True, "valign": "top", "font_color": MUTED, "italic": True},
    "head": {"bold": True, "bg_color": PRIMARY_GROUND, "bottom": 1, "bottom_color": LINE, "text_wrap": True},
    "head_number": {
        "bold": True,
        "bg_color": PRIMARY_GROUND,
        "bottom": 1,
        "bottom_color": LINE,
        "text_wrap": True,
        "align": "right",
    },
    "cell": {"bottom": 1, "bottom_color": LINE, "text_wrap": True},
    "number": {"bottom": 1, "bottom_color": LINE, "num_format": "#,##0", "align": "right"},
    "decimal": {"bottom": 1, "bottom_color": LINE, "num_format": "#,##0.0", "align": "right"},
    "percent": {"bottom": 1, "bottom_color": LINE, "num_format": "0.0%", "align": "right"},
}


class Book:
    """A workbook under construction."""

    def __init__(self, *, title: str, author: str, subject: str, issued_on: date) -> None:
        self._target = BytesIO()
        self._book = xlsxwriter.Workbook(self._target, _OPTIONS)
        created = datetime(issued_on.year, issued_on.month, issued_on.day)  # noqa: DTZ001 -- a date in a file's properties
        self._book.set_properties({"title": title, "author": author, "subject": subject, "created": created})
        base = {"font_name": _FONT, "font_size": 11, "font_color": INK}
        self._formats = {name: self._book.add_format(base | made) for name, made in _FORMATS.items()}

    def sheet(self, name: str, widths: Sequence[float], foot: str) -> "Sheet":
        """Return a new sheet with columns of the given widths, ready to print on one A4 page."""
        return Sheet(self._book, self._book.add_worksheet(name), self._formats, widths, foot)

    def finish(self) -> bytes:
        """Return the whole file."""
        self._book.close()
        return self._target.getvalue()


class Sheet:
    """A sheet that is written from the top down."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        sheet: xlsxwriter.worksheet.Worksheet,
        formats: dict[str, xlsxwriter.format.Format],
        widths: Sequence[float],
        foot: str,
    ) -> None:
        self._book, self._sheet, self._formats, self._widths = book, sheet, formats, widths
        self.row = 0
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 1)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        sheet.hide_gridlines(2)
        sheet.set_footer(f"&L{clean_text(foot)[:180].replace('&', '&&')}&R&P / &N")

    def line(self, text: str, style: str = "text") -> None:
        """Write one line of text across the columns of the sheet."""
        content, wide = clean_text(text), sum(self._widths)
        if style in {"text", "note"} and len(self._widths) > 1:
            last = len(self._widths) - 1
            self._sheet.merge_range(self.row, 0, self.row, last, "", self._formats[style])
            self._sheet.set_row(self.row, 15.5 * (1 + int(len(content) / (wide * _LETTERS))))
        self._sheet.write_string(self.row, 0, content, self._formats[style])
        self.row += 1

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.row += rows

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Cell]], styles: Sequence[str]) -> tuple[int, int]:
        """Write a table, `styles` one for each column; return its first and last row of data."""
        for column, text in enumerate(head):
            style = "head_number" if column else "head"
            self._sheet.write_string(self.row, column, clean_text(text), self._formats[style])
        self.row += 1
        first = self.row
        for cells in rows:
            for column, cell in enumerate(cells):
                self._write(column, cell, styles[column])
            self.row += 1
        return first, self.row - 1

    def _write(self, column: int, cell: Cell, style: str) -> None:
        style = "decimal" if style == "number" and isinstance(cell, float) and cell % 1 else style
        if isinstance(cell, int | float):
            self._sheet.write_number(self.row, column, cell, self._formats[style])
        else:
            self._sheet.write_string(self.row, column, clean_text(cell or "–"), self._formats[style])

    def bar_chart(self, title: str, rows: tuple[int, int], at: tuple[int, int], size: tuple[int, int]) -> None:
        """Add a native chart of the first two columns of some rows: bars in one colour, the number on each.

        `title` is a word of ours: XlsxWriter would read one that looks like a range of cells as such.
        """
        first, last = rows
        name = self._sheet.get_name()
        chart = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "data_labels": {"value": True},
                "fill": {"color": SERIES[0]},
                "gap": 60,
            }
        )
        chart.set_title({"name": title, "name_font": {"size": 12, "color": INK}, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "line": {"color": MUTED}, "major_tick_mark": "none"})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        chart.set_size({"width": size[0], "height": size[1]})
        self._sheet.insert_chart(*at, chart, {"description": title})
        # Some programs print no further than the last cell in use: this one lies under the chart.
        self._sheet.write_blank(at[0] + size[1] // _ROW_PIXELS + 1, at[1], None, self._formats["text"])
