"""The two-monthly review, beside the one before."""
