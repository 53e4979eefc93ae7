"""Use cases on contacts and appointments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.cases.handover import declare_handover
from casework.cases.queries import case_head, ended_on, held_since, hold_case
from casework.cases.rules import check_not_before_referral, check_not_ended, check_not_future
from casework.cases.withdrawal import can_withdraw, refuse_withdrawal
from casework.contacts.models import Appointment, Contact
from casework.contacts.queries import (
    appointments_held_by,
    appointments_made_with,
    appointments_settled_by,
    get_appointment,
    get_contact,
)
from casework.contacts.rules import check_attempt, is_made
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.audit import insert_row
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.kernel.versions import check_unchanged

FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class ContactNews:
    """What a referent notes after a contact. The landlord reads `shared_note`, never `private_note`."""

    occurred_on: date
    kind: ContactKind
    outcome: ContactOutcome
    duration_minutes: int | None = None
    shared_note: str = ""
    private_note: str = ""


@dataclass(frozen=True)
class NextAppointment:
    """The appointment made on the spot; `at_time` is `HH:MM` or None."""

    planned_on: date
    kind: ContactKind
    at_time: str | None = None


def record_contact(
    ctx: Ctx,
    case_id: int,
    news: ContactNews,
    next_appointment: NextAppointment | None = None,
    appointment_id: int | None = None,
) -> int:
    """Note a contact, settle the appointment it came from, and make the next one. Return the id of the contact.

    An appointment that is settled already, or of a later day than the contact, stays as it is.
    Raises NotVisible, or RuleViolation on `occurred_on`, `outcome`, `planned_on`.
    """
    check_not_future("occurred_on", news.occurred_on, ctx.today)
    check_attempt(news.kind, news.outcome)
    noted_at = ctx.clock.now()
    contact_id = insert_row(
        ctx,
        Contact,
        {
            "case_id": case_id,
            "occurred_on": news.occurred_on,
            "kind": news.kind.value,
            "outcome": news.outcome.value,
            "created_at": noted_at,
            "author_id": ctx.actor.user_id,
            "duration_minutes": news.duration_minutes,
            "shared_note": news.shared_note,
            "private_note": news.private_note,
        },
        held_since(ctx.actor, "occurred_on"),
    )
    if contact_id is None:
        check_not_before_referral("occurred_on", news.occurred_on, hold_case(ctx, case_id))
        raise NotVisible  # it came in sight a moment ago
    if appointment_id is not None:
        appointment = get_appointment(ctx, case_id, appointment_id)
        if appointment.contact_id is None and appointment.planned_on <= news.occurred_on:
            appointment.contact_id = contact_id
    if next_appointment is not None:
        _plan(ctx, case_id, next_appointment, noted_at, ended_on(ctx, case_id))
    ctx.case_changed(case_id, held=True, met_on=news.occurred_on if is_made(news.kind, news.outcome) else None)
    return contact_id


def news_of(contact: Contact) -> ContactNews:
    """Return what a contact says."""
    return ContactNews(
        contact.occurred_on,
        ContactKind(contact.kind),
        ContactOutcome(contact.outcome),
        contact.duration_minutes,
        contact.shared_note,
        contact.private_note,
    )


def correct_contact(ctx: Ctx, case_id: int, contact_id: int, news: ContactNews, seen: str | None = None) -> None:
    """Correct a contact; what it said before stays in the audit, but for the words of the private note.

    `seen` is the mark of what was read. Raises NotVisible, RuleViolation, or Conflict when somebody else corrected it
    since.
    """
    referred_on = hold_case(ctx, case_id)
    contact = get_contact(ctx, case_id, contact_id)
    check_unchanged(ctx, seen, lambda: news_of(contact), contact)
    check_not_future("occurred_on", news.occurred_on, ctx.today)
    check_attempt(news.kind, news.outcome)
    check_not_before_referral("occurred_on", news.occurred_on, referred_on)
    contact.occurred_on = news.occurred_on
    contact.kind = news.kind.value
    contact.outcome = news.outcome.value
    contact.duration_minutes = news.duration_minutes
    contact.shared_note = news.shared_note
    contact.private_note = news.private_note
    ctx.case_changed(case_id, held=True)


def withdraw_contact(ctx: Ctx, case_id: int, contact_id: int) -> bool:
    """Take a contact back that was noted by mistake; what it said stays in the audit, its appointment opens again.

    The appointment that was made with it is cancelled: return whether there was one. Raises NotVisible, or RuleViolation
    when it was noted by somebody else, or before today, and the actor is no manager.
    """
    hold_case(ctx, case_id)
    contact = get_contact(ctx, case_id, contact_id)
    if not can_withdraw(ctx, contact.created_at, contact.author_id):
        raise refuse_withdrawal()
    made = appointments_made_with(ctx, contact)
    for appointment in made:
        appointment.cancelled_on = ctx.today
    for appointment in appointments_settled_by(ctx, case_id, contact_id):
        appointment.contact_id = None
    ctx.session.flush()
    ctx.session.delete(contact)
    ctx.case_changed(case_id, held=True)
    return bool(made)


def plan_appointment(ctx: Ctx, case_id: int, plan: NextAppointment) -> Appointment:
    """Put an appointment in the actor's agenda. Raises NotVisible, or RuleViolation on `planned_on`."""
    head = case_head(ctx, case_id)
    appointment = _plan(ctx, case_id, plan, ctx.clock.now(), head.ended_on)
    ctx.case_changed(case_id)
    return appointment


