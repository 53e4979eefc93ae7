"""The only module that knows every room: blueprints, events, visibility, commands."""

from functools import lru_cache

from flask import Blueprint, Flask, current_app, flash, get_template_attribute, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from casework import models
from casework.accounts import signin
from casework.accounts.models import User
from casework.accounts.permissions import PERMISSIONS, permissions_of
from casework.accounts.routes import blueprint as accounts
from casework.accounts.signin import signed_in_user
from casework.accounts.vocabulary import ROLE_LABELS
from casework.alerts.service import refresh_case
from casework.cases.routes import blueprint as cases
from casework.confidential.queries import opened_cases_column
from casework.confidential.routes import blueprint as confidential
from casework.contacts.routes import blueprint as contacts
from casework.contracts.routes import blueprint as contracts
from casework.desk.routes import blueprint as desk
from casework.diagnostics.routes import blueprint as diagnostics
from casework.disclosure.routes import blueprint as disclosure
from casework.exchange.routes import blueprint as exchange
from casework.exits.routes import blueprint as exits
from casework.history.routes import blueprint as history
from casework.kernel.events import Events
from casework.leases.routes import blueprint as leases
from casework.privacy.closing import is_writing, why_closed
from casework.privacy.routes import blueprint as privacy
from casework.programmes.conventions import shares_column
from casework.programmes.queries import programme_ids_column
from casework.programmes.routes import blueprint as programmes
from casework.reassessments.routes import blueprint as reassessments
from casework.rents.routes import blueprint as rents
from casework.reports.routes import blueprint as reports
from casework.web.errors import error_page
from casework.web.i18n import gettext as _
from casework.web.i18n import lazy_gettext, ngettext, speak
from casework.web.permissions import PUBLIC, check_declarations, permission_of, public
from casework.web.places import here
from casework.web.requests import act_as, current_ctx, request_session

TABLES = models.metadata
BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts,
    cases,
    confidential,
    contacts,
    contracts,
    desk,
    diagnostics,
    disclosure,
    exchange,
    exits,
    history,
    leases,
    privacy,
    programmes,
    reassessments,
    rents,
    reports,
)
# endpoint, words, icon, permission
NAVIGATION = (
    ("desk.show_day", lazy_gettext("Ma journée"), "today", "day:read"),
    ("desk.list_cases", lazy_gettext("Ménages"), "households", "case:read"),
    ("desk.list_alerts", lazy_gettext("Alertes"), "alerts", "alert:read"),
    ("contacts.list_agenda", lazy_gettext("Agenda"), "agenda", "contact:write"),
    ("rents.list_accounts", lazy_gettext("Loyers"), "rents", "rent:read"),
    ("reports.list_reviews", lazy_gettext("Bilans"), "reviews", "review:read"),
    ("programmes.list_programmes", lazy_gettext("Dispositifs"), "programmes", "programme:read"),
    ("privacy.list_files", lazy_gettext("Conservation"), "history", "retention:manage"),
    ("disclosure.show_register", lazy_gettext("Données personnelles"), "confidential", "register:read"),
    ("exchange.start_import", lazy_gettext("Import"), "import", "import:run"),
    ("accounts.list_users", lazy_gettext("Comptes"), "accounts", "account:manage"),
)
PHONE = ("desk.show_day", "desk.list_cases", "desk.list_alerts", "contacts.list_agenda", "rents.list_accounts")


def subscribe(events: Events) -> None:
    """Tell the rooms that react to others what happens."""
    events.subscribe(refresh_case)


