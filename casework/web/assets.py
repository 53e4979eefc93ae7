"""Static files under addresses that change with their content, so that browsers may keep them for ever."""

from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup

FOLDER = Path(__file__).parent / "static"
SPRITE = "vendor/bootstrap-icons/icons.svg"
_DRAWING = Markup('<svg class="{kind}" aria-hidden="true" focusable="false"><use href="{sprite}#{name}"/></svg>')


@cache
def fingerprint(path: str) -> str:
    """Return a short fingerprint of the static file at `path`. Raises FileNotFoundError when there is none."""
    return sha256((FOLDER / path).read_bytes()).hexdigest()[:12]


def install(app: Flask) -> None:
    """Give `asset(path)` and `drawing(name, large)` to the templates."""
    known: dict[str, str] = {}

    def asset(path: str) -> str:
        if path not in known:
            known[path] = url_for("static", filename=path, v=fingerprint(path))
        return known[path]

    @lru_cache(maxsize=500)
    def drawing(name: str, large: bool = False) -> Markup:
        kind = "icon icon-large" if large else "icon"
        return _DRAWING.format(kind=kind, sprite=asset(SPRITE), name=name)

    app.jinja_env.globals.update(asset=asset, drawing=drawing)
