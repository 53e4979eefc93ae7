"""Words for what is kept of people."""

from enum import StrEnum


class Reach(StrEnum):
    """How the rows of a table are found from the cases that are anonymised."""

    SELF = "self"
    CASE = "case"
    HOUSEHOLD = "household"
    MEMBER = "member"
    PERSON = "person"
    DWELLING = "dwelling"
    ACCOUNT = "account"
    ACCOUNT_LINES = "account_lines"
    AUDIT = "audit"


# What an anonymisation changes, by how its rows are found.
REACH_LABELS: dict[str, str] = {
    Reach.SELF: "Dossiers",
    Reach.CASE: "Contacts, réévaluations, contrats et autres écrits",
    Reach.HOUSEHOLD: "Ménages",
    Reach.MEMBER: "Places dans un ménage",
    Reach.PERSON: "Personnes",
    Reach.DWELLING: "Logements",
    Reach.ACCOUNT: "Comptes de loyer",
    Reach.ACCOUNT_LINES: "Lignes de quittancement",
    Reach.AUDIT: "Traces des écritures",
}


class Right(StrEnum):
    """What a person may ask of their data."""

    ACCESS = "ACCESS"
    RECTIFICATION = "RECTIFICATION"
    LIMITATION = "LIMITATION"
    OPPOSITION = "OPPOSITION"


RIGHT_LABELS: dict[str, str] = {
    Right.ACCESS: "Accès : recevoir une copie du dossier",
    Right.RECTIFICATION: "Rectification : corriger ce qui est faux",
    Right.LIMITATION: "Limitation : geler l’usage du dossier",
    Right.OPPOSITION: "Opposition : refuser un usage de ses données",
}


class Decision(StrEnum):
    """What was answered."""

    GRANTED = "GRANTED"
    PARTLY = "PARTLY"
    REFUSED = "REFUSED"


DECISION_LABELS: dict[str, str] = {
    Decision.GRANTED: "Acceptée",
    Decision.PARTLY: "Acceptée en partie",
    Decision.REFUSED: "Refusée",
}