def install(app: Flask) -> None:
    """Register every room, close every endpoint, and give each page its frame."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/sante", "health", public(_health))
    public(app.view_functions["static"])
    user_id = User.id.expression
    shares = shares_column(user_id, User.role.expression)
    signin.install(app, programme_ids_column(user_id), opened_cases_column(user_id), shares)
    app.before_request(_guard)
    app.context_processor(_frame)
    check_declarations(app, PERMISSIONS)


def _frame() -> dict[str, object]:
    ctx = current_ctx()
    return {"shell": _shell(), "today": ctx.today, "may": ctx.actor.may, "closed_words": _closed_words}


def _closed_words() -> str | None:
    """Return why what this form writes will be refused, where the file it is for is closed to writing."""
    case_id = (request.view_args or {}).get("case_id")
    if case_id is None or request.url_rule is None or "POST" not in (request.url_rule.methods or ()):
        return None
    if not is_writing(permission_of(current_app, request.endpoint or "")):
        return None
    why = why_closed(current_ctx(), case_id)
    return why.text(_, ngettext) if why is not None else None


def _health() -> dict[str, str]:
    request_session().connection()
    return {"status": "ok"}


def _guard() -> Response | tuple[str, int] | None:
    """Let nobody in who may not: visitors go to the sign-in, other roles get a refusal."""
    if request.endpoint == "static":
        return None
    signed_in = current_user.is_authenticated
    user = signed_in_user()
    if signed_in and user is not None:
        act_as(user.actor())
        speak(user.locale)
    if request.endpoint is None:  # there is no such page, which is said in the language of the account
        return None
    permission = permission_of(current_app, request.endpoint)
    if permission == PUBLIC:
        return None
    if user is None:
        return _sign_in_first()
    if user.password_is_given and request.endpoint not in _WITH_A_GIVEN_PASSWORD:
        return redirect(url_for("accounts.change_password"))
    if not current_ctx().actor.may(permission):
        return error_page(403)
    return None


# Where people get with a password that somebody else chose.
_WITH_A_GIVEN_PASSWORD = frozenset({"accounts.change_password", "accounts.sign_out"})


def _sign_in_first() -> Response:
    """Send a visitor to the sign-in, and from there back to the page; who sent a form is told what became of it."""
    has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    if request.method == "POST" and has_page:
        flash(
            _(
                "Votre session s’est terminée, et rien n’a été enregistré. Connectez-vous\u00a0: le formulaire revient avec ce "
                "que vous aviez écrit."
            ),
            "info",
        )
    return redirect(url_for("accounts.sign_in", next=here() if has_page else None))


def locale_of_request() -> str:
    """Return the language of the page: of the account, of the visitor's choice, or what the browser asks for."""
    user = signed_in_user()
    if user is not None:
        return user.locale
    chosen = session.get("locale")
    if chosen in {"fr", "en"}:
        return str(chosen)
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in wanted if tag in {"fr", "en"}), "fr")


def _shell() -> dict[str, object]:
    user = signed_in_user()
    if user is None:
        return {
            "locale": locale_of_request(),
            "theme": "auto",
            "text_size": "normal",
            "preferences_url": url_for("accounts.set_preferences"),
            "here": here(),
            "user": None,
        }
    return _places(user.role, user.locale, request.endpoint or "", request.root_path) | {
        "user": {
            "id": user.id,
            "name": user.name,
            "organisation_name": user.organisation_name,
            "role_label": _(ROLE_LABELS[user.role]),
        },
        "has_team": bool(user.programme_ids),
        "here": here(),
        "locale": user.locale,
        "theme": user.theme,
        "text_size": user.text_size,
        "hints": not user.hints_seen,
    }


@lru_cache(maxsize=2_000)
def _places(role: str, _locale: str, endpoint: str, _root: str) -> dict[str, object]:
    """Return where a role may go from the page `endpoint`, in the language of the page: the same on each request."""
    held = permissions_of(role)
    here = _UNDER.get(endpoint) or endpoint
    entries = {
        target: {"label": str(words), "url": url_for(target), "icon": icon, "current": target == here}
        for target, words, icon, permission in NAVIGATION
        if permission in held
    }
    visit_url = url_for("desk.choose_household") if "contact:write" in held else None
    on_phone = [entries[target] for target in PHONE if target in entries][:4]
    return {
        "home_url": next((entry["url"] for entry in entries.values()), "/"),
        "bar": get_template_attribute("layouts/places.html", "bar")(list(entries.values())),
        "tabs": get_template_attribute("layouts/places.html", "tabs")(on_phone, visit_url),
        "visit_url": visit_url,
        "search_url": url_for("desk.list_cases") if "case:read" in held else None,
        "preferences_url": url_for("accounts.set_preferences"),
        "password_url": url_for("accounts.change_password"),
        "sign_out_url": url_for("accounts.sign_out"),
    }


# page → the entry of the navigation under which it stands
_UNDER = {
    "desk.show_case": "desk.list_cases",
    "desk.list_case_alerts": "desk.list_cases",
    "history.list_changes": "desk.list_cases",
    "history.list_readings": "desk.list_cases",
    "desk.list_closed_alerts": "desk.list_alerts",
    "privacy.confirm_anonymisation": "privacy.list_files",
    "programmes.show_programme": "programmes.list_programmes",
    "programmes.list_catalogue": "programmes.list_programmes",
    "programmes.show_entry": "programmes.list_programmes",
    "programmes.show_guide_table": "programmes.list_programmes",
    "programmes.list_teams": "accounts.list_users",
    "programmes.manage_members": "accounts.list_users",
    "accounts.add_user": "accounts.list_users",
    "accounts.give_password": "accounts.list_users",
    "cases.edit_account": "accounts.list_users",
    "cases.close_account": "accounts.list_users",
}
