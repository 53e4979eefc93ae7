"""Kinds of file that teams and landlords send."""

from enum import StrEnum


class FileKind(StrEnum):
    """What a file holds."""

    HOUSEHOLDS = "HOUSEHOLDS"
    CONTACTS = "CONTACTS"
    REASSESSMENTS = "REASSESSMENTS"
    LEDGER = "LEDGER"


FILE_KIND_LABELS: dict[str, str] = {
    FileKind.HOUSEHOLDS: "Ménages",
    FileKind.CONTACTS: "Visites et contacts",
    FileKind.REASSESSMENTS: "Réévaluations",
    FileKind.LEDGER: "Quittancement",
}

# What an import puts in, counted.
CREATED_LABELS: dict[str, str] = {
    "cases": "Ménages créés",
    "updated_cases": "Ménages complétés ou modifiés",
    "contacts": "Contacts ajoutés",
    "updated_contacts": "Contacts complétés ou modifiés",
    "reassessments": "Réévaluations ajoutées",
    "updated_reassessments": "Réévaluations modifiées",
    "rent_lines": "Lignes de quittancement ajoutées",
    "replaced_lines": "Lignes de quittancement remplacées",
    "users": "Référents ajoutés, sans accès pour l’instant",
}
