"""Builders of programmes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from casework.accounts.vocabulary import Category
from casework.kernel.context import Ctx
from casework.programmes.catalogue import digest_of
from casework.programmes.convention_service import ConventionNews, record_convention
from casework.programmes.conventions import CLAUSES, conventions_of
from casework.programmes.models import Programme, ProgrammeVersion, SharingConvention
from casework.programmes.queries import document_of, versions_of
from casework.programmes.service import open_programme
from casework.programmes.version_service import save_version
from casework.programmes.vocabulary.sharing import Opening


def make_programme(ctx: Ctx, code: str = "F-SEMIS") -> Programme:
    """Put a programme of the catalogue in use, with its landlord, its association, and a convention that opens all."""
    programme = open_programme(ctx, code)
    if not conventions_of(ctx, programme.id):
        make_convention(ctx, programme)
    return programme


def make_convention(
    ctx: Ctx, programme: Programme, openings: Mapping[Category, Opening] | None = None, from_on: date | None = None
) -> SharingConvention:
    """Record the next convention of a programme: everything is open, but for what `openings` says of a category.

    It starts when the one before did, so that it is in force at once.
    """
    known, said = conventions_of(ctx, programme.id), openings or {}
    day = from_on or (known[0].from_on if known else date(2000, 1, 1))
    clauses = {(category, reader): said.get(category, Opening.OPEN) for category, reader in CLAUSES}
    news = ConventionNews(day, "Convention signée", "", clauses, known[0].number if known else 0)
    return record_convention(ctx, programme.code, news)


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
