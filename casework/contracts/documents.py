"""The contract and its amendments on paper, for the three parties to sign; the household keeps a copy."""

from datetime import date

from reportlab.platypus import KeepTogether, Spacer, Table

from casework.contracts.queries import ContractSheet
from casework.contracts.rules import duration
from casework.contracts.vocabulary import CONTRACT_KIND_LABELS, PARTY_LABELS, ContractKind, Party
from casework.rendering.files import name_part
from casework.rendering.pdf import (
    Blank,
    Heading,
    Identity,
    Story,
    before_table,
    boxes,
    build,
    card,
    running_text,
    text_table,
    words,
)
from casework.web.filters import day, label
from casework.web.i18n import gettext as _
from casework.web.i18n import language, ngettext

_CARD = (0.3, 0.7)
_PARTIES = (0.2, 0.44, 0.36)
_OBJECTIVES = (0.6, 0.22, 0.18)
# Room to write by hand, in points.
_ROOM, _ROOM_TO_SIGN = 16, 54
# What the signatures take along to their page of the text before them, at most: characters, and lines.
_LAST_WORDS, _LAST_LINES = 600, 12


def contract_pdf(sheet: ContractSheet) -> bytes:
    """Return a contract or an amendment as a PDF in the language of the page."""
    title = _title(sheet)
    foot = _("%(title)s · dossier %(number)s", title=title, number=sheet.head.number)
    identity = Identity(
        title=f"{title} – {sheet.head.number}",
        author=sheet.operator,
        subject=sheet.head.programme_name,
        language=language(),
        foot=_("Projet · %(foot)s", foot=foot) if sheet.is_to_come else foot,
        page_words=lambda page, pages: _("page %(page)s / %(pages)s", page=page, pages=pages),
    )
    return build(identity, lambda: _story(sheet))


def file_name(sheet: ContractSheet) -> str:
    """Return the name under which a browser keeps the file: no name of a person is in it."""
    kind = "avenant" if sheet.is_amendment else "contrat"
    return f"{kind}-{name_part(sheet.head.number)}-{sheet.contract.signed_on.isoformat()}.pdf"


def _title(sheet: ContractSheet) -> str:
    if not sheet.is_amendment:
        return _(CONTRACT_KIND_LABELS[ContractKind.INITIAL])
    return _("Avenant n°\u00a0%(number)s au contrat tripartite", number=sheet.number)


def _story(sheet: ContractSheet) -> Story:
    contract = sheet.contract
    story: Story = [words(_title(sheet), "title"), words(_subtitle(sheet), "subtitle"), card(_terms(sheet), _CARD)]
    if sheet.is_amendment:
        story += [Heading(_("Ce que cet avenant change"), "changes"), *(words(said) for said in _changes(sheet))]
    story += [*before_table(_("Les trois parties"), "parties"), _parties(sheet)]
    story += _objectives(sheet)
    end: Story = []
    for title, key, text in (
        (_("Motif d’une durée plus longue"), "derogation", contract.derogation),
        (_("Engagements de chacun"), "terms", contract.terms),
    ):
        if text:
            text_story, text_end = _text(title, key, text)
            story += [*end, *text_story]
            end = text_end
    return [*story, KeepTogether([*end, *_signatures(sheet)])]


def _text(title: str, key: str, text: str) -> tuple[Story, Story]:
    """Return a text in two: what may end a page, and its last words, which stay with the signatures that follow.

    So nobody signs a page on which nothing else stands.
    """
    paragraphs = running_text(text)
    if len(text) <= _LAST_WORDS and len(paragraphs) <= _LAST_LINES:
        return [], [Heading(title, key), *paragraphs]
    last = 1 if len(text.splitlines()[-1]) <= _LAST_WORDS else 0
    kept = len(paragraphs) - last
    return [*before_table(title, key), *paragraphs[:kept]], paragraphs[kept:]


def _subtitle(sheet: ContractSheet) -> str:
    number, signed_on = sheet.head.number, day(sheet.contract.signed_on)
    if sheet.is_to_come:
        return _("Dossier %(number)s · projet, à signer le %(day)s", number=number, day=signed_on)
    return _("Dossier %(number)s · signé le %(day)s", number=number, day=signed_on)


def _terms(sheet: ContractSheet) -> list[tuple[str, str]]:
    head = sheet.head
    rows = [
        (_("Dispositif"), f"{head.programme_name} ({head.programme_code})"),
        (_("Logement"), _home(sheet)),
    ]
    if sheet.is_amendment:
        rows.append((_("Contrat modifié"), _("Contrat tripartite signé le %(day)s", day=day(sheet.first.signed_on))))
    return [*rows, (_("Accompagnement"), _period(sheet.first.signed_on, sheet.contract.planned_end_on))]


