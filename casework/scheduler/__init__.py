"""APScheduler as a ticker, a ledger of runs as the truth."""
