"""An alert in words: why it was raised, from which figures, and the button that settles it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.alerts.vocabulary import REMINDERS, RULE_LABELS, STANDINGS, AlertRule
from casework.web.filters import distance, euros, short_day
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext

# rule → endpoint that settles it, permission, icon
SETTLED_BY: dict[str, tuple[str, str, str]] = {
    AlertRule.CAF_REPORT_DUE: ("rents.show_account", "rent:report", "debt"),
    AlertRule.LEASE_SLIDE_NOTICE_DUE: ("leases.show_path", "lease:write", "lease"),
    AlertRule.CONTACT_LOST: ("contacts.record_contact", "contact:write", "visit"),
    AlertRule.REASSESSMENT_OVERDUE: ("reassessments.hold_reassessment", "reassessment:write", "reassessment"),
    AlertRule.REASSESSMENT_DUE_SOON: ("reassessments.hold_reassessment", "reassessment:write", "reassessment"),
    AlertRule.VISIT_OVERDUE: ("contacts.record_contact", "contact:write", "visit"),
    AlertRule.CONTRACT_ENDED: ("contracts.amend_contract", "contract:write", "contract"),
    AlertRule.CONTRACT_ENDING: ("contracts.amend_contract", "contract:write", "contract"),
    AlertRule.ARREARS_CONSTITUTED: ("rents.show_account", "rent:read", "debt"),
    AlertRule.ARREARS_EARLY: ("rents.show_account", "rent:read", "debt"),
}


@dataclass(frozen=True)
class AlertWords:
    """What a page says of an alert. `tone` is late or soon."""

    tone: str
    title: str
    when: str
    why: str


def explain(rule: str, due_on: date, facts: Mapping[str, Any], today: date) -> AlertWords:
    """Return the words for an alert on `today`: its rule, how late it is, the figures used."""
    late = (today - due_on).days
    if rule in REMINDERS or late <= 0:
        tone, when = "soon", _("à venir") if late < 0 else _("aujourd’hui")
    else:
        tone, when = "late", ngettext("%(num)d jour de retard", "%(num)d jours de retard", late)
    if rule in STANDINGS:
        when = _("depuis le %(day)s", day=short_day(due_on))
    return AlertWords(tone, _(RULE_LABELS[rule]), when, _WHY[rule](due_on, facts, today))


def action_words(rule: str) -> str:
    """Return the words of the button that settles an alert."""
    return {
        AlertRule.CAF_REPORT_DUE: _("Signaler l’impayé"),
        AlertRule.LEASE_SLIDE_NOTICE_DUE: _("Préparer l’examen"),
        AlertRule.CONTACT_LOST: _("Noter un contact"),
        AlertRule.REASSESSMENT_OVERDUE: _("Faire la réévaluation"),
        AlertRule.REASSESSMENT_DUE_SOON: _("Faire la réévaluation"),
        AlertRule.VISIT_OVERDUE: _("Noter une visite"),
        AlertRule.CONTRACT_ENDED: _("Faire un avenant"),
        AlertRule.CONTRACT_ENDING: _("Faire un avenant"),
        AlertRule.ARREARS_CONSTITUTED: _("Voir le compte"),
        AlertRule.ARREARS_EARLY: _("Voir le compte"),
    }[AlertRule(rule)]


def closing_words(fact: str) -> str:
    """Return the fact that closed an alert, in words."""
    code, _sep, on = fact.partition(":")
    if not on and code != "suspended":
        return _("Les faits ont changé.")
    day = short_day(date.fromisoformat(on)) if on else ""
    return {
        "passed": _("L’échéance du %(day)s est passée.", day=day),
        "ended": _("L’accompagnement a pris fin le %(day)s.", day=day),
        "suspended": _("L’accompagnement est suspendu."),
        "reassessment": _("Réévaluation faite le %(day)s.", day=day),
        "contact": _("Contact le %(day)s.", day=day),
        "planned_end": _("Le terme du contrat est désormais le %(day)s.", day=day),
        "stage": _("Le statut du logement a changé."),
        "reported": _("Impayé signalé le %(day)s.", day=day),
        "terms": _("D’autres règles du dispositif valent pour le ménage depuis le %(day)s.", day=day),
        "ledger": _("Le dernier quittancement ne le montre plus."),
    }.get(code, _("Les faits ont changé."))


def _day_of(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    return short_day(date.fromisoformat(value)) if value else _("jamais")


def _why_reassessment(due_on: date, facts: Mapping[str, Any], _today: date) -> str:
    if facts.get("last_on"):
        return _(
            "attendue le %(due)s ; la dernière est du %(last)s.", due=short_day(due_on), last=_day_of(facts, "last_on")
        )
    return _("attendue le %(due)s ; aucune depuis le contrat.", due=short_day(due_on))


def _why_visit(due_on: date, facts: Mapping[str, Any], _today: date) -> str:
    days = int(facts.get("days", 0))
    rhythm = ngettext("un chaque jour", "un tous les %(num)d jours", days)
    if facts.get("last_on"):
        last = _day_of(facts, "last_on")
        return _("dernier contact le %(last)s ; %(rhythm)s est prévu.", last=last, rhythm=rhythm)
    return _("aucun contact depuis le contrat ; %(rhythm)s est prévu.", rhythm=rhythm)


def _why_lost(_due_on: date, facts: Mapping[str, Any], _today: date) -> str:
    missed = int(facts.get("missed", 0))
    last = _day_of(facts, "last_on")
    return ngettext(
        "%(num)d absence ou refus depuis le dernier contact (%(last)s).",
        "%(num)d absences ou refus depuis le dernier contact (%(last)s).",
        missed,
        last=last,
    )


def _why_contract(due_on: date, _facts: Mapping[str, Any], today: date) -> str:
    return _(
        "le terme du contrat est le %(day)s (%(distance)s).", day=short_day(due_on), distance=distance(due_on, today)
    )


def _why_slide(due_on: date, facts: Mapping[str, Any], _today: date) -> str:
    return _(
        "réponse due au préfet le %(due)s : la période d’examen finit le %(end)s.",
        due=short_day(due_on),
        end=_day_of(facts, "period_end_on"),
    )


def _why_arrears(_due_on: date, facts: Mapping[str, Any], _today: date) -> str:
    debt, threshold = euros(int(facts["debt_cents"])), euros(int(facts["threshold_cents"]))
    if facts.get("check_by_hand"):
        return _("dette de %(debt)s alors que l’aide couvre le loyer : à vérifier à la main.", debt=debt)
    return _("dette de %(debt)s, pour un seuil de %(threshold)s.", debt=debt, threshold=threshold)


def _why_report(due_on: date, facts: Mapping[str, Any], _today: date) -> str:
    return _(
        "à signaler au plus tard le %(due)s ; impayé constitué le %(since)s.",
        due=short_day(due_on),
        since=_day_of(facts, "constituted_on"),
    )


def _why_early(_due_on: date, facts: Mapping[str, Any], _today: date) -> str:
    return ngettext(
        "%(num)d loyer incomplet, entrée le %(day)s.",
        "%(num)d loyers incomplets de suite, entrée le %(day)s.",
        int(facts.get("lines", 0)),
        day=_day_of(facts, "moved_in_on"),
    )


_WHY = {
    AlertRule.REASSESSMENT_OVERDUE.value: _why_reassessment,
    AlertRule.REASSESSMENT_DUE_SOON.value: _why_reassessment,
    AlertRule.VISIT_OVERDUE.value: _why_visit,
    AlertRule.CONTACT_LOST.value: _why_lost,
    AlertRule.CONTRACT_ENDING.value: _why_contract,
    AlertRule.CONTRACT_ENDED.value: _why_contract,
    AlertRule.LEASE_SLIDE_NOTICE_DUE.value: _why_slide,
    AlertRule.ARREARS_CONSTITUTED.value: _why_arrears,
    AlertRule.CAF_REPORT_DUE.value: _why_report,
    AlertRule.ARREARS_EARLY.value: _why_early,
}
