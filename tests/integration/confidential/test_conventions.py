"""A convention decides from its day on, asks the household where it says so, and shows what it changes before it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Category, Role
from casework.cases.sharing import head_and_landlord_reads
from casework.confidential.consent_service import ConsentNews, record_consent, withdraw_consent
from casework.confidential.models import Consent
from casework.confidential.vocabulary import ConsentKind
from casework.contacts.models import Contact
from casework.desk.caseload import Filters, list_cases, reads_contacts, sorts_of
from casework.diagnostics.queries import get_diagnostic, list_diagnostics
from casework.households.models import HouseholdMember
from casework.kernel.access import visible
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.programmes.convention_service import ConventionNews, record_convention
from casework.programmes.conventions import CLAUSES, conventions_of, in_force_on
from casework.programmes.models import Programme
from casework.programmes.rules import clause_field
from casework.programmes.service import open_programme
from casework.programmes.vocabulary.sharing import Opening
from casework.web.paging import Place
from tests.factories import (
    acting_as,
    make_case,
    make_convention,
    make_programme,
    make_user,
    seen_by,
    send_form,
    sign_in,
    system_ctx,
)
from tests.support.strict_client import StrictClient

TOLD = date(2026, 3, 2)
ALL_CLOSED = dict.fromkeys(CLAUSES, Opening.CLOSED)


@dataclass
class World:
    """Two households of a programme, and who reads them."""

    programme: Programme
    case_ids: list[int]
    landlord: User
    referent: User
    coordinator: User


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    """A programme whose convention opens everything."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        cases = [make_case(ctx, programme, referent=referent, family_name=name) for name in ("Zqxun", "Zqxdeux")]
        for case in cases:
            ctx.session.add(_met(ctx, case.id))
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        coordinator = make_user(ctx, Role.COORDINATOR, programme=programme)
        ctx.session.flush()
        for case in cases:
            ctx.case_changed(case.id)
        return World(programme, [case.id for case in cases], landlord, referent, coordinator)


def _met(ctx: Ctx, case_id: int) -> Contact:
    return Contact(
        case_id=case_id,
        occurred_on=TOLD,
        kind="VAD",
        outcome="REALISEE",
        created_at=ctx.clock.now(),
        shared_note="Zqxnote",
    )


def _reads_contacts_of(ctx: Ctx, landlord: User) -> list[int]:
    eyes = seen_by(ctx, landlord)
    statement = select(Contact.case_id).where(visible(eyes, Contact)).order_by(Contact.case_id).distinct()
    return list(ctx.session.scalars(statement))


