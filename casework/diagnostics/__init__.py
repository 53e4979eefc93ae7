"""The shared diagnostic: social and housing parts, effort rate, living remainder."""
