from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases.models import Case
from casework.contracts.models import Contract
from casework.contracts.queries import (
    ContractDates,
    contract_dates,
    get_contract,
    list_contracts,
    objectives_of,
)
from casework.contracts.service import Agreement, Goal, amend_contract, settle_objective, sign_contract
from casework.contracts.vocabulary import ObjectiveState, Party
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from tests.factories import Stage, change_definition, make_case, make_programme, make_user, seen_by, system_ctx

TODAY = date(2026, 3, 30)
SIGNATORIES = {Party.HOUSEHOLD: "Anne Martin", Party.ASSOCIATION: "Camille", Party.LANDLORD: "Dominique"}
AGREEMENT = Agreement(
    signed_on=date(2026, 3, 1),
    planned_end_on=date(2027, 3, 1),
    goals=(
        Goal("Reprendre le paiement du loyer", Party.HOUSEHOLD, date(2026, 6, 1)),
        Goal("Une visite", Party.LANDLORD),
    ),
    terms="Une visite toutes les deux semaines.",
    signatories=SIGNATORIES,
)
AMENDMENT = Agreement(date(2026, 3, 20), date(2027, 9, 1))


@pytest.fixture
def ctx(engine: Engine, clock: FixedClock) -> Iterator[Ctx]:
    with system_ctx(engine, clock) as ctx:
        yield ctx


def _diagnosed(ctx: Ctx) -> Case:
    """Referred on 30 September 2025, diagnosed on 10 October."""
    return make_case(ctx, make_programme(ctx), stage=Stage.DIAGNOSED)


def _limit(ctx: Ctx, months: int) -> None:
    change_definition(ctx, make_programme(ctx), accompaniment={"max_months": months})


def test_the_follow_up_starts_with_the_signature(ctx: Ctx) -> None:
    case = _diagnosed(ctx)
    assert contract_dates(ctx, case.id) is None

    contract = sign_contract(ctx, case.id, AGREEMENT)

    assert contract_dates(ctx, case.id) == ContractDates(date(2026, 3, 1), (date(2027, 3, 1),))
    assert get_contract(ctx, case.id, contract.id).landlord_signatory == "Dominique"
    assert [(row.label, row.party, row.state) for row in objectives_of(ctx, case.id)] == [
        ("Reprendre le paiement du loyer", "HOUSEHOLD", "OPEN"),
        ("Une visite", "LANDLORD", "OPEN"),
    ]
    summary = ctx.session.get_one(CaseSummary, case.id)
    assert (summary.state, summary.contract_on, summary.planned_end_on) == (
        "ACTIVE",
        date(2026, 3, 1),
        date(2027, 3, 1),
    )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"signed_on": date(2026, 3, 31)}, "signed_on", "avenir"),
        ({"signed_on": date(2025, 9, 29)}, "signed_on", "avant l’orientation"),
        ({"signed_on": date(2025, 10, 9)}, "signed_on", "diagnostic du 10/10/2025"),
        ({"planned_end_on": date(2026, 3, 1)}, "planned_end_on", "après la signature"),
        ({"planned_end_on": date(2027, 3, 2)}, "planned_end_on", "jusqu’au 01/03/2027"),
        ({"derogation": "Hospitalisation"}, "derogation", "ne prévoit pas de dérogation"),
        ({"goals": ()}, "objectives", "au moins un objectif"),
        ({"goals": (Goal("Tard", Party.HOUSEHOLD, date(2026, 2, 1)),)}, "objectives", "avant la signature"),
        ({"signatories": SIGNATORIES | {Party.LANDLORD: ""}}, "landlord_signatory", "le bailleur"),
        ({"signatories": {}}, "household_signatory", "le ménage"),
    ],
)
def test_a_contract_that_cannot_be_is_refused_with_its_field(
    ctx: Ctx, changes: dict[str, object], field: str, words: str
) -> None:
    case = _diagnosed(ctx)
    _limit(ctx, 12)

    with pytest.raises(RuleViolation, match=words) as refused:
        sign_contract(ctx, case.id, replace(AGREEMENT, **changes))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert ctx.session.scalars(select(Contract)).all() == []


def test_a_longer_stay_is_kept_with_its_motive(ctx: Ctx) -> None:
    case = _diagnosed(ctx)
    change_definition(ctx, make_programme(ctx), accompaniment={"max_months": 6, "derogation": True})

    with pytest.raises(RuleViolation, match="jusqu’au 01/09/2026"):
        sign_contract(ctx, case.id, AGREEMENT)
    contract = sign_contract(ctx, case.id, replace(AGREEMENT, derogation="Hospitalisation de huit mois"))

    assert get_contract(ctx, case.id, contract.id).derogation == "Hospitalisation de huit mois"


def test_a_measure_is_renewed_as_often_as_the_programme_says(ctx: Ctx) -> None:
    case = _diagnosed(ctx)
    limits = {"period_months": 6, "renewal_months": 3, "renewals_max": 1, "max_months": 12}
    change_definition(ctx, make_programme(ctx), accompaniment=limits)
    sign_contract(ctx, case.id, replace(AGREEMENT, signed_on=date(2025, 10, 10), planned_end_on=date(2026, 4, 10)))

    with pytest.raises(RuleViolation, match="jusqu’au 10/07/2026"):
        amend_contract(ctx, case.id, Agreement(date(2026, 3, 1), date(2026, 10, 10)))
    amend_contract(ctx, case.id, Agreement(date(2026, 3, 1), date(2026, 7, 10)))
    with pytest.raises(RuleViolation, match="jusqu’au 10/07/2026"):
        amend_contract(ctx, case.id, Agreement(date(2026, 3, 20), date(2026, 8, 1)))


