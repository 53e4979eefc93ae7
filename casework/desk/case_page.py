"""The case page, gathered: a constant number of SELECTs, whatever the length of the history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from flask import url_for

from casework.accounts.vocabulary import Category
from casework.alerts.vocabulary import NEVER
from casework.alerts.words import SETTLED_BY
from casework.cases.queries import CaseHead
from casework.cases.vocabulary import CASE_STATE_LABELS, CaseState
from casework.contacts.vocabulary import CONTACT_KIND_LABELS, CONTACT_OUTCOME_LABELS
from casework.desk import presentation, timeline
from casework.desk.case_queries import MONTHS_OF_TREND, Meeting, ObjectiveLine, Standing, thread_and_details
from casework.desk.presentation import Words
from casework.kernel.calendar import add_months
from casework.kernel.context import Actor, Ctx
from casework.privacy.closing import is_writing
from casework.programmes.terms import Terms
from casework.web.filters import day, distance, euros, label, long_day, month, short_day, tenths
from casework.web.i18n import gettext as _
from casework.web.i18n import language
from casework.web.i18n import to_translate as _n
from casework.web.places import address

# state → the steps that may follow, the usual one first: words, endpoint, permission, icon
_NOTE = (_n("Noter un contact"), "contacts.record_contact", "contact:write", "note")
_APPOINTMENT = (_n("Prendre un rendez-vous"), "contacts.plan_appointment", "contact:write", "agenda")
_DIAGNOSTIC = (_n("Faire le diagnostic"), "diagnostics.record_diagnostic", "diagnostic:write", "diagnostic")
_LEASE = (_n("Statut du logement"), "leases.show_path", "lease:write", "lease")
_RENTS = (_n("Compte de loyer"), "rents.show_account", "rent:read", "rents")
_PEOPLE = (_n("Composition du ménage"), "cases.list_people", "person:write", "households")
_IDENTITY = (_n("Corriger la fiche"), "cases.correct_identity", "person:write", "edit")
_ADDRESS = (_n("Adresse protégée"), "confidential.show_address", "address:protect", "confidential")
_SENSITIVE = (_n("Données sensibles"), "confidential.list_notes", "sensitive:write", "confidential")
_CONSENTS = (_n("Information et accords"), "confidential.list_consents", "consent:write", "readers")
_SHARED = (_n("Ce que voit le bailleur"), "desk.show_landlord_view", "sharing:preview", "readers")
_MANAGE = (_n("Équipe, suspension, version"), "cases.manage_case", "case:manage", "settings")
_ALERTS = (_n("Historique des alertes"), "desk.list_case_alerts", "alert:read", "alerts")
_COPY = (_n("Copie pour la personne"), "disclosure.offer_copy", "privacy:export", "download")
_RIGHTS = (_n("Droits des personnes"), "privacy.list_rights", "rights:write", "decision")
_KEEP = (_n("Conservation du dossier"), "privacy.keep_case", "retention:archive", "history")
_HISTORY = (_n("Historique"), "history.list_changes", "history:read", "history")
_READINGS = (_n("Qui a ouvert ce dossier"), "history.list_readings", "history:read", "households")
_END = (_n("Terminer l’accompagnement"), "exits.end_case", "exit:write", "end")
_ENDED = (_n("Fin de l’accompagnement"), "exits.end_case", "exit:write", "end")
_COMMON = (_RENTS, _PEOPLE, _IDENTITY, _MANAGE)
# About the file itself: what few people read of it, what the person may ask, and who wrote or opened it.
_FILE = (_SENSITIVE, _ADDRESS, _SHARED, _CONSENTS, _RIGHTS, _COPY, _ALERTS, _HISTORY, _READINGS)
_ACTIONS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    CaseState.REFERRED: (_DIAGNOSTIC, _NOTE, _APPOINTMENT, _LEASE, *_COMMON, _END),
    CaseState.DIAGNOSED: (
        (_n("Signer le contrat"), "contracts.sign_contract", "contract:write", "contract"),
        _NOTE,
        _APPOINTMENT,
        _DIAGNOSTIC,
        _LEASE,
        *_COMMON,
        _END,
    ),
    CaseState.ACTIVE: (
        _NOTE,
        (_n("Faire la réévaluation"), "reassessments.hold_reassessment", "reassessment:write", "reassessment"),
        _APPOINTMENT,
        (_n("Faire un avenant"), "contracts.amend_contract", "contract:write", "contract"),
        _DIAGNOSTIC,
        _LEASE,
        *_COMMON,
        _END,
    ),
    CaseState.SUSPENDED: (_NOTE, _APPOINTMENT, *_COMMON, _END),
    CaseState.ENDED: (_NOTE, _ENDED, *_COMMON),
}
_FILE_ENDED = (*_FILE, _KEEP)
# What may still be done with a file that is archived or limited, which the landlord does not open.
_CLOSED = (_RENTS,)
_FILE_CLOSED = tuple(action for action in _FILE_ENDED if action is not _SHARED)


@dataclass(frozen=True)
class CasePage:
    """What the page shows besides the head of the case."""

    state: str
    state_label: str
    tone: str
    steps: list[Words]
    alerts: list[Words]
    actions: list[Words]
    file_actions: list[Words]
    tiles: list[Words]
    stages: list[Words]
    thread: list[Words]
    older: str
    group: str
    objectives: Sequence[ObjectiveLine]
    appointments: list[Words]
    groups: list[str]
    team: list[str]
    stage: str | None
    level: str | None
    since: date | None
    closing: Words | None
    shared: frozenset[Category]


def case_page(ctx: Ctx, head: CaseHead, standing: Standing, group: str, before: str | None) -> CasePage:
    """Return the page of a case that the actor is known to see; `before` is the place of the last entry shown."""
    actor, shared = ctx.actor, standing.shared
    group = group if group in timeline.GROUPS else ""
    rows, details = thread_and_details(ctx, head, group, _place(before), shared)
    shown = rows[: timeline.SIZE]
    last = shown[-1] if len(rows) > timeline.SIZE else None
    alerts = presentation.alert_lines(details.alerts, actor, ctx.today)
    tiles = [
        *_contact_tiles(ctx, standing),
        _debt_tile(standing, details.balances),
        *_effort_tiles(standing),
    ]
    is_closed = bool(standing.archived_on or standing.limited_on)
    file = _FILE_ENDED if standing.state == CaseState.ENDED else _FILE
    page = CasePage(
        state=standing.state,
        state_label=label(standing.state, CASE_STATE_LABELS),
        tone=_tone(standing, alerts),
        steps=_steps(head, standing, ctx.today),
        alerts=alerts,
        actions=_actions(_CLOSED if is_closed else _ACTIONS[standing.state], head.id, actor),
        file_actions=_actions(_FILE_CLOSED if is_closed else file, head.id, actor),
        tiles=tiles,
        stages=presentation.stage_picture(
            details.stages, head.ended_on if head.has_ended(ctx.today) else None, ctx.today
        ),
        thread=presentation.thread_groups(shown, head.id, actor),
        older=f"{last.on}~{last.rank}~{last.entry_id}" if last is not None else "",
        group=group,
        objectives=details.objectives if actor.may("contract:read") else (),
        appointments=_appointments(details.appointments, head.id, ctx) if actor.may("contact:read") else [],
        groups=timeline.groups_of(actor, shared),
        team=list(details.team),
        stage=standing.stage,
        level=standing.recommendation,
        since=standing.contract_on or head.referred_on,
        closing=_closing(head.id, standing, actor),
        shared=shared,
    )
    return _without_writing(page) if is_closed else page


def _without_writing(page: CasePage) -> CasePage:
    """Return the page of a file that is closed: what it holds is read, and nothing on it leads to a form that would fail."""
    alerts = [line | {"act_url": None} if is_writing(SETTLED_BY[line["rule"]][1]) else line for line in page.alerts]
    thread = [
        group
        | {
            "entries": [
                entry._replace(url=None, link="") if entry.id.startswith("contact-") else entry
                for entry in group["entries"]
            ]
        }
        for group in page.thread
    ]
    appointments = [meeting | {"act_url": None, "cancel_url": None} for meeting in page.appointments]
    return replace(page, alerts=alerts, thread=thread, appointments=appointments)


def without_links(page: CasePage) -> CasePage:
    """Return a page made for others without what leads on: the pages behind it would be one's own."""
    thread = [
        group | {"entries": [entry._replace(url=None, link="") for entry in group["entries"]]} for group in page.thread
    ]
    return replace(page, actions=[], file_actions=[], thread=thread)


