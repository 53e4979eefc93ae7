"""A document of paragraphs and tables, before it is a page, a text in Markdown or a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.rendering.pdf import Heading, Identity, Story, before_table, build, text_table, words
from casework.web.filters import day

MARKDOWN, PDF = "md", "pdf"
FORMATS = {MARKDOWN: "text/markdown; charset=utf-8", PDF: "application/pdf"}


@dataclass(frozen=True)
class PaperTable:
    """A table of words; `shares` are parts of the width on paper."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]


@dataclass(frozen=True)
class Section:
    """A part with its heading: paragraphs, then a table."""

    title: str
    paragraphs: Sequence[str] = ()
    table: PaperTable | None = None


@dataclass(frozen=True)
class Paper:
    """The document: its title, what it is, its parts, and the day on which it says so."""

    title: str
    lead: str
    on: date
    sections: Sequence[Section]


def as_markdown(paper: Paper) -> bytes:
    """Return the document in Markdown."""
    lines = [f"# {paper.title}", f"{paper.lead}", f"*Établi le {day(paper.on)} à partir de la configuration.*"]
    for section in paper.sections:
        lines += [f"## {section.title}", *section.paragraphs]
        if section.table is not None:
            rows = [section.table.head, ["---"] * len(section.table.head), *section.table.rows]
            lines.append("\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in rows))
    return ("\n\n".join(lines) + "\n").encode()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def as_pdf(paper: Paper) -> bytes:
    """Return the document on paper."""
    identity = Identity(
        title=paper.title,
        author="Casework",
        subject=paper.lead,
        language="fr",
        foot=f"{paper.title} · établi le {day(paper.on)}",
        page_words=lambda page, pages: f"page {page} / {pages}",
    )
    return build(identity, lambda: _story(paper))


def _story(paper: Paper) -> Story:
    story: Story = [words(paper.title, "title"), words(paper.lead, "lead")]
    for number, section in enumerate(paper.sections):
        key = f"part{number}"
        story += [Heading(section.title, key)] if section.table is None else before_table(section.title, key)
        story += [words(paragraph) for paragraph in section.paragraphs]
        if section.table is not None:
            story.append(text_table(section.table.head, section.table.rows, section.table.shares))
    return story


def paper_file(form: str, paper: Paper) -> bytes:
    """Return the document as a file of the format `form` (a key of FORMATS)."""
    return as_pdf(paper) if form == PDF else as_markdown(paper)
