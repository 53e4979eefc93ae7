"""The accounts of the demonstration: who works on the three sides. They exist in a demonstration only."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from casework.accounts.models import Organisation, User
from casework.accounts.permissions import permissions_of
from casework.accounts.service import add_user
from casework.accounts.vocabulary import ROLE_LABELS, OrganisationKind, Role
from casework.kernel.context import Actor, Ctx
from casework.programmes.models import Programme, ProgrammeMember

PASSWORD = "une phrase de demonstration"  # noqa: S105 -- known to everybody, of accounts that exist in a demonstration only
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Colleague:
    """Somebody of the cast. `handle` is also what stands before the @."""

    handle: str
    name: str
    role: Role


REFERENTS = (
    Colleague("referente", "Camille Ferrand", Role.REFERENT),
    Colleague("referent", "Idriss Benali", Role.REFERENT),
    Colleague("referente2", "Maud Le Goff", Role.REFERENT),
)
MANAGER = Colleague("responsable", "Solène Arnaud", Role.MANAGER)
SOCIAL_TEAM = Colleague("gestion-sociale", "Thomas Okafor", Role.LANDLORD_SOCIAL)
RENT_OFFICE = Colleague("quittancement", "Nathalie Weber", Role.LANDLORD_RENT)
COORDINATOR = Colleague("coordination", "Hélène Da Costa", Role.COORDINATOR)
FUNDER = Colleague("financeur", "Paul Rivière", Role.FUNDER_READER)
ADMINISTRATOR = Colleague("administration", "Agnès Moulin", Role.ADMINISTRATOR)
CAST = (*REFERENTS, MANAGER, SOCIAL_TEAM, RENT_OFFICE, COORDINATOR, FUNDER, ADMINISTRATOR)
_OWN_ORGANISATIONS = {
    Role.COORDINATOR: (OrganisationKind.OPERATOR, "Coordination départementale (démonstration)"),
    Role.ADMINISTRATOR: (OrganisationKind.OPERATOR, "Coordination départementale (démonstration)"),
    Role.FUNDER_READER: (OrganisationKind.FUNDER, "Financeur (démonstration)"),
}


@dataclass(frozen=True)
class DemoAccount:
    """An account to try, one for each role."""

    email: str
    role_label: str


def open_accounts(ctx: Ctx, programme: Programme) -> Mapping[Colleague, Actor]:
    """Open every account of the cast, working in `programme`; return the actors that they are."""
    actors: dict[Colleague, Actor] = {}
    for colleague in CAST:
        user = add_user(
            ctx,
            email=f"{colleague.handle}@{DOMAIN}",
            name=colleague.name,
            role=colleague.role.value,
            organisation_id=_employer(ctx, programme, colleague.role),
            password=PASSWORD,
        )
        ctx.session.add(ProgrammeMember(programme_id=programme.id, user_id=user.id))
        ctx.session.flush()
        role = colleague.role.value
        actors[colleague] = Actor(user.id, user.organisation_id, role, (programme.id,), permissions_of(role))
    return actors


def _employer(ctx: Ctx, programme: Programme, role: Role) -> int:
    if role in {Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT}:
        return programme.landlord_id
    if role in {Role.REFERENT, Role.MANAGER}:
        return programme.operator_id
    kind, name = _OWN_ORGANISATIONS[role]
    found = ctx.session.scalars(select(Organisation).where(Organisation.name == name)).one_or_none()
    if found is None:
        found = Organisation(kind=kind.value, name=name, created_at=ctx.clock.now())
        ctx.session.add(found)
        ctx.session.flush()
    return found.id


def demo_accounts(ctx: Ctx) -> list[DemoAccount]:
    """Return one account of each role of the demonstration that this database holds."""
    emails = [f"{colleague.handle}@{DOMAIN}" for colleague in CAST]
    held = set(ctx.session.scalars(select(User.email).where(User.email.in_(emails), User.is_active.is_(True))))
    first: dict[Role, DemoAccount] = {}
    for colleague, email in zip(CAST, emails, strict=True):
        if email in held:
            first.setdefault(colleague.role, DemoAccount(email, ROLE_LABELS[colleague.role]))
    return list(first.values())
