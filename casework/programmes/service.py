"""Use cases on programmes."""

from sqlalchemy import select

from casework.accounts.models import Organisation
from casework.accounts.vocabulary import OrganisationKind
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.programmes.catalogue import catalogue_codes, catalogue_document, digest_of
from casework.programmes.definition import read_definition
from casework.programmes.models import Programme, ProgrammeMember, ProgrammeVersion
from casework.programmes.queries import find_programme
from casework.programmes.teams import candidates_for, managed_programme


def open_programme(ctx: Ctx, code: str) -> Programme:
    """Return the programme `code`, put in use from the catalogue when it is not yet, with its two organisations.

    Raises RuleViolation when neither the database nor the catalogue knows it, DefinitionError when it is faulty.
    """
    found = find_programme(ctx, code)
    if found is not None:
        return found
    if code not in catalogue_codes():
        known = ", ".join(catalogue_codes())
        raise RuleViolation(
            "programme",
            "Le dispositif « %(code)s » n’existe pas. Le catalogue connaît : %(known)s.",
            code=code,
            known=known,
        )
    document = catalogue_document(code)
    definition = read_definition(f"{code}.toml", document)
    landlord_id = _organisation(ctx, OrganisationKind.LANDLORD, definition.landlords[0])
    # A landlord that names no operator accompanies by itself.
    operator_id = next((_organisation(ctx, OrganisationKind.ASSOCIATION, o) for o in definition.operators), landlord_id)
    now = ctx.clock.now()
    programme = Programme(
        code=code,
        name=definition.title,
        landlord_id=landlord_id,
        operator_id=operator_id,
        created_at=now,
    )
    ctx.session.add(programme)
    ctx.session.flush()
    ctx.session.add(
        ProgrammeVersion(
            programme_id=programme.id,
            number=1,
            valid_from=definition.valid_from,
            definition=document,
            digest=digest_of(document),
        )
    )
    ctx.session.flush()
    return programme


def add_member(ctx: Ctx, code: str, user_id: int) -> None:
    """Let a user work in a programme. Raises NotVisible, or RuleViolation on `user_id`."""
    programme = managed_programme(ctx, code)
    if user_id not in {row.id for row in candidates_for(ctx, programme)}:
        raise RuleViolation("user_id", "Cette personne ne peut pas rejoindre ce dispositif.")
    ctx.session.add(ProgrammeMember(programme_id=programme.id, user_id=user_id))
    ctx.session.flush()


def remove_member(ctx: Ctx, code: str, user_id: int) -> None:
    """Take a user out of a programme: they no longer see its households. Raises NotVisible."""
    programme = managed_programme(ctx, code)
    member = ctx.session.get(ProgrammeMember, (programme.id, user_id))
    if member is None:
        raise NotVisible
    ctx.session.delete(member)
    ctx.session.flush()


def _organisation(ctx: Ctx, kind: OrganisationKind, name: str) -> int:
    found = ctx.session.scalars(select(Organisation.id).where(Organisation.name == name)).one_or_none()
    if found is not None:
        return found
    organisation = Organisation(kind=kind.value, name=name, created_at=ctx.clock.now())
    ctx.session.add(organisation)
    ctx.session.flush()
    return organisation.id
