"""Visits, calls, attempts, appointments."""
