"""Documents: whatever people typed comes out as text, in the typeface of the house."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.pdfbase.pdfmetrics import stringWidth

from casework.rendering.charts import Bar, Column, bar_chart, step_chart
from casework.rendering.pdf import (
    WIDTH,
    Blank,
    Heading,
    Identity,
    Story,
    boxes,
    build,
    card,
    running_text,
    side_by_side,
    table,
    words,
)
from casework.rendering.typeface import REGULAR, fitted, register_typeface

HOSTILE = [
    "Dupont & Fils <b>",
    "revenu < 500 <b>",
    '<img src="/etc/hostname"/>',
    '<a href="javascript:alert(1)">ici</a>',
    "</para><para>",
    "&#0; &nope; ]]>",
    "W" * 400,
    "ligne\nligne",
    "مرحبا 😀 \u202e\x07",
    "%(name)s {0} %s",
]


def made(make_story: Callable[[], Story], foot: str = "Pied") -> PdfReader:
    identity = Identity("Titre & <titre>", "Les Pins", "Sujet", "fr", foot, lambda page, pages: f"{page} / {pages}")
    return PdfReader(BytesIO(build(identity, make_story)))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_is_ever_markup(value: str) -> None:
    reader = made(
        lambda: [
            words(value),
            card([(value, value)]),
            table(("", value), [(value, value)], (0.7, 0.3)),
            side_by_side([words(value)], [words(value)]),
            bar_chart([Bar(value, 3, value[:40])], WIDTH),
            step_chart([Column(value, 0, 3, value[:40])], WIDTH),
        ],
        foot=value,
    )

    assert len(reader.pages) >= 1
    assert all(not page.images for page in reader.pages)
    assert all("/Annots" not in page for page in reader.pages)


def test_signs_of_markup_are_read_back_as_typed() -> None:
    assert "revenu < 500 & <b>gras</b>" in text_of(made(lambda: [words("revenu < 500 & <b>gras</b>")]))


def test_pages_are_numbered_and_told_how_many_there_are() -> None:
    reader = made(lambda: [words(f"Ligne {n}", "lead") for n in range(80)])

    assert len(reader.pages) == 3
    for number, page in enumerate(reader.pages, 1):
        assert f"{number} / 3" in page.extract_text()


def test_headings_are_bookmarks_on_their_own_page() -> None:
    reader = made(
        lambda: [Heading("Début", "start"), *(words("Texte", "lead") for _ in range(60)), Heading("Fin <fin>", "end")]
    )
    places = [
        (item.title, reader.get_destination_page_number(item)) for item in reader.outline if not isinstance(item, list)
    ]

    assert places == [("Début", 0), ("Fin <fin>", 1)]


def test_the_document_says_its_title_and_its_language() -> None:
    reader = made(lambda: [words("Texte")])
    catalogue = reader.root_object

    assert reader.metadata is not None
    assert reader.metadata.title == "Titre & <titre>"
    assert reader.metadata.author == "Les Pins"
    assert str(catalogue["/Lang"]) == "fr"
    assert str(catalogue["/ViewerPreferences"]) == "{'/DisplayDocTitle': True}"


def test_the_typeface_is_embedded() -> None:
    reader = made(lambda: [words("Été à Nîmes, œuvre, 12 €"), Heading("Gras", "bold")])
    embedded, missing = reader.pages[0]._get_fonts()

    assert {name.partition("+")[2] for name in embedded} == {
        "AtkinsonHyperlegible-Regular",
        "AtkinsonHyperlegible-Bold",
    }
    assert not missing
    assert "Été à Nîmes, œuvre, 12 €" in text_of(reader)


@pytest.mark.parametrize("text", ["court", "un texte bien trop long pour cette place", "W" * 500])
def test_a_text_fits_its_place(text: str) -> None:
    register_typeface()
    shown = fitted(text, REGULAR, 9, 80)

    assert stringWidth(shown, REGULAR, 9) <= 80
    assert shown == text or shown.endswith("…")


def _lengths(drawing: Drawing) -> list[float]:
    return [round(shape.width, 3) for shape in drawing.contents if isinstance(shape, Rect)]


def test_bars_are_as_long_as_their_numbers() -> None:
    drawing = bar_chart([Bar("Un", 10, "10"), Bar("Deux", 5, "5"), Bar("Rien", 0, "0")], WIDTH)
    longest, half = _lengths(drawing)

    assert longest == pytest.approx(2 * half, abs=0.01)
    assert longest < WIDTH


@pytest.mark.parametrize("columns", [[], [Column("A", 0, 0, "0")], [Column("A", 0, 5, "5"), Column("B", 5, 5, "+ 0")]])
def test_a_chart_of_nothing_is_still_a_chart(columns: list[Column]) -> None:
    assert made(lambda: [step_chart(columns, WIDTH), bar_chart([], WIDTH)]).pages


def test_boxes_to_fill_in_stand_on_one_page() -> None:
    columns = [
        [Blank("Partie", f"Nom {n} " + "long " * n), Blank("Date", room=20), Blank("Signature", room=60)]
        for n in range(3)
    ]
    before = [words(f"Ligne {n}") for n in range(38)]
    reader = made(lambda: [*before, boxes(columns)])

    assert "Signature" not in reader.pages[0].extract_text()
    assert "Nom" not in reader.pages[0].extract_text()
    assert reader.pages[1].extract_text().count("Signature") == 3


def test_a_long_text_keeps_its_lines_and_flows_over_pages() -> None:
    reader = made(lambda: running_text("\n\n".join(f"ligne{n}" for n in range(120))))

    assert len(reader.pages) == 4
    assert [line for line in text_of(reader).split() if line.startswith("ligne")] == [f"ligne{n}" for n in range(120)]