def _home(sheet: ContractSheet) -> str:
    """Return the address of the home.

    Where it is secret, and where it is not known, the paper says the same: three parties read it, and lay it on a table.
    """
    head = sheet.head
    known = [] if head.is_protected else [part for part in (head.address, head.district) if part]
    return ", ".join(known) or _("L’adresse n’est pas écrite sur ce document\u00a0: elle est donnée à part.")


def _end(planned_end_on: date | None) -> str:
    return day(planned_end_on) if planned_end_on else _("sans terme")


def _period(first: date, last: date | None) -> str:
    """Return from when to when a household is accompanied: it starts on the day on which the contract is signed."""
    if last is None:
        return _("à partir du %(first)s, sans terme", first=day(first))
    return _("du %(first)s au %(last)s (%(length)s)", first=day(first), last=day(last), length=_length(first, last))


def _length(first: date, last: date) -> str:
    months, days = duration(first, last)
    in_months = ngettext("%(num)d mois", "%(num)d mois", months)
    in_days = ngettext("%(num)d jour", "%(num)d jours", days)
    if months and days:
        return _("%(months)s et %(days)s", months=in_months, days=in_days)
    return in_months if months else in_days


def _changes(sheet: ContractSheet) -> list[str]:
    return [
        _end_words(sheet.end_before, sheet.contract.planned_end_on),
        _("Ce qui n’est pas écrit dans cet avenant reste convenu comme avant."),
    ]


def _end_words(before: date | None, after: date | None) -> str:
    if before == after:
        return _("La fin prévue reste la même\u00a0: %(end)s.", end=_end(after))
    if before is None:
        return _("L’accompagnement était sans terme\u00a0; sa fin est maintenant prévue le %(end)s.", end=day(after))
    if after is None:
        return _("La fin était prévue le %(end)s\u00a0; l’accompagnement est maintenant sans terme.", end=day(before))
    return _("La fin prévue passe du %(before)s au %(after)s.", before=day(before), after=day(after))


def _named(sheet: ContractSheet) -> list[tuple[Party, str, str]]:
    """Return each party, what it is called, and who signed the contract for it: an amendment names nobody anew."""
    first = sheet.first
    return [
        (Party.HOUSEHOLD, sheet.head.name, first.household_signatory or ""),
        (Party.ASSOCIATION, sheet.operator, first.association_signatory or ""),
        (Party.LANDLORD, sheet.landlord, first.landlord_signatory or ""),
    ]


def _parties(sheet: ContractSheet) -> Table:
    who = _("Qui a signé le contrat") if sheet.is_amendment else _("Qui signe")
    rows = [(label(party, PARTY_LABELS), name, signatory or "–") for party, name, signatory in _named(sheet)]
    return text_table((_("Partie"), _("Nom"), who), rows, _PARTIES)


def _objectives(sheet: ContractSheet) -> Story:
    title = _("Nouveaux objectifs") if sheet.is_amendment else _("Objectifs")
    if sheet.objectives is None:
        return [
            Heading(title, "objectives"),
            words(
                _(
                    "Les objectifs ne sont pas dans cet exemplaire\u00a0: "
                    "la convention de partage ne les ouvre pas au bailleur."
                )
            ),
        ]
    if not sheet.objectives:
        return [Heading(title, "objectives"), words(_("Aucun objectif n’est noté ici."))]
    rows = [(row.label, label(row.party, PARTY_LABELS), day(row.due_on)) for row in sheet.objectives]
    head = (_("Objectif"), _("Qui s’engage"), _("Échéance"))
    return [*before_table(title, "objectives"), text_table(head, rows, _OBJECTIVES)]


def _signatures(sheet: ContractSheet) -> Story:
    heading = Heading(_("Signatures"), "signatures")
    if sheet.objectives is None:
        return [
            heading,
            words(_("Cet exemplaire n’est pas complet\u00a0: demandez à l’association celui qui se signe.")),
        ]
    columns = [
        [
            Blank(label(party, PARTY_LABELS), name),
            # Who signs an amendment is not noted: they write their name.
            Blank(_("Nom"), "" if sheet.is_amendment else signatory, _ROOM),
            Blank(_("Date"), room=_ROOM),
            Blank(_("Écrire «\u00a0lu et approuvé\u00a0»"), room=_ROOM),
            Blank(_("Signature"), room=_ROOM_TO_SIGN),
        ]
        for party, name, signatory in _named(sheet)
    ]
    copies = _("En trois exemplaires\u00a0: un pour le ménage, un pour l’association, un pour le bailleur.")
    return [heading, words(copies), Spacer(0, 4), boxes(columns)]
