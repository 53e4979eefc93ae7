"""The annual review, in four faces from one query."""
