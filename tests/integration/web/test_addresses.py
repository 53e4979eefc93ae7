from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, url_for

from casework.web.places import address


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("root", ["", "/suivi", "/un suivi à 100 %d"])
def test_an_address_is_the_one_that_url_for_builds(app: Flask, root: str) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.count("<") == rule.rule.count("<int:") > 0]
    assert len(rules) > 20
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        for rule in rules:
            for first in (1, 10**16, 10**18 - 9):
                ids: dict[str, Any] = {name: first + place for place, name in enumerate(sorted(rule.arguments))}
                assert address(rule.endpoint, **ids) == url_for(rule.endpoint, **ids)
