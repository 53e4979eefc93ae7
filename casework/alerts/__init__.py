"""From rules to alerts; the summary of each case."""
