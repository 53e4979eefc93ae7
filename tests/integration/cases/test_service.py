from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases import service
from casework.cases.models import Case
from casework.cases.queries import case_head, case_record, suspensions_of, team_of
from casework.cases.service import Sheet, sheet_of
from casework.cases.vocabulary import ReferralSource
from casework.households.vocabulary import Composition, Housing, Typology
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.programmes.models import Programme
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, system_ctx

TODAY = date(2026, 3, 30)
DAY = timedelta(days=1)
SHEET = Sheet(
    family_name="Lefèvre",
    given_name="Inès",
    referred_on=TODAY,
    referral_source=ReferralSource.PARTENAIRE,
    housing_at_entry=Housing.HLM,
    composition=Composition.FSEULE,
    born_on=date(1990, 2, 1),
)


class World:
    """A programme with the people around it."""

    def __init__(self, engine: Engine, clock: FixedClock) -> None:
        self.engine, self.clock = engine, clock
        with system_ctx(engine, clock) as ctx:
            self.programme: Programme = make_programme(ctx)
            self.referent: User = make_user(ctx, Role.REFERENT, programme=self.programme)
            self.other: User = make_user(ctx, Role.REFERENT, programme=self.programme)
            self.manager: User = make_user(ctx, Role.MANAGER, programme=self.programme)
            self.landlord: User = make_user(ctx, Role.LANDLORD_SOCIAL, programme=self.programme)

    def refer(self, user: User, sheet: Sheet = SHEET, referent: User | None = None, *, another: bool = False) -> Case:
        with acting_as(self.engine, self.clock, user) as ctx:
            referent_id = referent.id if referent else None
            return service.record_referral(ctx, self.programme.code, sheet, referent_id, another_household=another)

    def case(self, stage: Stage = Stage.ACTIVE) -> Case:
        with system_ctx(self.engine, self.clock) as ctx:
            return make_case(ctx, self.programme, stage=stage, referent=self.referent)


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    return World(engine, clock)


def test_a_referent_who_refers_follows_the_household_and_may_open_it(world: World) -> None:
    case = world.refer(world.referent)

    with acting_as(world.engine, world.clock, world.referent) as ctx:
        head = case_head(ctx, case.id)
        assert (head.number, head.name, head.referent_id) == ("SEMIS-2026-001", "Lefèvre Inès", world.referent.id)
        assert ctx.session.get_one(CaseSummary, case.id).state == "REFERRED"
    with acting_as(world.engine, world.clock, world.other) as ctx, pytest.raises(NotVisible):
        case_head(ctx, case.id)


def test_a_referent_who_refers_for_a_colleague_stays_in_the_team(world: World) -> None:
    case = world.refer(world.referent, referent=world.other)

    with acting_as(world.engine, world.clock, world.other) as ctx:
        assert case_head(ctx, case.id).referent_id == world.other.id
        assert {row.id for row in team_of(ctx, case.id)} == {world.referent.id, world.other.id}


def test_a_landlord_may_refer_without_naming_who_will_follow(world: World) -> None:
    case = world.refer(world.landlord)

    with acting_as(world.engine, world.clock, world.manager) as ctx:
        assert case_head(ctx, case.id).referent_id is None


def test_everything_that_was_noted_can_be_read_again(world: World) -> None:
    sheet = replace(
        SHEET,
        number="SAI-2026-040",
        phone="06 12 34 56 78",
        referral_motive="Deux mois de retard.",
        address="3 rue des Lilas",
        district="Bellevue",
        typology=Typology.T3,
        moved_in_on=date(2020, 1, 1),
        rent_cents=345_17,
        charges_cents=93_63,
        resources_cents=1_033_32,
        benefit_cents=206_00,
        lease_number="26187/01",
    )
    case = world.refer(world.referent, sheet)

    with acting_as(world.engine, world.clock, world.referent) as ctx:
        assert sheet_of(case_record(ctx, case.id)) == sheet
    assert world.refer(world.referent, replace(SHEET, family_name="Autre")).number == "SAI-2026-041"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"referred_on": TODAY + DAY}, "referred_on"),
        ({"born_on": TODAY + DAY}, "born_on"),
        ({"moved_in_on": TODAY + 400 * DAY}, "moved_in_on"),
        ({"composition": Composition.CSANS}, "composition"),
        ({"adults": 0}, "adults"),
        ({"number": "TAKEN"}, "number"),
    ],
)
def test_a_referral_that_cannot_be_is_refused_with_its_field(
    world: World, changes: dict[str, object], field: str
) -> None:
    world.refer(world.referent, replace(SHEET, family_name="Autre", number="TAKEN"))

    with pytest.raises(RuleViolation) as refused:
        world.refer(world.referent, replace(SHEET, **changes))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_nobody_refers_into_a_programme_where_they_do_not_work(world: World) -> None:
    with system_ctx(world.engine, world.clock) as ctx:
        stranger = make_user(ctx, Role.REFERENT)

    with pytest.raises(RuleViolation) as refused:
        world.refer(stranger)
    assert refused.value.field == "programme"


