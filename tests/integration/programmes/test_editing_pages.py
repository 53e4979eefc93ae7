"""The pages on which programmes are opened and changed, as a browser without scripts sends them."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from casework.accounts.models import Organisation, User
from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from casework.programmes.catalogue import catalogue_codes, catalogue_document
from casework.programmes.models import Programme, ProgrammeVersion
from casework.programmes.queries import document_of, versions_of
from casework.programmes.toml_text import write_text
from tests.factories import make_case, make_programme, make_user, make_version, send_form, sign_in, system_ctx
from tests.support.filled_forms import filled_form
from tests.support.statements import counted
from tests.support.strict_client import StrictClient

URL = "/dispositifs/F-SEMIS"
EDIT, TEXT, SAVE = f"{URL}/modifier", f"{URL}/modifier/texte", f"{URL}/versions/enregistrer"


@pytest.fixture
def coordinator(client: StrictClient, engine: Engine, clock: FixedClock) -> User:
    """The coordinator of a programme with two open cases, signed in."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        user = make_user(ctx, Role.COORDINATOR, programme=programme)
        make_case(ctx, programme)
        make_case(ctx, programme)
    sign_in(client, user)
    return user


def _words(answer: TestResponse) -> str:
    return answer.get_data(as_text=True).replace("\u00a0", " ")


def _sent(client: StrictClient, url: str, form: MultiDict[str, str], **changes: str) -> TestResponse:
    return send_form(client, url, {**form.to_dict(flat=False), **changes})


def _opened(client: StrictClient, url: str, field: str = "title") -> MultiDict[str, str]:
    return filled_form(client.get(url).get_data(as_text=True), field)


def _versions(engine: Engine, clock: FixedClock) -> list[ProgrammeVersion]:
    with system_ctx(engine, clock) as ctx:
        return list(ctx.session.scalars(select(ProgrammeVersion).order_by(ProgrammeVersion.id)))


