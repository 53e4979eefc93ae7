"""Pages of contacts and appointments."""

from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.cases.queries import case_head
from casework.cases.sharing import head_and_landlord_reads
from casework.cases.withdrawal import can_withdraw
from casework.contacts import queries, service
from casework.contacts.forms import AppointmentForm, ContactCorrectionForm, ContactForm
from casework.contacts.models import Contact
from casework.contacts.vocabulary import CONTACT_KIND_LABELS, ContactKind, ContactOutcome
from casework.kernel.context import Ctx
from casework.kernel.versions import mark_of
from casework.web.i18n import gettext as _
from casework.web.messages import offer_undo
from casework.web.permissions import requires
from casework.web.places import safe_next
from casework.web.requests import current_ctx, save

blueprint = Blueprint("contacts", __name__)


@blueprint.route("/menages/<int:case_id>/contacts/nouveau", methods=["GET", "POST"])
@requires("contact:write")
def record_contact(case_id: int) -> str | Response:
    """Note a visit, a call, an attempt."""
    ctx = current_ctx()
    form = ContactForm(outcome=ContactOutcome.REALISEE.value, **_as_planned(ctx, case_id))
    contact_id = save(
        form,
        lambda: service.record_contact(
            ctx, case_id, form.news(), form.next_appointment(), _whole(form.appointment_id.data)
        ),
    )
    if contact_id is not None:
        if form.private_note.data:
            flash(_("Le contact est enregistré. Ce qui est pour l’association seulement le reste."), "success")
        else:
            flash(_("Le contact est enregistré."), "success")
        offer_undo(url_for("contacts.withdraw_contact", case_id=case_id, contact_id=contact_id))
        return redirect(url_for("desk.show_case", case_id=case_id))
    head, read = head_and_landlord_reads(ctx, case_id)
    awaited = queries.open_appointments(ctx, user_id=ctx.actor.user_id, case_id=case_id, until=ctx.today)
    return render_template(
        "contacts/record_contact.html",
        form=form,
        head=head,
        contact=None,
        awaited=() if form.appointment_id.data else awaited,
        meanwhile=(),
        can_withdraw=False,
        is_note_read=form.name_readers(read),
    )


def _as_planned(ctx: Ctx, case_id: int) -> dict[str, object]:
    """Return with what the form begins: the appointment that is to be noted, a visit of today without one."""
    appointment_id, kind, day = request.args.get("appointment", ""), ContactKind.VAD.value, ctx.today
    number = _whole(appointment_id)
    if number is not None and request.method == "GET":  # a form that was sent says it all
        planned = queries.get_appointment(ctx, case_id, number)
        if planned.planned_on > day:  # what is noted today is not what is still to come
            appointment_id = ""
        kind, day = planned.kind, min(planned.planned_on, day)
    return {"occurred_on": day, "kind": request.args.get("kind", kind), "appointment_id": appointment_id}


@blueprint.route("/menages/<int:case_id>/contacts/<int:contact_id>", methods=["GET", "POST"])
@requires("contact:write")
def correct_contact(case_id: int, contact_id: int) -> str | Response:
    """Correct a contact."""
    ctx = current_ctx()
    head, read = head_and_landlord_reads(ctx, case_id)
    contact = queries.get_contact(ctx, case_id, contact_id)
    form = ContactCorrectionForm(data=_stored(contact))

    def correct() -> bool:
        service.correct_contact(ctx, case_id, contact_id, form.news(), form.version.data or "")
        return True

    if save(form, correct):
        flash(_("La correction est enregistrée."), "success")
        return redirect(url_for("desk.show_case", case_id=case_id))
    contact = queries.get_contact(ctx, case_id, contact_id)  # as it is kept now, where the correction was refused
    is_note_read, stored = form.name_readers(read), _stored(contact)
    return render_template(
        "contacts/record_contact.html",
        form=form,
        head=head,
        contact=contact,
        meanwhile=form.meanwhile(stored, str(stored["version"])),
        can_withdraw=can_withdraw(ctx, contact.created_at, contact.author_id),
        is_note_read=is_note_read,
    )


def _stored(contact: Contact) -> dict[str, object]:
    said = service.news_of(contact)
    # A file may have said 0 minutes: the form knows them as unknown.
    return asdict(said) | {"duration_minutes": said.duration_minutes or None, "version": mark_of(said)}


@blueprint.post("/menages/<int:case_id>/contacts/<int:contact_id>/retirer")
@requires("contact:write")
def withdraw_contact(case_id: int, contact_id: int) -> Response:
    """Take a contact back that was noted by mistake."""
    if service.withdraw_contact(current_ctx(), case_id, contact_id):
        flash(_("Le contact est retiré, et le rendez-vous pris en même temps est annulé."), "success")
    else:
        flash(_("Le contact est retiré : plus personne ne le lit sur la fiche."), "success")
    return redirect(url_for("desk.show_case", case_id=case_id))


@blueprint.route("/menages/<int:case_id>/rendez-vous", methods=["GET", "POST"])
@requires("contact:write")
def plan_appointment(case_id: int) -> str | Response:
    """Make an appointment."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = AppointmentForm(planned_kind=ContactKind.VAD.value)

    appointment = save(form, lambda: service.plan_appointment(ctx, case_id, form.appointment()))
    if appointment is not None:
        flash(_("Le rendez-vous est dans votre agenda."), "success")
        page = url_for("desk.show_case", case_id=case_id)
        offer_undo(url_for("contacts.cancel_appointment", case_id=case_id, appointment_id=appointment.id, next=page))
        return redirect(page)
    return render_template("contacts/plan_appointment.html", form=form, head=head)


@blueprint.post("/menages/<int:case_id>/rendez-vous/<int:appointment_id>/annuler")
@requires("contact:write")
def cancel_appointment(case_id: int, appointment_id: int) -> Response:
    """Take an appointment out of the agenda."""
    service.cancel_appointment(current_ctx(), case_id, appointment_id)
    flash(_("Le rendez-vous est annulé."), "success")
    place = _place()
    offer_undo(url_for("contacts.reopen_appointment", case_id=case_id, appointment_id=appointment_id, next=place))
    return redirect(place)


@blueprint.post("/menages/<int:case_id>/rendez-vous/<int:appointment_id>/reprendre")
@requires("contact:write")
def reopen_appointment(case_id: int, appointment_id: int) -> Response:
    """Put an appointment back that was cancelled by mistake."""
    service.reopen_appointment(current_ctx(), case_id, appointment_id)
    flash(_("Le rendez-vous est de nouveau dans l’agenda."), "success")
    return redirect(_place())


def _place() -> str:
    """Return where an appointment was cancelled or taken back: a button of a message carries it in its address."""
    return safe_next(request.form.get("next") or request.args.get("next"), "contacts.list_agenda")


@blueprint.get("/agenda")
@requires("contact:write")
def list_agenda() -> str:
    """The appointments ahead, as far as one can be made, and those that are still to be noted."""
    ctx = current_ctx()
    rows = queries.open_appointments(ctx, user_id=ctx.actor.user_id, case_id=None, until=ctx.today + service.FARTHEST)
    return render_template("contacts/list_agenda.html", rows=rows, kinds=CONTACT_KIND_LABELS)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
