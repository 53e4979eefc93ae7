"""The forms of the application, found by asking it: every address that takes a POST, and the fields its page shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

import casework
from casework.accounts.permissions import PERMISSIONS
from casework.accounts.vocabulary import Role
from casework.programmes.catalogue import catalogue_document
from casework.programmes.toml_text import write_text
from casework.settings import Settings
from casework.web.permissions import PUBLIC, permission_of
from casework.web.sent_forms import FIELD
from tests.access.requests import READ, WRITE, Door, methods_of, relations_of
from tests.access.vocabulary import TODAY, VISITOR, WHO, Relation
from tests.factories import PASSWORD
from tests.support.keys import KEYS

# Those who may send a form, whoever reaches most of the application first.
SENDERS = (
    Role.MANAGER,
    Role.LANDLORD_SOCIAL,
    Role.LANDLORD_RENT,
    Role.COORDINATOR,
    Role.ADMINISTRATOR,
    Role.REFERENT,
    Role.FUNDER_READER,
)
TOMORROW = TODAY.replace(day=31)
# Every page is printed with a key of its own; here it is the same each time, as everything else.
_KEY = "k" * 22
# The next version of the programme of the world, as the page that shows its effects carries it along.
_NEXT = write_text(catalogue_document("F-SEMIS") | {"valid_from": "2026-06-01", "accompaniment": {"max_months": 18}})
# Buttons of which a browser sends the one that was pressed, mostly the first.
_PRESSED = {
    "add": ("", "cadences", "paths", "paths-0-stages"),
    "remove": ("", "cadences-0"),
    "step": ("preview", "back", "text"),
}
# A path that comes back to a status is none, and a duration without limit has no limit.
_PATH = {f"paths-0-stages-{place}": ("", "BAIL_DIRECT", "OSDT") for place in (1, 2, 3)} | {"open_ended": ("", "yes")}
# What a page cannot show: the passwords, and the places that only a script or a link fills.
KNOWN: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts.sign_in": {"email": ("manager2@example.org",), "password": (PASSWORD,), "next": ("/menages", "//evil")},
    "accounts.change_password": {"present": (PASSWORD,), "password": ("Quatre mots bien choisis 42",)},
    "accounts.add_user": {"password": ("Quatre mots bien choisis 42",), "email": ("nadia@example.org",)},
    "accounts.give_password": {"password": ("Quatre mots bien choisis 42",)},
    "programmes.open_programme": _PRESSED | _PATH | {"code": ("VAL-1", "F-SEMIS"), "landlord_name": ("Office du Val",)},
    "programmes.edit_programme": _PRESSED | _PATH,
    "programmes.edit_definition": _PRESSED,
    "programmes.save_version": {
        "base": ("2", "1", "0"),
        "document": (_NEXT, "", "id = 3"),
        "reason": ("Convention de mars",),
        FIELD: (_KEY,),
    },
    "confidential.break_glass": {
        "number": ("OWN-2025-001", "SAME-2025-001", "FOREIGN-2025-001"),
        "words": ("Appel au secours ce matin.", "Urgent"),
    },
    "confidential.record_note": {
        "began": ("", "2025-01-06"),
        "ended": ("", "2025-03-03"),
        "spip_contact": ("", "Accueil du SPIP"),
    },
    "accounts.set_active": {"active": ("1", "0")},
    "contacts.reopen_appointment": {FIELD: (_KEY,)},
    "accounts.set_preferences": {
        "locale": ("fr", "en"),
        "theme": ("auto", "dark"),
        "text_size": ("normal", "large"),
        "next": ("/", "/menages?q=a"),
    },
}
# Who manages is told that there is nothing: the team alone sees these.
OF_THE_TEAM = frozenset(
    f"confidential.{name}"
    for name in ("lift_protection", "record_note", "reveal_address", "revise_address", "withdraw_note")
)
# The association is told that putting off an alert about rents is the landlord's.
OF_THE_LANDLORD = frozenset({"desk.postpone_alert", "desk.take_back_postponing"})
# No page names them as the place of a form: a script sends what stands in the forms of their room.
SENT_BY_SCRIPT = frozenset({"diagnostics.preview_figures"})
# Their page comes in answer to another form.
SHOWN_IN_ANSWER = frozenset({"programmes.save_version", "contacts.reopen_appointment"})
# Their sound answer is a page, which shows what would be kept.
SHOWN_BEFORE_KEPT = frozenset(
    {
        "programmes.edit_programme",
        "programmes.edit_definition",
        "confidential.reveal_address",
        "confidential.record_convention",
    }
)
_PLAUSIBLE: dict[str, tuple[str, ...]] = {
    "date": (TODAY.isoformat(), "2026-03-01", "15/02/2026", TOMORROW.isoformat(), "2026-12-31"),
    "time": ("14:30", "09:00"),
    "number": ("1", "2", "45"),
    "numeric": ("1", "2", "45"),
    "decimal": ("12,50", "1 234,56", "0", "402"),
    "email": ("nadia@example.org",),
    "tel": ("06 12 34 56 78",),
    "checkbox": ("y",),
    "text": ("Martin", "T3", "Une phrase, simplement."),
}


@dataclass
class Form:
    """A form as its page shows it: its address, and for each field the values that somebody might send."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    # What the page would send as it stands, with something plausible where it shows nothing.
    shown: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    # Whether a page shows it at all.
    found: bool = False


