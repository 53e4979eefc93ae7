"""Who asks, how what they ask for stands to them, and the words planted where they must not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.accounts.vocabulary import Role

# A Monday, the day after the clocks went forward.
TODAY = date(2026, 3, 30)
VISITOR = "visitor"
ROLES = tuple(role.value for role in Role)
WHO = (*ROLES, VISITOR)


class Relation(StrEnum):
    """How an object stands to who asks for it. A column of the matrix."""

    # Of a case that goes on and whose team the referent is of, in the programme in which everybody here works.
    OWN = "own"
    # A colleague's, in that same programme.
    SAME = "same organisation"
    # In another programme of the same landlord and association.
    OTHER = "other programme"
    # In a programme of another landlord and another association.
    FOREIGN = "other organisation"
    # Once one's own: ended; ended and in the restricted archive; ended and anonymised.
    ENDED = "ended"
    RESTRICTED = "restricted"
    ANONYMISED = "anonymised"
    # What belongs to no case, no programme and nobody.
    NONE = "-"


STATES = (Relation.ENDED, Relation.RESTRICTED, Relation.ANONYMISED)
# The relations of what a programme owns, of what somebody made in one, and of what is of a case.
OF_PROGRAMMES = (Relation.OWN, Relation.OTHER, Relation.FOREIGN)
OF_PEOPLE = (Relation.OWN, Relation.SAME, Relation.OTHER, Relation.FOREIGN)
OF_CASES = (*OF_PEOPLE, *STATES)


@dataclass(frozen=True)
class Canaries:
    """The words planted in one case. No page shows them by chance: whoever finds one has read the case."""

    name: str
    number: str
    district: str
    address: str
    lease: str

    @property
    def identity(self) -> tuple[str, ...]:
        """The words that tell who and where the household is."""
        return (self.name, self.number, self.district, self.address, self.lease)


CANARIES = {
    Relation.OWN: Canaries("Ownzephyr", "OWN-2025-001", "Ownquartier", "1 rue Ownvoie", "OWNBAIL1"),
    Relation.SAME: Canaries("Samezephyr", "SAME-2025-001", "Samequartier", "2 rue Samevoie", "SAMEBAIL1"),
    Relation.OTHER: Canaries("Otherzephyr", "OTHER-2025-001", "Otherquartier", "3 rue Othervoie", "OTHERBAIL1"),
    Relation.FOREIGN: Canaries("Foreignzephyr", "FOREIGN-2025-001", "Foreignquartier", "4 rue Foreignvoie", "FORBAIL1"),
    Relation.ENDED: Canaries("Endedzephyr", "ENDED-2025-001", "Endedquartier", "5 rue Endedvoie", "ENDEDBAIL1"),
    Relation.RESTRICTED: Canaries("Sealedzephyr", "SEALED-2025-001", "Sealedquartier", "6 rue Sealedvoie", "SEALBAIL1"),
    Relation.ANONYMISED: Canaries("Gonezephyr", "GONE-2025-001", "Gonequartier", "7 rue Gonevoie", "GONEBAIL1"),
}
# For the association alone.
PRIVATE = (
    "Secretcontact",
    "Secretbilan",
    "Secretdiagnostic",
    "Secretmotif",
    "Secretaccord",
    "Secreturgence",
    "Secretdemande",
)
# For the association and the social team of the landlord, not for the rent office.
SOCIAL = (
    "Partagecontact",
    "Partagebilan",
    "Partagediagnostic",
    "Partageparole",
    "Partageobjectif",
    "Partageavenant",
    "Partagemotif",
    "Partagepause",
    "Partagerelais",
    "Partagestatut",
    "Partagepreconisation",
    "Partagederogation",
    "Partagedecision",
)
# The secret address itself is shown by a gesture only; how to reach the household, to the team on its file.
SAFE_WAYS = "Secretmoyen"
# Notes on health and detention, on their own page.
SENSITIVE_WORDS = ("Secretsante", "Secretspip")


def secret_words(relation: Relation) -> tuple[str, ...]:
    """Return the words planted in what only the team of one case reads, and nobody else by any way (S2 to S4)."""
    return tuple(
        f"{word}{relation.name.lower()}"
        for word in ("Secretvoie", "Secretruelle", "Secretnumero", SAFE_WAYS, *SENSITIVE_WORDS)
    )