def _actions(known: tuple[tuple[str, str, str, str], ...], case_id: int, actor: Actor) -> list[Words]:
    return [
        {"label": words, "url": address(endpoint, case_id=case_id), "icon": icon}
        for words, endpoint, icon in _offered(language(), known, actor.permissions)
    ]


@lru_cache(maxsize=500)
def _offered(
    _language: str, known: tuple[tuple[str, str, str, str], ...], permissions: frozenset[str]
) -> list[tuple[str, str, str]]:
    """Return those of the steps that may be taken: words in the language of the page, endpoint, icon."""
    return [(_(words), endpoint, icon) for words, endpoint, permission, icon in known if permission in permissions]


def _closing(case_id: int, standing: Standing, actor: Actor) -> Words | None:
    """Return what the page says of a file that is closed to writing, or soon to be anonymised."""
    if standing.archived_on is not None:
        title = _("Dossier en archive restreinte jusqu’au %(day)s", day=short_day(standing.archived_until))
        text = _("Seuls les responsables l’ouvrent. Il se consulte, et plus rien n’y est écrit.")
        return {"tone": "confidential", "title": title, "text": text, "url": _keep_url(case_id, actor)}
    if standing.limited_on is not None:
        title = _("Usage du dossier limité depuis le %(day)s", day=short_day(standing.limited_on))
        text = _(
            "La personne l’a demandé. Il se consulte, et rien n’y est écrit tant que la limitation n’est pas levée."
        )
        return {"tone": "confidential", "title": title, "text": text, "url": None}
    if standing.noticed_on is not None and _keep_url(case_id, actor):
        title = _("Ce dossier arrive à son terme")
        text = _("Il sera anonymisé, sauf si vous l’archivez pour une raison écrite.")
        return {"tone": "soon", "title": title, "text": text, "url": _keep_url(case_id, actor)}
    return None


