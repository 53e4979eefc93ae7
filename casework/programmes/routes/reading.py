"""Pages that tell what a programme says."""

from flask import render_template

from casework.kernel.errors import NotVisible
from casework.programmes import presentation, queries
from casework.programmes.conventions import conventions_of, in_force_on
from casework.programmes.routes.blueprint import blueprint
from casework.web.permissions import requires
from casework.web.requests import current_ctx


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
    shared = in_force_on(conventions_of(ctx, programme.id), ctx.today) if ctx.actor.may("convention:write") else None
    return render_template(
        "programmes/show_programme.html",
        programme=programme,
        present=present,
        asks_convention=ctx.actor.may("convention:write") and (shared is None or not shared.reference),
        versions=queries.versions_of(ctx, programme.id),
        sheet=presentation.tell(present.definition),
        parameters=presentation.parameter_rows(present.definition, ctx.today),
    )
