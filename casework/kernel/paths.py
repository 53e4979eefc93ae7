"""Where the files that come with the package are: inside it once installed, beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder(name: str) -> Path:
    """Return the folder `name` (templates, migrations)."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
