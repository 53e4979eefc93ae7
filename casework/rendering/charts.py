"""Charts as vector drawings: few bars, the number on each, readable without colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from casework.rendering.palette import INK, LINE, MUTED, SERIES
from casework.rendering.typeface import BOLD, REGULAR, fitted, register_typeface

Anchor = Literal["start", "middle", "end"]
SIZE = 9
_BAR = 11
_ROW = 18
_GAP = 8
_COLUMNS_HEIGHT = 150
_FOOT = 30
_HEAD = 16


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its length, and what is written on it."""

    label: str
    value: int
    shown: str


@dataclass(frozen=True)
class Column:
    """One column that stands from `low` to `high`; `series` chooses its shade."""

    label: str
    low: int
    high: int
    shown: str
    series: int = 0


def bar_chart(bars: Sequence[Bar], width: float) -> Drawing:
    """Return horizontal bars, one row each, labels at their left and numbers at their end."""
    register_typeface()
    height = _ROW * len(bars)
    drawing = Drawing(width, height)
    labels = min(width * 0.5, max((stringWidth(b.label, REGULAR, SIZE) for b in bars), default=0))
    room = width - labels - _GAP - max((stringWidth(b.shown, BOLD, SIZE) for b in bars), default=0) - _GAP
    longest = max((b.value for b in bars), default=0) or 1
    for index, bar in enumerate(bars):
        base = height - _ROW * (index + 1) + (_ROW - _BAR) / 2
        length = room * bar.value / longest
        label = fitted(bar.label, REGULAR, SIZE, labels)
        drawing.add(_words(labels, base + 2, label, REGULAR, INK, "end"))
        if length:
            drawing.add(_block(labels + _GAP, base, length, _BAR, 0))
        drawing.add(_words(labels + _GAP + length + 4, base + 2, bar.shown, BOLD, INK, "start"))
    drawing.add(Line(labels + _GAP, 0, labels + _GAP, height, strokeColor=HexColor(MUTED), strokeWidth=0.5))
    return drawing


def step_chart(columns: Sequence[Column], width: float) -> Drawing:
    """Return columns that stand on each other's tops: what was there, what came, what went, what remains."""
    register_typeface()
    drawing = Drawing(width, _COLUMNS_HEIGHT)
    room = _COLUMNS_HEIGHT - _FOOT - _HEAD
    unit = room / (max((c.high for c in columns), default=0) or 1)
    place = width / max(len(columns), 1)
    for index, column in enumerate(columns):
        left, wide = index * place + place * 0.18, place * 0.64
        low, high = _FOOT + column.low * unit, _FOOT + column.high * unit
        if column.high > column.low:
            drawing.add(_block(left, low, wide, high - low, column.series))
        drawing.add(_words(left + wide / 2, high + 4, column.shown, BOLD, INK, "middle", 11))
        for row, words in enumerate(_two_lines(column.label, place - 6)):
            drawing.add(_words(left + wide / 2, _FOOT - 12 - row * 11, words, REGULAR, INK, "middle"))
        if index:
            level = _FOOT + _joint(columns[index - 1], column) * unit
            drawing.add(Line(left - place * 0.36, level, left, level, strokeColor=HexColor(MUTED), strokeWidth=0.5))
    drawing.add(Line(0, _FOOT, width, _FOOT, strokeColor=HexColor(LINE), strokeWidth=1))
    return drawing


def _joint(before: Column, after: Column) -> int:
    """Return the height at which two neighbours meet."""
    return after.low if after.low == before.high else after.high if after.high == before.high else before.low


def _two_lines(text: str, width: float) -> list[str]:
    if stringWidth(text, REGULAR, SIZE) <= width:
        return [text]
    words = text.split(" ")
    cut = next((i for i in range(len(words) - 1, 0, -1) if stringWidth(" ".join(words[:i]), REGULAR, SIZE) <= width), 1)
    rest = " ".join(words[cut:])
    return [fitted(" ".join(words[:cut]), REGULAR, SIZE, width), fitted(rest, REGULAR, SIZE, width)] if rest else [text]


def _block(x: float, y: float, width: float, height: float, series: int) -> Rect:
    block = Rect(x, y, width, height)
    block.fillColor = HexColor(SERIES[series])
    block.strokeColor = None
    return block


def _words(x: float, y: float, text: str, font: str, colour: str, anchor: Anchor, size: float = SIZE) -> String:
    return String(x, y, text, fontName=font, fontSize=size, fillColor=HexColor(colour), textAnchor=anchor)
