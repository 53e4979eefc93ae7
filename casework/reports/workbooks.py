"""The annual review as a workbook: the figures as numbers that can be counted on, with native charts."""

from casework.rendering.spreadsheet import Book, Cell, Sheet
from casework.reports.presentation import (
    Cover,
    Share,
    empty_words,
    figure_label,
    figure_rows,
    sentences,
    shares,
)
from casework.reports.rules import BREAKDOWNS, AnnualReview
from casework.reports.vocabulary import ACTIVITY, MOVEMENTS, PEOPLE, REFERRALS
from casework.web.filters import told
from casework.web.i18n import gettext

_CHARTED = ("composition", "housing_at_entry", "outcomes")
_ROW_PIXELS = 20
_CHART_WIDTH = 560
# A chart stands beside its table and needs this many rows at least.
_CHART_ROWS = 13


def review_workbook(review: AnnualReview, cover: Cover) -> bytes:
    """Return the review as an XLSX file."""
    book = Book(
        title=f"{cover.title} – {cover.programme.name}",
        author=cover.programme.operator,
        subject=gettext("Bilan annuel du dispositif %(code)s", code=cover.programme.code),
        issued_on=cover.issued_on,
    )
    foot = f"{cover.title} · {cover.programme.code}"
    _summary(book.sheet(gettext("Synthèse"), (58, 16), foot), review, cover)
    _breakdowns(book.sheet(gettext("Répartitions"), (46, 12, 12), foot), review)
    _activity(book.sheet(gettext("Activité"), (58, 16), foot), review)
    return book.finish()


def _summary(sheet: Sheet, review: AnnualReview, cover: Cover) -> None:
    sheet.line(cover.title, "title")
    for term, said in cover.terms:
        sheet.line(told(term, said))
    sheet.skip()
    for sentence in sentences(review, cover):
        sheet.line(sentence)
    if cover.is_provisional:
        sheet.line(gettext("L’année n’est pas terminée\u00a0: ces chiffres sont provisoires."), "note")
    sheet.skip()
    _figures(sheet, review, gettext("Le parcours"), (*REFERRALS, *MOVEMENTS, "active_caseload"))
    sheet.skip()
    _figures(sheet, review, gettext("Les personnes et la durée"), PEOPLE)


def _figures(sheet: Sheet, review: AnnualReview, title: str, names: tuple[str, ...]) -> tuple[int, int]:
    sheet.line(title, "heading")
    rows = [(said, figure) for _, said, figure in figure_rows(review, names)]
    return sheet.table((gettext("Indicateur"), gettext("Nombre")), rows, ("cell", "number"))


def _activity(sheet: Sheet, review: AnnualReview) -> None:
    title = gettext("Activité")
    extent = _figures(sheet, review, title, ACTIVITY)
    sheet.skip()
    sheet.bar_chart(title, extent, (sheet.row, 0), (_CHART_WIDTH, _CHART_ROWS * _ROW_PIXELS))


def _breakdowns(sheet: Sheet, review: AnnualReview) -> None:
    for name in BREAKDOWNS:
        title, start = figure_label(name), sheet.row
        sheet.line(title, "heading")
        lines = shares(review, name)
        if lines:
            head = (gettext("Catégorie"), gettext("Ménages"), gettext("Part"))
            extent = sheet.table(head, _rows(lines), ("cell", "number", "percent"))
            if name in _CHARTED:
                rows = max(_CHART_ROWS, len(lines) + 3)
                sheet.bar_chart(title, extent, (start, 4), (_CHART_WIDTH, (rows - 1) * _ROW_PIXELS))
                sheet.row = start + rows
        else:
            sheet.line(empty_words(review, name), "note")
        sheet.skip()


def _rows(lines: list[Share]) -> list[tuple[Cell, Cell, Cell]]:
    """Return words, number and part of the whole."""
    whole = sum(line.count for line in lines)
    return [(line.label, line.count, line.count / whole) for line in lines]
