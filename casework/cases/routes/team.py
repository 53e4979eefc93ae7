"""Pages of the team of a case, and of its pauses."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases import queries, service
from casework.cases.forms import ReferentForm, ResumptionForm, SuspensionForm
from casework.cases.queries import case_head
from casework.cases.routes.blueprint import blueprint
from casework.programmes.queries import versions_of
from casework.web.forms import BaseForm
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


@blueprint.get("/menages/<int:case_id>/equipe")
@requires("case:manage")
def manage_case(case_id: int) -> str:
    """Who may open the case, when it was paused, and which version of its programme it follows."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    pauses = queries.suspensions_of(ctx, case_id)
    return render_template(
        "cases/manage_case.html",
        head=head,
        team=queries.team_of(ctx, case_id),
        pauses=pauses,
        is_paused=queries.pause_of_day(pauses, ctx.today) is not None,
        versions=versions_of(ctx, head.programme_id),
        moves=queries.moves_of(ctx, case_id),
    )


@blueprint.route("/menages/<int:case_id>/equipe/referent", methods=["GET", "POST"])
@requires("case:manage")
def assign_referent(case_id: int) -> str | Response:
    """Say who follows the household from now on."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = ReferentForm(referent_id=head.referent_id)
    form.referent_id.choices = [(r.id, r.display_name) for r in queries.possible_referents(ctx, head.programme_id)]

    handed = save(
        form,
        lambda: service.assign_referent(ctx, case_id, form.referent_id.data, keep_previous=form.keep_previous.data),
    )
    if handed is not None:
        flash(_("Le ménage est confié."), "success")
        if handed:
            words = ngettext(
                "%(num)d rendez-vous passe dans l’agenda de cette personne.",
                "%(num)d rendez-vous passent dans l’agenda de cette personne.",
                handed,
            )
            flash(words, "info")
        return redirect(url_for("cases.manage_case", case_id=case_id))
    return render_template("cases/assign_referent.html", form=form, head=head)


@blueprint.post("/menages/<int:case_id>/equipe/<int:user_id>/retirer")
@requires("case:manage")
def leave_team(case_id: int, user_id: int) -> Response:
    """Take somebody out of the team of a case."""
    form = BaseForm()

    def leave() -> bool:
        service.leave_team(current_ctx(), case_id, user_id)
        return True

    if save(form, leave):
        flash(_("Cette personne n’ouvre plus la fiche du ménage."), "success")
    for message in form.form_errors:
        flash(message, "error")
    return redirect(url_for("cases.manage_case", case_id=case_id))


@blueprint.route("/menages/<int:case_id>/suspension", methods=["GET", "POST"])
@requires("case:manage")
def suspend_case(case_id: int) -> str | Response:
    """Pause the accompaniment."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = SuspensionForm(from_on=ctx.today)
    suspension = save(
        form, lambda: service.suspend_case(ctx, case_id, form.from_on.data, form.reason.data or "", form.to_on.data)
    )
    if suspension is not None:
        flash(_("L’accompagnement est suspendu. Les rappels s’arrêtent pendant la suspension."), "success")
        return redirect(url_for("cases.manage_case", case_id=case_id))
    return render_template("cases/suspend_case.html", form=form, head=head)


@blueprint.route("/menages/<int:case_id>/reprise", methods=["GET", "POST"])
@requires("case:manage")
def resume_case(case_id: int) -> str | Response:
    """Take the accompaniment up again."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = ResumptionForm(resumed_on=ctx.today)

    def resume() -> bool:
        service.resume_case(ctx, case_id, form.resumed_on.data)
        return True

    if save(form, resume):
        flash(_("L’accompagnement reprend."), "success")
        return redirect(url_for("cases.manage_case", case_id=case_id))
    return render_template("cases/resume_case.html", form=form, head=head)
