"""Builders of programmes."""

from __future__ import annotations

from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.programmes.service import open_programme


def make_programme(ctx: Ctx, code: str = "F-SEMIS") -> Programme:
    """Put a programme of the catalogue in use, with its landlord and its association."""
    return open_programme(ctx, code)
