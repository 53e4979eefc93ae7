"""Organisations, users, roles, sign-in and sessions."""
