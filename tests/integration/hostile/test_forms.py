"""Random and hostile submissions to every form of the application: an answer, always, and never a failure."""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager

import flask.templating
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from casework import models
from casework.kernel.row_security import identify_system
from casework.web.forms import BaseForm
from tests.access.requests import READ, WRITE, Answer, Door, relations_of
from tests.access.vocabulary import Relation
from tests.integration.hostile.files import NAMES, files
from tests.integration.hostile.found import (
    SENT_BY_SCRIPT,
    SHOWN_BEFORE_KEPT,
    addresses,
    form_of,
    senders_of,
    strangers_to,
    throwaway_app,
)
from tests.integration.hostile.submissions import (
    HOSTILE,
    Submission,
    hard,
    oversized,
    sent_file,
    submissions,
    urlencoded,
)
from tests.support.databases import POSTGRESQL, SQLITE
from tests.support.html_lint import problems

# Werkzeug leaves the file of a body that is cut short to the garbage collector; nothing of it stays.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:Unclosed file <temp")
_APP = throwaway_app()
# What every form gets, whatever it is: five hundred submissions in the run of every day, a thousand by `make hostile`.
# What a form makes of a text is the same on both databases, so most go to the faster one; PostgreSQL gets enough to
# meet what it alone refuses.
_ALL, _TO_POSTGRESQL, _BATCH = int(os.environ.get("HOSTILE_SUBMISSIONS", "500")), 200, 20
_SENT = {SQLITE: _ALL - _TO_POSTGRESQL, POSTGRESQL: _TO_POSTGRESQL}
_FILES = {SQLITE: 250, POSTGRESQL: 60}
_CONFUSING = re.compile(r"\{\{|\}\}|\{%|%\(|NaN|None|undefined|object at")


def _everything(engine: Engine) -> dict[str, list[str]]:
    """Return every row of every table."""
    with engine.connect() as connection:
        identify_system(connection)  # what the second wall hides would not be missed
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in models.metadata.sorted_tables
        }


