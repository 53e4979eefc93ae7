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
