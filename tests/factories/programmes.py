"""Builders of programmes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from casework.kernel.context import Ctx
from casework.programmes.catalogue import digest_of
from casework.programmes.models import Programme, ProgrammeVersion
from casework.programmes.queries import document_of, versions_of
from casework.programmes.service import open_programme
from casework.programmes.version_service import save_version


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


def make_version(ctx: Ctx, programme: Programme, valid_from: date, **tables: object) -> ProgrammeVersion:
    """Save the next version of a programme, with `tables` in the place of those of the same name."""
    last = versions_of(ctx, programme.id)[-1]
    document = document_of(ctx, last.id) | tables | {"valid_from": valid_from.isoformat()}
    return save_version(ctx, programme.code, document, last.number, "Le dispositif change.")
