"""Use cases on programmes."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import not_, select

from casework.accounts.models import Organisation, User
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.kernel.text import clean_line, search_key
from casework.programmes.catalogue import catalogue_codes, catalogue_document, digest_of
from casework.programmes.definition import Definition, read_definition
from casework.programmes.models import Programme, ProgrammeMember, ProgrammeVersion
from casework.programmes.queries import find_programme
from casework.programmes.rules import check_code, check_title
from casework.programmes.teams import candidates_for, managed_programme, may_work_in


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
    return _add_programme(ctx, definition, document, landlord_id, operator_id)


@dataclass(frozen=True)
class Partner:
    """An organisation that is known, by id, or a new one, by name."""

    known_id: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Opening:
    """A programme that starts: its code, what it says (a raw definition) and with whom; without an association, the
    landlord accompanies by itself."""

    code: str
    document: Mapping[str, object]
    landlord: Partner
    association: Partner | None
    reason: str = ""


def create_programme(ctx: Ctx, opening: Opening) -> Programme:
    """Put a programme in use. A coordinator who opens it works in it from then on.

    Raises RuleViolation on `code`, `landlord_name` or `association_name`, DefinitionError on what the document says.
    """
    check_code(opening.code)
    if ctx.session.scalar(select(Programme.id).where(Programme.code == opening.code)) is not None:
        raise RuleViolation("code", "Un dispositif porte déjà le code %(code)s.", code=opening.code)
    landlord = _partner(ctx, OrganisationKind.LANDLORD, opening.landlord, "landlord_name")
    association = landlord
    if opening.association is not None:
        association = _partner(ctx, OrganisationKind.ASSOCIATION, opening.association, "association_name")
    operators = [] if association.id == landlord.id else _led_by(association.name, opening.document.get("operators"))
    document = {
        **opening.document,
        "id": opening.code,
        "landlords": _led_by(landlord.name, opening.document.get("landlords")),
        "operators": operators,
    }
    definition = read_definition(opening.code, document)
    check_title(definition.title)
    programme = _add_programme(ctx, definition, document, landlord.id, association.id, opening.reason)
    if ctx.actor.user_id is not None and ctx.actor.role == Role.COORDINATOR:
        ctx.session.add(ProgrammeMember(programme_id=programme.id, user_id=ctx.actor.user_id))
        ctx.session.flush()
    return programme


def _add_programme(
    ctx: Ctx,
    definition: Definition,
    document: dict[str, object],
    landlord_id: int,
    operator_id: int,
    reason: str = "",
) -> Programme:
    """Write a programme with its first version, which says `document`."""
    programme = Programme(
        code=definition.id,
        name=definition.title,
        landlord_id=landlord_id,
        operator_id=operator_id,
        created_at=ctx.clock.now(),
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
            created_at=ctx.clock.now(),
            created_by_id=ctx.actor.user_id,
            reason=reason,
        )
    )
    ctx.session.flush()
    return programme


def _led_by(name: str, named: object) -> list[str]:
    """Return the organisations named, `name` first; only itself where the source names others without it."""
    others = [str(other) for other in named] if isinstance(named, list) else []
    return [name, *(other for other in others if other != name)] if name in others else [name]


def _partner(ctx: Ctx, kind: OrganisationKind, partner: Partner, field: str) -> Organisation:
    """Return an organisation that is known, or a new one of `kind`. Raises RuleViolation on `field`."""
    if partner.known_id is not None:
        known = ctx.session.get(Organisation, partner.known_id)
        if known is None or known.kind != kind:
            raise RuleViolation(field, "Choisissez une organisation de la liste, ou écrivez le nom d’une nouvelle.")
        return known
    name = clean_line(partner.name)
    if not name:
        raise RuleViolation(field, "Choisissez une organisation de la liste, ou écrivez le nom d’une nouvelle.")
    wanted = search_key(name)
    named = [
        o for o in ctx.session.scalars(select(Organisation).order_by(Organisation.id)) if search_key(o.name) == wanted
    ]
    if not named:
        organisation = Organisation(kind=kind.value, name=name, created_at=ctx.clock.now())
        ctx.session.add(organisation)
        ctx.session.flush()
        return organisation
    if named[0].kind != kind:
        raise RuleViolation(
            field, "« %(name)s » est déjà connue ici dans un autre rôle : choisissez un autre nom.", name=named[0].name
        )
    return named[0]


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


def leave_programmes_of_others(ctx: Ctx, user: User) -> None:
    """Take a user who changed role or organisation out of the programmes that they could not join any more."""
    members = (
        select(ProgrammeMember)
        .join(Programme, Programme.id == ProgrammeMember.programme_id)
        .join(User, User.id == ProgrammeMember.user_id)
        .where(User.id == user.id, not_(may_work_in()))
    )
    ctx.session.flush()
    for member in ctx.session.scalars(members).all():
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
