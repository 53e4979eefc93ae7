"""Putting an alert off, with a reason."""

from datetime import date, timedelta

from sqlalchemy import select

from casework.accounts.vocabulary import LANDLORD_ROLES
from casework.alerts.models import Alert
from casework.alerts.vocabulary import LANDLORD_RULES
from casework.kernel.access import visible
from casework.kernel.audit import reason_given
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation

FARTHEST = timedelta(days=60)


def postpone_alert_until(ctx: Ctx, alert_id: int, until: date, reason: str) -> None:
    """Hide an open alert from the day's page until a date; it stays open, and in the list of alerts.

    Raises NotVisible, or RuleViolation: on `until`, or on the whole where it is the duty of the other side.
    """
    alert = _open_alert(ctx, alert_id)
    _check_side(ctx, alert)
    if not ctx.today < until <= ctx.today + FARTHEST:
        raise RuleViolation("until", "Une alerte se reporte à demain au plus tôt, et de deux mois au plus.")
    with reason_given(ctx, reason):
        alert.postponed_to = until
        alert.postponed_reason = reason


def take_back_postponing_of(ctx: Ctx, alert_id: int) -> None:
    """Show an open alert on the day's page again.

    Raises NotVisible, or RuleViolation where it is the duty of the other side.
    """
    alert = _open_alert(ctx, alert_id)
    _check_side(ctx, alert)
    alert.postponed_to = None
    alert.postponed_reason = None


def is_own_duty(role: str, rule: str) -> bool:
    """Tell whether what an alert of `rule` asks for is the duty of the side of `role`, the landlord's or the association's."""
    return (rule in LANDLORD_RULES) == (role in LANDLORD_ROLES)


def refusal_of(role: str, rule: str) -> RuleViolation | None:
    """Return why `role` may not put off an alert of `rule`, None where it may: each side puts off its own duties only."""
    if is_own_duty(role, rule):
        return None
    if rule in LANDLORD_RULES:
        return RuleViolation("", "Cette alerte relève du bailleur\u00a0: lui seul la reporte.")
    return RuleViolation("", "Cette alerte relève de l’association\u00a0: elle seule la reporte.")


def _check_side(ctx: Ctx, alert: Alert) -> None:
    refusal = refusal_of(ctx.actor.role, alert.rule)
    if refusal is not None:
        raise refusal


def _open_alert(ctx: Ctx, alert_id: int) -> Alert:
    alert = ctx.session.scalars(
        select(Alert).where(Alert.id == alert_id, Alert.closed_on.is_(None), visible(ctx, Alert))
    ).one_or_none()
    if alert is None:
        raise NotVisible
    return alert
