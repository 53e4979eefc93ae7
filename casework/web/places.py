"""Where to go next: only places of this application."""

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
