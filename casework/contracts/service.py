"""Use cases on contracts: the first one, its amendments, what becomes of the objectives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from casework.cases.queries import CaseHead, case_head, case_to_change, hold_case
from casework.cases.rules import check_not_before_referral, check_not_ended, check_not_future
from casework.contracts.models import Contract, Objective
from casework.contracts.queries import contract_dates, last_signed_on, objective_of
from casework.contracts.rules import (
    check_amendment,
    check_diagnosed,
    check_motive,
    check_objectives,
    check_planned_end,
    check_signatories,
    latest_first_end,
    latest_renewed_end,
)
from casework.contracts.vocabulary import ContractKind, ObjectiveState, Party
from casework.diagnostics.queries import first_diagnosed_on
from casework.kernel.audit import reason_given
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.kernel.versions import check_unchanged
from casework.programmes.definition.parts import Accompaniment
from casework.programmes.queries import definition_of


@dataclass(frozen=True)
class Goal:
    """What one of the parties will do, by when."""

    label: str
    party: Party
    due_on: date | None = None


@dataclass(frozen=True)
class Agreement:
    """What landlord, association and household agreed; an amendment names no signatories.

    `derogation` is the motive of an end later than the programme allows.
    """

    signed_on: date
    planned_end_on: date | None = None
    goals: Sequence[Goal] = ()
    terms: str = ""
    derogation: str = ""
    signatories: Mapping[Party, str] = field(default_factory=dict)


def sign_contract(ctx: Ctx, case_id: int, agreement: Agreement) -> Contract:
    """Note the signature of the tripartite contract: the follow-up starts. There is one for each case.

    Raises NotVisible, or RuleViolation on the field at fault.
    """
    case_to_change(ctx, case_id)  # two contracts signed at once: the second one waits, and finds the first
    head = case_head(ctx, case_id)
    if contract_dates(ctx, case_id) is not None:
        raise RuleViolation("", "Le contrat est déjà signé : pour le modifier, faites un avenant.")
    check_not_future("signed_on", agreement.signed_on, ctx.today)
    check_not_before_referral("signed_on", agreement.signed_on, head.referred_on)
    check_not_ended(head.ended_on, agreement.signed_on, "signed_on")
    check_diagnosed(agreement.signed_on, first_diagnosed_on(ctx, case_id))
    check_signatories(agreement.signatories)
    limits = limits_of(ctx, head)
    check_motive(agreement.derogation, derogation=limits.derogation)
    latest_on = latest_first_end(agreement.signed_on, limits)
    check_planned_end(agreement.planned_end_on, agreement.signed_on, latest_on, agreement.derogation)
    check_objectives([goal.due_on for goal in agreement.goals], agreement.signed_on, at_least=1)
    return _keep(ctx, case_id, ContractKind.INITIAL, agreement)


def amend_contract(ctx: Ctx, case_id: int, agreement: Agreement) -> Contract:
    """Note an amendment: its planned end replaces the one before, its objectives join those that are open.

    Raises NotVisible, or RuleViolation on the field at fault.
    """
    case_to_change(ctx, case_id)
    head = case_head(ctx, case_id)
    dates, last_on = contract_dates(ctx, case_id), last_signed_on(ctx, case_id)
    if dates is None or last_on is None:
        raise RuleViolation("", "Il n’y a pas encore de contrat à modifier : signez-le d’abord.")
    check_not_future("signed_on", agreement.signed_on, ctx.today)
    check_not_ended(head.ended_on, agreement.signed_on, "signed_on")
    check_amendment(agreement.signed_on, last_on)
    limits = limits_of(ctx, head)
    check_motive(agreement.derogation, derogation=limits.derogation)
    latest_on = latest_renewed_end(dates.planned_ends, dates.signed_on, limits)
    check_planned_end(agreement.planned_end_on, agreement.signed_on, latest_on, agreement.derogation)
    check_objectives([goal.due_on for goal in agreement.goals], agreement.signed_on, at_least=0)
    if agreement.planned_end_on == dates.planned_end_on and not agreement.goals and not agreement.terms:
        raise RuleViolation("", "Cet avenant ne change rien : ni la fin prévue, ni les objectifs, ni les engagements.")
    return _keep(ctx, case_id, ContractKind.AMENDMENT, agreement)


@dataclass(frozen=True)
class Settlement:
    """What became of an objective, and when."""

    state: ObjectiveState
    settled_on: date | None = None


def settlement_of(objective: Objective) -> Settlement:
    """Return what is noted of an objective."""
    return Settlement(ObjectiveState(objective.state), objective.settled_on)


def settle_objective(
    ctx: Ctx,
    case_id: int,
    objective_id: int,
    state: ObjectiveState,
    settled_on: date | None,
    seen: str | None = None,
) -> None:
    """Say what became of an objective, and when; OPEN takes it up again. `seen` is the mark of what was read.

    Raises NotVisible, RuleViolation on `settled_on`, or Conflict when somebody else said it since.
    """
    hold_case(ctx, case_id)
    head = case_head(ctx, case_id)
    objective, signed_on = objective_of(ctx, case_id, objective_id)
    check_unchanged(ctx, seen, lambda: settlement_of(objective), objective)
    if state is ObjectiveState.OPEN:
        settled_on = None
    elif settled_on is None:
        raise RuleViolation("settled_on", "Dites quel jour.")
    else:
        check_not_future("settled_on", settled_on, ctx.today)
        check_not_ended(head.ended_on, settled_on, "settled_on")
        if settled_on < signed_on:
            raise RuleViolation(
                "settled_on", "Cet objectif n’existe que depuis le %(day)s.", day=signed_on.strftime("%d/%m/%Y")
            )
    objective.state, objective.settled_on = state.value, settled_on
    ctx.case_changed(case_id, held=True)


def limits_of(ctx: Ctx, head: CaseHead) -> Accompaniment:
    """Return how long the programme accompanies a household, by the version of the case.

    Limits that hold for one form of support only bind nobody: the case does not say which form it is.
    """
    limits = definition_of(ctx, head.version_id).accompaniment
    return Accompaniment() if limits.only_for else limits


def _keep(ctx: Ctx, case_id: int, kind: ContractKind, agreement: Agreement) -> Contract:
    contract = Contract(
        case_id=case_id,
        kind=kind.value,
        signed_on=agreement.signed_on,
        created_at=ctx.clock.now(),
        planned_end_on=agreement.planned_end_on,
        household_signatory=agreement.signatories.get(Party.HOUSEHOLD),
        association_signatory=agreement.signatories.get(Party.ASSOCIATION),
        landlord_signatory=agreement.signatories.get(Party.LANDLORD),
        terms=agreement.terms,
        derogation=agreement.derogation,
    )
    with reason_given(ctx, agreement.derogation):
        ctx.session.add(contract)
        ctx.session.flush()
        ctx.session.add_all(
            Objective(
                case_id=case_id, contract_id=contract.id, label=goal.label, party=goal.party.value, due_on=goal.due_on
            )
            for goal in agreement.goals
        )
        ctx.case_changed(case_id)
    return contract
