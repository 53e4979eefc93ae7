"""Static files under addresses that change with their content, so that browsers may keep them for ever."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for

FOLDER = Path(__file__).parent / "static"


@cache
def fingerprint(path: str) -> str:
    """Return a short fingerprint of the static file at `path`. Raises FileNotFoundError when there is none."""
    return sha256((FOLDER / path).read_bytes()).hexdigest()[:12]


def install(app: Flask) -> None:
    """Give `asset(path)` to the templates."""
    known: dict[str, str] = {}

    def asset(path: str) -> str:
        if path not in known:
            known[path] = url_for("static", filename=path, v=fingerprint(path))
        return known[path]

    app.jinja_env.globals["asset"] = asset
