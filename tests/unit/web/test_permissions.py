from __future__ import annotations

import pytest
from flask import Flask

from casework.kernel.errors import ConfigurationError
from casework.web.permissions import PUBLIC, check_declarations, permission_of, public, requires


def _app() -> Flask:
    return Flask("sample", static_folder=None)


def test_an_endpoint_that_declares_nothing_stops_the_start_and_is_named() -> None:
    app = _app()
    app.add_url_rule("/forgotten", "room.forgotten", lambda: "open to all")

    with pytest.raises(ConfigurationError, match=r"room\.forgotten"):
        check_declarations(app, ["case:read"])


def test_a_permission_that_nobody_holds_stops_the_start() -> None:
    app = _app()

    @requires("case:raed")
    def view() -> str:
        return ""

    app.add_url_rule("/x", "room.misspelt", view)
    with pytest.raises(ConfigurationError, match=r"room\.misspelt"):
        check_declarations(app, ["case:read"])


def test_declared_endpoints_may_start_and_say_what_they_need() -> None:
    app = _app()

    @requires("case:read")
    def closed() -> str:
        return ""

    @public
    def opened() -> str:
        return ""

    app.add_url_rule("/closed", "closed", closed)
    app.add_url_rule("/opened", "opened", opened)
    check_declarations(app, ["case:read"])

    assert permission_of(app, "closed") == "case:read"
    assert permission_of(app, "opened") == PUBLIC
