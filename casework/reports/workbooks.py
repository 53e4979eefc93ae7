"""The annual review as a workbook: the figures as numbers that can be counted on, with native charts."""

from flask_babel import gettext

from casework.rendering.spreadsheet import Book, Sheet
from casework.reports.presentation import (
    Cover,
    figure_label,
    figure_rows,
    is_withheld_whole,
    sentences,
    shares,
)
from casework.reports.rules import BREAKDOWNS, AnnualReview
from casework.reports.vocabulary import ACTIVITY, PATH, PEOPLE

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
    _breakdowns(book.sheet(gettext("Répartitions"), (46, 12, 12), foot, landscape=True), review)
    _figures(book.sheet(gettext("Activité"), (58, 16), foot), review, gettext("Activité"), ACTIVITY)
    return book.finish()


def _summary(sheet: Sheet, review: AnnualReview, cover: Cover) -> None:
    sheet.line(cover.title, "title")
    for term, said in cover.terms:
        sheet.line(f"{term} : {said}")
    sheet.skip()
    for sentence in sentences(review, cover):
        sheet.line(sentence)
    if cover.is_provisional:
        sheet.line(gettext("L’année n’est pas terminée : ces chiffres sont provisoires."), "note")
    sheet.skip()
    _figures(sheet, review, gettext("Le parcours"), PATH)
    sheet.skip()
    _figures(sheet, review, gettext("Les personnes et la durée"), PEOPLE)


def _figures(sheet: Sheet, review: AnnualReview, title: str, names: tuple[str, ...]) -> None:
    sheet.line(title, "heading")
    rows = [(said, figure) for _, said, figure in figure_rows(review, names)]
    sheet.table((gettext("Indicateur"), gettext("Nombre")), rows, ("cell", "number"))


def _breakdowns(sheet: Sheet, review: AnnualReview) -> None:
    for name in BREAKDOWNS:
        title, start = figure_label(name), sheet.row
        sheet.line(title, "heading")
        lines = shares(review, name)
        if not lines:
            withheld = is_withheld_whole(review, name)
            sheet.line(
                gettext("Cette répartition n’est pas communiquée : elle porte sur trop peu de ménages.")
                if withheld
                else gettext("Aucun ménage."),
                "note",
            )
            sheet.skip()
            continue
        whole = sum(line.count or 0 for line in lines)
        complete = all(line.count is not None for line in lines)
        rows = [
            (
                line.label,
                line.shown if line.count is None else line.count,
                line.count / whole if complete and line.count is not None else None,
            )
            for line in lines
        ]
        head = (gettext("Catégorie"), gettext("Ménages"), gettext("Part"))
        extent = sheet.table(head, rows, ("cell", "number", "percent"))
        if name in _CHARTED:
            height = max(_CHART_ROWS - 1, len(lines) + 2) * _ROW_PIXELS
            sheet.bar_chart(title, extent, (start, 4), (_CHART_WIDTH, height))
            sheet.row = max(sheet.row, start + _CHART_ROWS)
        sheet.skip()
