"""Pages of the programmes: what they say, and who works in them."""

from casework.programmes.routes import catalogue, editing, opening, reading, teams, versions
from casework.programmes.routes.blueprint import blueprint

__all__ = ["blueprint", "catalogue", "editing", "opening", "reading", "teams", "versions"]