def test_only_who_accompanies_in_the_programme_can_be_the_referent(world: World) -> None:
    with pytest.raises(RuleViolation) as refused:
        world.refer(world.manager, referent=world.landlord)
    assert refused.value.field == "referent_id"


def test_a_household_known_already_is_asked_about_once(world: World) -> None:
    world.refer(world.other, replace(SHEET, family_name="LEFEVRE", given_name="Ines"))

    with pytest.raises(RuleViolation) as refused:
        world.refer(world.referent)
    assert refused.value.field == "another_household"
    assert world.refer(world.referent, another=True).number == "SEMIS-2026-002"
    assert world.refer(world.referent, replace(SHEET, born_on=date(1991, 2, 1))).id


def test_a_double_name_is_known_however_it_is_written(world: World) -> None:
    world.refer(world.referent, replace(SHEET, family_name="D’Hérouël-N’Guyen", given_name="Éloïse"))

    with pytest.raises(RuleViolation) as refused:
        world.refer(world.referent, replace(SHEET, family_name="d'herouel nguyen", given_name="Eloïse"))
    assert refused.value.field == "another_household"


def test_a_correction_changes_the_sheet_and_leaves_what_it_said_in_the_audit(world: World) -> None:
    case = world.case()
    with acting_as(world.engine, world.clock, world.referent) as ctx:
        sheet = replace(
            sheet_of(case_record(ctx, case.id)), family_name="Martine", rent_cents=401_00, lease_number="7/7"
        )
        service.correct_identity(ctx, case.id, sheet, case.version)

    with acting_as(world.engine, world.clock, world.referent) as ctx:
        record = case_record(ctx, case.id)
        assert (sheet_of(record), record.case.version) == (sheet, 2)
        assert ctx.session.get_one(CaseSummary, case.id).name == "Martine Anne"
        differences = ctx.session.scalars(
            select(AuditEvent.difference).where(AuditEvent.entity == "persons", AuditEvent.operation == "update")
        ).all()
        assert {"family_name": ["Martin", "Martine"]} in differences


def test_amounts_that_a_file_brought_do_not_stand_in_the_way_of_another_correction(world: World) -> None:
    case = world.case()
    with system_ctx(world.engine, world.clock) as ctx:
        ctx.session.get_one(Case, case.id).benefit_cents = 900_00
    with acting_as(world.engine, world.clock, world.referent) as ctx:
        sheet = sheet_of(case_record(ctx, case.id))
        with pytest.raises(RuleViolation) as refused:
            service.correct_identity(ctx, case.id, replace(sheet, benefit_cents=800_00), case.version)
        assert refused.value.field == "benefit_cents"
        service.correct_identity(ctx, case.id, replace(sheet, phone="06 12 34 56 78"), case.version)


def test_the_second_of_two_corrections_of_one_reading_is_refused(world: World) -> None:
    case = world.case()
    with acting_as(world.engine, world.clock, world.referent) as ctx:
        sheet = sheet_of(case_record(ctx, case.id))
        service.correct_identity(ctx, case.id, sheet, case.version)

    with acting_as(world.engine, world.clock, world.manager) as ctx, pytest.raises(Conflict):
        service.correct_identity(ctx, case.id, sheet, case.version)


def test_a_referral_cannot_be_corrected_to_a_day_after_the_contract(world: World) -> None:
    case = world.case()
    with acting_as(world.engine, world.clock, world.referent) as ctx:
        sheet = replace(sheet_of(case_record(ctx, case.id)), referred_on=TODAY)
        with pytest.raises(RuleViolation) as refused:
            service.correct_identity(ctx, case.id, sheet, case.version)
    assert refused.value.field == "referred_on"


