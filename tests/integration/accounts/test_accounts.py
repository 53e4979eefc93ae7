from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.accounts.models import Organisation, User
from casework.accounts.service import ALLOWED_BY_EMAIL, add_user, look_up, set_active, sign_in, verify
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import NotVisible, RuleViolation
from tests.factories import (
    PASSWORD,
    acting_as,
    make_organisation,
    make_programme,
    make_user,
    send_form,
    system_ctx,
)
from tests.factories import sign_in as open_session
from tests.support.strict_client import StrictClient

NEW = "Quatre mots font une phrase"


@pytest.fixture
def user(engine: Engine, clock: FixedClock) -> User:
    with system_ctx(engine, clock) as ctx:
        return make_user(ctx, Role.REFERENT, programme=make_programme(ctx), name="Camille Durand")


@pytest.fixture
def administrator(engine: Engine, clock: FixedClock) -> User:
    with system_ctx(engine, clock) as ctx:
        return make_user(ctx, Role.ADMINISTRATOR)


def _stored(engine: Engine, user: User) -> User:
    with Session(engine) as session:
        return session.get_one(User, user.id)


def test_language_appearance_and_size_are_kept_with_the_account(
    client: StrictClient, user: User, engine: Engine
) -> None:
    open_session(client, user)
    assert '<html lang="fr"' in client.get("/").get_data(as_text=True)

    data = {"locale": "en", "theme": "dark", "text_size": "larger", "next": "/menages?tri=nom"}
    assert send_form(client, "/preferences", data).location == "/menages?tri=nom"

    page = client.get("/").get_data(as_text=True)
    assert '<html lang="en" data-theme="dark" data-text-size="larger"' in page
    assert "My day" in page
    assert "Monday 30 March 2026" in page
    stored = _stored(engine, user)
    assert (stored.locale, stored.theme, stored.text_size) == ("en", "dark", "larger")


def test_a_preference_out_of_the_list_changes_nothing(client: StrictClient, user: User, engine: Engine) -> None:
    open_session(client, user)

    send_form(client, "/preferences", {"locale": "de", "theme": "<b>", "text_size": "", "next": "//evil.example"})

    stored = _stored(engine, user)
    assert (stored.locale, stored.theme, stored.text_size) == ("fr", "auto", "normal")


def test_a_visitor_chooses_a_language_too(client: StrictClient) -> None:
    assert '<html lang="fr"' in client.get("/connexion").get_data(as_text=True)

    send_form(client, "/preferences", {"locale": "en", "next": "/connexion"})

    page = client.get("/connexion").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "Sign in" in page


@pytest.mark.parametrize(
    ("accepted", "language"), [("en-GB,en;q=0.9", "en"), ("de", "fr"), ("fr-CA,en;q=0.5", "fr"), ("", "fr")]
)
def test_without_a_choice_the_browser_decides(client: StrictClient, accepted: str, language: str) -> None:
    page = client.get("/connexion", headers={"Accept-Language": accepted}).get_data(as_text=True)

    assert f'<html lang="{language}"' in page


def test_a_changed_password_ends_every_session(app: Flask, client: StrictClient, user: User) -> None:
    elsewhere = app.test_client()
    assert isinstance(elsewhere, StrictClient)
    open_session(elsewhere, user)
    open_session(client, user)

    wrong = send_form(client, "/mon-mot-de-passe", {"present": "faux", "password": NEW})
    assert "pas votre mot de passe actuel" in wrong.get_data(as_text=True)
    plain = send_form(client, "/mon-mot-de-passe", {"present": PASSWORD, "password": "durandcamille1A!"})
    assert "ni votre nom ni votre adresse" in plain.get_data(as_text=True)
    assert send_form(client, "/mon-mot-de-passe", {"present": PASSWORD, "password": NEW}).location == "/connexion"

    for browser in (client, elsewhere):
        assert browser.get("/mon-mot-de-passe").status_code == 302
    old = send_form(client, "/connexion", {"email": user.email, "password": PASSWORD})
    new = send_form(client, "/connexion", {"email": user.email, "password": NEW})
    assert (old.status_code, new.status_code) == (200, 302)


@pytest.mark.databases("sqlite")
def test_the_rules_of_a_password_are_said_before_it_is_chosen(client: StrictClient, administrator: User) -> None:
    open_session(client, administrator)

    for page in ("/mon-mot-de-passe", "/comptes/nouveau"):
        words = client.get(page).get_data(as_text=True)
        assert "trois sortes parmi majuscules, minuscules, chiffres et signes, ou quatre mots au moins" in words
        assert "Ni votre nom, ni votre adresse" in words or "Ni le nom, ni l’adresse" in words


