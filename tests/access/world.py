"""The world of the access tests: three programmes, one of other organisations, a person of each role, one object of each
kind in every case, and words planted where they must not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.alerts.models import Alert
from casework.alerts.vocabulary import AlertRule
from casework.cases.models import Case, CaseEnd, CaseRetention, CaseTeamMember, Suspension, VersionMove
from casework.confidential.address_service import protect_address
from casework.confidential.consent_service import ConsentNews, record_consent
from casework.confidential.models import GlassBreak
from casework.confidential.note_service import NoteNews, record_note
from casework.confidential.vocabulary import ConsentKind, Motive, Topic
from casework.contacts.models import Appointment, Contact
from casework.contracts.models import Contract, Objective
from casework.diagnostics.models import Diagnostic
from casework.exchange.models import ImportRun
from casework.exchange.reading.records import Source
from casework.exchange.uploads import WaitingRoom
from casework.exits.service import EndNews, end_case
from casework.exits.vocabulary import EndReason, Outcome
from casework.households.models import Dwelling, HouseholdMember, Person
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.leases.models import LeaseStage
from casework.privacy.models import RightsRequest
from casework.privacy.service import anonymise_cases, archive_case
from casework.programmes.catalogue import catalogue_codes, catalogue_document, digest_of
from casework.programmes.models import Programme, ProgrammeVersion
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport, RentLine
from tests.access.vocabulary import CANARIES, OF_CASES, STATES, TODAY, Canaries, Relation, secret_words
from tests.factories import (
    Stage,
    make_case,
    make_convention,
    make_organisation,
    make_programme,
    make_user,
    make_version,
    system_ctx,
)

# A table of households of which one row can go in and one cannot: something to confirm, and something to send back.
_HEADER, _SOUND, *_ = (Path(__file__).parents[1] / "data" / "petit" / "menages.csv").read_bytes().splitlines(True)
WAITING = _HEADER + _SOUND + b"X-1;" + b"?;" * 40 + b"\r\n"


@dataclass
class World:
    """What the requests are about. `places` holds, for each relation, the value of every name in an address."""

    engine: Engine
    clock: FixedClock
    users: dict[str, User] = field(default_factory=dict)
    places: dict[Relation, dict[str, object]] = field(default_factory=dict)
    # The same for endpoints that need their case in another state.
    special: dict[str, dict[Relation, dict[str, object]]] = field(default_factory=dict)
    referents: dict[Relation, User] = field(default_factory=dict)
    room: WaitingRoom = field(default_factory=lambda: WaitingRoom(Path()))
    programme_ids: dict[Relation, int] = field(default_factory=dict)
    association_alerts: list[int] = field(default_factory=list)

    def values(self, endpoint: str, relation: Relation, names: Sequence[str], who: str) -> dict[str, object]:
        """Return a value for each of `names`, as they stand in the address of `endpoint`.

        Raises LookupError when the world has no such object: whoever adds a page adds the object it is about.
        """
        known = self.places[relation] | self.special.get(endpoint, {}).get(relation, {})
        if "token" in names:
            known["token"] = self._upload(relation, who)
        missing = [name for name in names if name not in known]
        if missing:
            raise LookupError(f"{endpoint}: tests/access/world.py has no object for {missing} ({relation})")
        return {name: known[name] for name in names}

    def _upload(self, relation: Relation, who: str) -> str:
        """Let files wait: of who asks, of somebody else of the same programme, or of another one."""
        sender = self.users.get(who) if relation is Relation.OWN else self.referents[relation]
        programme = self.programme_ids[relation]
        return self.room.keep(sender.id if sender else 0, programme, [Source("menages.csv", WAITING)], self.clock.now())


def build_world(engine: Engine, clock: FixedClock, data_dir: Path) -> World:
    """Make the world in an empty, migrated database, and in the data folder of the application."""
    world = World(engine, clock, room=WaitingRoom(data_dir))
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        sister = _programme(ctx, "F-SOEUR", programme.landlord_id, programme.operator_id)
        foreign = _programme(
            ctx,
            "F-AUTRE",
            make_organisation(ctx, OrganisationKind.LANDLORD, "Office d’ailleurs").id,
            make_organisation(ctx, OrganisationKind.ASSOCIATION, "Association d’ailleurs").id,
        )
        world.users = {role.value: make_user(ctx, role, programme=programme) for role in Role}
        world.referents = {
            Relation.OWN: world.users[Role.REFERENT],
            Relation.SAME: make_user(ctx, Role.REFERENT, programme=programme, name="Sacha Collègue"),
            Relation.OTHER: make_user(ctx, Role.REFERENT, programme=sister, name="Alix Voisine"),
            Relation.FOREIGN: make_user(ctx, Role.REFERENT, programme=foreign, name="Lou Ailleurs"),
        } | dict.fromkeys(STATES, world.users[Role.REFERENT])
        homes = {Relation.OTHER: sister, Relation.FOREIGN: foreign}
        for relation in OF_CASES:
            home = homes.get(relation, programme)
            world.programme_ids[relation] = home.id
            _fill(ctx, world, relation, home)
        _close(ctx, world)
        world.places[Relation.NONE] = {
            "filename": "css/base.css",
            "paper": "registre",
            "form": "md",
            "user_id": world.referents[Relation.SAME].id,
            "entry": catalogue_codes()[0],
        }
        # An upload that waits is for who sent it; this one was sent by nobody.
        world.places[Relation.NONE]["token"] = "A" * 22
        world.association_alerts = _association_alerts(ctx, world)
        _let_one_be_due(ctx, programme)
        for changed in (programme, sister, foreign):
            # Another version than the one that the cases follow, to which they can be moved.
            make_version(ctx, changed, TODAY, summary="Ce que dit la nouvelle version.")
    return world


def _programme(ctx: Ctx, code: str, landlord_id: int, operator_id: int) -> Programme:
    document = catalogue_document("F-SEMIS")
    programme = Programme(
        code=code,
        name=f"Dispositif {code}",
        landlord_id=landlord_id,
        operator_id=operator_id,
        created_at=ctx.clock.now(),
    )
    ctx.session.add(programme)
    ctx.session.flush()
    ctx.session.add(
        ProgrammeVersion(
            programme_id=programme.id,
            number=1,
            valid_from=date(2013, 1, 1),
            definition=document,
            digest=digest_of(document),
            created_at=ctx.clock.now(),
        )
    )
    ctx.session.flush()
    make_convention(ctx, programme)
    return programme


def _fill(ctx: Ctx, world: World, relation: Relation, programme: Programme) -> None:
    """Put a case with one object of each kind where `relation` says, and others in the state that some pages ask for."""
    referent, words = world.referents[relation], CANARIES[relation]
    case = _case(ctx, programme, referent, words, Stage.ACTIVE, "")
    world.places[relation] = {
        "case_id": case.id,
        "user_id": referent.id,
        "code": programme.code,
        "year": TODAY.year - 1,
        "form": "json",
        "figure": "composition",
        "key": "FSEULE",
        **_objects(ctx, case, referent, world.users[Role.LANDLORD_SOCIAL]),
    }
    helper = make_user(ctx, Role.REFERENT, programme=programme, name="Dominique Renfort")
    ctx.session.add(CaseTeamMember(case_id=case.id, user_id=helper.id, since_on=TODAY))
    _instead(world, "cases.leave_team", relation, user_id=helper.id)
    cancelled = Appointment(
        case_id=case.id,
        user_id=referent.id,
        planned_on=TODAY + timedelta(days=9),
        kind="VAD",
        created_at=ctx.clock.now(),
        cancelled_on=TODAY,
    )
    ctx.session.add(cancelled)
    ctx.session.flush()
    _instead(world, "contacts.reopen_appointment", relation, appointment_id=cancelled.id)
    _add_sensitive(ctx, world, relation, case)
    _put_off(ctx, world, relation)  # last: whatever changes the case works out its alerts anew
    if relation in STATES:
        return
    ended = _case(ctx, programme, referent, words, Stage.ENDED, "B")
    for endpoint in ("exits.undo_end", "privacy.keep_case"):
        _instead(world, endpoint, relation, case_id=ended.id)
    referred = _case(ctx, programme, referent, words, Stage.REFERRED, "C")
    _instead(world, "diagnostics.record_diagnostic", relation, case_id=referred.id)
    diagnosed = _case(ctx, programme, referent, words, Stage.DIAGNOSED, "D")
    _instead(world, "contracts.sign_contract", relation, case_id=diagnosed.id)
    paused = _case(ctx, programme, referent, words, Stage.ACTIVE, "E")
    ctx.session.add(Suspension(case_id=paused.id, from_on=date(2026, 3, 2), reason="Partagepause"))
    ctx.case_changed(paused.id)
    _instead(world, "cases.resume_case", relation, case_id=paused.id)
    if relation is Relation.OWN:
        _open_glass(ctx, world, paused, ctx.clock.now())
        _instead(world, "confidential.close_glass", relation, case_id=paused.id)
    _protect(ctx, world, relation, _case(ctx, programme, referent, words, Stage.ACTIVE, "F"))


def _instead(world: World, endpoint: str, relation: Relation, **values: object) -> None:
    """Let requests to `endpoint` be about something else than those to the others."""
    world.special.setdefault(endpoint, {})[relation] = values


def _put_off(ctx: Ctx, world: World, relation: Relation) -> None:
    known = ctx.session.get_one(Alert, world.places[relation]["alert_id"])
    put_off = Alert(
        case_id=known.case_id,
        programme_id=known.programme_id,
        rule=known.rule,
        due_on=known.due_on - timedelta(days=31),
        raised_on=known.raised_on,
        facts=known.facts,
        postponed_to=TODAY + timedelta(days=7),
        postponed_reason="Réponse attendue",
    )
    ctx.session.add(put_off)
    ctx.session.flush()
    _instead(world, "desk.take_back_postponing", relation, alert_id=put_off.id)


def _close(ctx: Ctx, world: World) -> None:
    """End the cases that ended, by the use cases themselves; then shut one away, and make another nobody's."""
    ids = {relation: int(str(world.places[relation]["case_id"])) for relation in STATES}
    for case_id in ids.values():
        news = EndNews(TODAY, EndReason.OBJ, Outcome.MAINTIEN_TITRE, relay="Partagerelais", note="Secretmotif")
        end_case(ctx, case_id, news)
    archive_case(ctx, ids[Relation.RESTRICTED], "Recours en cours devant le tribunal.", date(2031, 3, 30))
    anonymise_cases(ctx, [ids[Relation.ANONYMISED]])