def _keep_url(case_id: int, actor: Actor) -> str | None:
    return address("privacy.keep_case", case_id=case_id) if actor.may("retention:archive") else None


def _appointments(rows: Sequence[Meeting], case_id: int, ctx: Ctx) -> list[Words]:
    """Return the appointments that are open; who notes contacts settles them from their day on, or cancels them."""
    is_own_work = ctx.actor.may("contact:write")
    return [
        {
            "tone": "late" if row.planned_on < ctx.today else "information",
            "day": long_day(row.planned_on),
            "note": _("à noter") if row.planned_on < ctx.today else distance(row.planned_on, ctx.today),
            "time": row.at_time or _("dans la journée"),
            "kind": label(row.kind, CONTACT_KIND_LABELS).lower(),
            "act_url": url_for("contacts.record_contact", case_id=case_id, appointment=row.id, kind=row.kind)
            if is_own_work and row.planned_on <= ctx.today
            else None,
            "cancel_url": url_for("contacts.cancel_appointment", case_id=case_id, appointment_id=row.id)
            if is_own_work
            else None,
        }
        for row in rows
    ]


def _place(before: str | None) -> timeline.ThreadPlace | None:
    parts = (before or "").split("~")
    try:
        on, rank, entry_id = date.fromisoformat(parts[0]), int(parts[1]), int(parts[2])
    except (ValueError, IndexError):
        return None
    return timeline.ThreadPlace(on, rank, entry_id) if 0 <= rank < 100 and 0 < entry_id < 10**18 else None


def _tone(standing: Standing, alerts: list[Words]) -> str:
    if any(line["tone"] == "late" for line in alerts):
        return "late"
    if alerts:
        return "soon"
    return "settled" if standing.state == CaseState.ACTIVE else "information"


