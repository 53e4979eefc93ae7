"""Pages of sensitive notes, and of who opened them without being of the team."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases.queries import case_head
from casework.confidential import note_service, queries
from casework.confidential.forms import NoteForm
from casework.confidential.routes.blueprint import blueprint
from casework.confidential.vocabulary import MOTIVE_LABELS, TOPIC_LABELS
from casework.kernel.context import Ctx
from casework.kernel.levels import Level
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


@blueprint.get("/menages/<int:case_id>/donnees-sensibles")
@requires("sensitive:write")
def list_notes(case_id: int) -> str:
    """The sensitive notes of a household for its team; for others of the association, how to ask for them."""
    ctx = current_ctx()
    return render_template(
        "confidential/list_notes.html",
        head=case_head(ctx, case_id),
        may_read=queries.reads_level(ctx, case_id, Level.S2),
        notes=note_service.read_notes(ctx, case_id),
        breaks=queries.breaks_of(ctx, case_id),
        topics=TOPIC_LABELS,
        motives=MOTIVE_LABELS,
    )


@blueprint.route("/menages/<int:case_id>/donnees-sensibles/nouvelle", methods=["GET", "POST"])
@requires("sensitive:write")
def record_note(case_id: int) -> str | Response:
    """Note something sensitive."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    note_service.check_may_note(ctx, case_id)
    form = NoteForm(noted_on=ctx.today)
    form.person_id.choices = people_choices(ctx, case_id)

    note = save(form, lambda: note_service.record_note(ctx, case_id, form.news()))
    if note is not None:
        flash(_("La note est enregistrée, pour l’équipe du ménage seulement."), "success")
        return redirect(url_for("confidential.list_notes", case_id=case_id))
    return render_template("confidential/record_note.html", form=form, head=head)


@blueprint.post("/menages/<int:case_id>/donnees-sensibles/<int:note_id>/supprimer")
@requires("sensitive:write")
def withdraw_note(case_id: int, note_id: int) -> Response:
    """Take a sensitive note away for good."""
    note_service.withdraw_note(current_ctx(), case_id, note_id)
    flash(_("La note est supprimée."), "success")
    return redirect(url_for("confidential.list_notes", case_id=case_id))


def people_choices(ctx: Ctx, case_id: int) -> list[tuple[str, str]]:
    """Return the people of a household as the choices of a form, the whole household first."""
    people = queries.people_of_case(ctx, case_id)
    return [("0", _("Le ménage"))] + [(str(row.id), f"{row.given_name} {row.family_name}") for row in people]
