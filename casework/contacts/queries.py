"""Every SELECT on contacts and appointments."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Category
from casework.cases.access import declare_case_table
from casework.cases.models import Case
from casework.cases.queries import row_of_case
from casework.contacts.models import Appointment, Contact
from casework.households.models import HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import visible
from casework.kernel.context import Ctx

declare_case_table(Contact, "occurred_on", category=Category.CONTACTS)
declare_case_table(Appointment, category=Category.APPOINTMENTS)

AppointmentRow = Row[int, int, date, str | None, str, str, str, str, str]


def get_contact(ctx: Ctx, case_id: int, contact_id: int) -> Contact:
    """Return a contact of a case. Raises NotVisible when there is none, or not for this actor."""
    return row_of_case(ctx, Contact, case_id, contact_id)


# Neither settled by a contact nor cancelled.
_OPEN = (Appointment.contact_id.is_(None), Appointment.cancelled_on.is_(None))


def get_appointment(ctx: Ctx, case_id: int, appointment_id: int) -> Appointment:
    """Return an appointment of a case. Raises NotVisible when there is none, or not for this actor."""
    return row_of_case(ctx, Appointment, case_id, appointment_id)


def appointments_settled_by(ctx: Ctx, case_id: int, contact_id: int) -> Sequence[Appointment]:
    """Return the appointments of a case that a contact settled, if the actor may see them."""
    return ctx.session.scalars(
        select(Appointment)
        .where(Appointment.contact_id == contact_id, Appointment.case_id == case_id, visible(ctx, Appointment))
        .order_by(Appointment.id)
    ).all()


def appointments_made_with(ctx: Ctx, contact: Contact) -> Sequence[Appointment]:
    """Return the open appointment that the form of a contact made, if the actor may see it: both are of one instant."""
    return ctx.session.scalars(
        select(Appointment)
        .where(
            Appointment.case_id == contact.case_id,
            Appointment.user_id == contact.author_id,
            Appointment.created_at == contact.created_at,
            *_OPEN,
            visible(ctx, Appointment),
        )
        .order_by(Appointment.id)
    ).all()


def appointments_held_by(ctx: Ctx, case_id: int, user_id: int, since_on: date | None) -> Sequence[Appointment]:
    """Return the open appointments of a case that stand in somebody's agenda, from a day on or all, as rows to change."""
    statement = select(Appointment).where(
        Appointment.case_id == case_id,
        Appointment.user_id == user_id,
        *_OPEN,
        visible(ctx, Appointment),
    )
    if since_on is not None:
        statement = statement.where(Appointment.planned_on >= since_on)
    return ctx.session.scalars(statement.order_by(Appointment.id)).all()


def open_appointments(ctx: Ctx, *, user_id: int | None, case_id: int | None, until: date) -> Sequence[AppointmentRow]:
    """Return the appointments neither settled nor cancelled up to `until`, of a user or of a case, by date.

    Columns: id, case id, date, time or None, kind, case number, family name, given name, name of the user.
    """
    statement = (
        select(
            Appointment.id,
            Appointment.case_id,
            Appointment.planned_on,
            Appointment.at_time,
            Appointment.kind,
            Case.number,
            Person.family_name,
            Person.given_name,
            User.display_name,
        )
        .join(Case, Case.id == Appointment.case_id)
        .outerjoin(
            HouseholdMember,
            (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == Link.REFERENCE.value),
        )
        .outerjoin(Person, Person.id == HouseholdMember.person_id)
        .outerjoin(User, User.id == Appointment.user_id)
        .where(
            *_OPEN,
            Appointment.planned_on <= until,
            visible(ctx, Appointment),
        )
        .order_by(Appointment.planned_on, Appointment.at_time, Appointment.id)
    )
    if user_id is not None:
        statement = statement.where(Appointment.user_id == user_id)
    if case_id is not None:
        statement = statement.where(Appointment.case_id == case_id)
    return ctx.session.execute(statement).all()
