"""Rent ledger, arrears, report to the family-benefits office."""