class _Forms(HTMLParser):
    """Reads the forms that post out of a page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values.get("method", "get").lower() == "post":
            self._form = Form(values.get("action") or self.url)
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "select":
            self._select = values.get("name", "")
            self._form.fields.setdefault(self._select, [])
        elif tag == "option" and self._select:
            self._form.fields[self._select].append(values.get("value", ""))
            if "selected" in values:
                self._form.shown[self._select] = values.get("value", "")
        elif tag in {"input", "textarea", "button"} and values.get("name"):
            self._control(self._form, tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def _control(self, form: Form, tag: str, values: Mapping[str, str]) -> None:
        name, kind = values["name"], values.get("type", "text") if tag == "input" else "text"
        if name == "csrf_token":
            return
        if kind == "file":
            form.files.append(name)
            return
        known = form.fields.setdefault(name, [])
        if values.get("value"):
            known.append(values["value"])
            if (kind not in {"radio", "checkbox"} and tag != "button") or "checked" in values:
                form.shown[name] = values["value"]
        if kind not in {"hidden", "radio", "submit"} and tag != "button":
            known += _PLAUSIBLE.get(values.get("inputmode", ""), _PLAUSIBLE.get(kind, _PLAUSIBLE["text"]))


def throwaway_app() -> Flask:
    """Return the application without any database behind it, to ask it what it has."""
    return casework.create_app(Settings(database_url="sqlite://", data_dir=Path("nowhere"), secret_key="x", keys=KEYS))


def addresses(app: Flask, method: str) -> list[Rule]:
    """Return the addresses that answer `method`, in a fixed order."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
    return [rule for rule in rules if method in methods_of(rule) and rule.endpoint != "static"]


def senders_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """Return who may send requests to `endpoint`, whoever sees most of its page first."""
    if endpoint == "accounts.sign_in":
        return (VISITOR,)  # whoever is signed in is sent on without being read
    permission = permission_of(app, endpoint)
    if permission == PUBLIC:
        return (*(role.value for role in SENDERS), VISITOR)
    senders = tuple(role.value for role in SENDERS if role in PERMISSIONS[permission])
    if endpoint in OF_THE_LANDLORD:
        return tuple(sorted(senders, key=lambda who: not who.startswith("LANDLORD")))
    return senders[::-1] if endpoint in OF_THE_TEAM else senders


def strangers_to(app: Flask, endpoint: str) -> tuple[str, ...]:
    """Return who may not send requests to `endpoint`."""
    if permission_of(app, endpoint) == PUBLIC:
        return ()
    return tuple(who for who in WHO if who not in senders_of(app, endpoint))


def form_of(door: Door, rule: Rule, relation: Relation) -> Form:
    """Return the form of an address: from its own page, or from the first page that shows it to somebody."""
    form = Form(door.url(rule, relation, senders_of(door.app, rule.endpoint)[0]))
    form.found = rule.endpoint in SHOWN_IN_ANSWER
    for who, page in () if form.found else _pages(door, rule, relation):
        answer = door.ask(who, READ, page)
        if answer.mimetype != "text/html":
            continue
        reader = _Forms(page)
        reader.feed(answer.text)
        for shown in reader.forms:
            if rule.endpoint in SENT_BY_SCRIPT or _leads_to(door.app, shown.action, rule):
                form.found = True
                form.fields |= shown.fields
                form.shown |= shown.shown
                form.files = [*form.files, *shown.files]
        if form.found and rule.endpoint not in SENT_BY_SCRIPT:
            break
    known_here = {FIELD: (_KEY,)} if FIELD in form.fields else {}
    for name, values in {**known_here, **KNOWN.get(rule.endpoint, {})}.items():
        form.fields[name] = list(values)
        form.shown[name] = values[0]
    for name, known in form.fields.items():
        form.shown.setdefault(name, next((value for value in known if value), ""))
    return form


def _leads_to(app: Flask, action: str, rule: Rule) -> bool:
    endpoint, _values = app.url_map.bind("localhost").match(action.partition("?")[0], method=WRITE)
    return bool(endpoint == rule.endpoint)


def _pages(door: Door, rule: Rule, relation: Relation) -> Iterator[tuple[str, str]]:
    """Yield (who, the address of a page) for the pages that may show a form.

    They are its own if there is one, else those of all the rooms, the form's own room first.
    """
    senders = senders_of(door.app, rule.endpoint)
    if READ in methods_of(rule):
        yield senders[0], door.url(rule, relation, senders[0])
        return
    room = rule.endpoint.partition(".")[0]
    others = addresses(door.app, READ)
    near = [other for other in others if other.endpoint.partition(".")[0] == room]
    for rules in (near, [other for other in others if other not in near]):
        for who in senders:
            # About the same household, import… as the form itself, which may need one in another state.
            own = door.world.values(rule.endpoint, relation, sorted(rule.arguments), who)
            for other in rules:
                same = {name: value for name, value in own.items() if name in other.arguments}
                yield who, door.url(other, relations_of(other)[0], who, **same)
        if rule.endpoint in SENT_BY_SCRIPT:
            return
