"""Pages of what only the team of a household reads."""

from casework.confidential.routes import addresses
from casework.confidential.routes.blueprint import blueprint

__all__ = ["addresses", "blueprint"]
