"""The copy of a file that a person reads: one part for each table, every value escaped."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from reportlab.platypus import Flowable, KeepTogether, Spacer

from casework.cases.queries import CaseHead
from casework.disclosure.content import Content, contents
from casework.disclosure.gathering import Part
from casework.disclosure.words import written
from casework.rendering.pdf import Heading, Identity, Story, before_table, build, card, table, words
from casework.web.filters import day

TITLE = "Copie du dossier"
_INTRODUCTION = (
    (
        "Vous avez le droit de savoir ce qui est enregistré sur votre ménage (RGPD, article 15). Ce document le dit, et "
        "sa dernière partie nomme ce qui n’y est pas. Le fichier donnees.json, remis avec lui, contient la même chose pour une machine."
    ),
    (
        "Vous pouvez demander que ce qui est faux soit corrigé (article 16), que l’usage du dossier soit limité (article 18), "
        "ou vous opposer à son utilisation (article 21). La réponse vous est due dans le mois. Vous pouvez aussi écrire à la "
        "CNIL, 3 place de Fontenoy, 75007 Paris."
    ),
    "Les professionnels sont désignés par leur fonction. Les autres personnes ne sont pas nommées.",
)
_SHARES = (0.3, 0.7)
_LEDGER = "rent_lines"


def copy_pdf(head: CaseHead, parts: Sequence[Part], today: date) -> bytes:
    """Return the copy as a PDF, in French whoever makes it: it is for the person."""
    identity = Identity(
        title=f"{TITLE} – {head.number}",
        author=head.programme_name,
        subject="Droit d’accès, RGPD article 15",
        language="fr",
        foot=f"{TITLE} {head.number} · établie le {day(today)} · confidentiel",
        page_words=lambda page, pages: f"page {page} / {pages}",
    )
    return build(identity, lambda: _story(head, parts, today))


def _story(head: CaseHead, parts: Sequence[Part], today: date) -> Story:
    story: Story = [
        words(TITLE, "title"),
        words(head.name, "subtitle"),
        card(
            [("Numéro de dossier", head.number), ("Dispositif", head.programme_name), ("Établie le", day(today))],
            _SHARES,
        ),
        Spacer(0, 8),
        *(words(sentence) for sentence in _INTRODUCTION),
    ]
    for part in parts:
        if part.rows:
            story += _part(part)
    empty = [part.content.title for part in parts if not part.rows]
    if empty:
        story += [Heading("Parties dans lesquelles rien n’est écrit", "empty"), words(", ".join(empty) + ".")]
    withheld = [content for content in contents() if content.withheld]
    story.append(Heading("Ce qui n’est pas dans ce document", "withheld"))
    story += [words(f"{content.title}. {content.withheld}") for content in withheld]
    return story


def _part(part: Part) -> list[Flowable]:
    content = part.content
    if content.table == _LEDGER:
        return [*before_table(content.title, content.table), _ledger(content, part.rows)]
    cards = [card(lines, _SHARES) for row in part.rows if (lines := _lines(content, row))]
    if not cards:
        return []
    heading = Heading(content.title, content.table)
    first, *others = cards
    return [KeepTogether([heading, first]), *(item for one in others for item in (Spacer(0, 6), KeepTogether([one])))]


def _lines(content: Content, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    told = [(label, written(content.table, name, row[name])) for name, label in content.labels.items()]
    return [(label, said) for label, said in told if said]


def _ledger(content: Content, rows: Sequence[Mapping[str, Any]]) -> Flowable:
    names = [name for name in content.labels if name != "tenant_name"]
    head = [content.labels[name].partition(" (")[0] for name in names]
    lines = [[written(content.table, name, row[name]) for name in names] for row in rows]
    return table(head, lines, [1 / len(names)] * len(names))
