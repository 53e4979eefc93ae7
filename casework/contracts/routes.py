"""Pages of contracts, amendments and objectives."""

from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.accounts.vocabulary import Category
from casework.cases.queries import case_head
from casework.cases.sharing import reads_category
from casework.contracts import queries, service
from casework.contracts.documents import contract_pdf, file_name
from casework.contracts.forms import AgreementForm, ContractForm, SettlementForm
from casework.contracts.models import Objective
from casework.contracts.rules import latest_first_end, latest_renewed_end
from casework.contracts.vocabulary import (
    CONTRACT_KIND_LABELS,
    OBJECTIVE_STATE_LABELS,
    PARTY_LABELS,
    ObjectiveState,
)
from casework.diagnostics.queries import first_diagnosed_on
from casework.kernel.versions import mark_of
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

blueprint = Blueprint("contracts", __name__)


@blueprint.route("/menages/<int:case_id>/contrat", methods=["GET", "POST"])
@requires("contract:write")
def sign_contract(case_id: int) -> str | Response:
    """Note the signature of the contract; once it is signed, the contract itself."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = ContractForm(
        signed_on=ctx.today, household_signatory=head.name, association_signatory=head.referent_name or ""
    )
    contract = save(form, lambda: service.sign_contract(ctx, case_id, form.agreement()))
    if contract is not None:
        flash(_("Le contrat est enregistré : l’accompagnement commence."), "success")
        return redirect(url_for("contracts.show_contract", case_id=case_id, contract_id=contract.id))
    signed, limits = queries.list_contracts(ctx, case_id), service.limits_of(ctx, head)
    if signed and not form.is_submitted():
        return redirect(url_for("contracts.show_contract", case_id=case_id, contract_id=signed[0].id))
    return render_template(
        "contracts/sign_contract.html",
        form=form,
        head=head,
        diagnosed_on=first_diagnosed_on(ctx, case_id),
        limits=limits,
        latest_on=latest_first_end(form.signed_on.data or ctx.today, limits),
    )


@blueprint.route("/menages/<int:case_id>/avenant", methods=["GET", "POST"])
@requires("contract:write")
def amend_contract(case_id: int) -> str | Response:
    """Note an amendment."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    dates, limits = queries.contract_dates(ctx, case_id), service.limits_of(ctx, head)
    form = AgreementForm(signed_on=ctx.today, planned_end_on=dates.planned_end_on if dates else None)
    amendment = save(form, lambda: service.amend_contract(ctx, case_id, form.agreement()))
    if amendment is not None:
        flash(_("L’avenant est enregistré."), "success")
        return redirect(url_for("contracts.show_contract", case_id=case_id, contract_id=amendment.id))
    return render_template(
        "contracts/amend_contract.html",
        form=form,
        head=head,
        dates=dates,
        objectives=[row for row in queries.objectives_of(ctx, case_id) if row.state == ObjectiveState.OPEN],
        limits=limits,
        latest_on=latest_renewed_end(dates.planned_ends, dates.signed_on, limits) if dates else None,
        parties=PARTY_LABELS,
    )


@blueprint.get("/menages/<int:case_id>/contrats/<int:contract_id>")
@requires("contract:read")
def show_contract(case_id: int, contract_id: int) -> str:
    """The contract or an amendment, to read and to print."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    contract = queries.get_contract(ctx, case_id, contract_id)
    objectives = queries.objectives_of(ctx, case_id)
    return render_template(
        "contracts/show_contract.html",
        head=head,
        contract=contract,
        contracts=queries.list_contracts(ctx, case_id),
        own=[row for row in objectives if row.contract_id == contract_id],
        others=[row for row in objectives if row.contract_id != contract_id],
        kinds=CONTRACT_KIND_LABELS,
        parties=PARTY_LABELS,
        states=OBJECTIVE_STATE_LABELS,
        may_write=ctx.actor.may("contract:write"),
        is_objective_read=reads_category(ctx, head, Category.OBJECTIVES),
    )


@blueprint.get("/menages/<int:case_id>/contrats/<int:contract_id>.pdf")
@requires("contract:read")
def print_contract(case_id: int, contract_id: int) -> Response:
    """The contract or an amendment on paper, to sign and to hand over."""
    sheet = queries.contract_sheet(current_ctx(), case_id, contract_id)
    answer = Response(contract_pdf(sheet), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(sheet))
    return answer


@blueprint.route("/menages/<int:case_id>/objectifs/<int:objective_id>", methods=["GET", "POST"])
@requires("contract:write")
def settle_objective(case_id: int, objective_id: int) -> str | Response:
    """Say what became of an objective."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    objective, _signed_on = queries.objective_of(ctx, case_id, objective_id)
    contract_id, label = objective.contract_id, objective.label
    stored = _stored(objective)
    form = SettlementForm(data=stored | {"settled_on": objective.settled_on or ctx.today})

    def settle() -> bool:
        seen = form.version.data or ""
        service.settle_objective(ctx, case_id, objective_id, form.new_state(), form.settled_on.data, seen)
        return True

    back = url_for("contracts.show_contract", case_id=case_id, contract_id=contract_id)
    if save(form, settle):
        flash(_("Le point sur l’objectif est enregistré."), "success")
        return redirect(back)
    stored = _stored(queries.objective_of(ctx, case_id, objective_id)[0])  # as it is kept now, where this was refused
    meanwhile = form.meanwhile(stored, str(stored["version"]))
    return render_template(
        "contracts/settle_objective.html", form=form, head=head, label=label, back=back, meanwhile=meanwhile
    )


def _stored(objective: Objective) -> dict[str, object]:
    said = service.settlement_of(objective)
    return asdict(said) | {"version": mark_of(said)}
