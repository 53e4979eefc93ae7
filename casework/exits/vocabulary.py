"""Codes of the end (domain reference: MOTIF_FIN, RESULTAT)."""

from enum import StrEnum


class EndReason(StrEnum):
    """Why the accompaniment ends."""

    OBJ = "OBJ"
    RELAIS_DC = "RELAIS_DC"
    RELAIS_AUTRE = "RELAIS_AUTRE"
    ACCES = "ACCES"
    GLISSEMENT = "GLISSEMENT"
    TERME = "TERME"
    NONADH = "NONADH"
    ABANDON = "ABANDON"
    EXPULSION = "EXPULSION"
    DEPART = "DEPART"
    HEBERG = "HEBERG"
    HOSP = "HOSP"
    DETENTION = "DETENTION"
    DECES = "DECES"
    SEPARATION = "SEPARATION"
    ERREUR = "ERREUR"
    AUTRE = "AUTRE"


END_REASON_LABELS: dict[str, str] = {
    EndReason.OBJ: "Objectifs atteints",
    EndReason.RELAIS_DC: "Relais de droit commun",
    EndReason.RELAIS_AUTRE: "Relais vers un autre dispositif",
    EndReason.ACCES: "Accès à un logement",
    EndReason.GLISSEMENT: "Bail glissé au nom du ménage",
    EndReason.TERME: "Durée maximale atteinte",
    EndReason.NONADH: "Non-adhésion ou refus",
    EndReason.ABANDON: "Plus de contact",
    EndReason.EXPULSION: "Expulsion",
    EndReason.DEPART: "Départ volontaire du territoire",
    EndReason.HEBERG: "Retour en hébergement",
    EndReason.HOSP: "Hospitalisation",
    EndReason.DETENTION: "Absence de longue durée",
    EndReason.DECES: "Décès",
    EndReason.SEPARATION: "Séparation",
    EndReason.ERREUR: "Orientation inadaptée ou non-lieu",
    EndReason.AUTRE: "Autre",
}


# What tells of somebody's health is for the association to read; to everybody else it is an absence, as a detention is.
TOLD_AS: dict[EndReason, EndReason] = {EndReason.HOSP: EndReason.DETENTION}


class Outcome(StrEnum):
    """How the household is housed at the end."""

    MAINTIEN_TITRE = "MAINTIEN_TITRE"
    MAINTIEN_PCS = "MAINTIEN_PCS"
    ACCES_SOCIAL = "ACCES_SOCIAL"
    ACCES_PRIVE = "ACCES_PRIVE"
    ACCES_ADAPTE = "ACCES_ADAPTE"
    GLISSE = "GLISSE"
    MUTATION = "MUTATION"
    SOUS_LOC_POURSUITE = "SOUS_LOC_POURSUITE"
    HEBERGEMENT = "HEBERGEMENT"
    PERTE = "PERTE"
    INCONNU = "INCONNU"


OUTCOME_LABELS: dict[str, str] = {
    Outcome.MAINTIEN_TITRE: "Maintien, locataire en titre",
    Outcome.MAINTIEN_PCS: "Maintien par protocole de cohésion sociale",
    Outcome.ACCES_SOCIAL: "Bail direct dans le parc social",
    Outcome.ACCES_PRIVE: "Bail dans le parc privé",
    Outcome.ACCES_ADAPTE: "Logement adapté",
    Outcome.GLISSE: "Bail glissé",
    Outcome.MUTATION: "Mutation",
    Outcome.SOUS_LOC_POURSUITE: "Sous-location poursuivie",
    Outcome.HEBERGEMENT: "Hébergement",
    Outcome.PERTE: "Perte du logement",
    Outcome.INCONNU: "Inconnu",
}

_STAYS = frozenset({Outcome.MAINTIEN_TITRE, Outcome.MAINTIEN_PCS, Outcome.GLISSE, Outcome.SOUS_LOC_POURSUITE})
# What cannot have become of a household whose accompaniment ended for that reason. An expelled one may be housed elsewhere.
CONTRADICTIONS: dict[EndReason, frozenset[Outcome]] = {
    EndReason.ACCES: frozenset({Outcome.PERTE, Outcome.HEBERGEMENT}),
    EndReason.GLISSEMENT: frozenset({Outcome.PERTE, Outcome.HEBERGEMENT, Outcome.SOUS_LOC_POURSUITE}),
    EndReason.EXPULSION: _STAYS,
    EndReason.HEBERG: _STAYS | {Outcome.ACCES_SOCIAL, Outcome.ACCES_PRIVE, Outcome.MUTATION},
}
