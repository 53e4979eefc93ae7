"""Codes of programme definitions."""

from enum import StrEnum


class LeaseStageCode(StrEnum):
    """Titles of occupation (domain reference: STATUT_OCCUPATION)."""

    HEBERGEMENT = "HEBERGEMENT"
    ALT = "ALT"
    SOUS_LOCATION = "SOUS_LOCATION"
    BAIL_ASSOCIATIF = "BAIL_ASSOCIATIF"
    BAIL_GLISSANT = "BAIL_GLISSANT"
    BAIL_DIRECT = "BAIL_DIRECT"
    RES_SOCIALE = "RES_SOCIALE"
    BAIL_SECURISATION = "BAIL_SECURISATION"
    BAIL_SAUVEGARDE = "BAIL_SAUVEGARDE"
    TRANSIT_GLISSANT = "TRANSIT_GLISSANT"
    COLOCATION = "COLOCATION"
    RELOGEMENT_TRANSITOIRE = "RELOGEMENT_TRANSITOIRE"
    REPRISE_BAIL = "REPRISE_BAIL"
    APPARTEMENT_TEMOIN = "APPARTEMENT_TEMOIN"
    PCS = "PCS"
    OSDT = "OSDT"


STAGE_LABELS: dict[str, str] = {
    LeaseStageCode.HEBERGEMENT: "Hébergement",
    LeaseStageCode.ALT: "Allocation logement temporaire (ALT)",
    LeaseStageCode.SOUS_LOCATION: "Sous-location",
    LeaseStageCode.BAIL_ASSOCIATIF: "Bail associatif",
    LeaseStageCode.BAIL_GLISSANT: "Bail glissant",
    LeaseStageCode.BAIL_DIRECT: "Bail direct",
    LeaseStageCode.RES_SOCIALE: "Résidence sociale",
    LeaseStageCode.BAIL_SECURISATION: "Bail de sécurisation",
    LeaseStageCode.BAIL_SAUVEGARDE: "Bail de sauvegarde",
    LeaseStageCode.TRANSIT_GLISSANT: "Bail « transit glissant »",
    LeaseStageCode.COLOCATION: "Colocation",
    LeaseStageCode.RELOGEMENT_TRANSITOIRE: "Relogement transitoire",
    LeaseStageCode.REPRISE_BAIL: "Reprise du bail",
    LeaseStageCode.APPARTEMENT_TEMOIN: "Appartement témoin",
    LeaseStageCode.PCS: "Protocole de cohésion sociale",
    LeaseStageCode.OSDT: "Occupation sans droit ni titre",
}

# The slide examination and the notice to the préfet belong to these.
SLIDING_STAGES = frozenset({LeaseStageCode.BAIL_GLISSANT})
