"""Pages of what only the team of a household reads."""

from casework.confidential.routes import addresses, consents, glass, notes
from casework.confidential.routes.blueprint import blueprint

__all__ = ["addresses", "blueprint", "consents", "glass", "notes"]
