"""Pages of the programmes."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.accounts.vocabulary import ROLE_LABELS
from casework.kernel.errors import NotVisible
from casework.programmes import presentation, queries, service, teams
from casework.programmes.forms import MemberForm
from casework.programmes.rules import totals_of
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

blueprint = Blueprint("programmes", __name__)


@blueprint.get("/dispositifs")
@requires("programme:read")
def list_programmes() -> str:
    """The programmes in which one works."""
    return render_template("programmes/list_programmes.html", programmes=queries.list_programmes(current_ctx()))


@blueprint.get("/dispositifs/<code>")
@requires("programme:read")
def show_programme(code: str) -> str:
    """What a programme says, in words, with the parameters in force."""
    ctx = current_ctx()
    programme = next((p for p in queries.list_programmes(ctx) if p.code == code), None)
    if programme is None:
        raise NotVisible
    present = queries.version_on(ctx, programme.id, ctx.today)
    definition = present.definition
    return render_template(
        "programmes/show_programme.html",
        programme=programme,
        present=present,
        versions=queries.versions_of(ctx, programme.id),
        facts=presentation.facts(definition),
        cadences=presentation.cadences(definition),
        printed=presentation.printed_total(definition),
        costs=presentation.cost_lines(definition),
        fundings=presentation.funding_lines(definition),
        totals=totals_of(definition),
        gaps=presentation.gaps(definition),
        parameters=presentation.parameter_rows(definition, ctx.today),
    )


@blueprint.get("/equipes")
@requires("account:manage")
def list_teams() -> str:
    """Every programme, to say who works in it."""
    return render_template("programmes/list_teams.html", programmes=teams.all_programmes(current_ctx()))


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
