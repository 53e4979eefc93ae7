"""The accompaniment itself: referral, team, suspension, and who may see it."""
