"""Pages of the people of a household."""

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases import people_service, queries
from casework.cases.people_forms import DepartureForm, MemberCorrectionForm, MemberForm
from casework.cases.queries import case_head
from casework.cases.routes.blueprint import blueprint
from casework.households.models import HouseholdMember, Person
from casework.households.vocabulary import CIVILITY_LABELS, COMPOSITION_LABELS, LINK_LABELS
from casework.kernel.versions import mark_of
from casework.web.forms import BaseForm
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


@blueprint.get("/menages/<int:case_id>/personnes")
@requires("person:write")
def list_people(case_id: int) -> str:
    """Who lives, and lived, in the household."""
    ctx = current_ctx()
    record = queries.case_record(ctx, case_id)
    return render_template(
        "cases/list_people.html",
        head=case_head(ctx, case_id),
        people=queries.members_of(ctx, case_id),
        household=record.household,
        civilities=CIVILITY_LABELS,
        compositions=COMPOSITION_LABELS,
        links=LINK_LABELS,
    )


@blueprint.route("/menages/<int:case_id>/personnes/ajouter", methods=["GET", "POST"])
@requires("person:write")
def add_person(case_id: int) -> str | Response:
    """Enter a person of the household."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    form = MemberForm(family_name=head.family_name)
    if head.is_protected:
        del form.phone
    if save(form, lambda: people_service.add_member(ctx, case_id, form.news())) is not None:
        flash(_("%(name)s est dans le ménage.", name=form.given_name.data), "success")
        return redirect(url_for("cases.list_people", case_id=case_id))
    return render_template("cases/correct_person.html", form=form, head=head, member=None, meanwhile=())


@blueprint.route("/menages/<int:case_id>/personnes/<int:member_id>", methods=["GET", "POST"])
@requires("person:write")
def correct_person(case_id: int, member_id: int) -> str | Response:
    """Correct what is noted of a person."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    member, person = queries.member_of(ctx, case_id, member_id)
    form = MemberCorrectionForm(data=_stored(member, person))
    if person.is_protected:
        del form.phone

    def correct() -> bool:
        people_service.correct_member(ctx, case_id, member_id, form.news(), form.version.data or "")
        return True

    if save(form, correct):
        flash(_("La correction est enregistrée."), "success")
        return redirect(url_for("cases.list_people", case_id=case_id))
    stored = _stored(*queries.member_of(ctx, case_id, member_id))  # as it is kept now, where the correction was refused
    meanwhile = form.meanwhile(stored, str(stored["version"]))
    return render_template("cases/correct_person.html", form=form, head=head, member=member, meanwhile=meanwhile)


def _stored(member: HouseholdMember, person: Person) -> dict[str, object]:
    said = people_service.news_of(member, person)
    return asdict(said) | {"version": mark_of(said)}


@blueprint.route("/menages/<int:case_id>/personnes/<int:member_id>/depart", methods=["GET", "POST"])
@requires("person:write")
def record_departure(case_id: int, member_id: int) -> str | Response:
    """Note that a person left the household."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    _member, person = queries.member_of(ctx, case_id, member_id)
    name = f"{person.given_name} {person.family_name}"
    form = DepartureForm(left_on=ctx.today)

    def leave() -> bool:
        people_service.record_departure(ctx, case_id, member_id, form.left_on.data)
        return True

    if save(form, leave):
        flash(_("Le départ de %(name)s est noté.", name=name), "success")
        return redirect(url_for("cases.list_people", case_id=case_id))
    return render_template("cases/record_departure.html", form=form, head=head, name=name)


@blueprint.post("/menages/<int:case_id>/personnes/completes")
@requires("person:write")
def confirm_people(case_id: int) -> Response:
    """Say that everybody is entered."""
    ctx = current_ctx()

    def confirm() -> bool:
        people_service.confirm_people(ctx, case_id)
        return True

    if save(BaseForm(), confirm):
        flash(_("Les nombres et la composition viennent maintenant des personnes saisies."), "success")
    return redirect(url_for("cases.list_people", case_id=case_id))