def test_who_forgot_their_password_is_given_a_provisional_one(
    app: Flask, client: StrictClient, administrator: User, user: User, engine: Engine
) -> None:
    visitor = app.test_client()
    assert isinstance(visitor, StrictClient)
    assert "la personne qui gère les comptes" in visitor.get("/connexion").get_data(as_text=True)
    for _ in range(ALLOWED_BY_EMAIL):
        send_form(visitor, "/connexion", {"email": user.email, "password": "faux"})
    open_session(visitor, user)
    open_session(client, administrator)
    address = f"/comptes/{user.id}/mot-de-passe"
    assert address in client.get(f"/comptes/{user.id}").get_data(as_text=True)

    weak = send_form(client, address, {"password": "Durand camille 2026"})
    assert 'href="#password"' in weak.get_data(as_text=True)
    assert visitor.get("/mon-mot-de-passe").status_code == 200
    assert send_form(client, address, {"password": NEW}).location == "/comptes"

    assert visitor.get("/mon-mot-de-passe").status_code == 302
    assert send_form(visitor, "/connexion", {"email": user.email, "password": NEW}).location == "/"
    with Session(engine) as session:
        traces = session.scalars(select(AuditEvent).where(AuditEvent.use_case == "accounts.give_password")).all()
    assert [(trace.actor_id, trace.difference) for trace in traces] == [
        (administrator.id, {"password_hash": ["***", "***"], "password_is_given": [False, True]})
    ]


def test_a_password_that_somebody_else_chose_leads_nowhere_but_to_ones_own(
    client: StrictClient, administrator: User, user: User, engine: Engine
) -> None:
    def enter(password: str) -> None:
        assert send_form(client, "/connexion", {"email": user.email, "password": password}).location == "/"

    open_session(client, administrator)
    send_form(client, f"/comptes/{user.id}/mot-de-passe", {"password": NEW})
    send_form(client, "/deconnexion")
    enter(NEW)

    for path in ("/", "/menages", "/menages?q=x", "/bilans"):
        assert client.get(path).location == "/mon-mot-de-passe", path
    assert send_form(client, "/conseils/lus", {}).location == "/mon-mot-de-passe"
    assert _stored(engine, user).hints_seen is False
    assert "choisi par une autre personne" in client.get("/mon-mot-de-passe").get_data(as_text=True)
    same = send_form(client, "/mon-mot-de-passe", {"present": NEW, "password": NEW})
    assert "choisissez-en un autre" in same.get_data(as_text=True)

    own = "Une autre phrase de quatre mots"
    assert send_form(client, "/mon-mot-de-passe", {"present": NEW, "password": own}).location == "/connexion"
    enter(own)
    assert client.get("/").status_code == 200
    assert "choisi par une autre personne" not in client.get("/mon-mot-de-passe").get_data(as_text=True)
    send_form(client, "/mon-mot-de-passe", {"present": own, "password": f"{own} encore"})
    enter(f"{own} encore")
    assert client.get("/").status_code == 200


@pytest.mark.databases("sqlite")
def test_a_password_is_not_given_where_it_would_open_nothing_or_to_oneself(
    client: StrictClient, administrator: User, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        from_file = make_user(ctx, Role.REFERENT, password=None)
    open_session(client, administrator)

    assert f"/comptes/{from_file.id}/mot-de-passe" not in client.get(f"/comptes/{from_file.id}").get_data(as_text=True)
    for refused, words in ((from_file, "pas d’adresse"), (administrator, "Changer de mot de passe")):
        answer = send_form(client, f"/comptes/{refused.id}/mot-de-passe", {"password": NEW})
        assert words in answer.get_data(as_text=True)
        assert _stored(engine, refused).password_hash == refused.password_hash
    assert client.get("/comptes/404404/mot-de-passe").status_code == 404


def test_only_who_manages_accounts_sees_them(client: StrictClient, user: User, administrator: User) -> None:
    open_session(client, user)
    assert client.get("/comptes").status_code == 403
    assert client.get("/comptes/nouveau").status_code == 403
    assert send_form(client, f"/comptes/{administrator.id}/etat", {"active": "0"}).status_code == 403

    open_session(client, administrator)
    assert "Camille Durand" in client.get("/comptes").get_data(as_text=True)
    assert client.get("/").location == "/comptes"


def test_an_account_is_opened_and_serves(
    client: StrictClient, administrator: User, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        organisation = make_organisation(ctx, OrganisationKind.ASSOCIATION)
    open_session(client, administrator)
    data = {
        "name": "Inès Lefèvre",
        "email": "Ines.Lefevre@Example.org",
        "organisation_id": str(organisation.id),
        "role": "REFERENT",
        "password": NEW,
    }

    again = [send_form(client, "/comptes/nouveau", data) for _ in range(2)]

    assert again[0].location == "/comptes"
    assert "existe déjà" in again[1].get_data(as_text=True)
    assert "Il reste à l’ajouter à l’équipe" in again[1].get_data(as_text=True)  # said of the first
    with system_ctx(engine, clock) as ctx:
        assert sign_in(ctx, verify(look_up(ctx, "ines.lefevre@example.org", "192.0.2.1"), NEW), 12)
        created = ctx.session.scalars(select(User).where(User.email == "ines.lefevre@example.org")).one()
        assert (created.role, created.handle, created.is_active) == ("REFERENT", "ines.lefevre", True)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "   "},
        {"email": "pas une adresse"},
        {"email": "a\x00@example.org"},
        {"organisation_id": "0"},
        {"organisation_id": "999999999999999999999999"},
        {"organisation_id": "x"},
        {"role": "SYSTEM"},
        {"role": ""},
        {"password": "court"},
        {"password": "x" * 2_000},
    ],
)
def test_an_account_that_cannot_be_is_refused_on_the_page(
    client: StrictClient, administrator: User, engine: Engine, clock: FixedClock, change: dict[str, str]
) -> None:
    with system_ctx(engine, clock) as ctx:
        organisation = make_organisation(ctx, OrganisationKind.ASSOCIATION)
    open_session(client, administrator)
    data = {
        "name": "Inès Lefèvre",
        "email": "ines@example.org",
        "organisation_id": str(organisation.id),
        "role": "REFERENT",
        "password": NEW,
    }

    answer = send_form(client, "/comptes/nouveau", data | change)

    (name,) = change
    assert answer.status_code == 200
    assert f'href="#{name}"' in answer.get_data(as_text=True)
    with Session(engine) as session:
        assert session.scalars(select(User.email).where(User.email.contains("@example.org"))).all() == [
            administrator.email
        ]


