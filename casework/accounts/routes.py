"""Pages of the accounts: sign-in, preferences, password, users."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from casework.accounts import queries, service
from casework.accounts.forms import PasswordForm, ProvisionalPasswordForm, SignInForm, UserForm
from casework.accounts.signin import BrowserUser, signed_in_user
from casework.accounts.vocabulary import ROLE_LABELS, Role
from casework.kernel.errors import RuleViolation
from casework.kernel.transaction import reading_context
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext
from casework.web.permissions import public, requires
from casework.web.places import safe_next
from casework.web.requests import NOBODY, current_ctx, let_go, refused, save, services

blueprint = Blueprint("accounts", __name__)
LOCALES, THEMES, TEXT_SIZES = ("fr", "en"), ("auto", "light", "dark"), ("normal", "large", "larger")


@blueprint.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> str | Response:
    """Sign in, then go where one was going."""
    if signed_in_user() is not None:
        return redirect(safe_next(request.args.get("next"), "desk.show_day"))
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        token = _try_sign_in(form)
        if token is not None:
            session.clear()  # a token issued before the sign-in must not live on
            login_user(BrowserUser(token))
            return redirect(safe_next(form.next.data, "desk.show_day"))
    return render_template("accounts/sign_in.html", form=form)


def _try_sign_in(form: SignInForm) -> str | None:
    held = services()
    let_go()  # of what a cookie whose session is over began: a password takes long to verify
    try:
        with reading_context(held.engine, NOBODY, held.clock) as looking:
            attempt = service.look_up(looking, form.email.data or "", request.remote_addr or "")
        attempt = service.verify(attempt, form.password.data or "")
        return service.sign_in(current_ctx(), attempt, held.settings.session_hours)
    except RuleViolation as error:
        form.refuse(error)  # the refusal is counted: nothing is undone
        return None


@blueprint.post("/deconnexion")
@requires("session:use")
def sign_out() -> Response:
    """End the session here and in the database."""
    user = signed_in_user()
    if user is not None:
        service.sign_out(current_ctx(), user.session_id)
    logout_user()
    session.clear()
    flash(_("Vous êtes déconnecté. À bientôt."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.post("/preferences")
@public
def set_preferences() -> Response:
    """Keep language, appearance and text size: with the account, or in the cookie of a visitor."""
    locale = _one_of("locale", LOCALES)
    if signed_in_user() is not None:
        service.set_preferences(
            current_ctx(), locale=locale, theme=_one_of("theme", THEMES), text_size=_one_of("text_size", TEXT_SIZES)
        )
    elif locale:
        session["locale"] = locale
    return redirect(safe_next(request.form.get("next"), "desk.show_day"))


@blueprint.post("/conseils/lus")
@requires("session:use")
def dismiss_hints() -> Response:
    """Put the hints of the first visit away for good."""
    service.dismiss_hints(current_ctx())
    return redirect(safe_next(None, "desk.show_day"))


def _one_of(name: str, allowed: tuple[str, ...]) -> str | None:
    value = request.form.get(name)
    return value if value in allowed else None


@blueprint.route("/mon-mot-de-passe", methods=["GET", "POST"])
@requires("session:use")
def change_password() -> str | Response:
    """Change one's own password; every session ends."""
    form = PasswordForm()

    def change() -> bool:
        service.change_password(current_ctx(), form.present.data or "", form.password.data or "")
        return True

    if save(form, change):
        logout_user()
        session.clear()
        flash(_("Votre mot de passe est changé. Connectez-vous avec le nouveau."), "success")
        return redirect(url_for("accounts.sign_in"))
    user = signed_in_user()
    return render_template(
        "accounts/change_password.html", form=form, is_given=user is not None and user.password_is_given
    )


@blueprint.get("/comptes")
@requires("account:manage")
def list_users() -> str:
    """Everybody who works here, by organisation."""
    return render_template("accounts/list_users.html", users=queries.list_users(current_ctx()), labels=ROLE_LABELS)


@blueprint.route("/comptes/nouveau", methods=["GET", "POST"])
@requires("account:manage")
def add_user() -> str | Response:
    """Create an account."""
    form = UserForm()
    form.organisation_id.choices = [("", _("Choisir…"))] + [
        (row.id, row.name) for row in queries.list_organisations(current_ctx())
    ]
    user = save(
        form,
        lambda: service.add_user(
            current_ctx(),
            email=form.email.data or "",
            name=form.name.data or "",
            role=form.role.data,
            organisation_id=form.organisation_id.data,
            password=form.password.data or "",
        ),
    )
    if user is not None:
        flash(_("Le compte de %(name)s est ouvert.", name=user.display_name), "success")
        if user.role != Role.ADMINISTRATOR:
            flash(
                _("Il reste à l’ajouter à l’équipe d’un dispositif\u00a0: sans équipe, on ne voit aucun ménage."),
                "info",
            )
        return redirect(url_for("accounts.list_users"))
    return render_template("accounts/add_user.html", form=form)


@blueprint.route("/comptes/<int:user_id>/mot-de-passe", methods=["GET", "POST"])
@requires("account:manage")
def give_password(user_id: int) -> str | Response:
    """Give somebody who forgot theirs a provisional password."""
    form = ProvisionalPasswordForm()
    user = save(form, lambda: service.give_password(current_ctx(), user_id, form.password.data or ""))
    if user is not None:
        flash(
            _("Le mot de passe de %(name)s est changé, et ses sessions sont terminées.", name=user.display_name),
            "success",
        )
        return redirect(url_for("accounts.list_users"))
    return render_template("accounts/give_password.html", form=form, user=service.account(current_ctx(), user_id))


@blueprint.post("/comptes/<int:user_id>/etat")
@requires("account:manage")
def set_active(user_id: int) -> Response:
    """Open or close an account."""
    asked = _one_of("active", ("0", "1"))  # nobody is shut out by what says neither
    active = asked == "1"
    refusal = refused(lambda: service.set_active(current_ctx(), user_id, active=active)) if asked else None
    if refusal is not None:
        flash(refusal.text(_, ngettext), "error")
    elif asked:
        flash(_("Le compte est ouvert.") if active else _("Le compte est fermé."), "success")
    return redirect(url_for("accounts.list_users"))
