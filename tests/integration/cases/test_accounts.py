"""Accounts that change or close, and the households that their people follow."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.accounts.models import Organisation, User
from casework.accounts.service import account, revise_user, set_active
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.cases.account_service import revise_account
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import RuleViolation
from casework.programmes.models import ProgrammeMember
from tests.factories import (
    Stage,
    make_case,
    make_organisation,
    make_programme,
    make_user,
    send_form,
    sign_in,
    system_ctx,
)
from tests.support.strict_client import StrictClient


@pytest.fixture
def user(engine: Engine, clock: FixedClock) -> User:
    """A referent of two households that go on, and of one whose accompaniment ended."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme, name="Camille Durand")
        for stage in (Stage.ACTIVE, Stage.REFERRED, Stage.ENDED):
            make_case(ctx, programme, referent=referent, stage=stage)
        return referent


@pytest.fixture
def administrator(engine: Engine, clock: FixedClock) -> User:
    with system_ctx(engine, clock) as ctx:
        return make_user(ctx, Role.ADMINISTRATOR)


def _stored(engine: Engine, user: User) -> User:
    with Session(engine) as session:
        return session.get_one(User, user.id)


def _programmes_of(engine: Engine, user: User) -> list[int]:
    with Session(engine) as session:
        return list(
            session.scalars(select(ProgrammeMember.programme_id).where(ProgrammeMember.user_id == user.id)).all()
        )


def _as_shown(user: User) -> dict[str, str]:
    return {
        "name": user.display_name,
        "email": user.email or "",
        "organisation_id": str(user.organisation_id),
        "role": user.role,
    }


def test_a_name_and_an_address_are_corrected_and_the_person_stays_signed_in(
    client: StrictClient, user: User, administrator: User, engine: Engine
) -> None:
    sign_in(client, administrator)
    page = client.get(f"/comptes/{user.id}").get_data(as_text=True)
    assert 'value="Camille Durand"' in page
    assert "Elle suit 2 ménages en cours" in page

    other = client.application.test_client()
    assert isinstance(other, StrictClient)
    sign_in(other, user)
    changed = _as_shown(user) | {"name": "Camille Dupont", "email": "Camille.Dupont@Example.org"}
    assert send_form(client, f"/comptes/{user.id}", changed).location == "/comptes"

    stored = _stored(engine, user)
    assert (stored.display_name, stored.email) == ("Camille Dupont", "camille.dupont@example.org")
    assert other.get("/mon-mot-de-passe").status_code == 200
    assert len(_programmes_of(engine, user)) == 1
    with Session(engine) as session:
        trace = session.scalars(select(AuditEvent).where(AuditEvent.use_case == "cases.edit_account")).one()
    assert trace.difference["display_name"] == ["Camille Durand", "Camille Dupont"]


def test_another_organisation_ends_the_sessions_and_the_way_into_the_programmes_of_the_first(
    client: StrictClient, user: User, administrator: User, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        elsewhere = make_organisation(ctx, OrganisationKind.ASSOCIATION, "Ailleurs")
        taken = make_user(ctx, Role.REFERENT, organisation=elsewhere)
        taken.handle = user.handle
    sign_in(client, user)
    other = client.application.test_client()
    assert isinstance(other, StrictClient)
    sign_in(other, administrator)

    changed = _as_shown(user) | {"organisation_id": str(elsewhere.id)}
    assert send_form(other, f"/comptes/{user.id}", changed).location == "/comptes"

    assert _stored(engine, user).organisation_id == elsewhere.id
    assert _programmes_of(engine, user) == []
    assert client.get("/mon-mot-de-passe").status_code == 302


def test_another_role_at_the_same_place_keeps_the_programmes_and_ends_the_sessions(
    client: StrictClient, user: User, administrator: User, engine: Engine
) -> None:
    sign_in(client, user)
    other = client.application.test_client()
    assert isinstance(other, StrictClient)
    sign_in(other, administrator)

    assert send_form(other, f"/comptes/{user.id}", _as_shown(user) | {"role": "MANAGER"}).location == "/comptes"

    assert _stored(engine, user).role == "MANAGER"
    assert len(_programmes_of(engine, user)) == 1
    assert client.get("/mon-mot-de-passe").status_code == 302


def test_who_accompanies_for_a_landlord_leaves_the_programmes_that_another_accompanies(
    engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        of_another = make_programme(ctx)
        landlord = ctx.session.get_one(Organisation, of_another.landlord_id)
        by_itself = make_programme(ctx, "F-ICF")
        by_itself.landlord_id = by_itself.operator_id = landlord.id
        user = make_user(ctx, Role.LANDLORD_SOCIAL, programme=of_another, organisation=landlord)
        ctx.session.add(ProgrammeMember(programme_id=by_itself.id, user_id=user.id))
        ctx.session.flush()
        revise_account(
            ctx, user.id, email=user.email or "", name=user.display_name, role="MANAGER", organisation_id=landlord.id
        )
        kept = by_itself.id
    assert _programmes_of(engine, user) == [kept]


def test_who_manages_accounts_from_now_on_leaves_all_programmes(
    client: StrictClient, user: User, administrator: User, engine: Engine
) -> None:
    sign_in(client, administrator)
    assert send_form(client, f"/comptes/{user.id}", _as_shown(user) | {"role": "ADMINISTRATOR"}).location == "/comptes"
    assert _programmes_of(engine, user) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": ""}, "email"),
        ({"email": "nope"}, "email"),
        ({"email": "administrator2@example.org"}, "email"),
        ({"role": "LANDLORD_RENT"}, "role"),
        ({"role": "SYSTEM"}, "role"),
        ({"organisation_id": "404404"}, "organisation_id"),
    ],
)
def test_an_account_is_corrected_by_the_rules_of_a_new_one(
    client: StrictClient, user: User, administrator: User, engine: Engine, change: dict[str, str], field: str
) -> None:
    assert administrator.email == "administrator2@example.org"
    sign_in(client, administrator)

    answer = send_form(client, f"/comptes/{user.id}", _as_shown(user) | change)

    assert f'href="#{field}"' in answer.get_data(as_text=True)
    assert _as_shown(_stored(engine, user)) == _as_shown(user)


