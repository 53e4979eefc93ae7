"""The end of the accompaniment."""