def test_no_contract_is_signed_without_a_diagnostic(ctx: Ctx) -> None:
    case = make_case(ctx, make_programme(ctx), stage=Stage.REFERRED)

    with pytest.raises(RuleViolation, match="diagnostic vient avant") as refused:
        sign_contract(ctx, case.id, AGREEMENT)
    assert refused.value.field == "signed_on"


def test_there_is_one_contract_for_each_case(ctx: Ctx) -> None:
    case = _diagnosed(ctx)
    sign_contract(ctx, case.id, AGREEMENT)

    with pytest.raises(RuleViolation, match="faites un avenant"):
        sign_contract(ctx, case.id, AGREEMENT)


def test_an_amendment_moves_the_end_and_adds_objectives(ctx: Ctx) -> None:
    case = _diagnosed(ctx)
    sign_contract(ctx, case.id, AGREEMENT)

    amend_contract(ctx, case.id, replace(AMENDMENT, goals=(Goal("Visiter un logement", Party.ASSOCIATION),)))

    assert contract_dates(ctx, case.id) == ContractDates(date(2026, 3, 1), (date(2027, 3, 1), date(2027, 9, 1)))
    assert [row.kind for row in list_contracts(ctx, case.id)] == ["INITIAL", "AMENDMENT"]
    assert len(objectives_of(ctx, case.id)) == 3
    assert ctx.session.get_one(CaseSummary, case.id).planned_end_on == date(2027, 9, 1)


@pytest.mark.parametrize(
    ("agreement", "field", "words"),
    [
        (replace(AMENDMENT, signed_on=date(2026, 3, 31)), "signed_on", "avenir"),
        (replace(AMENDMENT, signed_on=date(2026, 3, 1)), "signed_on", "01/03/2026"),
        (replace(AMENDMENT, planned_end_on=date(2026, 3, 20)), "planned_end_on", "après la signature"),
        (replace(AMENDMENT, planned_end_on=date(2028, 3, 2)), "planned_end_on", "01/03/2028"),
        (replace(AMENDMENT, goals=(Goal("Tard", Party.HOUSEHOLD, date(2026, 3, 2)),)), "objectives", "avant"),
        (replace(AMENDMENT, planned_end_on=date(2027, 3, 1)), "", "ne change rien"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused_with_its_field(
    ctx: Ctx, agreement: Agreement, field: str, words: str
) -> None:
    case = _diagnosed(ctx)
    _limit(ctx, 24)
    sign_contract(ctx, case.id, AGREEMENT)

    with pytest.raises(RuleViolation, match=words) as refused:
        amend_contract(ctx, case.id, agreement)
    assert refused.value.field == field


def test_nothing_is_amended_before_the_contract_or_after_the_end(ctx: Ctx) -> None:
    ended = make_case(ctx, make_programme(ctx), stage=Stage.ENDED, ended_on=date(2026, 3, 1))

    with pytest.raises(RuleViolation, match="pas encore de contrat"):
        amend_contract(ctx, _diagnosed(ctx).id, AMENDMENT)
    with pytest.raises(RuleViolation, match="pris fin"):
        amend_contract(ctx, ended.id, AMENDMENT)


def test_an_objective_is_settled_with_its_day_and_taken_up_again(ctx: Ctx) -> None:
    case = _diagnosed(ctx)
    sign_contract(ctx, case.id, AGREEMENT)
    objective_id = objectives_of(ctx, case.id)[0].id

    settle_objective(ctx, case.id, objective_id, ObjectiveState.MET, TODAY)
    assert next((r.state, r.settled_on) for r in objectives_of(ctx, case.id)) == ("MET", TODAY)
    settle_objective(ctx, case.id, objective_id, ObjectiveState.OPEN, TODAY)
    assert next((r.state, r.settled_on) for r in objectives_of(ctx, case.id)) == ("OPEN", None)


@pytest.mark.parametrize(
    ("settled_on", "words"),
    [(None, "quel jour"), (date(2026, 3, 31), "avenir"), (date(2026, 2, 28), "depuis le 01/03/2026")],
)
def test_an_objective_is_settled_after_it_was_agreed_and_not_ahead(
    ctx: Ctx, settled_on: date | None, words: str
) -> None:
    case = _diagnosed(ctx)
    sign_contract(ctx, case.id, AGREEMENT)

    with pytest.raises(RuleViolation, match=words) as refused:
        settle_objective(ctx, case.id, objectives_of(ctx, case.id)[0].id, ObjectiveState.PARTLY, settled_on)
    assert refused.value.field == "settled_on"


def test_a_contract_out_of_sight_is_neither_read_nor_changed(ctx: Ctx) -> None:
    programme = make_programme(ctx)
    case, other = _diagnosed(ctx), _diagnosed(ctx)
    contract = sign_contract(ctx, case.id, AGREEMENT)
    objective_id = objectives_of(ctx, case.id)[0].id
    stranger = seen_by(ctx, make_user(ctx, Role.REFERENT, programme=programme))

    assert contract_dates(stranger, case.id) is None
    assert list_contracts(stranger, case.id) == []
    assert objectives_of(stranger, case.id) == []
    attempts: list[Callable[[], object]] = [
        lambda: get_contract(stranger, case.id, contract.id),
        lambda: get_contract(ctx, other.id, contract.id),
        lambda: sign_contract(stranger, case.id, AGREEMENT),
        lambda: amend_contract(stranger, case.id, AMENDMENT),
        lambda: settle_objective(stranger, case.id, objective_id, ObjectiveState.MET, TODAY),
        lambda: settle_objective(ctx, other.id, objective_id, ObjectiveState.MET, TODAY),
    ]
    for attempt in attempts:
        with pytest.raises(NotVisible):
            attempt()
