"""Pages of an account that say what becomes of its households: correcting it, and closing it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.accounts.forms import AccountForm, NamedAccountForm
from casework.accounts.queries import list_organisations
from casework.accounts.service import account
from casework.cases.account_service import households_followed_by, revise_account
from casework.cases.routes.blueprint import blueprint
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


@blueprint.route("/comptes/<int:user_id>", methods=["GET", "POST"])
@requires("account:manage")
def edit_account(user_id: int) -> str | Response:
    """Correct the name, the address, the role or the organisation of an account."""
    ctx = current_ctx()
    user = account(ctx, user_id)
    kind = NamedAccountForm if user.password_hash is None else AccountForm
    form = kind(name=user.display_name, email=user.email, organisation_id=user.organisation_id, role=user.role)
    form.organisation_id.choices = [(row.id, row.name) for row in list_organisations(ctx)]
    saved = save(
        form,
        lambda: revise_account(
            ctx,
            user_id,
            email=form.email.data or "",
            name=form.name.data or "",
            role=form.role.data,
            organisation_id=form.organisation_id.data,
        ),
    )
    if saved is not None:
        flash(_("Le compte de %(name)s est corrigé.", name=saved.display_name), "success")
        return redirect(url_for("accounts.list_users"))
    return render_template(
        "cases/edit_account.html", form=form, user=account(ctx, user_id), followed=households_followed_by(ctx, user_id)
    )


@blueprint.get("/comptes/<int:user_id>/fermer")
@requires("account:manage")
def close_account(user_id: int) -> str:
    """Say what closing an account leaves without a referent, before it is closed."""
    ctx = current_ctx()
    return render_template(
        "cases/close_account.html", user=account(ctx, user_id), followed=households_followed_by(ctx, user_id)
    )
