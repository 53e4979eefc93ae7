"""Pages of the rent accounts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.cases.queries import CaseHead, case_head
from casework.kernel.context import Ctx
from casework.programmes.queries import terms_by_version
from casework.rents import queries, service
from casework.rents.forms import ReportForm
from casework.rents.presentation import account_page
from casework.rents.vocabulary import ACCOUNT_STATE_LABELS, ACCOUNT_STATE_TONES
from casework.web.i18n import gettext as _
from casework.web.messages import offer_undo
from casework.web.paging import Place
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

blueprint = Blueprint("rents", __name__)


@blueprint.get("/loyers")
@requires("rent:read")
def list_accounts() -> str:
    """The rent accounts, the largest debt first."""
    kept = request.args.get("comptes", queries.WATCHED)
    kept = kept if kept in queries.FILTERS else queries.WATCHED
    place = Place.read(request.args.get("apres"), request.args.get("avant"))
    return render_template(
        "rents/list_accounts.html",
        page=queries.list_accounts(current_ctx(), kept, place),
        kept=kept,
        labels=ACCOUNT_STATE_LABELS,
        tones=ACCOUNT_STATE_TONES,
    )


@blueprint.get("/menages/<int:case_id>/loyers")
@requires("rent:read")
def show_account(case_id: int) -> str:
    """The rent account of a household, month by month."""
    ctx = current_ctx()
    return _account(ctx, case_head(ctx, case_id), ReportForm(formdata=None, reported_on=ctx.today))


@blueprint.post("/menages/<int:case_id>/loyers/signalement")
@requires("rent:report")
def report_to_caf(case_id: int) -> str | Response:
    """Note that the arrears were reported to the family-benefits office."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = ReportForm()
    report = save(form, lambda: service.report_to_caf(ctx, case_id, form.reported_on.data, form.reference.data or ""))
    if report is not None:
        flash(_("Le signalement est enregistré. L’association le voit aussi."), "success")
        offer_undo(url_for("rents.withdraw_report", case_id=case_id, report_id=report.id))
        return redirect(url_for("rents.show_account", case_id=case_id))
    return _account(ctx, head, form)


@blueprint.post("/menages/<int:case_id>/loyers/signalements/<int:report_id>/retirer")
@requires("rent:report")
def withdraw_report(case_id: int, report_id: int) -> Response:
    """Take a report back that was noted by mistake."""
    service.withdraw_report(current_ctx(), case_id, report_id)
    flash(_("Le signalement est retiré\u00a0: s’il reste dû, l’alerte revient."), "success")
    return redirect(url_for("rents.show_account", case_id=case_id))


def _account(ctx: Ctx, head: CaseHead, form: ReportForm) -> str:
    terms = terms_by_version(ctx, head.programme_id, ctx.today)[head.version_id]
    return render_template(
        "rents/show_account.html",
        head=head,
        form=form,
        account=account_page(ctx, head, terms),
        labels=ACCOUNT_STATE_LABELS,
        tones=ACCOUNT_STATE_TONES,
    )
