"""The contract on paper: what was agreed and by whom, a place to sign, and nothing of what the association alone reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Category, Role
from casework.cases.models import Case
from casework.confidential.address_service import protect_address
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.contracts.documents import contract_pdf, file_name
from casework.contracts.models import Contract
from casework.contracts.queries import ContractSheet, contract_sheet, list_contracts
from casework.contracts.service import Agreement, Goal, amend_contract, sign_contract
from casework.contracts.vocabulary import Party
from casework.households.models import Dwelling
from casework.kernel.clock import FixedClock
from casework.programmes.models import Programme
from casework.programmes.vocabulary.sharing import Opening
from tests.factories import Stage, acting_as, make_case, make_convention, make_programme, make_user, sign_in, system_ctx
from tests.support.strict_client import StrictClient

SIGNATORIES = {
    Party.HOUSEHOLD: "Anne Martin, Paul Martin",
    Party.ASSOCIATION: "Camille Référente",
    Party.LANDLORD: "Dominique Gestion",
}
AGREED = Agreement(
    date(2026, 3, 3),
    date(2027, 3, 3),
    (
        Goal("Reprendre le paiement du loyer", Party.HOUSEHOLD, date(2026, 6, 1)),
        Goal("Faire réparer la chaudière", Party.LANDLORD),
    ),
    "La référente vient deux fois par mois.\n\nLe bailleur répond sous huit jours.",
    signatories=SIGNATORIES,
)
# The place for a signature, from its heading to its lines: all of it stands on one page.
PLACE = ("Signatures", "En trois exemplaires", "Écrire « lu et approuvé »")


@dataclass(frozen=True)
class World:
    """A household whose contract is signed, its referent and the landlord's social team."""

    programme: Programme
    case: Case
    referent: User
    landlord: User


def _world(engine: Engine, clock: FixedClock, agreed: Agreement = AGREED, name: str = "Martin") -> World:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        case = make_case(
            ctx,
            programme,
            stage=Stage.DIAGNOSED,
            referent=referent,
            number="T-2026-001",
            family_name=name,
            referred_on=date(2026, 1, 5),
        )
        sign_contract(ctx, case.id, agreed)
    return World(programme, case, referent, landlord)


def _sheet(engine: Engine, clock: FixedClock, world: World, user: User, place: int = 0) -> ContractSheet:
    with acting_as(engine, clock, user) as ctx:
        return contract_sheet(ctx, world.case.id, list_contracts(ctx, world.case.id)[place].id)


def _pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in PdfReader(BytesIO(content)).pages]


def _address(engine: Engine, clock: FixedClock, world: World, place: int = 0) -> str:
    with acting_as(engine, clock, world.referent) as ctx:
        return f"/menages/{world.case.id}/contrats/{list_contracts(ctx, world.case.id)[place].id}"


