"""Codes of the alert rules, most pressing first."""

from datetime import date
from enum import IntEnum, StrEnum

from casework.accounts.vocabulary import Category

# Dates that sort before and after every other: no contact yet, nothing due.
NEVER = date(1, 1, 1)
NOTHING_DUE = date(9999, 12, 31)


class AlertRule(StrEnum):
    """The rules of the table, in the order in which a page shows them."""

    CAF_REPORT_DUE = "CAF_REPORT_DUE"
    LEASE_SLIDE_NOTICE_DUE = "LEASE_SLIDE_NOTICE_DUE"
    CONTACT_LOST = "CONTACT_LOST"
    REASSESSMENT_OVERDUE = "REASSESSMENT_OVERDUE"
    VISIT_OVERDUE = "VISIT_OVERDUE"
    CONTRACT_ENDED = "CONTRACT_ENDED"
    ARREARS_CONSTITUTED = "ARREARS_CONSTITUTED"
    ARREARS_EARLY = "ARREARS_EARLY"
    REASSESSMENT_DUE_SOON = "REASSESSMENT_DUE_SOON"
    CONTRACT_ENDING = "CONTRACT_ENDING"


class Urgency(IntEnum):
    """How pressing the open alerts of a case are together, by the most pressing of them."""

    CALM = 0
    SOON = 1
    STANDING = 2
    LATE = 3


RULE_LABELS: dict[str, str] = {
    AlertRule.CAF_REPORT_DUE: "Signalement de l’impayé à la CAF ou à la MSA",
    AlertRule.LEASE_SLIDE_NOTICE_DUE: "Réponse au préfet sur le bail glissant",
    AlertRule.CONTACT_LOST: "Contact perdu",
    AlertRule.REASSESSMENT_OVERDUE: "Réévaluation en retard",
    AlertRule.VISIT_OVERDUE: "Visite en retard",
    AlertRule.CONTRACT_ENDED: "Contrat échu",
    AlertRule.ARREARS_CONSTITUTED: "Impayé constitué",
    AlertRule.ARREARS_EARLY: "Premiers loyers impayés",
    AlertRule.REASSESSMENT_DUE_SOON: "Réévaluation à venir",
    AlertRule.CONTRACT_ENDING: "Contrat bientôt échu",
}

# Raised before the due date: a reminder, not a delay.
REMINDERS = frozenset({AlertRule.REASSESSMENT_DUE_SOON, AlertRule.CONTRACT_ENDING})
# How a household stands since the due date: nothing else was to be done by then.
STANDINGS = frozenset({AlertRule.ARREARS_CONSTITUTED, AlertRule.ARREARS_EARLY, AlertRule.CONTACT_LOST})
# What rules.evaluate_contacts decides.
CONTACT_RULES = frozenset({AlertRule.VISIT_OVERDUE, AlertRule.CONTACT_LOST})
# Rules that tell facts of a category: who does not read it is not shown them.
RULES_OF_CATEGORY: dict[Category, frozenset[AlertRule]] = {
    Category.CONTACTS: CONTACT_RULES,
    Category.REASSESSMENTS: frozenset({AlertRule.REASSESSMENT_OVERDUE, AlertRule.REASSESSMENT_DUE_SOON}),
}
RENT_RULES = frozenset({AlertRule.ARREARS_CONSTITUTED, AlertRule.ARREARS_EARLY, AlertRule.CAF_REPORT_DUE})
# Rules whose duty is the landlord's; that of the others is the association's.
LANDLORD_RULES = RENT_RULES | {AlertRule.LEASE_SLIDE_NOTICE_DUE}
PRIORITY: dict[str, int] = {rule.value: place for place, rule in enumerate(AlertRule)}
