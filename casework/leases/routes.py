"""Pages of the lease stages."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases.queries import CaseHead, case_head
from casework.kernel.context import Ctx
from casework.leases import queries, service
from casework.leases.forms import StageForm
from casework.leases.models import LeaseStage
from casework.leases.rules import Examination, examinations, next_stages
from casework.programmes.queries import definition_of, terms_by_version
from casework.programmes.vocabulary import SLIDING_STAGES, STAGE_LABELS
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

blueprint = Blueprint("leases", __name__)


@blueprint.route("/menages/<int:case_id>/bail", methods=["GET", "POST"])
@requires("lease:write")
def show_path(case_id: int) -> str | Response:
    """The lease stages of a household, and the next one."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    definition = definition_of(ctx, head.version_id)
    stages = queries.stages_of(ctx, case_id)
    last = stages[0] if stages else None
    lease = definition.lease
    following = next_stages([stage.stage for stage in reversed(stages)], lease)
    form = StageForm(from_on=ctx.today, same_dwelling=True)
    form.offer(following)
    stage = save(form, lambda: service.change_stage(ctx, case_id, form.news()))
    if stage is not None:
        flash(_("Le nouveau statut du logement est enregistré."), "success")
        return redirect(url_for("desk.show_case", case_id=case_id))
    return render_template(
        "leases/show_path.html",
        form=form,
        head=head,
        stages=stages,
        following=following,
        paths=[path.stages for path in lease.paths] if lease.order_matters else [],
        examinations=_examinations(ctx, head, last),
        labels=STAGE_LABELS,
        can_withdraw=last is not None and head.ended_on is None and service.can_withdraw_stage(ctx, last),
    )


@blueprint.post("/menages/<int:case_id>/bail/<int:stage_id>/retirer")
@requires("lease:write")
def withdraw_stage(case_id: int, stage_id: int) -> Response:
    """Take the last lease stage back that was noted by mistake."""
    service.withdraw_stage(current_ctx(), case_id, stage_id)
    flash(_("Le statut est retiré\u00a0: l’historique en garde la trace."), "success")
    return redirect(url_for("leases.show_path", case_id=case_id))


def _examinations(ctx: Ctx, head: CaseHead, last: LeaseStage | None) -> tuple[Examination, ...]:
    if last is None or last.stage not in SLIDING_STAGES or head.has_ended(ctx.today):
        return ()
    terms = terms_by_version(ctx, head.programme_id, ctx.today)[head.version_id]
    return examinations(last.from_on, terms.slide_examination_months, terms.slide_notice_months, ctx.today)
