"""Documents on paper: A4, one typeface, every value escaped, headings that are bookmarks, « page x / y »."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from casework.rendering.palette import INK, LINE, MUTED, PRIMARY, SUNKEN
from casework.rendering.typeface import BOLD, REGULAR, fitted, register_typeface

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
_FOOT = 12 * mm
_TABLE_START = 45 * mm
_EMPTY_LINE = 6

Story = list[Flowable]


def _style(
    size: float, leading: float, *, font: str = REGULAR, colour: str = INK, before: float = 0, after: float = 0
) -> ParagraphStyle:
    return ParagraphStyle(
        "",
        fontName=font,
        fontSize=size,
        leading=leading,
        textColor=HexColor(colour),
        spaceBefore=before,
        spaceAfter=after,
    )


def _at_right(style: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle("", style, alignment=2)


STYLES = {
    "title": _style(26, 31, font=BOLD, colour=PRIMARY, after=4),
    "subtitle": _style(14, 19, colour=MUTED, after=10),
    "heading": _style(15, 20, font=BOLD, colour=PRIMARY, before=16, after=8),
    "subheading": _style(11.5, 15, font=BOLD, before=10, after=6),
    "lead": _style(12, 17, after=5),
    "text": _style(10, 14, after=4),
    "note": _style(9, 12.5, colour=MUTED, after=4),
    "cell": _style(9.5, 12.5),
    "strong_cell": _style(9.5, 12.5, font=BOLD),
    "head_cell": _style(9, 12, colour=MUTED),
}
STYLES |= {"number": _at_right(STYLES["strong_cell"]), "head_number": _at_right(STYLES["head_cell"])}


@dataclass(frozen=True)
class Identity:
    """What a document says of itself: its metadata, and the foot of each page."""

    title: str
    author: str
    subject: str
    language: str
    foot: str
    page_words: Callable[[int, int], str]


def words(text: str, style: str = "text") -> Paragraph:
    """Return a paragraph of plain text: nothing in it is markup, whoever wrote it."""
    return Paragraph(escape(text).replace("\n", "<br/>"), STYLES[style])


class Heading(Paragraph):
    """A heading that is also a bookmark of the document."""

    def __init__(self, text: str, key: str, style: str = "heading") -> None:
        super().__init__(escape(text), STYLES[style])
        self._title, self._key, self._level = text, key, 0 if style == "heading" else 1
        self.keepWithNext = True

    def draw(self) -> None:
        """Draw it and leave the bookmark."""
        self.canv.bookmarkPage(self._key)
        self.canv.addOutlineEntry(self._title, self._key, level=self._level, closed=False)
        super().draw()


def before_table(text: str, key: str) -> Story:
    """Return the heading of a table that may run over pages: it asks for room for some rows, not for all of them."""
    heading = Heading(text, key)
    heading.keepWithNext = False
    return [CondPageBreak(_TABLE_START), heading]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Table:
    """Return a table whose first column holds words and the others numbers; `shares` are parts of the width."""
    lines = [[words(cell, "head_number" if i else "head_cell") for i, cell in enumerate(head)]] if any(head) else []
    lines += [[words(cell, "number" if i else "cell") for i, cell in enumerate(row)] for row in rows]
    made = Table(lines, colWidths=[WIDTH * share for share in shares], repeatRows=1 if any(head) else 0, hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 3.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return made


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Table:
    """Return a table of words; `shares` are parts of the width. Its head is repeated on each page."""
    lines = [[words(cell, "head_cell") for cell in head], *([words(cell, "cell") for cell in row] for row in rows)]
    made = Table(lines, colWidths=[WIDTH * share for share in shares], repeatRows=1, hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 3.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return made


def card(rows: Sequence[tuple[str, str]], shares: tuple[float, float] = (0.22, 0.78)) -> Table:
    """Return the terms and what they say, on a quiet ground."""
    lines = [[words(term, "head_cell"), words(said, "strong_cell")] for term, said in rows]
    made = Table(lines, colWidths=[WIDTH * share for share in shares], hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), HexColor(SUNKEN)),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
            ]
        )
    )
    return made


def side_by_side(left: Story, right: Story) -> Table:
    """Return two columns of equal width."""
    made = Table([[left, right]], colWidths=[WIDTH / 2, WIDTH / 2], hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
                ("LEFTPADDING", (0, 0), (0, 0), 0),
                ("RIGHTPADDING", (0, 0), (0, 0), 12),
                ("LEFTPADDING", (1, 0), (1, 0), 12),
                ("RIGHTPADDING", (1, 0), (1, 0), 0),
            ]
        )
    )
    return made


@dataclass(frozen=True)
class Blank:
    """One line of a box to fill in by hand: its words, then what is known already or else the room to write (points)."""

    label: str
    known: str = ""
    room: float = 0


def boxes(columns: Sequence[Sequence[Blank]]) -> Table:
    """Return boxes to fill in by hand, side by side, of as many lines each; no page ends between two lines of them."""
    lines = [
        [
            [
                words(blank.label, "head_cell"),
                words(blank.known, "strong_cell") if blank.known else Spacer(0, blank.room),
            ]
            for blank in line
        ]
        for line in zip(*columns, strict=True)
    ]
    made = Table(lines, colWidths=[WIDTH / len(columns)] * len(columns), hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.75, HexColor(MUTED)),
                ("LINEAFTER", (0, 0), (-2, -1), 0.75, HexColor(MUTED)),
                ("LINEBELOW", (0, 0), (-1, -2), 0.5, HexColor(LINE)),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor(SUNKEN)),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("NOSPLIT", (0, 0), (-1, -1)),
                ("TOPPADDING", (0, 0), (-1, -1), 4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
                ("LEFTPADDING", (0, 0), (-1, -1), 8),
                ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ]
        )
    )
    return made


def running_text(text: str) -> Story:
    """Return a long text that people wrote, a paragraph for each of its lines: it flows over pages, and nothing is cut."""
    return [words(line) if line.strip() else Spacer(0, _EMPTY_LINE) for line in text.splitlines()]


class _Document(BaseDocTemplate):
    def __init__(self, target: BytesIO, identity: Identity, pages: int) -> None:
        super().__init__(
            target,
            pagesize=A4,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN,
            bottomMargin=MARGIN,
            title=identity.title,
            author=identity.author,
            subject=identity.subject,
            creator="Casework",
            lang=identity.language,
            displayDocTitle=True,
            initialFontName=REGULAR,
        )
        self._identity, self._pages = identity, pages
        frame = Frame(MARGIN, MARGIN, WIDTH, A4[1] - 2 * MARGIN, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._draw_foot))

    def _draw_foot(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setStrokeColor(HexColor(LINE))
        canvas.line(MARGIN, _FOOT + 10, A4[0] - MARGIN, _FOOT + 10)
        canvas.setFont(REGULAR, 8.5)
        canvas.setFillColor(HexColor(MUTED))
        canvas.drawString(MARGIN, _FOOT - 2, fitted(self._identity.foot, REGULAR, 8.5, WIDTH - 40 * mm))
        number = canvas.getPageNumber()
        canvas.drawRightString(A4[0] - MARGIN, _FOOT - 2, self._identity.page_words(number, self._pages))
        canvas.restoreState()


def build(identity: Identity, make_story: Callable[[], Story]) -> bytes:
    """Return the document. The story is laid out twice: only the first time tells how many pages there are."""
    register_typeface()
    pages = 0
    target = BytesIO()
    for _ in range(2):
        target = BytesIO()
        document = _Document(target, identity, pages)
        document.build(make_story())
        pages = document.page
    return target.getvalue()
