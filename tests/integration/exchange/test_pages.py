"""The pages of the import, from the upload to the households."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case
from casework.exchange.checking import check
from casework.exchange.plan import Plan
from casework.exchange.reading.records import Batch
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.settings import Settings
from tests.factories import make_case, make_programme, make_user, sign_in, system_ctx
from tests.support.strict_client import StrictClient

PETIT = Path(__file__).parents[2] / "data" / "petit"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def manager(engine: Engine, clock: FixedClock, client: StrictClient) -> User:
    """The manager of the association, signed in."""
    with system_ctx(engine, clock) as ctx:
        user = make_user(ctx, Role.MANAGER, programme=make_programme(ctx))
    sign_in(client, user)
    return user


def petit(**changed: bytes) -> list[tuple[io.BytesIO, str]]:
    """Return the small folder as a browser sends it, some files changed (`visites=…`)."""
    return [(io.BytesIO(changed.get(path.stem, path.read_bytes())), path.name) for path in sorted(PETIT.glob("*.csv"))]


def csrf(client: StrictClient) -> str:
    found = TOKEN.search(client.get("/import").get_data(as_text=True))
    assert found is not None
    return found[1]


def send(client: StrictClient, files: list[tuple[io.BytesIO, str]], code: str = "F-SEMIS") -> TestResponse:
    data = {"programme": code, "files": files, "csrf_token": csrf(client)}
    return client.post("/import", data=data, content_type="multipart/form-data")


def count_cases(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count(Case.id))) or 0


@pytest.mark.usefixtures("manager")
def test_files_are_checked_confirmed_and_their_households_shown(
    client: StrictClient, engine: Engine, settings: Settings
) -> None:
    sent = send(client, petit())
    assert sent.status_code == 302
    preview = client.get(sent.location).get_data(as_text=True)
    assert "quittancement_2025-02.csv" in preview
    assert count_cases(engine) == 0
    done = client.post(sent.location, data={"csrf_token": csrf(client)})
    page = client.get(done.location).get_data(as_text=True)
    assert "Ilić Dragan" in page
    assert count_cases(engine) == 9
    assert list((settings.data_dir / "imports").iterdir()) == []
    assert client.get(sent.location).status_code == 404


@pytest.mark.usefixtures("manager")
def test_the_files_are_still_there_when_the_import_could_not_be_kept(client: StrictClient, engine: Engine) -> None:
    sent = send(client, petit())
    token = csrf(client)

    def fail(_session: Session) -> None:
        raise OSError("disk full")

    event.listen(Session, "before_commit", fail)
    try:
        with pytest.raises(OSError, match="disk full"):
            client.post(sent.location, data={"csrf_token": token})
    finally:
        event.remove(Session, "before_commit", fail)

    assert count_cases(engine) == 0
    assert client.post(sent.location, data={"csrf_token": token}).status_code == 302
    assert count_cases(engine) == 9


@pytest.mark.usefixtures("manager")
def test_an_archive_is_opened(client: StrictClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in PETIT.glob("*.csv"):
            archive.write(path, f"petit/{path.name}")
    packed.seek(0)
    sent = send(client, [(packed, "petit.zip")])
    assert "visites.csv" in client.get(sent.location).get_data(as_text=True)


@pytest.mark.usefixtures("manager")
def test_refused_rows_are_shown_and_can_be_downloaded(client: StrictClient) -> None:
    visits = (PETIT / "visites.csv").read_bytes().replace(b"REALISEE", b"VENU", 1)
    sent = send(client, petit(visites=visits))
    preview = client.get(sent.location).get_data(as_text=True)
    assert "VENU" in preview
    assert "Ce code n’est pas admis" in preview
    rejects = client.get(f"{sent.location}/refus")
    assert rejects.headers["Content-Disposition"] == "attachment; filename=visites.csv"
    assert "VENU" in rejects.get_data(as_text=True)
    refused = client.post(sent.location, data={"csrf_token": csrf(client), "strict": "y"})
    assert "rien n’est entré" in refused.get_data(as_text=True)
    assert client.post(sent.location, data={"csrf_token": csrf(client)}).status_code == 302


@pytest.mark.usefixtures("manager")
def test_what_only_waits_for_a_refused_household_stands_apart(client: StrictClient) -> None:
    households = (PETIT / "menages.csv").read_bytes().replace(b";29/02/1984;", b";30/02/1984;")
    page = client.get(send(client, petit(menages=households)).location).get_data(as_text=True)
    faults, waiting = page.split("attendent un ménage refusé")

    assert "30/02/1984" in faults
    assert "PET-2024-001" not in faults
    assert "PET-2024-001" in waiting
    assert "menages.csv, ligne 2" in waiting


@pytest.mark.usefixtures("manager")
def test_what_is_refused_stays_at_hand_after_the_import(client: StrictClient, settings: Settings) -> None:
    visits = (PETIT / "visites.csv").read_bytes().replace(b"REALISEE", b"VENU", 2)
    sent = send(client, petit(visites=visits))
    done = client.post(sent.location, data={"csrf_token": csrf(client)})
    page = client.get(done.location).get_data(as_text=True)
    assert "2 lignes sont refusées" in page
    assert f"{sent.location}/refus" in page
    rejects = client.get(f"{sent.location}/refus").get_data(as_text=True)
    assert rejects.count("VENU") == 2

    again = client.post(sent.location, data={"csrf_token": csrf(client)})
    assert again.location == sent.location
    assert "Rien n’est entré" in client.get(again.location).get_data(as_text=True)
    client.post(f"{sent.location}/abandon", data={"csrf_token": csrf(client)})
    assert list((settings.data_dir / "imports").iterdir()) == []
    gone = client.get(done.location).get_data(as_text=True)
    assert "/refus" not in gone
    assert "Lignes refusées" in gone


@pytest.mark.usefixtures("manager")
def test_who_sends_a_month_that_is_not_over_reads_when_it_will_be_seen(client: StrictClient, clock: FixedClock) -> None:
    sent = send(client, petit())
    told = "visibles à partir du 31/03/2026"
    assert client.get(sent.location).get_data(as_text=True).count(told) == 1
    done = client.post(sent.location, data={"csrf_token": csrf(client)})
    assert told in client.get(done.location).get_data(as_text=True)
    clock.instant += timedelta(days=1)
    assert told not in client.get(done.location).get_data(as_text=True)


@pytest.mark.usefixtures("manager")
def test_differences_are_shown_and_wait_for_a_word(client: StrictClient, engine: Engine) -> None:
    client.post(send(client, petit()).location, data={"csrf_token": csrf(client)})
    households = (PETIT / "menages.csv").read_bytes().replace(b";468,90;", b";500,00;")
    sent = send(client, petit(menages=households))
    preview = client.get(sent.location).get_data(as_text=True)
    assert "468,90" in preview
    assert "500,00" in preview
    client.post(sent.location, data={"csrf_token": csrf(client), "replace": "y"})
    with Session(engine) as session:
        assert session.scalars(select(Case.rent_cents).where(Case.number == "PET-2025-002")).one() == 500_00


@pytest.mark.usefixtures("manager")
def test_the_same_files_again_are_nothing_new(client: StrictClient) -> None:
    client.post(send(client, petit()).location, data={"csrf_token": csrf(client)})
    preview = client.get(send(client, petit()).location).get_data(as_text=True)
    assert "Rien n’est nouveau dans ces fichiers." in preview

    visits = (PETIT / "visites.csv").read_bytes().replace(b"REALISEE", b"VENU", 1)
    refused = client.get(send(client, petit(visites=visits)).location).get_data(as_text=True)
    assert "Rien ne peut entrer" in refused
    assert "Rien n’est nouveau" not in refused


@pytest.mark.usefixtures("manager")
def test_an_unusable_file_is_told_and_stops_everything(client: StrictClient, engine: Engine) -> None:
    sent = send(client, petit(visites="date".encode("utf-16")))
    assert "UTF-16" in client.get(sent.location).get_data(as_text=True)
    refused = client.post(sent.location, data={"csrf_token": csrf(client)})
    assert "inutilisable" in refused.get_data(as_text=True)
    assert count_cases(engine) == 0


@pytest.mark.usefixtures("manager")
def test_two_unusable_files_of_one_name_are_both_told(client: StrictClient) -> None:
    sent = send(client, [(io.BytesIO(b""), "visites.csv"), (io.BytesIO("date".encode("utf-16")), "visites.csv")])
    preview = client.get(sent.location).get_data(as_text=True)
    assert "Ce fichier est vide." in preview
    assert "UTF-16" in preview


@pytest.mark.usefixtures("manager")
def test_a_bomb_is_refused_in_the_form(client: StrictClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("visites.csv", b"0" * 20_000_000)
    packed.seek(0)
    assert "démesurée" in send(client, [(packed, "envoi.zip")]).get_data(as_text=True)


@pytest.mark.usefixtures("manager")
def test_without_files_the_form_says_so(client: StrictClient) -> None:
    assert "Choisissez au moins un fichier" in send(client, []).get_data(as_text=True)


def test_an_upload_is_for_its_user_alone(
    client: StrictClient, manager: User, engine: Engine, clock: FixedClock
) -> None:
    sent = send(client, petit())
    with system_ctx(engine, clock) as ctx:
        colleague = make_user(ctx, Role.MANAGER, programme=make_programme(ctx))
    sign_in(client, colleague)
    assert client.get(sent.location).status_code == 404
    assert client.get(f"{sent.location}/refus").status_code == 404
    assert client.post(sent.location, data={"csrf_token": csrf(client)}).status_code == 404
    assert client.post(f"{sent.location}/abandon", data={"csrf_token": csrf(client)}).status_code == 404
    sign_in(client, manager)
    assert client.get(sent.location).status_code == 200
    assert client.post(f"{sent.location}/abandon", data={"csrf_token": csrf(client)}).status_code == 302
    assert client.get(sent.location).status_code == 404


@pytest.mark.usefixtures("manager")
def test_what_waits_for_a_day_is_deleted(client: StrictClient, clock: FixedClock, settings: Settings) -> None:
    first = send(client, petit())
    clock.instant += timedelta(hours=25)
    send(client, petit())
    assert len(list((settings.data_dir / "imports").iterdir())) == 1
    assert client.get(first.location).status_code == 404


@pytest.mark.usefixtures("manager")
def test_files_for_a_programme_of_others_are_refused(client: StrictClient) -> None:
    assert send(client, petit(), "F-AUTRE").status_code == 200
    assert client.get(f"/import/{'A' * 22}").status_code == 404


@pytest.mark.databases("sqlite")
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=60), data=st.binary(max_size=300), header=st.booleans())
def test_hostile_files_never_break_the_pages(
    client: StrictClient, manager: User, name: str, data: bytes, header: bool
) -> None:
    start = b"numero_dossier;date;type;issue;duree_minutes\r\n" if header else b""
    client.lint = False  # what a file holds may look like a leftover of the program
    sent = send(client, [(io.BytesIO(start + data), name)])
    assert sent.status_code in {200, 302}
    if sent.status_code == 302:
        assert client.get(sent.location).status_code == 200
        assert client.post(sent.location, data={"csrf_token": csrf(client)}).status_code in {200, 302}


@pytest.mark.usefixtures("manager")
def test_who_enters_a_household_of_the_files_in_the_same_moment_is_told_of(
    client: StrictClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check found the number free; somebody has it by the time that the households go in."""

    def check_and_let_in(ctx: Ctx, programme: Programme, batch: Batch, **options: bool) -> Plan:
        plan = check(ctx, programme, batch, **options)
        make_case(ctx, programme, number="PET-2025-002")
        return plan

    sent = send(client, petit())
    monkeypatch.setattr("casework.exchange.service.check", check_and_let_in)

    answer = client.post(sent.location, data={"csrf_token": csrf(client)})

    assert answer.status_code == 200
    assert "La même chose vient d’être enregistrée." in answer.get_data(as_text=True)
    assert count_cases(engine) == 0
