"""Putting an alert off, with a reason."""

from datetime import date, timedelta

from sqlalchemy import select

from casework.alerts.models import Alert
from casework.kernel.access import visible
from casework.kernel.audit import reason_given
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation

FARTHEST = timedelta(days=60)


def postpone_alert_until(ctx: Ctx, alert_id: int, until: date, reason: str) -> None:
    """Hide an open alert from the day's page until a date; it stays open, and in the list of alerts.

    Raises NotVisible, or RuleViolation on `until`.
    """
    alert = _open_alert(ctx, alert_id)
    if not ctx.today < until <= ctx.today + FARTHEST:
        raise RuleViolation("until", "Une alerte se reporte à demain au plus tôt, et de deux mois au plus.")
    with reason_given(ctx, reason):
        alert.postponed_to = until
        alert.postponed_reason = reason


def take_back_postponing_of(ctx: Ctx, alert_id: int) -> None:
    """Show an open alert on the day's page again. Raises NotVisible."""
    alert = _open_alert(ctx, alert_id)
    alert.postponed_to = None
    alert.postponed_reason = None


def _open_alert(ctx: Ctx, alert_id: int) -> Alert:
    alert = ctx.session.scalars(
        select(Alert).where(Alert.id == alert_id, Alert.closed_on.is_(None), visible(ctx, Alert))
    ).one_or_none()
    if alert is None:
        raise NotVisible
    return alert