@contextmanager
def _no_pages(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make no pages: that is most of the work of a request, and one page in twenty shows all that a page can do."""
    with patch.context() as here:
        here.setattr(flask.templating, "_render", lambda *_arguments: "")
        yield


@contextmanager
def _counting_judgements(patch: pytest.MonkeyPatch, tally: Counter[str]) -> Iterator[None]:
    """Count how often a form judges what was sent, which is what stands behind the doors."""
    judge = BaseForm.validate

    def validate(form: BaseForm, extra_validators: object = None) -> bool:
        is_sound = bool(judge(form, extra_validators))
        tally["judged"] += 1
        tally["sound"] += is_sound
        return is_sound

    with patch.context() as here:
        here.setattr(BaseForm, "validate", validate)
        yield


def _sound(answer: Answer, sent: object) -> Answer:
    assert answer.status < 500, (answer.status, sent)
    assert "<script>alert(1)" not in answer.text, sent
    assert not re.search(r"[\r\n]", answer.location), sent
    return answer


def _is_readable(answer: Answer, sent: Submission) -> bool:
    """Tell whether what is wrong with the page can only be the page's own fault."""
    typed = sent.typed
    plain = bool(typed) and typed.isprintable() and not _CONFUSING.search(typed)
    return plain and answer.status == 200 and answer.mimetype == "text/html"


@pytest.mark.parametrize("endpoint", [rule.endpoint for rule in addresses(_APP, WRITE)])
def test_no_submission_makes_a_form_fail(
    door: Door, tokens: dict[str, str], endpoint: str, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = next(rule for rule in addresses(door.app, WRITE) if rule.endpoint == endpoint)
    senders, strangers, relation = (
        senders_of(door.app, endpoint),
        strangers_to(door.app, endpoint),
        relations_of(rule)[0],
    )
    form, wanted = form_of(door, rule, relation), _SENT[database_kind]
    before, tally, pages = _everything(door.world.engine), Counter[str](), deque[str](maxlen=6)
    urls: dict[str, str] = {}

    def send(who: str, sent: Submission) -> Answer:
        url = urls.get(who) or door.url(rule, relation, who)
        answer = _sound(door.send(who, url, sent.body, sent.content_type, tokens[who]), (who, sent))
        urls[who] = url if answer.status == 200 else ""  # files that wait are gone once they are taken
        return answer

    def send_by_right(who: str, sent: Submission) -> Answer:
        answer = send(who, sent)
        tally["sent"] += 1
        tally["reached"] += answer.reached
        tally["accepted"] += answer.reached and answer.status in {302, 303}
        return answer

    by_right = st.tuples(st.sampled_from([senders[0]] * len(senders) + [*senders]), submissions(form))

    @hard(wanted // _BATCH)
    @given(st.lists(by_right, min_size=_BATCH, max_size=_BATCH), st.sampled_from(strangers or senders[:1]))
    def send_all(batch: list[tuple[str, Submission]], stranger: str) -> None:
        (who, first), *others = batch
        answer = send_by_right(who, first)
        if _is_readable(answer, first):
            pages.append(answer.text)
        with _no_pages(monkeypatch):
            for who, sent in others:
                send_by_right(who, sent)
        if strangers:
            answer = send(stranger, first)
            assert not answer.reached, (stranger, first)
            assert answer.status in {302, 400, 403}, (stranger, first)

    with _counting_judgements(monkeypatch, tally):
        while tally["sent"] < wanted:
            send_all()
    for sent in oversized(form):
        send(senders[0], sent)

    assert form.found, "no page shows this form, so its fields are not known"
    assert tally["sent"] >= wanted
    assert tally["reached"] >= tally["sent"] * 0.9, "the doors kept too much away from the form"
    accepted = tally["sound" if endpoint in SHOWN_BEFORE_KEPT else "accepted"]
    assert accepted or endpoint in SENT_BY_SCRIPT, "nothing sound was among it, so little was tried"
    if form.fields and tally["judged"]:
        assert tally["accepted"] < tally["reached"], "nothing was refused, so nothing hostile was tried"
    fragment = endpoint in SENT_BY_SCRIPT
    assert [problem for page in pages for problem in problems(page, is_fragment=fragment)] == []
    assert _everything(door.world.engine) == before, "something stayed, so that later submissions met another world"


@pytest.mark.parametrize("endpoint", [rule.endpoint for rule in addresses(_APP, WRITE)])
def test_no_form_takes_anything_without_its_token(door: Door, endpoint: str) -> None:
    rule = next(rule for rule in addresses(door.app, WRITE) if rule.endpoint == endpoint)
    who, relation = senders_of(door.app, endpoint)[0], relations_of(rule)[0]
    url = door.url(rule, relation, who)

    for token in HOSTILE:
        sent = urlencoded([("csrf_token", token)])
        answer = door.send(who, url, sent.body, sent.content_type, "")
        assert (answer.status, answer.reached) == (400, False), token


def test_no_file_makes_the_import_fail(door: Door, tokens: dict[str, str], database_kind: str) -> None:
    wanted = _FILES[database_kind]
    who, code = "MANAGER", str(door.world.places[Relation.OWN]["code"])
    before, tally = _everything(door.world.engine), Counter[str]()
    confirmed = urlencoded([])

    @hard(wanted)
    @given(files(), st.sampled_from(NAMES))
    def send(data: bytes, name: str) -> None:
        sent = sent_file({"programme": code}, "files", name, data)
        place = _sound(door.send(who, "/import", sent.body, sent.content_type, tokens[who]), (name, data)).location
        tally["sent"] += 1
        if place:
            tally["kept"] += 1
            _sound(door.ask(who, READ, place), (name, data))
            _sound(door.ask(who, READ, f"{place}/refus"), (name, data))
            answer = door.send(who, place, confirmed.body, confirmed.content_type, tokens[who])
            tally["created"] += _sound(answer, (name, data)).status == 302

    send()
    assert tally["sent"] >= wanted
    assert tally["kept"] > tally["created"] > wanted // 10, "too few files were read, or none was refused"
    assert _everything(door.world.engine) == before, "something stayed"
