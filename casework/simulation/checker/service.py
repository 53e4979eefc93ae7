"""Use case of the checker."""

from collections.abc import Mapping

from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.programmes.queries import find_programme
from casework.simulation.checker import alerts, contracts, dates, headcount, leases
from casework.simulation.checker.queries import read_history
from casework.simulation.checker.violations import Check, Violation

CHECKS: Mapping[str, Check] = {
    "headcount": headcount.check,
    "dates": dates.check,
    "contracts": contracts.check,
    "leases": leases.check,
    "alerts": alerts.check,
}


def check_history(ctx: Ctx, code: str) -> list[Violation]:
    """Return every rule that the history of the programme `code` breaks, by date and case number.

    Raises RuleViolation when the database has no such programme.
    """
    programme = find_programme(ctx, code)
    if programme is None:
        raise RuleViolation("programme", "Le dispositif « %(code)s » n’existe pas dans cette base.", code=code)
    history = read_history(ctx.session, programme)
    found = [violation for check in CHECKS.values() for violation in check(history)]
    return sorted(found, key=lambda violation: (violation.on, violation.case, violation.rule, violation.found))
