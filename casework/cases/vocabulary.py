"""Codes of the accompaniment."""

from enum import StrEnum


class ReferralSource(StrEnum):
    """Who pointed to the household."""

    PERSONNEL_PROXIMITE = "PERSONNEL_PROXIMITE"
    REUNION_IMPAYES = "REUNION_IMPAYES"
    DEMANDE_LOCATAIRE = "DEMANDE_LOCATAIRE"
    VOISINAGE = "VOISINAGE"
    FAMILLE = "FAMILLE"
    PARTENAIRE = "PARTENAIRE"
    SIAO = "SIAO"
    CCAPEX = "CCAPEX"
    COMED = "COMED"
    CALEOL = "CALEOL"
    AUTRE = "AUTRE"


REFERRAL_SOURCE_LABELS: dict[str, str] = {
    ReferralSource.PERSONNEL_PROXIMITE: "Personnel de proximité du bailleur",
    ReferralSource.REUNION_IMPAYES: "Réunion des impayés",
    ReferralSource.DEMANDE_LOCATAIRE: "Demande du locataire",
    ReferralSource.VOISINAGE: "Voisinage",
    ReferralSource.FAMILLE: "Famille",
    ReferralSource.PARTENAIRE: "Partenaire",
    ReferralSource.SIAO: "SIAO",
    ReferralSource.CCAPEX: "CCAPEX",
    ReferralSource.COMED: "Commission de médiation (DALO)",
    ReferralSource.CALEOL: "Commission d’attribution (CALEOL)",
    ReferralSource.AUTRE: "Autre",
}


class CaseState(StrEnum):
    """Where the accompaniment stands on a day."""

    REFERRED = "REFERRED"
    DIAGNOSED = "DIAGNOSED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


CASE_STATE_LABELS: dict[str, str] = {
    CaseState.REFERRED: "Orienté",
    CaseState.DIAGNOSED: "Diagnostic fait",
    CaseState.ACTIVE: "En cours",
    CaseState.SUSPENDED: "Suspendu",
    CaseState.ENDED: "Terminé",
}


class BenefitPayment(StrEnum):
    """Who receives the housing benefit."""

    TIERS_PAYANT = "TIERS_PAYANT"
    DIRECT = "DIRECT"


BENEFIT_PAYMENT_LABELS: dict[str, str] = {
    BenefitPayment.TIERS_PAYANT: "Versée au bailleur",
    BenefitPayment.DIRECT: "Versée au locataire",
}
