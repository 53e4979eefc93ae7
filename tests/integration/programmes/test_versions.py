"""Opening programmes and saving their versions, through the services."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from casework.accounts.models import Organisation, User
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.cases.models import CaseEnd
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.programmes.catalogue import catalogue_document
from casework.programmes.definition import DefinitionError
from casework.programmes.models import Programme, ProgrammeVersion
from casework.programmes.queries import (
    document_of,
    find_programme,
    open_cases_by_version,
    version_history,
    version_on,
    versions_of,
)
from casework.programmes.rules import Difference
from casework.programmes.service import Opening, Partner, create_programme
from casework.programmes.version_service import propose_version, save_version
from tests.factories import (
    Stage,
    acting_as,
    make_case,
    make_organisation,
    make_programme,
    make_user,
    make_version,
    seen_by,
    system_ctx,
)

PATH = [{"stages": ["RES_SOCIALE", "BAIL_GLISSANT", "BAIL_DIRECT"]}]
SCRATCH: dict[str, object] = {
    "title": "De la résidence au bail",
    "valid_from": "2025-01-01",
    "category": "access",
    "path": PATH,
    "lease": {"order_matters": True},
}


OPENING = Opening("VAL-1", SCRATCH, Partner(name="Office du Val"), Partner(name="Les Pins"), "Ouverture")


def test_a_coordinator_opens_a_programme_that_no_source_has_and_works_in_it(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        coordinator = make_user(ctx, Role.COORDINATOR)
    with acting_as(engine, clock, coordinator, "programmes.open_programme") as ctx:
        create_programme(ctx, OPENING)

    with acting_as(engine, clock, coordinator) as ctx:
        programme = find_programme(ctx, "VAL-1")
        assert programme is not None
        (version,) = versions_of(ctx, programme.id)
        assert version.definition.lease.stages == ("RES_SOCIALE", "BAIL_GLISSANT", "BAIL_DIRECT")
        assert (version.definition.id, version.definition.landlords) == ("VAL-1", ("Office du Val",))
        assert version.definition.operators == ("Les Pins",)
        (row,) = version_history(ctx, programme.id)
        assert (row.number, row.valid_from, row.reason) == (1, date(2025, 1, 1), "Ouverture")
        assert (row.author, row.created_at) == (coordinator.display_name, clock.now())
        traced = select(AuditEvent.entity).where(AuditEvent.use_case == "programmes.open_programme")
        assert set(ctx.session.scalars(traced)) == {
            "organisations",
            "programmes",
            "programme_versions",
            "programme_members",
        }


def test_an_entry_of_the_catalogue_is_opened_with_other_organisations(engine: Engine, clock: FixedClock) -> None:
    entry = catalogue_document("2.3.9")
    with system_ctx(engine, clock) as ctx:
        landlord = make_organisation(ctx, OrganisationKind.LANDLORD, "Un bailleur d’ici")
        administrator = make_user(ctx, Role.ADMINISTRATOR)
    with acting_as(engine, clock, administrator) as ctx:
        opening = Opening("CHARTRES-2", entry, Partner(known_id=landlord.id), association=None)
        programme = create_programme(ctx, opening)
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)

    assert (programme.landlord_id, programme.operator_id) == (landlord.id, landlord.id)
    assert (document["landlords"], document["operators"]) == (["Un bailleur d’ici"], [])
    assert document["cost"] == entry["cost"]
    with system_ctx(engine, clock) as ctx:  # accounts are managed elsewhere: nobody is let in by the way
        assert list(ctx.session.scalars(select(Organisation.name).where(Organisation.name == "Les Pins"))) == []


def test_the_partners_of_an_entry_stay_behind_the_one_that_is_chosen(engine: Engine, clock: FixedClock) -> None:
    document = SCRATCH | {"landlords": ["Premier office", "Second office"], "operators": ["Les Pins", "Les Ormes"]}
    with system_ctx(engine, clock) as ctx:
        opening = Opening("VAL-1", document, Partner(name="Second office"), Partner(name="Les Ormes"))
        kept = document_of(ctx, versions_of(ctx, create_programme(ctx, opening).id)[0].id)

    assert kept["landlords"] == ["Second office", "Premier office"]
    assert kept["operators"] == ["Les Ormes", "Les Pins"]


@pytest.mark.parametrize(
    ("opening", "field"),
    [
        (replace(OPENING, code="val 1"), "code"),
        (replace(OPENING, code="F-SEMIS"), "code"),
        (replace(OPENING, landlord=Partner()), "landlord_name"),
        (replace(OPENING, landlord=Partner(known_id=10**12)), "landlord_name"),
        (replace(OPENING, landlord=Partner(name=" préfecture ")), "landlord_name"),
        (replace(OPENING, association=Partner(name="OFFICE DU VAL")), "association_name"),
        (replace(OPENING, document=SCRATCH | {"title": "t" * 201}), "title"),
    ],
)
def test_an_opening_that_cannot_be_is_refused_on_its_field(
    engine: Engine, clock: FixedClock, opening: Opening, field: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_programme(ctx)
        make_organisation(ctx, OrganisationKind.FUNDER, "Préfecture")
    with system_ctx(engine, clock) as ctx:
        with pytest.raises(RuleViolation) as refused:
            create_programme(ctx, opening)
        assert refused.value.field == field
        ctx.session.rollback()


def test_an_organisation_is_recognised_however_its_name_is_typed(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        known = make_organisation(ctx, OrganisationKind.LANDLORD, "Office du Val")
        programme = create_programme(ctx, replace(OPENING, landlord=Partner(name="  office du VAL")))

        assert programme.landlord_id == known.id
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)
        assert document["landlords"] == ["Office du Val"]


def _opened(ctx: Ctx) -> tuple[Programme, User]:
    programme = create_programme(ctx, OPENING)
    return programme, make_user(ctx, Role.COORDINATOR, programme=programme)


def test_a_proposal_tells_what_changes_and_who_keeps_theirs_and_writes_nothing(
    engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, coordinator = _opened(ctx)
        make_case(ctx, programme)
        make_case(ctx, programme, stage=Stage.REFERRED)
        make_case(ctx, programme, stage=Stage.ENDED)
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)
    changed = document | {"valid_from": "2026-04-01", "accompaniment": {"max_months": 18}}

    with acting_as(engine, clock, coordinator) as ctx:
        before = ctx.session.scalar(select(func.count(AuditEvent.id)))
        proposal = propose_version(ctx, "VAL-1", changed, 1)
        ctx.session.flush()

        assert (proposal.number, dict(proposal.open_cases)) == (2, {1: 2})
        assert proposal.differences == (Difference("accompaniment.max_months", None, 18),)
        assert len(versions_of(ctx, programme.id)) == 1
        assert ctx.session.scalar(select(func.count(AuditEvent.id))) == before


def test_a_new_version_is_for_new_referrals_and_the_cases_keep_theirs(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, coordinator = _opened(ctx)
        old = make_case(ctx, programme)
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)
    changed = document | {"valid_from": "2026-03-30", "title": "Un nouveau nom"}

    with acting_as(engine, clock, coordinator) as ctx:
        saved = save_version(ctx, "VAL-1", changed, 1, "Nouvelle convention")

    with system_ctx(engine, clock) as ctx:
        new = make_case(ctx, programme, stage=Stage.REFERRED, referred_on=date(2026, 3, 30))
        assert (saved.number, saved.created_by_id, saved.reason) == (2, coordinator.id, "Nouvelle convention")
        assert new.programme_version_id == saved.id
        assert old.programme_version_id == versions_of(ctx, programme.id)[0].id
        assert open_cases_by_version(ctx, programme.id) == {1: 1, 2: 1}
        for case, days in ((old, 1), (new, 0)):  # an end that is to come closes nothing yet
            ctx.session.add(
                CaseEnd(
                    case_id=case.id,
                    ended_on=ctx.today + timedelta(days=days),
                    reason="OBJ",
                    outcome="MAINTIEN_TITRE",
                    created_at=ctx.clock.now(),
                )
            )
        ctx.session.flush()
        assert open_cases_by_version(ctx, programme.id) == {1: 1}
        assert ctx.session.scalars(select(Programme.name).where(Programme.id == programme.id)).one() == "Un nouveau nom"
        assert version_on(ctx, programme.id, date(2026, 3, 29)).number == 1


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"path": [{"stages": ["RES_SOCIAL"]}]}, DefinitionError, "RES_SOCIAL"),
        ({"path": [{"stages": ["BAIL_DIRECT", "RES_SOCIALE"]}]}, DefinitionError, "rien ne suit BAIL_DIRECT"),
        ({"cadence": [{"what": "contact", "every": 0, "unit": "week"}]}, DefinitionError, "au moins 1"),
        ({"valid_from": "2025-01-01"}, RuleViolation, "01/01/2025"),
        ({"valid_from": "2024-12-31"}, RuleViolation, "commence après"),
        (
            {
                "households": {"value": 9, "unit": "total"},
                "quota": [{"value": 10, "unit": "household", "by": "mode", "of": "access"}],
            },
            DefinitionError,
            "ne dépasse pas",
        ),
        ({}, RuleViolation, "Rien ne change"),
        ({"landlords": ["Un autre"]}, RuleViolation, "ne change pas"),
        ({"title": "t" * 201}, RuleViolation, "raccourcissez"),
    ],
)
def test_a_version_that_cannot_be_leaves_the_one_in_force_in_force(
    engine: Engine, clock: FixedClock, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, coordinator = _opened(ctx)
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)
    changed = document | {"valid_from": "2026-04-01"} | changes

    with acting_as(engine, clock, coordinator) as ctx:
        with pytest.raises(error, match=words):
            propose_version(ctx, "VAL-1", changed, 1)
        with pytest.raises(error, match=words):
            save_version(ctx, "VAL-1", changed, 1, "Pourquoi pas")

    with system_ctx(engine, clock) as ctx:
        assert [v.number for v in versions_of(ctx, programme.id)] == [1]
        assert version_on(ctx, programme.id, date(2027, 1, 1)).number == 1


def test_a_version_has_its_reason(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, _coordinator = _opened(ctx)
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)

        with pytest.raises(RuleViolation) as refused:
            save_version(ctx, "VAL-1", document | {"valid_from": "2026-04-01", "summary": "Court"}, 1, "")

    assert refused.value.field == "reason"


def test_of_two_who_edit_at_once_the_second_is_told(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, coordinator = _opened(ctx)
        make_version(ctx, programme, date(2026, 4, 1), summary="La première à enregistrer")
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)
    changed = document | {"valid_from": "2026-05-01", "summary": "La seconde"}

    with acting_as(engine, clock, coordinator) as ctx:
        with pytest.raises(Conflict, match="version 2"):
            propose_version(ctx, "VAL-1", changed, 1)
        with pytest.raises(Conflict, match="version 2"):
            save_version(ctx, "VAL-1", changed, 1, "Pourquoi pas")
        assert len(versions_of(ctx, programme.id)) == 2


def test_of_two_who_save_at_the_same_moment_one_waits_and_is_told(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, coordinator = _opened(ctx)
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)
    meeting = Barrier(2, timeout=30)

    def save(summary: str) -> str:
        with acting_as(engine, clock, coordinator) as ctx:
            meeting.wait()
            try:
                save_version(
                    ctx, "VAL-1", document | {"valid_from": "2026-05-01", "summary": summary}, 1, "Le même jour"
                )
            except Conflict:
                return "told"
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, ("La mienne", "La sienne"))) == ["saved", "told"]

    with system_ctx(engine, clock) as ctx:
        assert [v.number for v in versions_of(ctx, programme.id)] == [1, 2]


def test_nobody_changes_a_programme_in_which_they_do_not_work(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, _coordinator = _opened(ctx)
        document = document_of(ctx, versions_of(ctx, programme.id)[0].id)
        stranger = seen_by(ctx, make_user(ctx, Role.COORDINATOR))
        administrator = seen_by(ctx, make_user(ctx, Role.ADMINISTRATOR))

        for eyes in (stranger, administrator):
            with pytest.raises(NotVisible):
                propose_version(eyes, "VAL-1", document, 1)
            with pytest.raises(NotVisible):
                save_version(eyes, "VAL-1", document, 1, "Pourquoi pas")
            assert list(version_history(eyes, programme.id)) == []
            assert open_cases_by_version(eyes, programme.id) == {}
        assert ctx.session.scalar(select(func.count(ProgrammeVersion.id))) == 1
