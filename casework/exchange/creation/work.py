"""What every part of the creation needs, and what it reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from casework.exchange.bulk import insert_rows
from casework.exchange.plan import Plan
from casework.kernel.audit import JsonValue, record_bulk
from casework.kernel.context import Ctx
from casework.kernel.database import Base
from casework.programmes.models import Programme

AUDITED_AT_ONCE = 1000
LOADED_AT_ONCE = 1000


@dataclass
class Created:
    """What went in, counted, and the number of the import (None when nothing was new).

    `untold` and `told`: the cases that came without a fact of untold.INSTEAD, and those that it is told of now.
    """

    counts: dict[str, int] = field(default_factory=dict)
    import_id: int | None = None
    untold: dict[str, list[int]] = field(default_factory=dict)
    told: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """One import on its way in."""

    ctx: Ctx
    programme: Programme
    plan: Plan
    import_id: int
    now: datetime
    users: dict[str, int]
    accounts: dict[str, int]
    created: Created

    def insert(self, model: type[Base], rows: Sequence[dict[str, object]]) -> None:
        """Insert rows of a table and leave their trace."""
        insert_rows(self.ctx.session, model, rows)
        self.trace(model, "import", len(rows))

    def trace(self, model: type[Base], operation: str, count: int) -> None:
        """Leave the trace of `count` rows of a table."""
        if count:
            record_bulk(self.ctx, model, operation, {"import_id": self.import_id, "rows": count})

    def trace_differences(self, model: type[Base], differences: Sequence[JsonValue]) -> None:
        """Leave the trace of rows that were replaced, old and new values, in parts that can be read."""
        for start in range(0, len(differences), AUDITED_AT_ONCE):
            part = list(differences[start : start + AUDITED_AT_ONCE])
            record_bulk(self.ctx, model, "update", {"import_id": self.import_id, "changes": part})

    def referent(self, handle: str | None) -> int | None:
        """Return the user of a handle, None when nobody of the operator has it."""
        return None if handle is None else self.users.get(handle.casefold())

    def account(self, lease: str | None) -> int | None:
        """Return the rent account of a lease number."""
        return None if lease is None else self.accounts[lease]
