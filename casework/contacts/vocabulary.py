"""Codes of contacts."""

from enum import StrEnum


class ContactKind(StrEnum):
    """How a household was met, or sought."""

    VAD = "VAD"
    BUREAU = "BUREAU"
    TEL = "TEL"
    ATELIER = "ATELIER"
    TENTATIVE = "TENTATIVE"


CONTACT_KIND_LABELS: dict[str, str] = {
    ContactKind.VAD: "Visite à domicile",
    ContactKind.BUREAU: "Entretien au bureau",
    ContactKind.TEL: "Appel téléphonique",
    ContactKind.ATELIER: "Atelier collectif",
    ContactKind.TENTATIVE: "Tentative de contact",
}


class ContactOutcome(StrEnum):
    """What came of it."""

    REALISEE = "REALISEE"
    ABSENT = "ABSENT"
    REFUS = "REFUS"
    REPORTEE = "REPORTEE"


CONTACT_OUTCOME_LABELS: dict[str, str] = {
    ContactOutcome.REALISEE: "Le contact a eu lieu",
    ContactOutcome.ABSENT: "Absence",
    ContactOutcome.REFUS: "Refus",
    ContactOutcome.REPORTEE: "Reporté",
}

# An attempt is never a contact made, whatever came of it.
MADE_KINDS = frozenset(ContactKind) - {ContactKind.TENTATIVE}
MISSED_OUTCOMES = frozenset({ContactOutcome.ABSENT, ContactOutcome.REFUS})
