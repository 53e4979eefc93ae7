"""Pages that say who works in a programme."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.accounts.vocabulary import ROLE_LABELS
from casework.programmes import service, teams
from casework.programmes.forms.team import MemberForm
from casework.programmes.routes.blueprint import blueprint
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


@blueprint.get("/equipes")
@requires("account:manage")
def list_teams() -> str:
    """Every programme, to say who works in it, and who works in none."""
    ctx = current_ctx()
    return render_template(
        "programmes/list_teams.html",
        programmes=teams.all_programmes(ctx),
        alone=teams.without_team(ctx),
        roles=ROLE_LABELS,
    )


@blueprint.route("/dispositifs/<code>/equipe", methods=["GET", "POST"])
@requires("account:manage")
def manage_members(code: str) -> str | Response:
    """Who works in a programme; let somebody in."""
    ctx = current_ctx()
    programme = teams.managed_programme(ctx, code)
    form = MemberForm()
    candidates = teams.candidates_for(ctx, programme)
    form.offer((row.id, f"{row.display_name}, {row.organisation}") for row in candidates)

    def add() -> bool:
        service.add_member(ctx, code, form.user_id.data)
        return True

    if save(form, add):
        flash(_("Cette personne travaille maintenant dans le dispositif."), "success")
        return redirect(url_for("programmes.manage_members", code=code))
    return render_template(
        "programmes/manage_members.html",
        form=form,
        programme=programme,
        members=teams.members_of(ctx, programme.id),
        candidates=candidates,
        roles=ROLE_LABELS,
    )


@blueprint.post("/dispositifs/<code>/equipe/<int:user_id>/retirer")
@requires("account:manage")
def remove_member(code: str, user_id: int) -> Response:
    """Take somebody out of a programme."""
    service.remove_member(current_ctx(), code, user_id)
    flash(_("Cette personne ne travaille plus dans le dispositif."), "success")
    return redirect(url_for("programmes.manage_members", code=code))
