"""Headers, cookies and limits of every answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from casework.settings import Settings

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Forms need the Referer of their own site on https; no other site gets it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
YEAR = 31_536_000


class RowId(IntegerConverter):
    """A number in an address: one that a database can hold. Anything else is a page that does not exist."""

    regex = "[0-9]{1,18}"


def install(app: Flask, settings: Settings) -> None:
    """Set cookies, limits and headers."""
    prefix = "__Host-" if settings.secure_cookies else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=f"{prefix}casework",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    app.url_map.converters["int"] = RowId
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    constant = HEADERS | ({"Strict-Transport-Security": f"max-age={YEAR}"} if settings.secure_cookies else {})
    app.wsgi_app = WithHeaders(app.wsgi_app, constant)  # type: ignore[method-assign]

    @app.before_request
    def refuse_nought() -> None:
        # No text of an address holds the character nought, and PostgreSQL takes none.
        if b"%00" in request.query_string or "\0" in request.path:
            abort(400)

    @app.after_request
    def say_how_long(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        elif request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


class WithHeaders:
    """An application whose every answer, errors that no page made among them, carries headers that never change."""

    def __init__(self, application: WSGIApplication, constant: Mapping[str, str]) -> None:
        self._application = application
        self._constant = tuple(constant.items())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, with the headers."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            return start_response(status, [*headers, *self._constant], *error)

        return self._application(environ, start)