def _add_sensitive(ctx: Ctx, world: World, relation: Relation, case: Case) -> None:
    """Note something of each sensitive level, an agreement and an opening by somebody who is not of the team."""
    *_address, health, spip = secret_words(relation)
    note = record_note(ctx, case.id, NoteNews(Topic.SANTE, TODAY, health))
    detention = NoteNews(Topic.DETENTION, TODAY, began=date(2025, 1, 6), ended=date(2025, 3, 3), spip_contact=spip)
    record_note(ctx, case.id, detention)
    consent = record_consent(ctx, case.id, ConsentNews(ConsentKind.PARTAGE, TODAY, "Secretaccord"))
    _open_glass(ctx, world, case, ctx.clock.now() - timedelta(days=2))
    world.places[relation] |= {"note_id": note.id, "consent_id": consent.id}


def _open_glass(ctx: Ctx, world: World, case: Case, opened_at: datetime) -> None:
    ctx.session.add(
        GlassBreak(
            case_id=case.id,
            user_id=world.users[Role.MANAGER].id,
            motive=Motive.DANGER.value,
            opened_at=opened_at,
            until_at=opened_at + timedelta(hours=4),
            words="Secreturgence",
        )
    )
    ctx.session.flush()


def _protect(ctx: Ctx, world: World, relation: Relation, case: Case) -> None:
    """Make the address of a case secret, with words of its own, and let the pages about secret addresses be about it."""
    road, district, phone, ways, *_notes = secret_words(relation)
    home = ctx.session.get_one(Dwelling, case.dwelling_id)
    home.address, home.district = f"7 rue {road}", district
    reference = select(HouseholdMember.person_id).where(HouseholdMember.household_id == case.household_id)
    ctx.session.scalars(select(Person).where(Person.id.in_(reference))).one().phone = phone
    ctx.session.flush()
    protect_address(ctx, case.id, ways)
    for page in ("show_address", "reveal_address", "revise_address", "lift_protection"):
        _instead(world, f"confidential.{page}", relation, case_id=case.id)


