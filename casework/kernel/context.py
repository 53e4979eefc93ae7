"""The context of a use case: who acts, when, in which transaction."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from casework.kernel.clock import Clock
from casework.kernel.events import CaseChanged, Events


@dataclass(frozen=True)
class Share:
    """A category of accounts.vocabulary that the convention of a programme, in force today, opens to the actor's role.

    `needs_agreement`: of the households that agreed to it only.
    """

    programme_id: int
    category: str
    needs_agreement: bool = False

    @classmethod
    def read(cls, words: str) -> "Share":
        """Return the share that `programme:category:0` stands for; 1 in the last place: it needs an agreement."""
        programme_id, category, flag = words.split(":")
        return cls(int(programme_id), category, flag == "1")


@dataclass(frozen=True)
class Actor:
    """Who acts. `role` is a code of accounts.vocabulary.Role; `user_id` is None for the system itself.

    `opened_case_ids`: the cases whose glass they broke (confidential.glass) and whose time is not over. `shares`: what
    conventions open to who works for a landlord; empty for everybody else, whose reading no convention decides.
    """

    user_id: int | None
    organisation_id: int | None
    role: str
    programme_ids: tuple[int, ...] = ()
    permissions: frozenset[str] = frozenset()
    opened_case_ids: tuple[int, ...] = ()
    shares: tuple[Share, ...] = ()

    def may(self, permission: str) -> bool:
        """Tell whether the actor's role holds `permission` (`resource:action`)."""
        return permission in self.permissions


@dataclass(frozen=True)
class Ctx:
    """First argument of every use case and query. The session belongs to one request, command or job."""

    actor: Actor
    clock: Clock
    session: Session
    events: Events = field(default_factory=Events)

    @property
    def today(self) -> date:
        """The civil date in Europe/Paris."""
        return self.clock.today()

    def case_changed(self, case_id: int, *, held: bool = False, echo: bool = False, met_on: date | None = None) -> None:
        """Announce, after flushing, that facts of the case `case_id` changed.

        `held` says that this transaction holds the case since before it read or wrote its facts; `echo`, that what
        changed is noted in another case of the same household; `met_on`, that all that is new is a contact made that day.
        """
        self.session.flush()
        self.events.emit(self, CaseChanged(case_id, held, echo, met_on))
