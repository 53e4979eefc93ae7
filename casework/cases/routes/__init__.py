"""Pages of the accompaniment itself: referral, people, team and pauses."""

from casework.cases.routes import people, referral, team
from casework.cases.routes.blueprint import blueprint

__all__ = ["blueprint", "people", "referral", "team"]
