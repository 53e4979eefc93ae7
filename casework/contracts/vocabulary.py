"""Codes of contracts and objectives."""

from enum import StrEnum


class ContractKind(StrEnum):
    """First contract or what followed it."""

    INITIAL = "INITIAL"
    AMENDMENT = "AMENDMENT"


CONTRACT_KIND_LABELS: dict[str, str] = {
    ContractKind.INITIAL: "Contrat tripartite",
    ContractKind.AMENDMENT: "Avenant",
}


class Party(StrEnum):
    """The three parties."""

    HOUSEHOLD = "HOUSEHOLD"
    ASSOCIATION = "ASSOCIATION"
    LANDLORD = "LANDLORD"


PARTY_LABELS: dict[str, str] = {
    Party.HOUSEHOLD: "Le ménage",
    Party.ASSOCIATION: "L’association",
    Party.LANDLORD: "Le bailleur",
}


class ObjectiveState(StrEnum):
    """What became of an objective."""

    OPEN = "OPEN"
    MET = "MET"
    PARTLY = "PARTLY"
    DROPPED = "DROPPED"


OBJECTIVE_STATE_LABELS: dict[str, str] = {
    ObjectiveState.OPEN: "En cours",
    ObjectiveState.MET: "Atteint",
    ObjectiveState.PARTLY: "Atteint en partie",
    ObjectiveState.DROPPED: "Abandonné",
}

MISSING_PARTY_LABELS: dict[str, str] = {
    Party.HOUSEHOLD: "Il manque le ménage : écrivez qui signe pour lui.",
    Party.ASSOCIATION: "Il manque l’association : écrivez qui signe pour elle.",
    Party.LANDLORD: "Il manque le bailleur : écrivez qui signe pour lui.",
}
