"""Pages of the diagnostics."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases.queries import CaseHead, case_head
from casework.cases.sharing import head_and_landlord_reads
from casework.diagnostics import queries, service
from casework.diagnostics.forms import DiagnosticForm
from casework.diagnostics.rules import effort_level
from casework.diagnostics.vocabulary import RECOMMENDATION_LABELS, RESOURCE_LABELS
from casework.kernel.context import Ctx
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

blueprint = Blueprint("diagnostics", __name__)


@blueprint.route("/menages/<int:case_id>/diagnostic", methods=["GET", "POST"])
@requires("diagnostic:write")
def record_diagnostic(case_id: int) -> str | Response:
    """Make a diagnostic; amounts start as they are known."""
    ctx = current_ctx()
    head, read = head_and_landlord_reads(ctx, case_id)
    earlier = queries.list_diagnostics(ctx, case_id)
    form = DiagnosticForm(made_on=ctx.today, **_known(ctx, head, earlier[0].id if earlier else None))
    diagnostic = save(form, lambda: service.record_diagnostic(ctx, case_id, form.findings()))
    if diagnostic is not None:
        flash(_("Le diagnostic est enregistré. Le bailleur ne voit pas la partie sociale."), "success")
        return redirect(url_for("diagnostics.show_diagnostic", case_id=case_id, diagnostic_id=diagnostic.id))
    return render_template("diagnostics/record_diagnostic.html", form=form, head=head, earlier=earlier, read=read)


def _known(ctx: Ctx, head: CaseHead, latest_id: int | None) -> dict[str, int | None]:
    if latest_id is None:
        known: dict[str, int | None] = {
            "rent_cents": head.rent_cents or None,  # nothing is noted until something is
            "charges_cents": head.charges_cents or None,
            "benefit_cents": head.benefit_cents or None,
        }
        return known
    latest = queries.get_diagnostic(ctx, head.id, latest_id)
    amounts = ("rent_cents", "annexes_cents", "charges_cents", "benefit_cents", "fixed_charges_cents")
    incomes = {f"resource_{kind}": cents for kind, cents in latest.resources.items()}
    return {name: getattr(latest, name) for name in amounts} | incomes


@blueprint.post("/menages/<int:case_id>/diagnostic/calcul")
@requires("diagnostic:write")
def preview_figures(case_id: int) -> str:
    """What the budget comes to while it is typed: part of a page, nothing is kept."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = DiagnosticForm()
    if any(field.process_errors for field in form):  # an amount that is not read is not nothing
        return render_template("diagnostics/preview_figures.html", figures=None)
    day = form.made_on.data or ctx.today
    figures = service.weigh_budget(ctx, case_id, form.budget(), day)
    terms = service.terms_of(ctx, head, day)
    level = effort_level(figures.effort_tenths, terms.effort_warn_tenths, terms.effort_alert_tenths)
    return render_template("diagnostics/preview_figures.html", figures=figures, terms=terms, level=level)


@blueprint.get("/menages/<int:case_id>/diagnostics/<int:diagnostic_id>")
@requires("diagnostic:read")
def show_diagnostic(case_id: int, diagnostic_id: int) -> str:
    """A diagnostic, as the reader may read it."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    diagnostic = queries.get_diagnostic(ctx, case_id, diagnostic_id)
    terms = service.terms_of(ctx, head, diagnostic.made_on)
    return render_template(
        "diagnostics/show_diagnostic.html",
        head=head,
        diagnostic=diagnostic,
        others=[row for row in queries.list_diagnostics(ctx, case_id) if row.id != diagnostic_id],
        terms=terms,
        level=effort_level(diagnostic.effort_tenths, terms.effort_warn_tenths, terms.effort_alert_tenths),
        kinds=RESOURCE_LABELS,
        recommendations=RECOMMENDATION_LABELS,
        may_write=ctx.actor.may("diagnostic:write"),
    )
