"""What the daily screens show, prepared for their templates: words, tones, months, positions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy import Row

from casework.alerts.vocabulary import NEVER, NOTHING_DUE, REMINDERS
from casework.alerts.words import SETTLED_BY, action_words, explain
from casework.cases.vocabulary import REFERRAL_SOURCE_LABELS
from casework.contacts.vocabulary import CONTACT_KIND_LABELS, CONTACT_OUTCOME_LABELS, ContactKind, ContactOutcome
from casework.contracts.vocabulary import CONTRACT_KIND_LABELS
from casework.desk.queries import AlertRow
from casework.diagnostics.vocabulary import RECOMMENDATION_LABELS
from casework.exits.vocabulary import END_REASON_LABELS, OUTCOME_LABELS
from casework.kernel.context import Actor
from casework.programmes.vocabulary import STAGE_LABELS
from casework.reassessments.vocabulary import DECISION_LABELS
from casework.web.filters import day as plain_day
from casework.web.filters import distance, euros, label, long_day, month, short_day, tenths
from casework.web.i18n import gettext as _

Words = dict[str, Any]
CONTACT_ICONS = {
    ContactKind.VAD: "visit",
    ContactKind.BUREAU: "office",
    ContactKind.TEL: "call",
    ContactKind.ATELIER: "workshops",
    ContactKind.TENTATIVE: "attempt",
}
STAGE_LEVELS = {"HEBERGEMENT": 1, "ALT": 1, "SOUS_LOCATION": 2, "BAIL_ASSOCIATIF": 2, "BAIL_GLISSANT": 3}


def alert_lines(rows: Sequence[AlertRow], actor: Actor, today: date) -> list[Words]:
    """Return the open alerts as lines of « à faire »: tone, household, reason in words, the button that settles it."""
    lines: list[Words] = []
    for row in rows:
        words = explain(row.rule, row.due_on, row.facts, today)
        endpoint, permission, icon = SETTLED_BY[row.rule]
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
                "case_url": url_for("desk.show_case", case_id=row.case_id),
                "act_url": url_for(endpoint, case_id=row.case_id) if actor.may(permission) else None,
                "act": action_words(row.rule),
                "icon": icon,
                "postponed_to": row.postponed_to,
            }
        )
    return lines


def due_words(due_on: date, today: date) -> tuple[str, str, str]:
    """Return (date, distance in words, tone) of a next due date; NOTHING_DUE is a dash."""
    if due_on == NOTHING_DUE:
        return ("–", "", "")
    late = (today - due_on).days
    tone = "late" if late > 0 else "soon" if late >= -14 else ""
    return (plain_day(due_on), distance(due_on, today), tone)


def contact_words(last_on: date, today: date) -> str:
    """Return how long ago the last contact was, in words."""
    return _("jamais") if last_on == NEVER else distance(last_on, today)


def stage_picture(stages: Sequence[Row[str, date]], ended_on: date | None, today: date) -> list[Words]:
    """Return the lease stages drawn to scale, in thousandths of the time from the first one to now (or to the end)."""
    if not stages:
        return []
    last_day = max(ended_on or today, stages[-1].from_on + timedelta(days=1))
    whole = max(1, (last_day - stages[0].from_on).days)
    picture: list[Words] = []
    for place, (stage, from_on) in enumerate(stages):
        until = stages[place + 1].from_on if place + 1 < len(stages) else last_day
        current = place + 1 == len(stages) and ended_on is None
        period = _("depuis le %(day)s", day=short_day(from_on))
        if not current:
            period = _("du %(first)s au %(last)s", first=short_day(from_on), last=short_day(until))
        picture.append(
            {
                "label": label(stage, STAGE_LABELS),
                "period": period,
                "note": "",
                "x": (from_on - stages[0].from_on).days * 1000 // whole,
                "width": max(1, (until - from_on).days * 1000 // whole),
                "level": STAGE_LEVELS.get(stage, 4),
                "current": current,
            }
        )
    return picture


def thread_groups(rows: Sequence[Row[*tuple[Any, ...]]], case_id: int, actor: Actor) -> list[Words]:
    """Return the entries of the thread by month, each readable without opening it."""
    groups: list[Words] = []
    for (year, number), entries in groupby(rows, key=lambda row: (row.on.year, row.on.month)):
        shown = [_entry(row, case_id, actor) for row in entries]
        groups.append({"label": month(date(year, number, 1)).capitalize(), "entries": shown})
    return groups


def _entry(row: Row[*tuple[Any, ...]], case_id: int, actor: Actor) -> Words:
    icon, kind, tone = _KINDS[row.kind](row)
    opened = _OPENED_BY.get(row.kind)
    url = link = None
    if opened is not None and actor.may(opened[1]):
        url = url_for(opened[0], case_id=case_id, **{opened[2]: row.entry_id})
        link = _("Corriger") if row.kind == "contact" else _("Ouvrir")
    return {
        "id": f"{row.kind}-{row.entry_id}",
        "icon": icon,
        "kind": kind,
        "tone": tone,
        "day": short_day(row.on),
        "day_exact": long_day(row.on),
        "author": row.author or "",
        "text": row.shared,
        "private": row.private,
        "url": url,
        "link": link,
    }


# kind → endpoint of its own page, permission, name of the id in the address
_OPENED_BY: dict[str, tuple[str, str, str]] = {
    "contact": ("contacts.correct_contact", "contact:write", "contact_id"),
    "diagnostic": ("diagnostics.show_diagnostic", "diagnostic:read", "diagnostic_id"),
    "contract": ("contracts.show_contract", "contract:read", "contract_id"),
    "reassessment": ("reassessments.show_reassessment", "reassessment:read", "reassessment_id"),
}


def _contact(row: Row[*tuple[Any, ...]]) -> tuple[str, str, str]:
    kind, outcome = label(row.code, CONTACT_KIND_LABELS), label(row.detail, CONTACT_OUTCOME_LABELS)
    made = row.detail == ContactOutcome.REALISEE
    tone = "soon" if row.detail in {ContactOutcome.ABSENT, ContactOutcome.REFUS} else ""
    icon = CONTACT_ICONS.get(row.code, "visit")
    return (icon, kind if made else _("%(kind)s : %(outcome)s", kind=kind, outcome=outcome.lower()), tone)


def _diagnostic(row: Row[*tuple[Any, ...]]) -> tuple[str, str, str]:
    parts = [_("Diagnostic")]
    if row.code:
        parts.append(label(row.code, RECOMMENDATION_LABELS).lower())
    if row.detail is not None:
        parts.append(_("taux d’effort %(rate)s", rate=tenths(int(row.detail))))
    return ("diagnostic", ", ".join(parts), "settled")


def _contract(row: Row[*tuple[Any, ...]]) -> tuple[str, str, str]:
    words = label(row.code, CONTRACT_KIND_LABELS)
    if row.detail:
        end = short_day(date.fromisoformat(row.detail))
        return ("contract", _("%(contract)s, jusqu’au %(day)s", contract=words, day=end), "settled")
    return ("contract", _("%(contract)s, sans terme fixé", contract=words), "settled")


def _suspension(row: Row[*tuple[Any, ...]]) -> tuple[str, str, str]:
    if row.detail:
        until = short_day(date.fromisoformat(row.detail))
        return ("suspension", _("Suspension, jusqu’au %(day)s", day=until), "soon")
    return ("suspension", _("Suspension de l’accompagnement"), "soon")


_KINDS: Mapping[str, Callable[[Row[*tuple[Any, ...]]], tuple[str, str, str]]] = {
    "referral": lambda r: ("referral", _("Orientation : %(who)s", who=label(r.code, REFERRAL_SOURCE_LABELS)), ""),
    "diagnostic": _diagnostic,
    "contract": _contract,
    "lease": lambda r: ("lease", _("Statut du logement : %(stage)s", stage=label(r.code, STAGE_LABELS)), ""),
    "suspension": _suspension,
    "reassessment": lambda r: (
        "reassessment",
        _("Réévaluation : %(decision)s", decision=label(r.code, DECISION_LABELS).lower()),
        "settled",
    ),
    "report": lambda r: ("debt", _("Impayé signalé : %(debt)s", debt=euros(int(r.detail))), "late"),
    "contact": _contact,
    "end": lambda r: (
        "end",
        _(
            "Fin de l’accompagnement : %(reason)s ; %(outcome)s",
            reason=label(r.code, END_REASON_LABELS).lower(),
            outcome=label(r.detail, OUTCOME_LABELS).lower(),
        ),
        "settled",
    ),
}