def test_a_coordinator_sees_what_changes_and_for_whom_then_saves(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    form = _opened(client, EDIT)

    preview = _sent(client, EDIT, form, max_months="18", households_value="25")

    words = _words(preview)
    assert "2 accompagnements en cours gardent la version 1." in words
    assert "Les orientations à partir du 30 mars 2026 suivront la version 2." in words
    assert "2 différences avec la version 1" in words
    assert "Accompagnement : au plus, en mois" in words
    assert len(_versions(engine, clock)) == 1
    saving = filled_form(preview.get_data(as_text=True), "reason")
    refused = _sent(client, SAVE, saving)
    assert "Ce champ est nécessaire" in _words(refused)
    answer = _sent(client, SAVE, filled_form(refused.get_data(as_text=True), "reason"), reason="Convention de mars")
    assert (answer.status_code, answer.location) == (302, URL)
    first, second = _versions(engine, clock)
    assert (second.number, second.valid_from, second.created_by_id) == (2, date(2026, 3, 30), coordinator.id)
    assert second.definition["accompaniment"] == {"max_months": 18}
    assert {k: v for k, v in second.definition.items() if k not in {"accompaniment", "households", "valid_from"}} == {
        k: v for k, v in first.definition.items() if k not in {"households", "valid_from"}
    }
    history = _words(client.get(f"{URL}/versions?de=1&a=2"))
    assert f'href="{URL}/versions?a=1#changes"' in history
    for said in ("Convention de mars", coordinator.display_name, "30/03/2026", "18 mois"):
        assert said in history


@pytest.mark.databases("sqlite")
def test_a_form_that_is_sent_as_it_is_shown_changes_nothing_in_any_definition_of_the_catalogue(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programmes = [make_programme(ctx, code) for code in catalogue_codes()]
        user = make_user(ctx, Role.COORDINATOR, programme=programmes)
    sign_in(client, user)
    client.lint = False  # a hundred pages of one template, which the tests around read one by one
    changed = []

    for code in catalogue_codes():
        url = f"/dispositifs/{code}/modifier"
        if "Rien ne change par rapport à la version 1." not in _words(_sent(client, url, _opened(client, url))):
            changed.append(code)

    assert changed == []


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"paths-0-stages-0": "BAIL_DIRECT", "paths-0-stages-1": "ALT"}, "paths-0-stages-0", "rien ne suit Bail direct"),
        ({"paths-0-stages-0": "RES_SOCIAL"}, "paths-0-stages-0", "pas un choix valide"),
        ({"paths-0-stages-0": "ALT", "paths-0-stages-1": "PCS", "paths-0-stages-2": "ALT"}, "paths-0-stages-0", "ne revient pas"),
        ({"cadences-1-every": "0"}, "cadences-1-every", "Un nombre de 1 à 1000"),
        ({"cadences-7-what": "contact", "cadences-7-every": "2"}, "cadences-4-unit", "Choisissez une unité"),
        ({"cadences-7-every": "2", "cadences-7-unit": "month"}, "cadences-4-what", "Dites ce qui revient"),
        ({"cadences-7-what": "reassessment", "cadences-7-every": "3", "cadences-7-unit": "month"}, "cadences-4-from_month", "même nature"),
        ({"paths-0-mode": "access"}, "paths-0-mode", "Choisissez au moins un statut"),
        ({"quotas-0-value": "3"}, "quotas-0-unit", "Dites de quoi"),
        ({"households_unit": ""}, "households_unit", "Dites comment ils sont comptés"),
        ({"valid_from": "2013-01-01"}, "valid_from", "commence après"),
        ({"valid_from": "2012-12-31"}, "valid_from", "commence après"),
        ({"quotas-0-value": "31", "quotas-0-unit": "household", "quotas-0-by": "mode", "quotas-0-of": "accès"}, "quotas-0-value", "30"),
        ({"min_months": "24", "max_months": "12"}, "min_months", "au plus 12"),
        ({"derogation": "y"}, "derogation", "suppose une durée maximale"),
        ({"households_value": ""}, "households_value", "nombre entier"),
        ({"total_period": ""}, "total_period", "vont ensemble"),
        ({"fundings-1-funder": ""}, "fundings-1-funder", "texte non vide"),
        ({"parameter_arrears_multiple": "0"}, "parameter_arrears_multiple", "Un nombre de 1"),
        ({"title": " "}, "title", "nécessaire"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field_and_the_version_in_force_stays(
    client: StrictClient,
    engine: Engine,
    clock: FixedClock,
    coordinator: User,
    changes: dict[str, str],
    place: str,
    words: str,
) -> None:
    form = _opened(client, EDIT)

    page = _sent(client, EDIT, form, **({"summary": "Un mot que je garde"} | changes))

    text = _words(page)
    assert page.status_code == 200
    assert f'href="#{place}"' in text
    assert words in text
    assert "Un mot que je garde" in text
    assert [v.number for v in _versions(engine, clock)] == [1]


def test_lines_are_added_and_taken_out_without_a_script_and_nothing_typed_is_lost(
    client: StrictClient, coordinator: User
) -> None:
    form = _opened(client, EDIT)

    longer = filled_form(_sent(client, EDIT, form, add="cadences", summary="Gardé").get_data(as_text=True), "title")
    paths = filled_form(_sent(client, EDIT, longer, add="paths").get_data(as_text=True), "title")
    stages = filled_form(_sent(client, EDIT, paths, add="paths-0-stages").get_data(as_text=True), "title")
    shorter = filled_form(_sent(client, EDIT, stages, remove="cadences-1").get_data(as_text=True), "title")

    assert "cadences-4-what" in longer
    assert "cadences-4-what" not in form
    assert "paths-0-stages-3" in paths
    assert "paths-0-stages-4" in stages
    assert "cadences-1-what" not in shorter
    assert {shorter["summary"], longer["summary"]} == {"Gardé"}
    for nonsense in ("", "nothing", "paths-9-stages", "cadences-0", "title", "csrf_token"):
        assert _sent(client, EDIT, form, add=nonsense, remove="nothing").status_code == 200


def test_a_line_that_moves_up_keeps_what_the_form_does_not_show(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    form = _opened(client, EDIT)
    removed = filled_form(_sent(client, EDIT, form, remove="cadences-0").get_data(as_text=True), "title")

    preview = _sent(client, EDIT, removed)
    answer = _sent(client, SAVE, filled_form(preview.get_data(as_text=True), "reason"), reason="Moins")

    assert answer.status_code == 302
    first, second = _versions(engine, clock)
    assert second.definition["cadence"] == first.definition["cadence"][1:]


def test_who_edits_second_is_told_what_the_other_changed_and_loses_nothing(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    form = _opened(client, EDIT)
    with system_ctx(engine, clock) as ctx:
        make_version(ctx, ctx.session.scalars(select(Programme)).one(), date(2026, 4, 1), place="Ailleurs")

    too_early = _words(_sent(client, EDIT, form, max_months="18"))
    preview = _sent(client, EDIT, form, max_months="18", valid_from="2026-05-01")

    assert "commence après" in too_early
    words = _words(preview)
    assert "La version 2 de ce dispositif a été enregistrée" in words
    assert "Lieu" in words
    assert "Ailleurs" in words
    assert "au plus, en mois" in words
    saving = filled_form(preview.get_data(as_text=True), "reason")
    assert saving["base"] == "2"
    assert _sent(client, SAVE, saving, reason="Les deux").status_code == 302
    assert [v.number for v in _versions(engine, clock)] == [1, 2, 3]


def test_a_version_that_somebody_saved_during_the_preview_is_shown_before_saving(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    preview = _sent(client, EDIT, _opened(client, EDIT), max_months="18", valid_from="2026-05-01")
    saving = filled_form(preview.get_data(as_text=True), "reason")
    with system_ctx(engine, clock) as ctx:
        make_version(ctx, ctx.session.scalars(select(Programme)).one(), date(2026, 4, 1), place="Ailleurs")

    told = _sent(client, SAVE, saving, reason="Un motif long à écrire")

    words = _words(told)
    assert words.count("La version 2 de ce dispositif a été enregistrée") == 1
    assert "Un motif long à écrire" in words
    assert "Version 3 : ce qui change" in words
    early = filled_form(_sent(client, EDIT, saving, step="back").get_data(as_text=True), "title")
    back = _sent(
        client,
        SAVE,
        saving,
        document=saving["document"].replace("2026-05-01", "2026-04-01"),
        reason="Motif",
    )
    assert "commence après" in _words(back)
    assert filled_form(back.get_data(as_text=True), "title")["reason"] == "Motif"
    assert early["max_months"] == "18"


def test_a_preview_leads_back_to_the_form_and_to_the_text_with_all_that_was_written(
    client: StrictClient, coordinator: User
) -> None:
    preview = _sent(client, EDIT, _opened(client, EDIT), max_months="18", place="Tout près")
    saving = filled_form(preview.get_data(as_text=True), "reason")
    saving["reason"] = "Un motif"

    form = filled_form(_sent(client, EDIT, saving, step="back").get_data(as_text=True), "title")
    text = filled_form(_sent(client, TEXT, saving, step="text").get_data(as_text=True), "text")

    assert (form["max_months"], form["place"], form["reason"]) == ("18", "Tout près", "Un motif")
    assert 'place = "Tout près"' in text["text"]
    assert text["reason"] == "Un motif"
    again = _sent(client, TEXT, text)
    assert filled_form(again.get_data(as_text=True), "document")["document"] == saving["document"]


def test_a_definition_is_downloaded_changed_and_sent_again(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    answer = client.get(f"{URL}/definition.toml")
    changed = answer.get_data(as_text=True).replace("months = 36", "months = 48").replace("2013-01-01", "2026-06-01")
    form = _opened(client, TEXT, "text")

    sent = form.to_dict() | {"file": (io.BytesIO(changed.encode()), "revue.toml")}
    preview = send_form(client, TEXT, sent)

    assert answer.headers["Content-Disposition"] == "attachment; filename=F-SEMIS-v1.toml"
    assert "Durée du dispositif : mois" in _words(preview)
    saving = filled_form(preview.get_data(as_text=True), "reason")
    assert _sent(client, SAVE, saving, reason="Prolongé").status_code == 302
    assert _versions(engine, clock)[1].definition["duration"] == {"months": 48}


@pytest.mark.parametrize(
    ("found", "put", "words"),
    [
        ('what = "meeting"', 'what = "rencontre"', "Définition, [[cadence]] n° 1, clé « what »"),
        ("every = 2", "every = 0", "un nombre entier d’au moins 1"),
        ('id = "F-SEMIS"', 'id = "AUTRE"', "ne change pas"),
        ("months = 36", "months = ", "ligne"),
        ("months = 36", "mois = 36", "clé inconnue"),
        ('unit = "total"', 'unit = "tout"', "valeurs admises : total, per_year"),
    ],
)
def test_a_text_that_cannot_be_is_told_with_its_place_and_stays_on_the_page(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User, found: str, put: str, words: str
) -> None:
    form = _opened(client, TEXT, "text")
    assert found in form["text"]

    page = _sent(client, TEXT, form, text=form["text"].replace(found, put, 1))

    assert words in _words(page)
    assert put in filled_form(page.get_data(as_text=True), "text")["text"]
    assert len(_versions(engine, clock)) == 1


@pytest.mark.parametrize("document", ["", "x = ", "[" * 5_000, 'id = "a\\u0000"', "id = 3", "é"])
def test_a_carried_definition_that_was_tampered_with_breaks_nothing(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User, document: str
) -> None:
    for url, step in ((EDIT, "back"), (TEXT, "text"), (SAVE, ""), (EDIT, "preview")):
        sent = {
            "document": document,
            "base": "1",
            "step": step,
            "reason": "x",
            "title": "x",
            "valid_from": "2026-04-01",
        }
        answer = send_form(client, url, sent | {"category": "access"})
        assert answer.status_code in {200, 409}
    assert len(_versions(engine, clock)) == 1


def test_a_programme_is_opened_from_scratch_with_a_path_that_no_source_has(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    assert "Partir de zéro" in _words(client.get("/dispositifs/ouvrir"))
    form = _opened(client, "/dispositifs/ouvrir/vierge")
    said = {
        "code": "val-1",
        "title": "De la résidence au bail",
        "category": "access",
        "association_id": "itself",
        "landlord_name": "Office nouveau",
        "paths-0-stages-0": "RES_SOCIALE",
        "paths-0-stages-1": "BAIL_GLISSANT",
        "paths-0-stages-2": "BAIL_DIRECT",
        "order_matters": "y",
    }

    answer = _sent(client, "/dispositifs/ouvrir/vierge", form, **said)

    assert (answer.status_code, answer.location) == (302, "/dispositifs/VAL-1")
    with system_ctx(engine, clock) as ctx:
        programme = ctx.session.scalars(select(Programme).where(Programme.code == "VAL-1")).one()
        (version,) = versions_of(ctx, programme.id)
        assert version.definition.lease.paths[0].stages == ("RES_SOCIALE", "BAIL_GLISSANT", "BAIL_DIRECT")
        assert programme.landlord_id == programme.operator_id
        names = ctx.session.scalars(select(Organisation.name).where(Organisation.id == programme.landlord_id))
        assert names.one() == "Office nouveau"
    assert "Résidence sociale" in _words(client.get("/dispositifs/VAL-1"))


def test_an_entry_of_the_catalogue_is_taken_over_whole(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    entry = catalogue_document("2.3.9")
    assert "/dispositifs/ouvrir/2.3.9" in _words(client.get("/dispositifs/catalogue/2.3.9"))
    form = _opened(client, "/dispositifs/ouvrir/2.3.9")
    assert (form["code"], form["landlord_name"]) == ("2.3.9", "Habitat Eurélien")

    answer = _sent(client, "/dispositifs/ouvrir/2.3.9", form, code="EURE-1")

    assert answer.location == "/dispositifs/EURE-1"
    with system_ctx(engine, clock) as ctx:
        programme = ctx.session.scalars(select(Programme).where(Programme.code == "EURE-1")).one()
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)
    assert document == entry | {"id": "EURE-1", "valid_from": "2026-03-30"}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"code": "F-SEMIS"}, "code", "porte déjà le code"),
        ({"code": "é"}, "code", "capitales"),
        ({"landlord_name": ""}, "landlord_name", "Choisissez une organisation"),
        ({"association_name": ""}, "association_name", "Choisissez une organisation"),
        ({"landlord_id": "9" * 18, "landlord_name": ""}, "landlord_name", "Choisissez une organisation"),
        ({"paths-0-stages-2": "", "paths-0-stages-0": "BAIL_DIRECT"}, "paths-0-stages-0", "rien ne suit Bail direct"),
    ],
)
def test_an_opening_that_cannot_be_keeps_what_was_typed(
    client: StrictClient,
    engine: Engine,
    clock: FixedClock,
    coordinator: User,
    changes: dict[str, str],
    place: str,
    words: str,
) -> None:
    form = _opened(client, "/dispositifs/ouvrir/2.3.9")

    page = _sent(client, "/dispositifs/ouvrir/2.3.9", form, **({"code": "N-1", "summary": "Gardé"} | changes))

    assert f'href="#{place}"' in _words(page)
    assert words in _words(page)
    assert filled_form(page.get_data(as_text=True), "title")["summary"] == "Gardé"
    with system_ctx(engine, clock) as ctx:
        assert ctx.session.scalar(select(func.count(Programme.id))) == 1
        assert (
            ctx.session.scalar(select(func.count(Organisation.id)).where(Organisation.name == "Habitat Eurélien")) == 0
        )


def test_lines_are_added_to_an_opening_and_an_entry_that_is_not_there_is_not_found(
    client: StrictClient, coordinator: User
) -> None:
    url = "/dispositifs/ouvrir/vierge"

    longer = filled_form(_sent(client, url, _opened(client, url), add="cadences").get_data(as_text=True), "title")

    assert "cadences-0-what" in longer
    assert client.get("/dispositifs/ouvrir/9.9.9").status_code == 404


def test_who_manages_accounts_opens_a_programme_and_goes_on_to_its_team(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        administrator = make_user(ctx, Role.ADMINISTRATOR)
    sign_in(client, administrator)
    assert "/dispositifs/ouvrir" in client.get("/equipes").get_data(as_text=True)
    url = "/dispositifs/ouvrir/2.3.9"

    answer = _sent(client, url, _opened(client, url))

    assert answer.location == "/dispositifs/2.3.9/equipe"
    assert client.get(answer.location).status_code == 200


@pytest.mark.databases("sqlite")
def test_the_pages_ask_the_same_few_questions_whatever_the_number_of_versions_and_cases(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    application = client.application.extensions["casework"].engine
    counts: list[list[int]] = []
    for day in (1, 2):
        counts.append([])
        for url in (EDIT, TEXT, f"{URL}/versions", f"{URL}/definition.toml", "/dispositifs/ouvrir/2.3.9"):
            client.get(url)
            with counted(application) as statements:
                client.get(url)
            counts[-1].append(len(statements))
        with system_ctx(engine, clock) as ctx:
            programme = ctx.session.scalars(select(Programme)).one()
            make_version(ctx, programme, date(2026, 5, day), summary=f"Encore {day}")
            make_case(ctx, programme)

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 9


def test_the_text_of_each_version_is_kept_as_it_was(
    client: StrictClient, engine: Engine, clock: FixedClock, coordinator: User
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = ctx.session.scalars(select(Programme)).one()
        make_version(ctx, programme, date(2026, 4, 1), summary="La deuxième")
        texts = [write_text(document_of(ctx, v.id)) for v in versions_of(ctx, programme.id)]

    for number, text in enumerate(texts, 1):
        answer = client.get(f"{URL}/definition.toml?version={number}")
        assert answer.get_data(as_text=True) == text
    assert client.get(f"{URL}/definition.toml?version=99").get_data(as_text=True) == texts[-1]