def _contact_tiles(ctx: Ctx, standing: Standing) -> list[Words]:
    if not ctx.actor.may("contact:read") or standing.last_contact_on is None:
        return []
    last_on = standing.last_contact_on
    value = _("jamais") if last_on == NEVER else distance(last_on, ctx.today)
    note = None
    if standing.contacted_on is not None:
        kind = label(standing.contact_kind, CONTACT_KIND_LABELS)
        outcome = label(standing.contact_outcome, CONTACT_OUTCOME_LABELS).lower()
        note = _("%(kind)s le %(day)s : %(outcome)s", kind=kind, day=short_day(standing.contacted_on), outcome=outcome)
    last: Words = {"label": _("Dernier contact"), "value": value, "note": note, "icon": "visit", "url": "#fil"}
    if standing.next_due_on is None:
        return [last]
    due, how_far, tone = presentation.due_words(language(), standing.next_due_on, ctx.today)
    return [
        last,
        {"label": _("Prochaine échéance"), "value": due, "note": how_far, "tone": tone, "icon": "agenda"},
    ]


def _debt_tile(standing: Standing, balances: Sequence[tuple[date, int]]) -> Words:
    tile: Words = {"label": _("Dette de loyer"), "value": euros(standing.debt_cents), "icon": "debt"}
    if not balances:
        return tile | {"value": "–", "note": _("aucun quittancement reçu")}
    tone = "soon" if standing.debt_cents else "settled"
    last_month, last = balances[0]
    before = dict(balances).get(add_months(last_month, -MONTHS_OF_TREND))
    if before is None:
        return tile | {"note": _("dernier quittancement\u00a0: %(month)s", month=month(last_month)), "tone": tone}
    change = max(0, last) - max(0, before)
    trend = "flat" if change == 0 else "up" if change > 0 else "down"
    words = {
        "flat": _("stable sur trois mois"),
        "up": _("en hausse de %(amount)s en trois mois", amount=euros(abs(change))),
        "down": _("en baisse de %(amount)s en trois mois", amount=euros(abs(change))),
    }[trend]
    return tile | {"note": words, "trend": trend, "tone": "late" if standing.debt_cents and trend == "up" else tone}


def _effort_tiles(standing: Standing) -> list[Words]:
    if standing.diagnosed_on is None or Category.BUDGET not in standing.shared:
        return []
    return [_effort_tile(standing.effort_tenths, standing.terms)]


def _effort_tile(effort_tenths: int | None, terms: Terms) -> Words:
    tone, note = "muted", None
    if effort_tenths == 0:
        note = _("rien à payer, d’après ces montants")
    elif effort_tenths is not None:
        if effort_tenths > terms.effort_alert_tenths:
            tone, note = "late", _("au-dessus de %(limit)s", limit=tenths(terms.effort_alert_tenths))
        elif effort_tenths > terms.effort_warn_tenths:
            tone, note = "soon", _("au-dessus de %(limit)s", limit=tenths(terms.effort_warn_tenths))
        else:
            tone, note = "settled", _("sous %(limit)s", limit=tenths(terms.effort_warn_tenths))
    return {"label": _("Taux d’effort"), "value": tenths(effort_tenths), "note": note, "tone": tone, "icon": "effort"}


def _steps(head: CaseHead, standing: Standing, today: date) -> list[Words]:
    diagnosed_on = standing.diagnosed_on
    diagnosed = diagnosed_on is not None or standing.state != CaseState.REFERRED
    signed = standing.contract_on is not None
    ended = head.has_ended(today)
    states = [True, diagnosed, signed, ended and signed, ended]
    current = next((place for place, done in enumerate(states) if not done), None)
    notes = [
        day(head.referred_on),
        day(diagnosed_on) if diagnosed_on else "",
        day(standing.contract_on) if signed else "",
    ]
    follow_up = _("en cours") if signed and not ended else ""
    notes += [follow_up, day(head.ended_on) if ended else ""]
    labels = [_("Orientation"), _("Diagnostic"), _("Contrat"), _("Accompagnement"), _("Fin")]
    return [
        {
            "label": words,
            "note": note,
            "state": "done" if done else "current" if place == current else "todo",
            "url": None,
        }
        for place, (words, note, done) in enumerate(zip(labels, notes, states, strict=True))
    ]
