"""Pages of the accompaniment itself: referral, people, team and pauses."""

from casework.cases.routes import referral, team
from casework.cases.routes.blueprint import blueprint

__all__ = ["blueprint", "referral", "team"]
