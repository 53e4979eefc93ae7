"""Codes of the reassessments."""

from enum import StrEnum


class Decision(StrEnum):
    """What the reassessment decides."""

    POURSUITE = "POURSUITE"
    AJUSTEMENT = "AJUSTEMENT"
    PROLONGATION = "PROLONGATION"
    FIN = "FIN"


DECISION_LABELS: dict[str, str] = {
    Decision.POURSUITE: "Poursuite",
    Decision.AJUSTEMENT: "Ajustement",
    Decision.PROLONGATION: "Prolongation",
    Decision.FIN: "Fin de l’accompagnement proposée",
}


class Domain(StrEnum):
    """What is looked at, from 1 (needs constant help) to 4 (autonomous)."""

    PAYMENT = "PAYMENT"
    DWELLING = "DWELLING"
    NEIGHBOURS = "NEIGHBOURS"
    BUDGET = "BUDGET"
    PAPERWORK = "PAPERWORK"
    INTEGRATION = "INTEGRATION"


DOMAIN_LABELS: dict[str, str] = {
    Domain.PAYMENT: "Paiement du loyer",
    Domain.DWELLING: "Entretien et usage du logement",
    Domain.NEIGHBOURS: "Voisinage et parties communes",
    Domain.BUDGET: "Budget",
    Domain.PAPERWORK: "Droits et démarches",
    Domain.INTEGRATION: "Insertion et vie sociale",
}

LEVEL_LABELS: dict[int, str] = {
    1: "Aide constante",
    2: "Aide régulière",
    3: "Aide ponctuelle",
    4: "Autonome",
}
