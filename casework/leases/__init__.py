"""Lease stages and their order."""
