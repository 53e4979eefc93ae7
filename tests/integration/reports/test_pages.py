"""The pages of the review: each number opens its list, each role sees what it may."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from casework.accounts.vocabulary import Role
from casework.programmes.models import Programme
from casework.reports.faces import FORMATS
from tests.factories import make_user, sign_in, system_ctx
from tests.integration.reports.conftest import READERS, World
from tests.integration.reports.test_queries import EXPECTED
from tests.support.strict_client import StrictClient

REVIEW = "/bilans/F-SEMIS/2025"
HOSTILE = '<img src="/etc/hostname"/> & "l’œuvre" <b>=1+1 😀'


def body(client: StrictClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True).replace("\u00a0", " ")


@pytest.mark.parametrize("role", [*READERS, Role.FUNDER_READER])
def test_a_reader_chooses_a_programme_and_a_year(client: StrictClient, world: World, role: Role) -> None:
    sign_in(client, world.users[role])

    page = body(client, "/bilans")

    years = re.findall(r'href="/bilans/F-SEMIS/(\d+)"', page)
    assert years == ["2026", "2025", "2024", "2023"]


def test_every_number_opens_the_list_behind_it(client: StrictClient, world: World) -> None:
    sign_in(client, world.users[Role.COORDINATOR])

    page = body(client, REVIEW)
    lists = set(re.findall(rf'href="({REVIEW}/[^"]+)"', page))

    assert "2 ménages ont été suivis en 2025 ; 1 l’était encore au 31 décembre." in page
    assert f"{REVIEW}/entered" in lists
    assert f"{REVIEW}/composition/CAVEC" in lists
    assert len(lists) == 15 + 6
    for address in lists:
        assert '<a class="row-link" href="/menages/' in body(client, address), address


def test_a_list_shows_the_date_and_the_number_that_count(client: StrictClient, world: World) -> None:
    sign_in(client, world.users[Role.MANAGER])

    page = body(client, f"{REVIEW}/contacts_made")

    assert page.index("A-2") < page.index("A-1")
    assert "Dernier contact" in page
    assert "20/11/2025" in page


@pytest.mark.parametrize("place", ["0", "100", "-7", "99999999999", "abc"])
def test_a_list_has_pages_wherever_one_enters(client: StrictClient, world: World, place: str) -> None:
    sign_in(client, world.users[Role.MANAGER])

    assert "A-1" in body(client, f"{REVIEW}/active_caseload?debut={place}")


def test_a_funder_reads_totals_and_opens_no_list(client: StrictClient, world: World) -> None:
    sign_in(client, world.users[Role.FUNDER_READER])

    page = body(client, REVIEW)

    assert "les petits nombres des répartitions sont regroupés" in page
    assert f"{REVIEW}/" not in page
    assert "CAVEC" not in page
    assert "Couple avec enfant" not in page
    assert client.get(f"{REVIEW}/entered").status_code == 403
    document = json.loads(client.get(f"{REVIEW}.json").data)
    assert document["figures"]["composition"] == {}
    assert document["figures"]["active_caseload"] == 2


@pytest.mark.parametrize("role", [Role.REFERENT, Role.LANDLORD_RENT, Role.ADMINISTRATOR])
def test_other_roles_are_refused(client: StrictClient, world: World, role: Role) -> None:
    sign_in(client, world.users[role])

    for address in ("/bilans", REVIEW, f"{REVIEW}.pdf", f"{REVIEW}/entered"):
        assert client.get(address).status_code == 403, address


@pytest.mark.parametrize(
    "address",
    [
        "/bilans/F-NULLE-PART/2025",
        "/bilans/F-SEMIS/1066",
        "/bilans/F-SEMIS/2027",  # it has not begun
        *(f"/bilans/F-SEMIS/2027.{form}" for form in FORMATS),
        "/bilans/F-SEMIS/2027/entered",
        "/bilans/F-SEMIS/99999",
        f"{REVIEW}.docx",
        f"{REVIEW}/birthdays",
        f"{REVIEW}/entered/HLM",
        f"{REVIEW}/__class__",
    ],
)
def test_what_is_not_there_answers_404(client: StrictClient, world: World, address: str) -> None:
    sign_in(client, world.users[Role.COORDINATOR])

    assert client.get(address).status_code == 404


def test_a_programme_of_others_answers_404(client: StrictClient, world: World) -> None:
    sign_in(client, world.outsider)

    for address in (REVIEW, f"{REVIEW}.pdf", f"{REVIEW}/entered"):
        assert client.get(address).status_code == 404, address
    assert "Aucun bilan" in body(client, "/bilans")


def test_the_files_tell_the_same_figures(client: StrictClient, world: World) -> None:
    sign_in(client, world.users[Role.LANDLORD_SOCIAL])

    answers = {form: client.get(f"{REVIEW}.{form}") for form in ("json", "pdf", "xlsx")}

    for form, answer in answers.items():
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f"attachment; filename=bilan-F-SEMIS-2025.{form}"
    assert json.loads(answers["json"].data)["figures"] == EXPECTED
    assert "21 mois-mesures" in _words_of(answers["pdf"].data)
    assert load_workbook(BytesIO(answers["xlsx"].data)).sheetnames == ["Synthèse", "Répartitions", "Activité"]


def test_names_that_look_like_markup_stay_names(client: StrictClient, engine: Engine, world: World) -> None:
    with Session(engine) as session, session.begin():
        session.info.update(written=set(), traced={"programmes"})
        session.execute(update(Programme).values(name=HOSTILE))
    sign_in(client, world.users[Role.COORDINATOR])

    page = body(client, REVIEW)
    pdf = PdfReader(BytesIO(client.get(f"{REVIEW}.pdf").data))
    sheet = load_workbook(BytesIO(client.get(f"{REVIEW}.xlsx").data))["Synthèse"]

    assert "<img" not in page.partition("<main")[2].partition("</main>")[0]
    assert '<img src="/etc/hostname"/>' in " ".join(pdf.pages[0].extract_text().split())
    assert all(not sheet_page.images for sheet_page in pdf.pages)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_review_of_an_english_reader_is_in_english(client: StrictClient, engine: Engine, world: World) -> None:
    with system_ctx(engine, client.application.extensions["casework"].clock) as ctx:
        reader = make_user(ctx, Role.MANAGER, programme=world.programme)
        reader.locale = "en"
        ctx.session.flush()
    sign_in(client, reader)

    assert '<html lang="en"' in body(client, REVIEW)
    pdf = PdfReader(BytesIO(client.get(f"{REVIEW}.pdf").data))
    assert str(pdf.root_object["/Lang"]) == "en"
    book = load_workbook(BytesIO(client.get(f"{REVIEW}.xlsx").data))
    cells = [str(cell.value or "") for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.startswith("Landlord: ") for cell in cells)
    assert [cell for cell in cells if "\u00a0" in cell] == []


def _words_of(document: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)
    return " ".join(text.split())
