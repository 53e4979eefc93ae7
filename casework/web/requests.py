"""One context for each request, committed in one place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from casework.kernel import audit
from casework.kernel.clock import Clock
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import reading
from casework.kernel.errors import Conflict, RuleViolation
from casework.kernel.events import Events
from casework.settings import Settings
from casework.web.forms import BaseForm
from casework.web.i18n import gettext
from casework.web.messages import KEPT_FORM
from casework.web.sent_forms import FIELD, AlreadySent, claim, new_key, note_location

T = TypeVar("T")
NOBODY = Actor(None, None, "NOBODY")
READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass
class Services:
    """What the application holds for all its requests."""

    engine: Engine
    clock: Clock
    settings: Settings
    events: Events = field(default_factory=Events)
    reading: Engine = field(init=False)

    def __post_init__(self) -> None:
        """Keep the engine of requests that only read."""
        self.reading = reading(self.engine)


def services() -> Services:
    """Return what the current application holds."""
    held = current_app.extensions["casework"]
    assert isinstance(held, Services)  # noqa: S101 -- set by create_app, and nowhere else
    return held


def request_session() -> Session:
    """Return the database session of the request, opened at its first use: reading for GET, writing otherwise."""
    if "session" not in g:
        held = services()
        engine = held.reading if request.method in READS else held.engine
        g.session = Session(engine, expire_on_commit=False, autoflush=False)
        audit.bind(g.session, NOBODY, held.clock, request.endpoint or "")
    session: Session = g.session
    return session


def act_as(actor: Actor) -> None:
    """Say who acts in the rest of the request; the statement that found them has told the database."""
    held = services()
    g.actor = actor
    audit.bind(request_session(), actor, held.clock, request.endpoint or "")


def current_ctx() -> Ctx:
    """Return the context of the request."""
    held = services()
    return Ctx(g.get("actor", NOBODY), held.clock, request_session(), held.events)


def save(form: BaseForm, action: Callable[[], T]) -> T | None:
    """Return what `action` returns when the form is sound, its delicate words were seen and no rule refuses, else None.

    What a refused action had changed already is undone; what the user typed stays in the form, which is marked. Raises AlreadySent for a
    form that was kept before.
    """
    if not form.validate_on_submit() or not form.is_seen():
        return None
    session = request_session()
    key = request.form.get(FIELD, "")
    try:
        is_claimed = claim(session, services().clock, key)
        result = action()
        session.flush()
    except RuleViolation as error:
        session.rollback()
        form.refuse(error)
    except Conflict as error:
        session.rollback()
        form.refuse(RuleViolation("", error.message, **error.values))
    except IntegrityError:
        session.rollback()
        form.refuse(
            RuleViolation("", "Quelqu’un d’autre vient d’enregistrer la même chose. Rechargez la page pour la voir.")
        )
    else:
        if is_claimed:
            g.sent_form = key
            flash(key, KEPT_FORM)
        return result
    return None


def refused(action: Callable[[], object]) -> RuleViolation | None:
    """Do `action` and return None, or undo it and return the rule that refuses."""
    session = request_session()
    try:
        action()
        session.flush()
    except RuleViolation as error:
        session.rollback()
        return error
    return None


def install(app: Flask) -> None:
    """Commit at the end of each request that went well, undo the others, and always close."""

    @app.after_request
    def commit(response: Response) -> Response:
        session: Session | None = g.get("session")
        if session is not None:
            if request.method not in READS and response.status_code < 400:
                if "sent_form" in g:
                    note_location(session, g.sent_form, response.location or "")
                session.commit()
            # Nobody waits for the connection to be put back: that is done when the answer is sent. Files that the server
            # sends by itself are not told of their end.
            if not response.direct_passthrough:
                response.call_on_close(g.pop("session").close)
        return response

    @app.errorhandler(AlreadySent)
    def kept_before(sent: AlreadySent) -> BaseResponse:
        flash(request.form[FIELD], KEPT_FORM)
        flash(gettext("C’était déjà enregistré : rien n’a été noté deux fois."), "info")
        return redirect(sent.location or url_for("desk.show_day"))

    app.jinja_env.globals.update(new_form_key=new_key)

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()
