"""Flask-Login's side: which user a browser's cookie stands for."""

from flask import Flask, g
from flask_login import LoginManager, UserMixin
from sqlalchemy import ColumnElement

from casework.accounts.queries import SignedInUser, session_statement, user_of_session
from casework.accounts.service import token_hash
from casework.web.requests import request_session, services


class BrowserUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """A signed-in user, known to the browser by the token of the session only."""

    def __init__(self, token: str, user: SignedInUser | None = None) -> None:
        self.token = token
        self.user = user

    def get_id(self) -> str:
        """Return the token: signing out makes it worthless, wherever a copy of the cookie lies."""
        return self.token


def install(
    app: Flask, programme_ids: ColumnElement[str], opened_cases: ColumnElement[str], shares: ColumnElement[str]
) -> None:
    """Give the application its sign-in manager; for the columns see `session_statement`."""
    manager = LoginManager(app)
    statement = session_statement(app.extensions["casework"].engine.dialect.name, programme_ids, opened_cases, shares)

    def load(token: str) -> BrowserUser | None:
        user = user_of_session(request_session(), statement, token_hash(token), services().clock)
        if user is None:
            return None
        g.signed_in_user = user
        return BrowserUser(token, user)

    manager.user_loader(load)


def signed_in_user() -> SignedInUser | None:
    """Return who is signed in, None for a visitor."""
    user: SignedInUser | None = g.get("signed_in_user")
    return user
