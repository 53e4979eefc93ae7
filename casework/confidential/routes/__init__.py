"""Pages of what only the team of a household reads."""

from casework.confidential.routes import addresses, consents, conventions, glass, notes
from casework.confidential.routes.blueprint import blueprint

__all__ = ["addresses", "blueprint", "consents", "conventions", "glass", "notes"]
