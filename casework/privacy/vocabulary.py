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
    Reach.CASE: "Contacts, bilans, contrats et autres écrits",
    Reach.HOUSEHOLD: "Ménages",
    Reach.MEMBER: "Places dans un ménage",
    Reach.PERSON: "Personnes",
    Reach.DWELLING: "Logements",
    Reach.ACCOUNT: "Comptes de loyer",
    Reach.ACCOUNT_LINES: "Lignes de quittancement",
    Reach.AUDIT: "Traces des écritures",
}
