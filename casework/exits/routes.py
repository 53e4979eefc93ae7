"""Pages of the end of the accompaniment."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases.queries import case_head
from casework.contacts.queries import open_appointments
from casework.contacts.service import FARTHEST
from casework.exits import queries, service
from casework.exits.forms import EndForm
from casework.exits.vocabulary import END_REASON_LABELS, OUTCOME_LABELS
from casework.households.vocabulary import HOUSING_LABELS
from casework.kernel.context import Ctx
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext
from casework.web.messages import offer_undo
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

blueprint = Blueprint("exits", __name__)


@blueprint.route("/menages/<int:case_id>/fin", methods=["GET", "POST"])
@requires("exit:write")
def end_case(case_id: int) -> str | Response:
    """End an accompaniment; once ended, what was noted and the way to take it back."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = EndForm(ended_on=ctx.today)
    if save(form, lambda: service.end_case(ctx, case_id, form.news())) is not None:
        flash(_("La fin de l’accompagnement est enregistrée. Vous pouvez l’annuler aujourd’hui."), "success")
        offer_undo(url_for("exits.undo_end", case_id=case_id))
        _tell_appointments(ctx, case_id)
        return redirect(url_for("desk.show_case", case_id=case_id))
    end = queries.find_end(ctx, case_id)
    return render_template(
        "exits/end_case.html",
        form=form,
        head=head,
        end=end,
        can_undo=end is not None and service.can_undo(ctx, end),
        reasons=END_REASON_LABELS,
        outcomes=OUTCOME_LABELS,
        housings=HOUSING_LABELS,
    )


def _tell_appointments(ctx: Ctx, case_id: int) -> None:
    """Say how many appointments are still in the agenda: nobody decides for the referent whether they are kept."""
    ahead = len(open_appointments(ctx, user_id=None, case_id=case_id, until=ctx.today + FARTHEST))
    if ahead:
        words = ngettext(
            "%(num)d rendez-vous reste dans l’agenda\u00a0: annulez-le sur la fiche s’il n’a plus lieu d’être.",
            "%(num)d rendez-vous restent dans l’agenda\u00a0: annulez sur la fiche ceux qui n’ont plus lieu d’être.",
            ahead,
        )
        flash(words, "info")


@blueprint.post("/menages/<int:case_id>/fin/annuler")
@requires("exit:write")
def undo_end(case_id: int) -> Response:
    """Take an end back."""
    service.undo_end(current_ctx(), case_id)
    flash(_("La fin est annulée : l’accompagnement continue."), "success")
    return redirect(url_for("desk.show_case", case_id=case_id))
