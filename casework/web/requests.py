"""One context for each request, committed in one place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from flask import session as browser
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from casework.kernel import audit
from casework.kernel.clock import Clock
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import is_taken, reading
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.kernel.events import Events
from casework.settings import Settings
from casework.web.forms import BaseForm
from casework.web.i18n import gettext
from casework.web.messages import KEPT_FORM
from casework.web.sent_forms import FIELD, AlreadySent, is_key, kept_location, new_key, note_kept, refuse_kept

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
    opened: Session | None = g.get("session")
    if opened is not None:
        return opened
    held = services()
    engine = held.reading if request.method in READS else held.engine
    g.session = session = Session(engine, expire_on_commit=False, autoflush=False)
    audit.bind(session, NOBODY, held.clock, request.endpoint or "")
    return session


def let_go() -> None:
    """End the transaction of the request, undoing it, so that nobody waits for what takes long; the next use opens one."""
    session: Session | None = g.get("session")
    if session is not None:
        session.rollback()


def act_as(actor: Actor) -> None:
    """Say who acts in the rest of the request; the statement that found them has told the database."""
    held, session = services(), request_session()
    audit.bind(session, actor, held.clock, request.endpoint or "")
    g.ctx = Ctx(actor, held.clock, session, held.events)


def current_ctx() -> Ctx:
    """Return the context of the request."""
    known: Ctx | None = g.get("ctx")
    if known is not None:
        return known
    held = services()
    return Ctx(NOBODY, held.clock, request_session(), held.events)


def save(form: BaseForm, action: Callable[[], T], *, ask_first: bool = False) -> T | None:
    """Return what `action` returns when the form is sound, its delicate words were seen and no rule refuses, else None.

    What a refused action had changed already is undone; what the user typed stays in the form, which is marked. Of a
    form that comes twice, what the second one changed is undone as well, at the commit at the latest. `ask_first`: the
    action leaves something outside of the database that nothing undoes. Raises AlreadySent for a form that was kept
    before, NotVisible, or IntegrityError for a row that the database takes from nobody.
    """
    key = request.form.get(FIELD, "")
    if not form.validate_on_submit() or not form.is_seen():
        if key:  # what the first of two did may have made another form of this one
            refuse_kept(request_session(), key)
        return None
    session = request_session()
    g.told_before = list(browser.get("_flashes", ()))
    if ask_first:
        refuse_kept(session, key)
    try:
        result = action()
        session.flush()
    except (RuleViolation, Conflict, IntegrityError, NotVisible) as error:
        session.rollback()
        refuse_kept(session, key)  # what the first of two did stands in the way of the second
        if isinstance(error, NotVisible) or (isinstance(error, IntegrityError) and not is_taken(error)):
            raise
        form.refuse(_as_violation(error))
        return None
    if is_key(key):
        g.sent_form = key
        flash(key, KEPT_FORM)
    return result


def _as_violation(error: RuleViolation | Conflict | IntegrityError) -> RuleViolation:
    if isinstance(error, RuleViolation):
        return error
    if isinstance(error, Conflict):
        return RuleViolation("", error.message, **error.values)
    return RuleViolation("", "La même chose vient d’être enregistrée. Rechargez la page pour la voir.")


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


def once_committed(action: Callable[[], object]) -> None:
    """Do `action` once the request is committed, and not at all when it is undone: for what nothing brings back."""
    g.setdefault("once_committed", []).append(action)


def _commit(session: Session, response: Response) -> None:
    """Commit, then do what waited for it.

    Where the form was kept by another request meanwhile, undo all and let the answer say that instead.
    """
    if "sent_form" in g:
        note_kept(session, services().clock, g.sent_form, response.location or "")
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        location = kept_location(session, g.sent_form) if "sent_form" in g else None
        if location is None:
            raise
        browser["_flashes"] = g.told_before  # nothing of what this request said was done by it
        response.status_code, response.location = 302, _lead_again(location)
        response.set_data(b"")
        return
    for action in g.pop("once_committed", ()):
        action()


def _lead_again(location: str) -> str:
    """Tell the sender of a form that it was kept before, and return where they are led."""
    flash(request.form[FIELD], KEPT_FORM)
    flash(gettext("C’était déjà enregistré\u00a0: rien n’a été noté deux fois."), "info")
    return location or url_for("desk.show_day")


def kept_before() -> BaseResponse | None:
    """Undo what a request did that finds nothing any more; return the answer if its form was kept before, else None."""
    key = request.form.get(FIELD, "")
    if not is_key(key):
        return None
    session = request_session()
    session.rollback()
    location = kept_location(session, key)
    return redirect(_lead_again(location)) if location is not None else None


def install(app: Flask) -> None:
    """Commit at the end of each request that went well, undo the others, and always close."""

    @app.after_request
    def commit(response: Response) -> Response:
        session: Session | None = g.get("session")
        if session is not None:
            if request.method not in READS and response.status_code < 400:
                _commit(session, response)
            # Nobody waits for the connection to be put back: that is done when the answer is sent. Files that the server
            # sends by itself are not told of their end.
            if not response.direct_passthrough:
                g.pop("ctx", None)
                response.call_on_close(g.pop("session").close)
        return response

    app.register_error_handler(AlreadySent, lambda sent: redirect(_lead_again(sent.location)))
    app.jinja_env.globals.update(new_form_key=new_key)

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()