def test_a_contract_is_printed_from_its_page(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    world = _world(engine, clock)
    url, sheet = _address(engine, clock, world), _sheet(engine, clock, world, world.referent)
    for user in (world.referent, world.landlord):
        sign_in(client, user)

        page = client.get(url).get_data(as_text=True)
        answer = client.get(f"{url}.pdf")

        assert f'href="{url}.pdf"' in page
        assert "Imprimer le contrat" in page
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == "attachment; filename=contrat-T-2026-001-2026-03-03.pdf"
        (paper,) = _pages(answer.data)
        for said in (
            "Contrat tripartite Dossier T-2026-001 · signé le 03/03/2026",
            f"Dispositif {world.programme.name} (F-SEMIS)",
            "Logement 3 rue des Lilas, Boiffiers",
            "Accompagnement du 03/03/2026 au 03/03/2027 (12 mois)",
            "Le ménage Martin Anne Anne Martin, Paul Martin",
            f"L’association {sheet.operator} Camille Référente",
            f"Le bailleur {sheet.landlord} Dominique Gestion",
            "Reprendre le paiement du loyer Le ménage 01/06/2026",
            "Faire réparer la chaudière Le bailleur –",
            "La référente vient deux fois par mois. Le bailleur répond sous huit jours.",
            "Contrat tripartite · dossier T-2026-001 page 1 / 1",
            *PLACE,
        ):
            assert said in paper, said
        assert paper.count("Écrire « lu et approuvé »") == 3
        assert "Motif d’une durée plus longue" not in paper


def test_the_document_says_what_it_is_and_leads_to_its_parts(engine: Engine, clock: FixedClock) -> None:
    world = _world(engine, clock)
    reader = PdfReader(BytesIO(contract_pdf(_sheet(engine, clock, world, world.referent))))

    assert reader.metadata is not None
    assert reader.metadata.title == "Contrat tripartite – T-2026-001"
    assert str(reader.root_object["/Lang"]) == "fr"
    assert [item.title for item in reader.outline if not isinstance(item, list)] == [
        "Les trois parties",
        "Objectifs",
        "Engagements de chacun",
        "Signatures",
    ]


def test_an_amendment_says_what_it_changes_and_of_which_contract(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    world = _world(engine, clock)
    with acting_as(engine, clock, world.referent) as ctx:
        goal = Goal("Chercher un logement plus petit", Party.ASSOCIATION, date(2026, 9, 1))
        amend_contract(ctx, world.case.id, Agreement(date(2026, 3, 10), AGREED.planned_end_on, (goal,)))
        changed = Agreement(date(2026, 3, 20), date(2027, 8, 15), terms="Un rendez-vous par mois suffit.")
        amend_contract(ctx, world.case.id, changed)
    sign_in(client, world.referent)
    url = _address(engine, clock, world, 2)

    assert "Imprimer l’avenant" in client.get(url).get_data(as_text=True)
    first = " ".join(_pages(client.get(f"{_address(engine, clock, world, 1)}.pdf").data))
    second = " ".join(_pages(client.get(f"{url}.pdf").data))

    assert "Avenant n° 1 au contrat tripartite Dossier T-2026-001 · signé le 10/03/2026" in first
    assert "Chercher un logement plus petit L’association 01/09/2026" in first
    assert "La fin prévue reste la même : 03/03/2027." in first
    assert "Avenant n° 2 au contrat tripartite" in second
    assert "Contrat modifié Contrat tripartite signé le 03/03/2026" in second
    assert "La fin prévue passe du 03/03/2027 au 15/08/2027." in second
    assert "Accompagnement du 03/03/2026 au 15/08/2027 (17 mois et 12 jours)" in second
    assert "Aucun objectif n’est noté ici." in second
    assert "Un rendez-vous par mois suffit." in second
    assert "Chercher un logement" not in second
    assert "Reprendre le paiement" not in first + second
    # Who signed the contract is told; who signs this one writes their name.
    assert first.count("Camille Référente") == second.count("Camille Référente") == 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, date(2027, 3, 3), "L’accompagnement était sans terme ; sa fin est maintenant prévue le 03/03/2027."),
        (date(2027, 3, 3), None, "La fin était prévue le 03/03/2027 ; l’accompagnement est maintenant sans terme."),
        (None, None, "La fin prévue reste la même : sans terme."),
    ],
)
def test_an_amendment_tells_every_change_of_the_end(
    engine: Engine, clock: FixedClock, before: date | None, after: date | None, said: str
) -> None:
    world = _world(engine, clock)
    with acting_as(engine, clock, world.referent) as ctx:
        amend_contract(ctx, world.case.id, Agreement(date(2026, 3, 20), AGREED.planned_end_on, terms="Suite."))
    sheet = _sheet(engine, clock, world, world.referent, 1)
    sheet.contract.planned_end_on = after

    paper = " ".join(_pages(contract_pdf(replace(sheet, end_before=before))))

    assert said in paper
    assert ("à partir du 03/03/2026, sans terme" in paper) is (after is None)


