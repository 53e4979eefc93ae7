"""A test client that reads every page it gets: a page with a defect fails the test that opened it."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.html_lint import problems


class DefectivePage(AssertionError):
    """A page that a test opened has defects, whatever the test was about."""


class ServerError(AssertionError):
    """The application failed; what happened is in the captured log."""


def _policy_problems(policy: str) -> list[str]:
    if not policy:
        return ["no Content-Security-Policy header"]
    return [
        f"the Content-Security-Policy allows {word}" for word in ("unsafe-inline", "unsafe-eval", "*") if word in policy
    ]


class StrictClient(FlaskClient):
    """Flask's test client, with each HTML answer checked; an answer of 5xx is an error too.

    An answer to htmx is a fragment; every other one is a whole page. A test about something else than the page may
    set `lint = False`, and says why.
    """

    lint = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and check the page that comes back.

        The answer is read to its end, as servers do: what the application does after it is done when this returns.
        """
        response = super().open(*args, **{"buffered": True} | kwargs)
        place = f"{response.request.method} {response.request.path} ({response.status})"
        if self.lint and response.status_code >= 500:
            raise ServerError(place)
        body = response.get_data(as_text=True) if self.lint and response.mimetype == "text/html" else ""
        if body and not 300 <= response.status_code < 400:
            is_fragment = "HX-Request" in response.request.headers and "<html" not in body[:200]
            found = problems(body, is_fragment=is_fragment)
            found += _policy_problems(response.headers.get("Content-Security-Policy", ""))
            if found:
                listed = "\n".join(f"  - {problem}" for problem in found)
                raise DefectivePage(f"{place}:\n{listed}")
        return response
