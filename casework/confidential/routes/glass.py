"""The page by which somebody who is not of the team opens a case, for a motive."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.confidential import glass_service
from casework.confidential.forms import UrgencyForm
from casework.confidential.routes.blueprint import blueprint
from casework.programmes.terms import national_value
from casework.web.filters import moment
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


@blueprint.route("/acces-exceptionnel", methods=["GET", "POST"])
@requires("glass:break")
def break_glass() -> str | Response:
    """Open all of a case for some hours; its team and the managers are told at once."""
    ctx = current_ctx()
    form = UrgencyForm(number=request.args.get("dossier", "")[:32])

    opened = save(form, lambda: glass_service.break_glass(ctx, form.urgency()))
    if opened is not None:
        until = moment(opened.until_at)
        flash(
            _("Le dossier vous est ouvert jusqu’au %(until)s. L’équipe et les responsables le savent.", until=until),
            "success",
        )
        return redirect(url_for("desk.show_case", case_id=opened.case_id))
    return render_template("confidential/break_glass.html", form=form, hours=national_value("glass_hours", ctx.today))


@blueprint.post("/menages/<int:case_id>/acces-exceptionnel/fermer")
@requires("glass:break")
def close_glass(case_id: int) -> Response:
    """Close, before its time is over, what one opened of a case that is not of one's team."""
    glass_service.close_glass(current_ctx(), case_id)
    flash(_("Le dossier est refermé : vous n’y lisez plus ce que seule l’équipe lit."), "success")
    return redirect(url_for("desk.show_day"))
