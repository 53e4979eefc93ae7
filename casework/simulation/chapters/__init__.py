"""The chapters of a life, one for each room: each plans its own steps from the definition.

A new capability adds its chapter here, its deeds beside it, and its check of the same name in `checker`.
"""

from collections.abc import Mapping

from casework.simulation.chapters import (
    contacts,
    contracts,
    diagnostics,
    exits,
    leases,
    pauses,
    reassessments,
    referrals,
    rents,
)
from casework.simulation.life import Chapter

CHAPTERS: Mapping[str, Chapter] = {
    "referrals": referrals.plan,
    "leases": leases.plan,
    "diagnostics": diagnostics.plan,
    "contracts": contracts.plan,
    "contacts": contacts.plan,
    "reassessments": reassessments.plan,
    "pauses": pauses.plan,
    "rents": rents.plan,
    "exits": exits.plan,
}