def _case(ctx: Ctx, programme: Programme, referent: User, words: Canaries, stage: Stage, mark: str) -> Case:
    case = make_case(
        ctx,
        programme,
        stage=stage,
        referent=referent,
        number=words.number + mark,
        family_name=words.name,
        given_name=f"Ana{mark}",
        lease_number=words.lease + mark,
    )
    home = ctx.session.get_one(Dwelling, case.dwelling_id)
    home.address, home.district = words.address, words.district
    case.referral_motive = "Partagemotif"
    end = ctx.session.get(CaseEnd, case.id)
    if end is not None:
        end.relay, end.note = "Partagerelais", "Secretmotif"
    ctx.session.flush()
    ctx.case_changed(case.id)
    return case


def _objects(ctx: Ctx, case: Case, referent: User, landlord: User) -> dict[str, object]:
    """Add one object of each kind to a case; return their ids by the names that addresses use."""
    now = ctx.clock.now()
    diagnostic = ctx.session.scalars(select(Diagnostic).where(Diagnostic.case_id == case.id)).one()
    diagnostic.social_part, diagnostic.housing_part = "Secretdiagnostic", "Partagediagnostic"
    diagnostic.recommendation_note = "Partagepreconisation"
    contract = ctx.session.scalars(select(Contract).where(Contract.case_id == case.id)).one()
    contract.terms, contract.derogation = "Partageavenant", "Partagederogation"
    contact = Contact(
        case_id=case.id,
        occurred_on=date(2026, 1, 12),
        kind="VAD",
        outcome="REALISEE",
        created_at=now,
        author_id=referent.id,
        duration_minutes=45,
        shared_note="Partagecontact",
        private_note="Secretcontact",
    )
    appointment = Appointment(
        case_id=case.id, user_id=referent.id, planned_on=TODAY + timedelta(days=3), kind="VAD", created_at=now
    )
    objective = Objective(case_id=case.id, contract_id=contract.id, label="Partageobjectif", party="HOUSEHOLD")
    reassessment = Reassessment(
        case_id=case.id,
        held_on=date(2026, 1, 15),
        decision="POURSUITE",
        created_at=now,
        author_id=referent.id,
        household_words="Partageparole",
        shared_note="Partagebilan",
        private_note="Secretbilan",
    )
    stage = LeaseStage(
        case_id=case.id, stage="BAIL_GLISSANT", from_on=date(2025, 11, 1), created_at=now, note="Partagestatut"
    )
    suspension = Suspension(
        case_id=case.id, from_on=date(2025, 11, 10), to_on=date(2025, 11, 20), reason="Partagepause"
    )
    person = Person(family_name="Enfant", given_name="Noa", born_on=date(2015, 6, 1))
    run = ImportRun(programme_id=case.programme_id, user_id=referent.id, source="FILES", created_at=now, counts={})
    asked = RightsRequest(
        case_id=case.id,
        kind="LIMITATION",
        received_on=date(2026, 3, 1),
        due_on=date(2026, 4, 1),
        created_at=now,
        author_id=referent.id,
        words="Secretdemande",
    )
    move = VersionMove(
        case_id=case.id,
        decided_on=date(2025, 12, 1),
        from_number=1,
        to_number=1,
        reason="Partagedecision",
        created_at=now,
    )
    ctx.session.add_all([contact, appointment, objective, reassessment, stage, suspension, person, run, asked, move])
    _owe(ctx, case)
    ctx.session.flush()
    member = HouseholdMember(household_id=case.household_id, person_id=person.id, link="ENFANT")
    report = ArrearsReport(
        case_id=case.id, reported_on=date(2026, 2, 20), debt_cents=2_000_00, author_id=landlord.id, created_at=now
    )
    closed = Alert(
        case_id=case.id,
        programme_id=case.programme_id,
        rule=AlertRule.VISIT_OVERDUE.value,
        due_on=date(2026, 1, 9),
        raised_on=date(2026, 1, 10),
        facts={},
        closed_on=date(2026, 1, 12),
        closing_fact="contact:2026-01-12",
    )
    ctx.session.add_all([member, report, closed])
    ctx.session.flush()
    ctx.case_changed(case.id)
    return {
        "contact_id": contact.id,
        "appointment_id": appointment.id,
        "objective_id": objective.id,
        "reassessment_id": reassessment.id,
        "stage_id": stage.id,
        "suspension_id": suspension.id,
        "diagnostic_id": diagnostic.id,
        "contract_id": contract.id,
        "member_id": member.id,
        "person_id": person.id,
        "report_id": report.id,
        "import_id": run.id,
        "request_id": asked.id,
        "alert_id": ctx.session.scalars(
            select(Alert.id).where(Alert.case_id == case.id, Alert.rule == AlertRule.ARREARS_CONSTITUTED.value)
        ).one(),
    }


