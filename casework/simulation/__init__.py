"""Programmes lived through: invented households whose paths a definition allows, made by the use cases, and read anew."""
