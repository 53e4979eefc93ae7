"""Persons, households, dwellings."""