@pytest.mark.parametrize("keep", [True, False])
def test_who_followed_a_household_stays_in_its_team_unless_told_otherwise(world: World, keep: bool) -> None:
    case = world.case()
    with acting_as(world.engine, world.clock, world.manager) as ctx:
        service.assign_referent(ctx, case.id, world.other.id, keep_previous=keep)

    with system_ctx(world.engine, world.clock) as ctx:
        assert case_head(ctx, case.id).referent_id == world.other.id
        assert (world.referent.id in {row.id for row in team_of(ctx, case.id)}) is keep


def test_who_follows_a_household_cannot_leave_its_team(world: World) -> None:
    case = world.case()
    with acting_as(world.engine, world.clock, world.manager) as ctx:
        with pytest.raises(RuleViolation):
            service.leave_team(ctx, case.id, world.referent.id)
        service.assign_referent(ctx, case.id, world.other.id)
        service.leave_team(ctx, case.id, world.referent.id)

    with acting_as(world.engine, world.clock, world.referent) as ctx, pytest.raises(NotVisible):
        case_head(ctx, case.id)


def test_a_pause_stops_the_follow_up_until_it_is_resumed(world: World) -> None:
    case = world.case()
    with acting_as(world.engine, world.clock, world.manager) as ctx:
        service.suspend_case(ctx, case.id, TODAY - 9 * DAY, "Absence prolongée")
        assert ctx.session.get_one(CaseSummary, case.id).state == "SUSPENDED"
        service.resume_case(ctx, case.id, TODAY)

    with system_ctx(world.engine, world.clock) as ctx:
        assert [(s.from_on, s.to_on) for s in suspensions_of(ctx, case.id)] == [(TODAY - 9 * DAY, TODAY - DAY)]
        assert ctx.session.get_one(CaseSummary, case.id).state == "ACTIVE"


@pytest.mark.parametrize("planned_until", [None, TODAY + 40 * DAY])
def test_a_pause_is_resumed_early_though_another_is_planned(world: World, planned_until: date | None) -> None:
    case = world.case()
    with acting_as(world.engine, world.clock, world.manager) as ctx:
        service.suspend_case(ctx, case.id, TODAY - 9 * DAY, "Absence prolongée", TODAY + 9 * DAY)
        service.suspend_case(ctx, case.id, TODAY + 30 * DAY, "Hospitalisation", planned_until)
        service.resume_case(ctx, case.id, TODAY)

    with system_ctx(world.engine, world.clock) as ctx:
        noted = [(s.from_on, s.to_on) for s in suspensions_of(ctx, case.id)]
        assert noted == [(TODAY + 30 * DAY, planned_until), (TODAY - 9 * DAY, TODAY - DAY)]
        assert ctx.session.get_one(CaseSummary, case.id).state == "ACTIVE"
        with pytest.raises(RuleViolation, match="n’est pas suspendu"):
            service.resume_case(ctx, case.id, TODAY)


def test_a_pause_must_fit_the_path(world: World) -> None:
    ended = world.case(Stage.ENDED)
    active = world.case()
    with acting_as(world.engine, world.clock, world.manager) as ctx:
        for case, from_on, reason, field in (
            (ended, TODAY + DAY, "Absence", "from_on"),
            (active, active.referred_on - DAY, "Absence", "from_on"),
            (active, TODAY, "", "reason"),
        ):
            with pytest.raises(RuleViolation) as refused:
                service.suspend_case(ctx, case.id, from_on, reason)
            assert refused.value.field == field
        with pytest.raises(RuleViolation) as refused:
            service.resume_case(ctx, active.id, TODAY)
        assert refused.value.field == "resumed_on"


def test_a_case_out_of_sight_can_be_changed_by_no_use_case(world: World) -> None:
    case = world.case()
    with acting_as(world.engine, world.clock, world.other) as ctx:
        for change in (
            lambda: service.correct_identity(ctx, case.id, SHEET, 1),
            lambda: service.assign_referent(ctx, case.id, world.other.id),
            lambda: service.leave_team(ctx, case.id, world.referent.id),
            lambda: service.suspend_case(ctx, case.id, TODAY, "Absence"),
            lambda: service.resume_case(ctx, case.id, TODAY),
        ):
            with pytest.raises(NotVisible):
                change()
