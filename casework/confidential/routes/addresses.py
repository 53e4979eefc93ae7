"""Pages of the secret address."""

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases.queries import case_head
from casework.confidential import address_service, queries
from casework.confidential.forms import LiftForm, ProtectionForm, RevisionForm
from casework.confidential.models import AddressProtection
from casework.confidential.routes.blueprint import blueprint
from casework.kernel.versions import mark_of
from casework.web.forms import BaseForm
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


@blueprint.get("/menages/<int:case_id>/adresse-protegee")
@requires("address:protect")
def show_address(case_id: int) -> str:
    """Whether the address is secret, how to reach the household, and who saw the address."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    ways, past = address_service.ways_to_reach(ctx, case_id), queries.past_protections(ctx, case_id)
    return render_template(
        "confidential/show_address.html",
        head=head,
        ways=ways,
        past=past,
        sights=queries.sights_of(ctx, case_id),
        names=queries.named_users(ctx, [row.lifted_by for row in past]),
    )


@blueprint.route("/menages/<int:case_id>/adresse-protegee/proteger", methods=["GET", "POST"])
@requires("address:protect")
def protect_address(case_id: int) -> str | Response:
    """Make the address secret."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = ProtectionForm()

    def protect() -> bool:
        address_service.protect_address(ctx, case_id, form.safe_contact.data or "")
        return True

    if save(form, protect):
        flash(
            _("L’adresse est protégée : elle n’est plus sur la fiche, ni dans aucune liste ou impression."), "success"
        )
        return redirect(url_for("confidential.show_address", case_id=case_id))
    return render_template("confidential/protect_address.html", form=form, head=head)


@blueprint.post("/menages/<int:case_id>/adresse-protegee/voir")
@requires("address:protect")
def reveal_address(case_id: int) -> str | Response:
    """Show the secret address to one of the team, after noting that they saw it."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    protection = save(BaseForm(), lambda: address_service.reveal_address(ctx, case_id))
    if protection is None:
        return redirect(url_for("confidential.show_address", case_id=case_id))
    numbers = queries.numbers_of(ctx, protection)
    return render_template("confidential/reveal_address.html", head=head, protection=protection, numbers=numbers)


@blueprint.route("/menages/<int:case_id>/adresse-protegee/corriger", methods=["GET", "POST"])
@requires("address:protect")
def revise_address(case_id: int) -> str | Response:
    """Note another secret address, or another safe way to reach the household."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = RevisionForm(data=_stored(address_service.reveal_address(ctx, case_id)))

    def revise() -> bool:
        address_service.revise_address(ctx, case_id, form.secret_address(), form.version.data or "")
        return True

    if save(form, revise):
        flash(_("C’est noté, et lu de l’équipe seulement."), "success")
        return redirect(url_for("confidential.show_address", case_id=case_id))
    stored = _stored(queries.get_protection(ctx, case_id))  # as it is kept now, where the correction was refused
    meanwhile = form.meanwhile(stored, str(stored["version"]))
    return render_template("confidential/revise_address.html", form=form, head=head, meanwhile=meanwhile)


def _stored(protection: AddressProtection) -> dict[str, object]:
    said = address_service.secret_of(protection)
    return asdict(said) | {"version": mark_of(said)}


@blueprint.route("/menages/<int:case_id>/adresse-protegee/lever", methods=["GET", "POST"])
@requires("address:protect")
def lift_protection(case_id: int) -> str | Response:
    """End the protection, and put the address back onto the file or not."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    queries.get_protection(ctx, case_id)
    form = LiftForm()

    def lift() -> bool:
        address_service.lift_protection(ctx, case_id, form.reason.data or "", restore=form.restore.data)
        return True

    if save(form, lift):
        flash(_("La protection est levée."), "success")
        return redirect(url_for("confidential.show_address", case_id=case_id))
    return render_template("confidential/lift_protection.html", form=form, head=head)
