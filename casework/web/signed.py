"""What requests sign and open each time, made once: the serializer of the session's cookie, and the token of its forms."""

import json

from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

_MANY = 10_000


class CookieSessions(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies; the key is derived once, not for each cookie.

    They hold texts and lists of texts, which plain JSON says: Flask's own looks at each value for other kinds.
    """

    salt = "cookie-session, plain"  # a cookie that Flask's own wrote says its lists otherwise

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and opens the cookies of `app`, whose secret key is set before its first request."""
        if self._serializer is None:
            self._serializer = signing = super().get_signing_serializer(app)
            if signing is not None:
                signing.serializer, signing.serializer_kwargs = json, {"separators": (",", ":")}
                derive = signing.make_signer(signing.salt).derive_key
                signing.secret_keys = [derive(key) for key in signing.secret_keys]
                signing.signer_kwargs |= {"key_derivation": "none"}  # it is done
        return self._serializer


# The signed token of each session, by what it signs: worth nothing without the cookie of that session.
_tokens: dict[str, str] = {}


def form_token() -> str:
    """Return the token for the forms of this page, as Flask-WTF signs and checks it."""
    kept = g._get_current_object()
    token: str | None = kept.get("csrf_token")
    if token is None:
        token = _tokens.get(session.get("csrf_token", ""))
        if token is None:
            token = generate_csrf()
            if len(_tokens) >= _MANY:
                _tokens.clear()
            _tokens[session["csrf_token"]] = token
        kept.csrf_token = token
    return token


def install(app: Flask) -> None:
    """Use both. Call it when Flask-WTF is set up, whose own `csrf_token` makes way."""
    app.session_interface = CookieSessions()
    app.jinja_env.globals["csrf_token"] = form_token
    app.context_processor(lambda: {"csrf_token": form_token})
