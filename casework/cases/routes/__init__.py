"""Pages of the accompaniment itself: referral, people, team and pauses, accounts."""

from casework.cases.routes import accounts, people, referral, team
from casework.cases.routes.blueprint import blueprint

__all__ = ["accounts", "blueprint", "people", "referral", "team"]