def test_a_convention_holds_from_its_day_on_and_leaves_those_before_as_they_were(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    with system_ctx(engine, clock) as ctx:
        tomorrow = ctx.today + timedelta(days=1)
        before = conventions_of(ctx, world.programme.id)
        make_convention(ctx, world.programme, {Category.CONTACTS: Opening.CLOSED}, tomorrow)

        assert _reads_contacts_of(ctx, world.landlord) == world.case_ids
        later = Ctx(ctx.actor, FixedClock.on(tomorrow), ctx.session)
        assert _reads_contacts_of(later, world.landlord) == []
        known = conventions_of(ctx, world.programme.id)
        assert known[1:] == before
        assert [convention.number for convention in known] == [2, 1]
        assert in_force_on(known, ctx.today) == before[0]
        assert in_force_on(known, tomorrow) == known[0]
        assert in_force_on(known, date(1999, 12, 31)) is None


def test_a_programme_without_a_convention_shares_nothing(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = open_programme(ctx, "F-SEMIS")
        case = make_case(ctx, programme)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        eyes = seen_by(ctx, landlord)
        assert eyes.actor.shares == ()
        head, read = head_and_landlord_reads(eyes, case.id)
        assert (head.family_name, head.address, head.is_composition_shared) == ("Martin", "3 rue des Lilas", False)
        assert (head.composition, head.adults, read) == ("", 0, frozenset())
        assert list_diagnostics(eyes, case.id) == []


@pytest.mark.databases("sqlite")
def test_who_may_not_or_has_not_read_the_last_one_records_none(engine: Engine, clock: FixedClock, world: World) -> None:
    with system_ctx(engine, clock) as ctx:
        day, code = ctx.today, world.programme.code
        stranger = seen_by(ctx, make_user(ctx, Role.COORDINATOR))
        with pytest.raises(NotVisible):
            record_convention(stranger, code, ConventionNews(day, "Acte", "", ALL_CLOSED, 1))
        with pytest.raises(Conflict):
            record_convention(ctx, code, ConventionNews(day, "Acte", "", ALL_CLOSED))
        with pytest.raises(RuleViolation, match="commence le 01/01/2000") as early:
            record_convention(ctx, code, ConventionNews(date(1999, 1, 1), "Acte", "", ALL_CLOSED, 1))
        assert early.value.field == "from_on"
        with pytest.raises(RuleViolation, match="document signé"):
            record_convention(ctx, code, ConventionNews(day, "", "", ALL_CLOSED, 1))
        alone = ALL_CLOSED | {(Category.BUDGET, Role.LANDLORD_SOCIAL): Opening.OPEN}
        with pytest.raises(RuleViolation, match="autre rubrique") as nowhere:
            record_convention(ctx, code, ConventionNews(day, "Acte", "", alone, 1))
        assert nowhere.value.field == clause_field(Category.BUDGET, Role.LANDLORD_SOCIAL)
        assert len(conventions_of(ctx, world.programme.id)) == 1


def _agree(ctx: Ctx, case_id: int, person_id: int | None = None, kind: ConsentKind = ConsentKind.PARTAGE) -> Consent:
    return record_consent(ctx, case_id, ConsentNews(kind, TOLD, "Annexe 2", person_id))


def test_an_agreement_opens_what_asks_for_it_and_its_withdrawal_closes_it(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    first, second = world.case_ids
    with system_ctx(engine, clock) as ctx:
        make_convention(ctx, world.programme, {Category.CONTACTS: Opening.AGREED, Category.BUDGET: Opening.AGREED})
        assert _reads_contacts_of(ctx, world.landlord) == []
        _agree(ctx, second, kind=ConsentKind.SANTE)
        assert _reads_contacts_of(ctx, world.landlord) == []
        agreed = _agree(ctx, first)
        assert _reads_contacts_of(ctx, world.landlord) == [first]
        eyes = seen_by(ctx, world.landlord)
        sheets = [get_diagnostic(eyes, case, list_diagnostics(eyes, case)[0].id) for case in (first, second)]
        assert [(s.is_budget_shared, s.effort_tenths is None, s.resources == {}) for s in sheets] == [
            (True, False, False),
            (False, True, True),
        ]
        withdraw_consent(ctx, first, agreed.id)
        ctx.session.flush()
        assert _reads_contacts_of(ctx, world.landlord) == []
        _agree(ctx, first)
        assert _reads_contacts_of(ctx, world.landlord) == [first]


def test_between_two_adults_the_one_who_says_no_is_heard(engine: Engine, clock: FixedClock, world: World) -> None:
    case_id = world.case_ids[0]
    with system_ctx(engine, clock) as ctx:
        make_convention(ctx, world.programme, {Category.CONTACTS: Opening.AGREED})
        person = ctx.session.scalars(select(HouseholdMember.person_id).order_by(HouseholdMember.id).limit(1)).one()
        _agree(ctx, case_id)
        hers = _agree(ctx, case_id, person)
        withdraw_consent(ctx, case_id, hers.id)
        ctx.session.flush()
        assert _reads_contacts_of(ctx, world.landlord) == []
        _agree(ctx, case_id)
        assert _reads_contacts_of(ctx, world.landlord) == []
        _agree(ctx, case_id, person)
        assert _reads_contacts_of(ctx, world.landlord) == [case_id]


def test_who_works_in_two_programmes_reads_each_by_its_own_convention(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    with system_ctx(engine, clock) as ctx:
        other = make_programme(ctx, "2.3.14")
        make_convention(ctx, other, {Category.CONTACTS: Opening.CLOSED, Category.NOTES: Opening.CLOSED})
        hidden = make_case(ctx, other)
        ctx.session.add(_met(ctx, hidden.id))
        ctx.case_changed(hidden.id)
        both = make_user(ctx, Role.LANDLORD_SOCIAL, programme=[world.programme, other])
        eyes = seen_by(ctx, both)

        rows = {row.case_id: row for row in list_cases(eyes, Filters(sort="nom"), Place.read(None, None)).rows}
        assert rows[hidden.id].last_contact_on is rows[hidden.id].next_due_on is None
        assert {rows[case].last_contact_on for case in world.case_ids} == {TOLD}
        assert _reads_contacts_of(ctx, both) == world.case_ids
        assert reads_contacts(eyes.actor)
        assert not {"contact", "echeance"} & set(sorts_of(eyes.actor))
        assert sorts_of(seen_by(ctx, world.landlord).actor)[0] == "echeance"


def _choices(page: str, **changes: str) -> dict[str, str]:
    """Return what the form of a page holds, some of it changed."""
    chosen = dict(re.findall(r'<input checked[^>]* name="([a-z_]+)"[^>]* value="([A-Z]+)"', page))
    hidden = dict(re.findall(r'<input id="[a-z]+" name="(base|shown)" type="hidden" value="([^"]*)"', page))
    return {"from_on": "2026-03-30", "reference": "Avenant n° 1", "reason": "", **chosen, **hidden, **changes}


@pytest.mark.databases("sqlite")
def test_the_coordination_sees_what_changes_for_how_many_before_it_is_kept(
    client: StrictClient, engine: Engine, clock: FixedClock, world: World
) -> None:
    with system_ctx(engine, clock) as ctx:
        _agree(ctx, world.case_ids[0])
    url = f"/dispositifs/{world.programme.code}/convention"
    sign_in(client, world.coordinator)
    closed = {"notes_landlord_social": "CLOSED", "budget_landlord_social": "AGREED"}
    asked = _choices(client.get(f"{url}/nouvelle").get_data(as_text=True), **closed)
    assert len(asked) == len(CLAUSES) + 5

    shown = send_form(client, f"{url}/nouvelle", asked).get_data(as_text=True).replace("\xa0", " ")
    assert "La gestion sociale ne lira plus « Comptes rendus partagés » de 2 ménages." in shown
    assert "La gestion sociale ne lira plus « Budget, taux d’effort et reste à vivre » de 1 ménage." in shown
    with system_ctx(engine, clock) as ctx:
        assert len(conventions_of(ctx, world.programme.id)) == 1

    other = send_form(client, f"{url}/nouvelle", _choices(shown, objectives_landlord_social="CLOSED"))
    again = other.get_data(as_text=True).replace("\xa0", " ")
    assert other.status_code == 200
    assert "« Objectifs du contrat » de 2 ménages" in again
    kept = send_form(client, f"{url}/nouvelle", _choices(again))
    assert kept.status_code == 302
    with system_ctx(engine, clock) as ctx:
        now = conventions_of(ctx, world.programme.id)[0]
        said = {category: now.openings[category, Role.LANDLORD_SOCIAL] for category in Category}
        assert (now.number, now.reference, now.author) == (2, "Avenant n° 1", world.coordinator.display_name)
        assert {category for category, opening in said.items() if opening is Opening.CLOSED} == {
            Category.NOTES,
            Category.OBJECTIVES,
        }
        assert said[Category.BUDGET] is Opening.AGREED


@pytest.mark.databases("sqlite")
def test_pages_say_what_the_convention_opens_and_where_it_is_missing(
    client: StrictClient, engine: Engine, clock: FixedClock, world: World
) -> None:
    case_id = world.case_ids[0]
    with system_ctx(engine, clock) as ctx:
        make_convention(ctx, world.programme, {Category.NOTES: Opening.CLOSED, Category.BUDGET: Opening.AGREED})
        bare = open_programme(ctx, "2.3.14")
        newcomer = make_user(ctx, Role.COORDINATOR, programme=[world.programme, bare])
    sign_in(client, world.referent)
    preview = client.get(f"/menages/{case_id}/vue-du-bailleur").get_data(as_text=True).replace("\xa0", " ")
    assert "Convention de partage, version 2" in preview
    assert "Comptes rendus partagés; " not in preview
    assert "Budget, taux d’effort et reste à vivre (le ménage n’a pas donné son accord)" in preview
    for page in (f"/menages/{case_id}/contacts/nouveau", f"/menages/{case_id}/reevaluation"):
        form = client.get(page).get_data(as_text=True)
        assert "Ce que l’équipe et la coordination peuvent lire" in form
        assert "Ce que le bailleur peut lire" not in form
    consents = client.get(f"/menages/{case_id}/accords").get_data(as_text=True)
    assert "Le bailleur ne lit pas ces rubriques" in consents
    with acting_as(engine, clock, world.referent) as ctx:
        _agree(ctx, case_id)
    assert "Le bailleur lit ces rubriques" in client.get(f"/menages/{case_id}/accords").get_data(as_text=True)

    sign_in(client, world.landlord)
    told = client.get(f"/dispositifs/{world.programme.code}/convention").get_data(as_text=True)
    assert "Convention signée" in told
    assert "Enregistrer une nouvelle version" not in told
    sign_in(client, newcomer)
    for code, is_asked in ((world.programme.code, False), (bare.code, True)):
        page = client.get(f"/dispositifs/{code}").get_data(as_text=True)
        assert ("La convention de partage est à enregistrer" in page) is is_asked
    assert "Aucune convention n’est en vigueur" in client.get(f"/dispositifs/{bare.code}/convention").get_data(
        as_text=True
    )
