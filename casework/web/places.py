"""Addresses: the places of this application."""

from functools import lru_cache
from typing import Any

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def safe_next(target: str | None, default_endpoint: str) -> str:
    """Return the URL of `target` when it is a page of this application that answers GET, else of the default.

    The URL is built anew from the route that matches, so that nothing of `target` but its place survives.
    """
    default = url_for(default_endpoint)
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    path, _, query = target.partition("?")
    try:
        adapter = current_app.url_map.bind(request.host)
        endpoint, values = adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return default
    if endpoint == "static":
        return default
    url = url_for(endpoint, **values)
    return f"{url}?{query}" if query and query.isprintable() else url


def here() -> str:
    """Return the address of this page, for a form that comes back to it; the first page where no text may show it."""
    path = request.full_path if request.query_string else request.path
    return path if path.isprintable() else "/"


def address(endpoint: str, **ids: int) -> str:
    """Return what url_for returns for an endpoint whose values are ids. Each pattern is worked out once."""
    return _pattern(request.root_path, endpoint, tuple(ids)) % ids


@lru_cache(maxsize=500)
def _pattern(_root: str, endpoint: str, names: tuple[str, ...]) -> str:
    marks: dict[str, Any] = {name: _MARK + place for place, name in enumerate(names)}
    pattern = url_for(endpoint, **marks).replace("%", "%%")
    for name, mark in marks.items():
        pattern = pattern.replace(str(mark), f"%({name})d")
    return pattern


_MARK = 10**16