def _plan(ctx: Ctx, case_id: int, plan: NextAppointment, made_at: datetime, case_ended_on: date | None) -> Appointment:
    check_not_ended(case_ended_on, plan.planned_on, "planned_on")
    if plan.planned_on < ctx.today:
        raise RuleViolation("planned_on", "Ce rendez-vous est dans le passé : notez plutôt le contact.")
    if plan.planned_on > ctx.today + FARTHEST:
        raise RuleViolation("planned_on", "Ce rendez-vous est dans plus d’un an : vérifiez l’année.")
    appointment = Appointment(
        case_id=case_id,
        user_id=ctx.actor.user_id,
        planned_on=plan.planned_on,
        kind=plan.kind.value,
        created_at=made_at,
        at_time=plan.at_time,
    )
    ctx.session.add(appointment)
    return appointment


def cancel_appointment(ctx: Ctx, case_id: int, appointment_id: int) -> None:
    """Take an appointment out of the agenda. Raises NotVisible, or RuleViolation where the file is closed."""
    hold_case(ctx, case_id)
    get_appointment(ctx, case_id, appointment_id).cancelled_on = ctx.today
    ctx.case_changed(case_id, held=True)


def reopen_appointment(ctx: Ctx, case_id: int, appointment_id: int) -> None:
    """Take a cancellation of today back.

    Raises NotVisible, or RuleViolation when it is of another day, after the end, or where the file is closed.
    """
    hold_case(ctx, case_id)
    appointment = get_appointment(ctx, case_id, appointment_id)
    if appointment.cancelled_on != ctx.today:
        raise RuleViolation("", "Une annulation se reprend le jour même\u00a0: prenez plutôt un autre rendez-vous.")
    check_not_ended(ended_on(ctx, case_id), appointment.planned_on, "")
    appointment.cancelled_on = None
    ctx.case_changed(case_id, held=True)


def hand_over_appointments(ctx: Ctx, case_id: int, from_id: int, to_id: int, since_on: date | None) -> int:
    """Put the open appointments of a case from one agenda into another, those from a day on or all; return how many."""
    held = appointments_held_by(ctx, case_id, from_id, since_on)
    for appointment in held:
        appointment.user_id = to_id
    return len(held)


declare_handover(hand_over_appointments)