def test_a_secret_address_is_not_on_paper_and_looks_like_one_that_is_not_known(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    world = _world(engine, clock)
    url = f"{_address(engine, clock, world)}.pdf"
    sign_in(client, world.referent)
    assert "3 rue des Lilas" in _pages(client.get(url).data)[0]

    with acting_as(engine, clock, world.referent) as ctx:
        protect_address(ctx, world.case.id, "Appeler le centre social")
    secret = _pages(client.get(url).data)
    sheet = _sheet(engine, clock, world, world.referent)

    assert "L’adresse n’est pas écrite sur ce document : elle est donnée à part." in secret[0]
    for word in ("Lilas", "Boiffiers", "protégée", "centre social"):
        assert word not in secret[0], word
    assert _pages(contract_pdf(replace(sheet, head=replace(sheet.head, is_protected=None)))) == secret
    # Should a line of it ever stand where pages read it, the paper still holds it back.
    known = replace(sheet.head, address="3 rue des Lilas", district="Boiffiers")
    assert _pages(contract_pdf(replace(sheet, head=known))) == secret
    sign_in(client, world.landlord)
    assert _pages(client.get(url).data) == secret


def test_a_home_without_a_district_or_without_an_address_is_told_as_far_as_it_is_known(
    engine: Engine, clock: FixedClock
) -> None:
    world = _world(engine, clock)
    with system_ctx(engine, clock) as ctx:
        ctx.session.get_one(Dwelling, world.case.dwelling_id).district = ""

    (paper,) = _pages(contract_pdf(_sheet(engine, clock, world, world.referent)))

    assert "Logement 3 rue des Lilas Accompagnement" in paper


def test_nothing_that_the_association_alone_reads_and_no_budget_is_on_paper(engine: Engine, clock: FixedClock) -> None:
    world = _world(engine, clock)
    with acting_as(engine, clock, world.referent) as ctx:
        news = ContactNews(date(2026, 3, 9), ContactKind.VAD, ContactOutcome.REALISEE, 45, "Zqpartage", "Zqprive")
        record_contact(ctx, world.case.id, news)

    paper = " ".join(_pages(contract_pdf(_sheet(engine, clock, world, world.referent))))

    # What a contact noted, the social part of the diagnostic, why the household came, its budget, its rent, its birth dates.
    for hidden in (
        "Zqpartage",
        "Zqprive",
        "Situation exposée",
        "Premiers retards",
        "1 200",
        "420,00",
        "210,00",
        "1984",
    ):
        assert hidden not in paper, hidden


def test_a_landlord_to_whom_objectives_are_closed_gets_no_copy_to_sign(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    world = _world(engine, clock)
    with system_ctx(engine, clock) as ctx:
        make_convention(ctx, world.programme, {Category.OBJECTIVES: Opening.CLOSED})
    url = f"{_address(engine, clock, world)}.pdf"

    sign_in(client, world.landlord)
    theirs = " ".join(_pages(client.get(url).data))
    sign_in(client, world.referent)
    ours = " ".join(_pages(client.get(url).data))

    assert "la convention de partage ne les ouvre pas au bailleur" in theirs
    assert "Cet exemplaire n’est pas complet" in theirs
    assert "deux fois par mois" in theirs
    for hidden in ("Reprendre le paiement", "chaudière", "lu et approuvé"):
        assert hidden not in theirs, hidden
        assert hidden in ours, hidden


def test_a_contract_of_a_day_to_come_is_a_draft(engine: Engine, clock: FixedClock) -> None:
    """No form keeps one; a file may bring it, and a clock may be wrong."""
    world = _world(engine, clock)
    with system_ctx(engine, clock) as ctx:
        ctx.session.get_one(Contract, list_contracts(ctx, world.case.id)[0].id).signed_on = date(2026, 4, 15)

    (paper,) = _pages(contract_pdf(_sheet(engine, clock, world, world.referent)))

    assert "Dossier T-2026-001 · projet, à signer le 15/04/2026" in paper
    assert "Projet · Contrat tripartite · dossier T-2026-001 page 1 / 1" in paper
    assert "igné le" not in paper


def test_a_contract_that_came_from_a_file_names_nobody_and_has_a_place_to_sign(
    engine: Engine, clock: FixedClock
) -> None:
    world = _world(engine, clock)
    sheet = replace(_sheet(engine, clock, world, world.referent), landlord="Office du Val")
    for party in ("household", "association", "landlord"):
        setattr(sheet.first, f"{party}_signatory", None)

    (paper,) = _pages(contract_pdf(replace(sheet, objectives=())))

    assert "Le bailleur Office du Val –" in paper
    assert "Aucun objectif n’est noté ici." in paper
    assert all(part in paper for part in PLACE)
    assert "None" not in paper


def _words(count: int) -> str:
    return " ".join(f"mot{number}" for number in range(count))


LONG_TEXTS = {
    "one paragraph": _words(2_300),
    "many paragraphs": "\n\n".join(f"{number}. {_words(25)}" for number in range(90)),
    "one line each": "\n".join(f"ligne{number}" for number in range(2_000)),
    "one word": "W" * 20_000,
    "a few short lines": "\n".join("x" for _ in range(290)),
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS)
@pytest.mark.databases("sqlite")
def test_long_texts_and_names_are_never_cut_and_the_place_to_sign_never_breaks(
    engine: Engine, clock: FixedClock, text: str
) -> None:
    text = text[:20_000]
    signatories = dict.fromkeys(Party, "W" * 200)
    goals = tuple(Goal(f"But{number} " + "W" * 190, Party.HOUSEHOLD, date(2026, 6, 1)) for number in range(30))
    world = _world(engine, clock, Agreement(AGREED.signed_on, None, goals, text, signatories=signatories), "N" * 200)
    sheet = _sheet(engine, clock, world, world.referent)
    sheet.contract.derogation = text
    head = replace(sheet.head, address="R" * 200, given_name="P" * 200)

    pages = _pages(contract_pdf(replace(sheet, head=head)))

    said = "".join(re.sub(r"Contrat tripartite · dossier T-2026-001 page \d+ / \d+", "", page) for page in pages)
    letters = re.sub(r"\s", "", said)
    assert letters.count(re.sub(r"\s", "", text)) == 2  # its motive and its terms, whole
    for name, times in (("R" * 200, 1), ("N" * 200, 2), ("P" * 200, 2)):
        assert letters.count(name) == times
    for number in range(30):
        assert re.sub(r"\s", "", goals[number].label) in letters
    with_place = [page for page in pages if "lu et approuvé" in page]
    assert with_place == pages[-1:]
    assert all(part in pages[-1] for part in PLACE)
    assert pages[-1].count("lu et approuvé") == 3
    assert f"dossier T-2026-001 page {len(pages)} / {len(pages)}" in pages[-1]


@pytest.mark.databases("sqlite")
def test_the_end_of_the_text_goes_with_the_place_to_sign(engine: Engine, clock: FixedClock) -> None:
    """Whatever the length of the text before, nobody signs a page on which nothing is agreed."""
    world = _world(engine, clock)
    sheet = _sheet(engine, clock, world, world.referent)
    counts = set()
    for lines in range(1, 40):
        sheet.contract.terms = "\n".join([*(f"Ligne {number}." for number in range(lines)), "Dernier mot."])

        pages = _pages(contract_pdf(sheet))

        counts.add(len(pages))
        assert "Dernier mot." in pages[-1]
        assert all(part in pages[-1] for part in PLACE)
    assert counts == {1, 2}


@pytest.mark.parametrize("value", ["<b>Dupont & Fils</b>", '<img src="/etc/hostname"/>', "</para>%(name)s {0}"])
@pytest.mark.databases("sqlite")
def test_what_people_typed_is_never_markup(engine: Engine, clock: FixedClock, value: str) -> None:
    agreed = replace(
        AGREED, goals=(Goal(value, Party.HOUSEHOLD),), terms=value, signatories=dict.fromkeys(Party, value)
    )
    world = _world(engine, clock, agreed, value)
    reader = PdfReader(BytesIO(contract_pdf(_sheet(engine, clock, world, world.referent))))
    text = "".join(page.extract_text() for page in reader.pages)

    assert re.sub(r"\s", "", text).count(re.sub(r"\s", "", value)) >= 8
    assert all(not page.images and "/Annots" not in page for page in reader.pages)


def test_the_paper_of_an_english_reader_is_in_english(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    world = _world(engine, clock)
    with system_ctx(engine, clock) as ctx:
        reader = make_user(ctx, Role.MANAGER, programme=world.programme)
        reader.locale = "en"
        ctx.session.flush()
    sign_in(client, reader)

    content = client.get(f"{_address(engine, clock, world)}.pdf").data
    paper = " ".join(_pages(content))

    assert str(PdfReader(BytesIO(content)).root_object["/Lang"]) == "en"
    for said in ("Tripartite contract", "The household", "Objective Who commits Due date", "12 months", "page 1 / 1"):
        assert said in paper, said
    assert "Reprendre le paiement du loyer" in paper


def test_the_name_of_the_file_names_nobody(engine: Engine, clock: FixedClock) -> None:
    world = _world(engine, clock)
    sheet = _sheet(engine, clock, world, world.referent)

    assert file_name(sheet) == "contrat-T-2026-001-2026-03-03.pdf"
    assert file_name(replace(sheet, head=replace(sheet.head, number="É/1 \r\n"))) == "contrat---1----2026-03-03.pdf"
