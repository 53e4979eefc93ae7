"""Who works in a simulated programme: those who do already, and invented colleagues where somebody is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.accounts.models import User
from casework.accounts.permissions import permissions_of
from casework.accounts.service import enter_colleague
from casework.accounts.vocabulary import Role
from casework.kernel.context import Actor, Ctx
from casework.programmes.models import Programme
from casework.programmes.service import add_member
from casework.simulation.queries import colleagues

HOUSEHOLDS_OF_ONE = 15
_REFERENTS = ("Sarah Lemoine", "Yves Carpentier", "Inès Dubreuil", "Marc Abadie", "Lucie Thiam", "Omar Bellec")
_OTHERS = {
    Role.MANAGER: "Claire Vasseur",
    Role.LANDLORD_SOCIAL: "Julien Marchal",
    Role.LANDLORD_RENT: "Sophie Bernardin",
}


@dataclass(frozen=True)
class Workers:
    """The actors of a programme: its referents, in the order in which households are dealt out, and the others."""

    referents: Sequence[Actor]
    others: Mapping[Role, Actor]

    @property
    def referent_ids(self) -> Sequence[int]:
        """The user ids of the referents."""
        return [actor.user_id for actor in self.referents if actor.user_id is not None]

    def actor(self, role: Role, place: int) -> Actor:
        """Return who acts: of the referents, the one at `place`."""
        return self.referents[place % len(self.referents)] if role is Role.REFERENT else self.others[role]


def find_workers(ctx: Ctx, programme: Programme, households: int) -> Workers:
    """Return who works in a programme; where a role has nobody, colleagues who cannot sign in are entered for it.

    The actor of `ctx` has to be one who manages accounts.
    """
    wanted = min(len(_REFERENTS), 1 + max(households - 1, 0) // HOUSEHOLDS_OF_ONE)
    referents = colleagues(ctx, programme.id, Role.REFERENT) or [
        _enter(ctx, programme, Role.REFERENT, name) for name in _REFERENTS[:wanted]
    ]
    others = {
        role: (colleagues(ctx, programme.id, role) or [_enter(ctx, programme, role, name)])[0]
        for role, name in _OTHERS.items()
    }
    return Workers(
        [_actor(user, programme) for user in referents],
        {role: _actor(user, programme) for role, user in others.items()},
    )


def _enter(ctx: Ctx, programme: Programme, role: Role, name: str) -> User:
    by_landlord = role in {Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT}
    employer = programme.landlord_id if by_landlord else programme.operator_id
    user = enter_colleague(ctx, name=name, role=role, organisation_id=employer)
    add_member(ctx, programme.code, user.id)
    return user


def _actor(user: User, programme: Programme) -> Actor:
    return Actor(user.id, user.organisation_id, user.role, (programme.id,), permissions_of(user.role))
