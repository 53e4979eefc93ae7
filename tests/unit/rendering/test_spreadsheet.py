"""Workbooks: what people typed is text, numbers are numbers."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from casework.rendering.spreadsheet import Book

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://example.org")',
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-2+3",
    "{=1}",
    "http://example.org/",
    "mailto:a@example.org",
    "007",
    "1e5",
    "& < > \" '",
    "cloche\x07 et nul\x00",
    "😀",
]


def written(text: str) -> bytes:
    book = Book(title=text, author=text, subject=text, issued_on=date(2026, 3, 30))
    sheet = book.sheet("Feuille & co", (30, 12), text)
    sheet.line(text, "title")
    sheet.line(text)
    extent = sheet.table((text, text), [(text, 3), (text, 2.5), (text, None)], ("cell", "number"))
    sheet.bar_chart("Titre", extent, (sheet.row, 0), (300, 200))
    return book.finish()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_typed_stays_text(text: str) -> None:
    sheet = load_workbook(BytesIO(written(text)))["Feuille & co"]
    shown = "".join(c for c in text if c.isprintable())

    for cell in (sheet["A1"], sheet["A2"], sheet["A3"], sheet["A4"]):
        assert cell.data_type == "s"
        assert cell.value == shown
        assert cell.hyperlink is None


def test_numbers_are_numbers_with_a_format() -> None:
    sheet = load_workbook(BytesIO(written("Texte")))["Feuille & co"]

    assert [sheet.cell(row, 2).value for row in (4, 5, 6)] == [3, 2.5, "–"]
    assert [sheet.cell(row, 2).number_format for row in (4, 5)] == ["#,##0", "#,##0.0"]


def test_a_sheet_is_ready_to_print() -> None:
    sheet = load_workbook(BytesIO(written("A & B")))["Feuille & co"]

    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.left is not None
    assert sheet.oddFooter.left.text == "A && B"
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)
