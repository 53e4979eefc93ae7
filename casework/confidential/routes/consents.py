"""Pages of what people were told about their data, agreed to, and withdrew."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases.queries import case_head
from casework.confidential import consent_service, queries
from casework.confidential.forms import ConsentForm
from casework.confidential.presentation import asks_agreement
from casework.confidential.routes.blueprint import blueprint
from casework.confidential.routes.notes import people_choices
from casework.confidential.vocabulary import CONSENT_LABELS
from casework.programmes.conventions import conventions_of, in_force_on
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, refused, save


@blueprint.get("/menages/<int:case_id>/accords")
@requires("consent:write")
def list_consents(case_id: int) -> str:
    """What the people of a household were told, agreed to, and withdrew."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    convention = in_force_on(conventions_of(ctx, head.programme_id), ctx.today)
    return render_template(
        "confidential/list_consents.html",
        head=head,
        asked=asks_agreement(convention),
        agrees=queries.agrees_to_sharing(ctx, case_id),
        consents=queries.consents_of(ctx, case_id),
        kinds=CONSENT_LABELS,
    )


@blueprint.route("/menages/<int:case_id>/accords/nouveau", methods=["GET", "POST"])
@requires("consent:write")
def record_consent(case_id: int) -> str | Response:
    """Note an information or an agreement."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = ConsentForm(given_on=ctx.today)
    form.person_id.choices = people_choices(ctx, case_id)

    consent = save(form, lambda: consent_service.record_consent(ctx, case_id, form.news()))
    if consent is not None:
        flash(_("C’est noté."), "success")
        return redirect(url_for("confidential.list_consents", case_id=case_id))
    return render_template("confidential/record_consent.html", form=form, head=head)


@blueprint.post("/menages/<int:case_id>/accords/<int:consent_id>/retirer")
@requires("consent:write")
def withdraw_consent(case_id: int, consent_id: int) -> Response:
    """Note that somebody withdrew their agreement."""
    ctx = current_ctx()
    refusal = refused(lambda: consent_service.withdraw_consent(ctx, case_id, consent_id))
    if refusal is None:
        flash(_("Le retrait est noté à la date d’aujourd’hui."), "success")
    else:
        flash(refusal.text(_), "error")
    return redirect(url_for("confidential.list_consents", case_id=case_id))
