"""What the daily screens show, prepared for their templates: words, tones, months, positions."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row

from casework.alerts.postponing import is_own_duty
from casework.alerts.vocabulary import LANDLORD_RULES, NEVER, NOTHING_DUE, REMINDERS, RULE_LABELS, Urgency
from casework.alerts.words import SETTLED_BY, action_words, closing_words, explain
from casework.cases.vocabulary import REFERRAL_SOURCE_LABELS
from casework.contacts.vocabulary import CONTACT_KIND_LABELS, CONTACT_OUTCOME_LABELS, ContactKind, ContactOutcome
from casework.contracts.vocabulary import CONTRACT_KIND_LABELS
from casework.desk.closed_alerts import ClosedRow
from casework.desk.queries import AlertLine, AlertRow
from casework.desk.timeline import ThreadRow
from casework.diagnostics.vocabulary import RECOMMENDATION_LABELS
from casework.exits.vocabulary import END_REASON_LABELS, OUTCOME_LABELS
from casework.kernel.context import Actor
from casework.programmes.vocabulary import STAGE_LABELS, LeaseStageCode
from casework.reassessments.vocabulary import DECISION_LABELS
from casework.web.filters import day as plain_day
from casework.web.filters import distance, euros, label, long_day, month, short_day, tenths
from casework.web.i18n import gettext as _
from casework.web.i18n import language
from casework.web.places import address

Words = dict[str, Any]
CONTACT_ICONS: dict[str, str] = {
    ContactKind.VAD: "visit",
    ContactKind.BUREAU: "office",
    ContactKind.TEL: "call",
    ContactKind.ATELIER: "workshops",
    ContactKind.TENTATIVE: "attempt",
}
STAGE_LEVELS = {"HEBERGEMENT": 1, "ALT": 1, "SOUS_LOCATION": 2, "BAIL_ASSOCIATIF": 2, "BAIL_GLISSANT": 3}


def alert_lines(rows: Sequence[AlertRow] | Sequence[AlertLine], actor: Actor, today: date) -> list[Words]:
    """Return the open alerts as lines of « à faire »: tone, household, reason in words, the button that settles it."""
    lines: list[Words] = []
    for row in rows:
        words = explain(row.rule, row.due_on, row.facts, today)
        endpoint, permission, icon = SETTLED_BY[row.rule]
        puts_off = actor.may("alert:postpone") and is_own_duty(actor.role, row.rule)
        until = row.postponed_to if row.postponed_to is not None and row.postponed_to > today else None
        lines.append(
            {
                "id": row.id,
                "rule": row.rule,
                "reminder": row.rule in REMINDERS,
                "tone": words.tone,
                "title": words.title,
                "when": words.when,
                "why": words.why,
                "who": row.name,
                "number": row.number,
                "case_id": row.case_id,
                "case_url": address("desk.show_case", case_id=row.case_id),
                "act_url": address(endpoint, case_id=row.case_id) if actor.may(permission) else None,
                "act": action_words(row.rule),
                "icon": icon,
                "put_off": None if until is None else _put_off_words(row.rule, until, row.postponed_reason),
                "resume_url": address("desk.take_back_postponing", alert_id=row.id)
                if until is not None and puts_off
                else None,
                "postpone_url": address("desk.postpone_alert", alert_id=row.id) if puts_off else None,
            }
        )
    return lines


def _put_off_words(rule: str, until: date, reason: str | None) -> str:
    """Each side puts off what is its own duty: the rule tells which it was."""
    day, why = short_day(until), reason or "–"
    if rule in LANDLORD_RULES:
        return _("Reportée au %(day)s par le bailleur\u00a0: %(reason)s", day=day, reason=why)
    return _("Reportée au %(day)s par l’association\u00a0: %(reason)s", day=day, reason=why)


class ClosedAlert(NamedTuple):
    """A closed alert, ready to be shown: what it was, when, and what closed it."""

    title: str
    due_on: date
    raised_on: date
    closed_on: date | None
    closed_by: str
    who: str
    number: str
    url: str


def closed_alert_lines(rows: Sequence[ClosedRow]) -> list[ClosedAlert]:
    """Return the closed alerts in words; the name leads to every alert of the household."""
    return [
        ClosedAlert(
            title=label(row.rule, RULE_LABELS),
            due_on=row.due_on,
            raised_on=row.raised_on,
            closed_on=row.closed_on,
            closed_by=closing_words(row.closing_fact or ""),
            who=row.name,
            number=row.number,
            url=address("desk.list_case_alerts", case_id=row.case_id),
        )
        for row in rows
    ]


class CaseLine(NamedTuple):
    """One line of the caseload, ready to be shown, in the order in which its template takes it apart."""

    case_id: int
    name: str
    number: str
    state: str
    stage: str | None
    district: str
    referent: str
    due: str
    how_far: str
    tone: str
    contact: str
    debt: str
    badge: str


def case_lines(rows: Sequence[Row[*tuple[Any, ...]]], today: date) -> list[CaseLine]:
    """Return the rows of the caseload as its lines."""
    written = language()
    lines: list[CaseLine] = []
    for row in rows:
        due = due_words(written, row.next_due_on, today)
        lines.append(
            CaseLine(
                row.case_id,
                row.name,
                row.number,
                row.state,
                row.stage,
                row.district,
                row.referent_name,
                *due,
                contact_words(written, row.last_contact_on, today),
                euros(row.debt_cents),
                _URGENT.get(max(row.urgency, _URGENCY_OF_DATES[due[2]]), row.state),
            )
        )
    return lines


# What a badge says instead of the state: the alerts, and what became due since they were last looked at.
_URGENT = {Urgency.SOON: "soon", Urgency.STANDING: "standing", Urgency.LATE: "late"}
_URGENCY_OF_DATES = {"": Urgency.CALM, "soon": Urgency.SOON, "late": Urgency.LATE}


@lru_cache(maxsize=10_000)
def due_words(language_of_page: str, due_on: date | None, today: date) -> tuple[str, str, str]:
    """Return (date, distance in words, tone) of a next due date; NOTHING_DUE is a dash, and what is not shared, too.

    Lists say this on every row: they ask once for the language, and the words for a date are put together once.
    """
    if due_on is None or due_on == NOTHING_DUE:
        return ("–", "", "")
    late = (today - due_on).days
    tone = "late" if late > 0 else "soon" if late >= -14 else ""
    return (plain_day(due_on), distance(due_on, today), tone)


@lru_cache(maxsize=10_000)
def contact_words(language_of_page: str, last_on: date | None, today: date) -> str:
    """Return how long ago the last contact was, in words; a dash for what is not shared."""
    if last_on is None:
        return "–"
    return _("jamais") if last_on == NEVER else distance(last_on, today)


def stage_picture(stages: Sequence[tuple[str, date]], ended_on: date | None, today: date) -> list[Words]:
    """Return the lease stages drawn to scale, in thousandths of the time from the first one to now (or to the end).

    The end of the accompaniment ends no lease of the household's own.
    """
    if not stages:
        return []
    last_day = max(ended_on or today, stages[-1][1] + timedelta(days=1))
    whole = max(1, (last_day - stages[0][1]).days)
    picture: list[Words] = []
    for place, (stage, from_on) in enumerate(stages):
        until = stages[place + 1][1] if place + 1 < len(stages) else last_day
        is_last = place + 1 == len(stages)
        current = is_last and (ended_on is None or stage == LeaseStageCode.BAIL_DIRECT)
        period = _("depuis le %(day)s", day=short_day(from_on))
        if not current:
            last = max(ended_on or from_on, from_on) if is_last else until
            period = _("du %(first)s au %(last)s", first=short_day(from_on), last=short_day(last))
        picture.append(
            {
                "label": label(stage, STAGE_LABELS),
                "period": period,
                "note": "",
                "x": (from_on - stages[0][1]).days * 1000 // whole,
                "width": max(1, (until - from_on).days * 1000 // whole),
                "level": STAGE_LEVELS.get(stage, 4),
                "current": current,
            }
        )
    return picture


class Entry(NamedTuple):
    """One entry of the thread, ready to be shown: long lists are made of these, so it is no dictionary."""

    id: str
    icon: str
    kind: str
    tone: str
    day: str
    day_exact: str
    author: str
    text: str | None
    private: str | None
    url: str | None
    link: str
    about: str


def thread_groups(rows: Sequence[ThreadRow], case_id: int, actor: Actor) -> list[Words]:
    """Return the entries of the thread by month, each readable without opening it."""
    pages = {kind: _pages(case_id, *opened) for kind, opened in _OPENED_BY.items() if actor.may(opened[1])}
    links = {"contact": _("Corriger")}
    groups: list[Words] = []
    written, open_words = language(), _("Ouvrir")
    year = number = 0
    shown: list[Entry] = []
    named: Counter[str] = Counter()
    for kind, _rank, entry_id, on, code, detail, shared, private, author in rows:
        if on.month != number or on.year != year:
            year, number, shown = on.year, on.month, []
            groups.append({"label": _month(written, year, number), "entries": shown})
        icon, words, tone = _said(written, kind, code, detail)
        page = pages.get(kind)
        url = f"{page[0]}{entry_id}{page[1]}" if page else None
        day, day_exact = _days(written, on)
        link, about = links.get(kind, open_words), f"{words}, {day}"
        named[about] += 1
        if named[about] > 1:  # two calls on one day
            about = f"{about} ({named[about]})"
        shown.append(
            Entry(
                f"{kind}-{entry_id}",
                icon,
                words,
                tone,
                day,
                day_exact,
                author or "",
                shared,
                private,
                url,
                link,
                about,
            )
        )
    return groups


# Long threads say the same words again and again: they are put together once for each language.
@lru_cache(maxsize=10_000)
def _said(_language: str, kind: str, code: str | None, detail: str | None) -> tuple[str, str, str]:
    return _KINDS[kind](code, detail)


@lru_cache(maxsize=10_000)
def _days(_language: str, on: date) -> tuple[str, str]:
    return short_day(on), long_day(on)


@lru_cache(maxsize=1_000)
def _month(_language: str, year: int, number: int) -> str:
    return month(date(year, number, 1)).capitalize()


def _pages(case_id: int, endpoint: str, _permission: str, name: str) -> tuple[str, str]:
    """Return what stands before and after the id of an entry in the address of its page."""
    values: dict[str, Any] = {"case_id": case_id, name: _ANY_ID}
    before, _sep, after = address(endpoint, **values).rpartition(str(_ANY_ID))
    return before, after


_ANY_ID = 10**17


# kind → endpoint of its own page, permission, name of the id in the address
_OPENED_BY: dict[str, tuple[str, str, str]] = {
    "contact": ("contacts.correct_contact", "contact:write", "contact_id"),
    "diagnostic": ("diagnostics.show_diagnostic", "diagnostic:read", "diagnostic_id"),
    "contract": ("contracts.show_contract", "contract:read", "contract_id"),
    "reassessment": ("reassessments.show_reassessment", "reassessment:read", "reassessment_id"),
}


def _contact(code: str | None, detail: str | None) -> tuple[str, str, str]:
    kind, outcome = label(code, CONTACT_KIND_LABELS), label(detail, CONTACT_OUTCOME_LABELS)
    made = detail == ContactOutcome.REALISEE
    tone = "soon" if detail in {ContactOutcome.ABSENT, ContactOutcome.REFUS} else ""
    icon = CONTACT_ICONS.get(code or "", "visit")
    return (icon, kind if made else _("%(kind)s : %(outcome)s", kind=kind, outcome=outcome.lower()), tone)


def _diagnostic(code: str | None, detail: str | None) -> tuple[str, str, str]:
    parts = [_("Diagnostic")]
    if code:
        parts.append(label(code, RECOMMENDATION_LABELS).lower())
    if detail is not None:
        parts.append(_("taux d’effort %(rate)s", rate=tenths(int(detail))))
    return ("diagnostic", ", ".join(parts), "settled")


def _contract(code: str | None, detail: str | None) -> tuple[str, str, str]:
    words = label(code, CONTRACT_KIND_LABELS)
    if detail:
        end = short_day(date.fromisoformat(detail))
        return ("contract", _("%(contract)s, jusqu’au %(day)s", contract=words, day=end), "settled")
    return ("contract", _("%(contract)s, sans terme fixé", contract=words), "settled")


def _suspension(code: str | None, detail: str | None) -> tuple[str, str, str]:
    if detail:
        until = short_day(date.fromisoformat(detail))
        return ("suspension", _("Suspension, jusqu’au %(day)s", day=until), "soon")
    return ("suspension", _("Suspension de l’accompagnement"), "soon")


def _referral(code: str | None, detail: str | None) -> tuple[str, str, str]:
    words = _("Orientation : %(who)s", who=label(code, REFERRAL_SOURCE_LABELS)) if code else _("Orientation")
    return ("referral", words, "")


def _end(code: str | None, detail: str | None) -> tuple[str, str, str]:
    if not code:
        return ("end", _("Fin de l’accompagnement"), "settled")
    reason, outcome = label(code, END_REASON_LABELS).lower(), label(detail, OUTCOME_LABELS).lower()
    words = _("Fin de l’accompagnement : %(reason)s ; %(outcome)s", reason=reason, outcome=outcome)
    return ("end", words, "settled")


_KINDS: Mapping[str, Callable[[str | None, str | None], tuple[str, str, str]]] = {
    "referral": _referral,
    "diagnostic": _diagnostic,
    "contract": _contract,
    "lease": lambda code, detail: ("lease", _("Statut du logement : %(stage)s", stage=label(code, STAGE_LABELS)), ""),
    "suspension": _suspension,
    "reassessment": lambda code, detail: (
        "reassessment",
        _("Réévaluation : %(decision)s", decision=label(code, DECISION_LABELS).lower()),
        "settled",
    ),
    "report": lambda code, detail: ("debt", _("Impayé signalé : %(debt)s", debt=euros(int(detail or 0))), "late"),
    "contact": _contact,
    "version": lambda code, detail: (
        "programmes",
        _("Dispositif : de la version %(before)s à la version %(after)s", before=code, after=detail),
        "",
    ),
    "end": _end,
}
