"""Codes of what is confidential: what a sensitive note is about, why a glass is broken, what a person was told or agreed."""

from enum import StrEnum


class Topic(StrEnum):
    """What a sensitive note is about. Detention is a housing situation: dates and who to call, never the offence."""

    SANTE = "SANTE"
    HANDICAP = "HANDICAP"
    ADDICTION = "ADDICTION"
    VIOLENCES = "VIOLENCES"
    PROTECTION = "PROTECTION"
    AUTRE = "AUTRE"
    DETENTION = "DETENTION"


TOPIC_LABELS: dict[str, str] = {
    Topic.SANTE: "Santé",
    Topic.HANDICAP: "Handicap, perte d’autonomie",
    Topic.ADDICTION: "Addiction",
    Topic.VIOLENCES: "Violences subies",
    Topic.PROTECTION: "Mesure de protection (tutelle, curatelle)",
    Topic.AUTRE: "Autre donnée sensible",
    Topic.DETENTION: "Détention",
}


class Motive(StrEnum):
    """Why somebody who is not of the team opens what only the team reads."""

    DANGER = "DANGER"
    REMPLACEMENT = "REMPLACEMENT"
    DEMANDE = "DEMANDE"
    JUSTICE = "JUSTICE"
    AUTRE = "AUTRE"


MOTIVE_LABELS: dict[str, str] = {
    Motive.DANGER: "Danger pour une personne",
    Motive.REMPLACEMENT: "Remplacement imprévu de l’équipe",
    Motive.DEMANDE: "Demande de la personne accompagnée",
    Motive.JUSTICE: "Obligation légale ou judiciaire",
    Motive.AUTRE: "Autre motif",
}


class ConsentKind(StrEnum):
    """What the person was told, or agreed to. Adherence to the accompaniment is neither: the contract says it."""

    INFORMATION = "INFORMATION"
    PARTAGE = "PARTAGE"
    SANTE = "SANTE"
    PARTENAIRE = "PARTENAIRE"


CONSENT_LABELS: dict[str, str] = {
    ConsentKind.INFORMATION: "Information sur ses données",
    ConsentKind.PARTAGE: "Accord sur le partage avec le bailleur",
    ConsentKind.SANTE: "Accord pour noter des données de santé",
    ConsentKind.PARTENAIRE: "Accord sur l’échange avec un partenaire",
}
