"""Builders of programmes."""

from __future__ import annotations

from sqlalchemy import select

from casework.kernel.context import Ctx
from casework.programmes.catalogue import digest_of
from casework.programmes.models import Programme, ProgrammeVersion
from casework.programmes.service import open_programme


def make_programme(ctx: Ctx, code: str = "F-SEMIS") -> Programme:
    """Put a programme of the catalogue in use, with its landlord and its association."""
    return open_programme(ctx, code)


def change_definition(ctx: Ctx, programme: Programme, **tables: object) -> None:
    """Put `tables` in the place of those of the same name in the first version of a programme."""
    version = ctx.session.scalars(
        select(ProgrammeVersion).where(ProgrammeVersion.programme_id == programme.id, ProgrammeVersion.number == 1)
    ).one()
    version.definition = version.definition | tables
    version.digest = digest_of(version.definition)
    ctx.session.flush()