@pytest.mark.databases("sqlite")
def test_a_name_from_a_file_is_corrected_without_an_address_and_given_one(
    client: StrictClient, administrator: User, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        named = make_user(ctx, Role.REFERENT, password=None)
    sign_in(client, administrator)

    assert send_form(client, f"/comptes/{named.id}", _as_shown(named) | {"name": "Autre"}).location == "/comptes"
    assert (_stored(engine, named).display_name, _stored(engine, named).email) == ("Autre", None)
    send_form(client, f"/comptes/{named.id}", _as_shown(named) | {"email": "a@example.org"})
    send_form(client, f"/comptes/{named.id}/mot-de-passe", {"password": "Quatre mots font une phrase"})

    visitor = client.application.test_client()
    entered = {"email": "a@example.org", "password": "Quatre mots font une phrase"}
    assert send_form(visitor, "/connexion", entered).location == "/"


def test_the_last_who_manages_accounts_neither_changes_role_nor_is_closed(
    client: StrictClient, administrator: User, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_user(ctx, Role.ADMINISTRATOR, password=None)  # a name that cannot sign in counts for nothing
    sign_in(client, administrator)
    address, changed = f"/comptes/{administrator.id}", _as_shown(administrator) | {"role": "COORDINATOR"}

    refused = send_form(client, address, changed).get_data(as_text=True)

    assert 'href="#role"' in refused
    assert "Personne d’autre n’administre les comptes" in refused
    with system_ctx(engine, clock) as ctx:
        with pytest.raises(RuleViolation):
            set_active(ctx, administrator.id, active=False)
        make_user(ctx, Role.ADMINISTRATOR)
    assert send_form(client, address, changed).location == "/comptes"
    with system_ctx(engine, clock) as ctx:
        assert account(ctx, administrator.id).role == "COORDINATOR"
        with pytest.raises(RuleViolation):
            revise_user(ctx, administrator.id, email="", name="X", role="COORDINATOR", organisation_id=1)


def test_closing_an_account_says_first_how_many_households_need_another_referent(
    client: StrictClient, user: User, administrator: User, engine: Engine
) -> None:
    sign_in(client, administrator)
    confirm = f"/comptes/{user.id}/fermer"
    assert f'action="/comptes/{user.id}/etat"' not in client.get("/comptes").get_data(as_text=True)
    assert confirm in client.get(f"/comptes/{user.id}").get_data(as_text=True)

    page = client.get(confirm).get_data(as_text=True)

    assert "2 ménages en cours ont cette personne pour référent" in page
    assert f'action="/comptes/{user.id}/etat"' in page
    assert "aucun ménage en cours" in client.get(f"/comptes/{administrator.id}/fermer").get_data(as_text=True)
    assert client.get("/comptes/404404/fermer").status_code == 404
    send_form(client, f"/comptes/{user.id}/etat", {"active": "0"})
    assert "Rouvrir le compte" in client.get("/comptes").get_data(as_text=True)
    assert not _stored(engine, user).is_active
