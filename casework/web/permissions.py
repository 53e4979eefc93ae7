"""Closed by default: an endpoint says which permission it needs, or that it is public, or nothing starts."""

from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from flask import Flask

from casework.kernel.errors import ConfigurationError

P = ParamSpec("P")
R = TypeVar("R")
PUBLIC = "public"
_declared: dict[Callable[..., object], str] = {}


def requires(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare that a view needs `permission` (`resource:action`)."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        _declared[view] = permission
        return view

    return declare


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a view is open to those who are not signed in."""
    _declared[view] = PUBLIC
    return view


def permission_of(app: Flask, endpoint: str) -> str:
    """Return the permission that `endpoint` declared."""
    return _declared[app.view_functions[endpoint]]


def check_declarations(app: Flask, known: Iterable[str]) -> None:
    """Refuse to start when an endpoint declares nothing, or a permission that nobody holds.

    Raises ConfigurationError naming the endpoints.
    """
    allowed = {*known, PUBLIC}
    faulty = sorted(e for e, view in app.view_functions.items() if _declared.get(view) not in allowed)
    if faulty:
        raise ConfigurationError(f"Ces pages ne disent pas qui peut les ouvrir : {', '.join(faulty)}.")
