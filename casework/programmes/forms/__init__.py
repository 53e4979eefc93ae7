"""Forms of the programmes: their teams, their opening, their versions."""