def test_an_account_of_which_nothing_is_said_is_told_every_field(client: StrictClient, administrator: User) -> None:
    open_session(client, administrator)

    page = send_form(client, "/comptes/nouveau", {"organisation_id": ""}).get_data(as_text=True)

    for field in ("name", "email", "organisation_id", "role", "password"):
        assert f'href="#{field}"' in page


@pytest.mark.parametrize(
    ("kind", "role", "goes"),
    [
        (OrganisationKind.LANDLORD, "REFERENT", False),
        (OrganisationKind.LANDLORD, "MANAGER", False),
        (OrganisationKind.ASSOCIATION, "LANDLORD_SOCIAL", False),
        (OrganisationKind.OPERATOR, "LANDLORD_RENT", False),
        (OrganisationKind.ASSOCIATION, "FUNDER_READER", False),
        (OrganisationKind.LANDLORD, "LANDLORD_RENT", True),
        (OrganisationKind.FUNDER, "FUNDER_READER", True),
        (OrganisationKind.ASSOCIATION, "COORDINATOR", True),
        (OrganisationKind.LANDLORD, "ADMINISTRATOR", True),
    ],
)
def test_a_role_is_held_by_the_people_of_its_side_only(
    engine: Engine, clock: FixedClock, kind: OrganisationKind, role: str, goes: bool
) -> None:
    with system_ctx(engine, clock) as ctx:
        employer = make_organisation(ctx, kind)
        news = {"email": "a@b.example", "name": "X", "role": role, "password": NEW}
        if goes:
            assert add_user(ctx, organisation_id=employer.id, **news).role == role
            return
        with pytest.raises(RuleViolation) as refused:
            add_user(ctx, organisation_id=employer.id, **news)
    assert refused.value.field == "role"
    assert employer.name in str(refused.value)


def test_a_landlord_that_accompanies_by_itself_employs_referents(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        landlord = ctx.session.get_one(Organisation, programme.landlord_id)
        programme.operator_id = landlord.id
        ctx.session.flush()

        made = add_user(ctx, email="a@b.example", name="X", role="REFERENT", organisation_id=landlord.id, password=NEW)

        assert made.organisation_id == landlord.id


def test_nobody_closes_their_own_account_or_one_that_is_not_there(
    client: StrictClient, administrator: User, user: User, engine: Engine, clock: FixedClock
) -> None:
    open_session(client, administrator)
    send_form(client, f"/comptes/{administrator.id}/etat", {"active": "0"})
    assert _stored(engine, administrator).is_active
    assert send_form(client, "/comptes/404404/etat", {"active": "0"}).status_code == 404
    for unsaid in ({}, {"active": ""}, {"active": "non"}):
        assert send_form(client, f"/comptes/{user.id}/etat", unsaid).location == "/comptes"
    assert _stored(engine, user).is_active

    send_form(client, f"/comptes/{user.id}/etat", {"active": "0"})
    assert not _stored(engine, user).is_active
    with acting_as(engine, clock, administrator) as ctx:
        with pytest.raises(NotVisible):
            set_active(ctx, 404404, active=True)
        with pytest.raises(RuleViolation):
            set_active(ctx, administrator.id, active=False)


def test_two_people_of_one_name_get_handles_of_their_own(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        organisation = make_organisation(ctx, OrganisationKind.ASSOCIATION)
        users = [
            add_user(
                ctx,
                email=f"camille@{place}.example",
                name="Camille Durand",
                role="REFERENT",
                organisation_id=organisation.id,
                password=NEW,
            )
            for place in ("a", "b", "c")
        ]
        assert [user.handle for user in users] == ["camille", "camille2", "camille3"]
        with pytest.raises(RuleViolation) as refused:
            add_user(ctx, email="x@a.example", name="X", role="REFERENT", organisation_id=404404, password=NEW)
        assert refused.value.field == "organisation_id"
        assert ctx.session.scalars(select(Organisation)).all() == [organisation]
