"""Error pages: what happened, what is safe, what to do next."""

import secrets

from flask import Flask, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from casework.kernel.errors import CaseworkError, Conflict, NotVisible, RuleViolation
from casework.web.i18n import gettext, ngettext
from casework.web.places import safe_next
from casework.web.requests import kept_before

PLAIN = (
    "Quelque chose s’est mal passé de notre côté. Ce qui était déjà enregistré l’est toujours. "
    "Recommencez dans un instant, ou signalez la référence %s."
)


def error_page(code: int, detail: str | None = None, reference: str | None = None) -> tuple[str, int]:
    """Return the page for the HTTP status `code`; `detail` says more than the usual words for it.

    Who sent a form finds the way back to it: what they wrote is still there.
    """
    day = url_for("desk.show_day")
    form = safe_next(request.full_path.rstrip("?"), "desk.show_day") if request.method == "POST" else day
    form_url = None if form == day else form
    return render_template("errors/error.html", code=code, detail=detail, reference=reference, form_url=form_url), code


def install(app: Flask) -> None:
    """Give every error its page."""

    @app.errorhandler(SecurityError)
    def unknown_host(_error: SecurityError) -> Response:
        # No page can be made: it would hold addresses, and what host they belong to is the very question.
        return Response(gettext("Ce service ne répond pas à cette adresse."), 400, mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | Response:
        if error.code is None or error.code < 400:
            return error.get_response()
        return error_page(error.code)

    @app.errorhandler(NotVisible)
    def not_visible(_error: NotVisible) -> tuple[str, int] | Response:
        # What the first of two did, a form that is kept may have done away with.
        return kept_before() or error_page(404)

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> tuple[str, int]:
        return error_page(
            400, gettext("Votre session s’est terminée, ou ce formulaire date d’avant votre dernière connexion.")
        )

    @app.errorhandler(RuleViolation)
    @app.errorhandler(Conflict)
    def refused(error: CaseworkError) -> tuple[str, int]:
        return error_page(409, error.text(gettext, ngettext))

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> tuple[str, int] | Response:
        reference = secrets.token_hex(4)
        app.logger.error("unexpected error %s", reference, exc_info=error)
        try:
            return error_page(500, reference=reference)
        except Exception:  # the page frame itself may be what fails; the first error is in the log
            return Response(PLAIN % reference, 500, mimetype="text/plain")
