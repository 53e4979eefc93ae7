"""How confidential a fact about a household is. Who reads which level stands in accounts.permissions."""

from enum import StrEnum


class Level(StrEnum):
    """The classes of confidentiality, the least first.

    S0: ordinary; what the association shares with the landlord's social team and the coordination.
    S1: social difficulty; what only the association reads (notes, social part of the diagnostic; CASF L121-6-2).
    S2: health and other special categories (GDPR art. 9).
    S3: detention, as a housing situation with its dates and the SPIP contact, never the offence (GDPR art. 10).
    S4: a secret address, and the safe ways to reach the household (code civil 515-11 6°).
    """

    S0 = "S0"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


# What is logged each time it is read.
SENSITIVE = frozenset({Level.S2, Level.S3, Level.S4})