def _owe(ctx: Ctx, case: Case) -> None:
    for month in (date(2026, 1, 1), date(2026, 2, 1)):
        ctx.session.add(
            RentLine(
                account_id=case.rent_account_id or 0,
                month=month,
                rent_cents=420_00,
                charges_cents=60_00,
                benefit_cents=210_00,
                paid_cents=0,
                balance_cents=2_000_00,
            )
        )


def _let_one_be_due(ctx: Ctx, programme: Programme) -> None:
    """Add a household that left long ago: its time is over, and the notice of it, too."""
    case = make_case(
        ctx,
        programme,
        stage=Stage.ENDED,
        number="OWN-2022-001",
        family_name="Ownzephyr",
        referred_on=date(2022, 1, 10),
        signed_on=date(2022, 3, 1),
        ended_on=date(2023, 6, 1),
    )
    ctx.session.add(CaseRetention(case_id=case.id, noticed_on=TODAY - timedelta(days=60)))
    ctx.session.flush()


def _association_alerts(ctx: Ctx, world: World) -> list[int]:
    """Return the alerts of the own case that are no business of a rent office."""
    rules = (AlertRule.VISIT_OVERDUE.value, AlertRule.REASSESSMENT_OVERDUE.value)
    return list(
        ctx.session.scalars(
            select(Alert.id)
            .where(Alert.case_id == world.places[Relation.OWN]["case_id"], Alert.rule.in_(rules))
            .order_by(Alert.id)
        )
    )
