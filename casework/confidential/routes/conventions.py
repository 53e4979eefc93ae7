"""Pages of the convention on sharing of a programme: what the landlord reads, since when, and recording the next one."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.confidential import presentation, queries
from casework.confidential.forms import ConventionForm
from casework.confidential.routes.blueprint import blueprint
from casework.kernel.clock import paris_date
from casework.kernel.errors import NotVisible
from casework.programmes import convention_service
from casework.programmes.conventions import conventions_of, in_force_on
from casework.programmes.models import Programme
from casework.programmes.queries import find_programme
from casework.programmes.vocabulary.sharing import OPENED_LABELS
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


def _programme(code: str) -> Programme:
    found = find_programme(current_ctx(), code)
    if found is None:
        raise NotVisible
    return found


@blueprint.get("/dispositifs/<code>/convention")
@requires("convention:read")
def show_convention(code: str) -> str:
    """What the landlord reads of the households of a programme, by which document, and what they read before."""
    ctx = current_ctx()
    programme = _programme(code)
    conventions = conventions_of(ctx, programme.id)
    present = in_force_on(conventions, ctx.today)
    return render_template(
        "confidential/show_convention.html",
        programme=programme,
        conventions=conventions,
        present=present,
        rows=presentation.clause_rows(present),
        paris_date=paris_date,
        told=presentation.told,
    )


@blueprint.route("/dispositifs/<code>/convention/nouvelle", methods=["GET", "POST"])
@requires("convention:write")
def record_convention(code: str) -> str | Response:
    """Record the next convention: what it would change for how many households is shown before it is kept."""
    ctx = current_ctx()
    programme = _programme(code)
    conventions = conventions_of(ctx, programme.id)
    present, last = in_force_on(conventions, ctx.today), conventions[0] if conventions else None
    form = ConventionForm(from_on=ctx.today, base=last.number if last else 0, **presentation.fields_of(last))
    is_asked = form.is_ready()
    recorded = (
        save(form, lambda: convention_service.record_convention(ctx, code, form.news()))
        if is_asked and form.is_shown()
        else None
    )
    if recorded is not None:
        flash(_("La version %(number)s de la convention est enregistrée.", number=recorded.number), "success")
        return redirect(url_for("confidential.show_convention", code=code))
    effects = []
    if is_asked:
        counts = queries.count_agreements(ctx, programme.id)
        effects = presentation.effects(present, form.openings(), counts)
        form.shown.data = form.mark()
    form.base.data = str(last.number if last else 0)  # who reads a refusal sees what holds now
    return render_template(
        "confidential/record_convention.html",
        form=form,
        programme=programme,
        effects=effects,
        words={category: _(words) for category, words in OPENED_LABELS.items()},
    )
