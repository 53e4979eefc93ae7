"""Pages on how long files are kept, and on what people ask of their data."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cases.forms import whole
from casework.cases.queries import case_head
from casework.kernel.calendar import add_months
from casework.privacy import presentation, service
from casework.privacy.forms import AnonymisationForm, AnswerForm, ArchiveForm, LiftForm, RequestForm
from casework.privacy.queries import file_of, retention_of
from casework.privacy.rights import (
    Answer,
    answer_request,
    get_request,
    is_held,
    lift_limitation,
    record_request,
    requests_of,
)
from casework.privacy.rules import anonymised_from, due_on, last_contact_on, may_be_archived
from casework.privacy.vocabulary import DECISION_LABELS, REACH_LABELS, RIGHT_LABELS, Decision, Right
from casework.web.filters import short_day
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/conservation")
@requires("retention:manage")
def list_files() -> str:
    """What is due, what was told, what is archived."""
    return render_template("privacy/list_files.html", page=presentation.overview(current_ctx()))


@blueprint.route("/conservation/anonymiser", methods=["GET", "POST"])
@requires("retention:manage")
def confirm_anonymisation() -> str | Response:
    """Anonymise what is due: what would change first, then the decision."""
    ctx = current_ctx()
    plan = service.plan_retention(ctx)
    due = presentation.due_list(ctx, plan)
    form = AnonymisationForm(seen=due.count)
    done = save(form, lambda: service.anonymise_due(ctx, whole(form.seen.data)))
    if done is not None:
        flash(
            ngettext("%(num)d dossier est anonymisé.", "%(num)d dossiers sont anonymisés.", done),
            "success",
        )
        return redirect(url_for("privacy.list_files"))
    form.seen.data = str(due.count)  # who reads the refusal sees what holds now
    return render_template(
        "privacy/confirm_anonymisation.html",
        form=form,
        due=due,
        effect=service.effect_on(ctx, [known.case_id for known in plan.anonymised]),
        reaches=REACH_LABELS,
    )


@blueprint.route("/menages/<int:case_id>/conservation", methods=["GET", "POST"])
@requires("retention:archive")
def keep_case(case_id: int) -> str | Response:
    """How long the file of a household is kept, and the way to keep it longer."""
    ctx = current_ctx()
    head, keeping = case_head(ctx, case_id), service.keeping_on(ctx.today)
    service.check_is_of_team(ctx, case_id)
    known = file_of(ctx, case_id)
    due = due_on(known, keeping) if known else None
    form = ArchiveForm(until=add_months(max(due, ctx.today), 12) if due else None)

    def archive() -> bool:
        service.archive_case(ctx, case_id, form.reason.data or "", form.until.data)
        return True

    if save(form, archive):
        flash(
            _(
                "Le dossier est archivé jusqu’au %(day)s. Seuls les responsables l’ouvrent encore.",
                day=short_day(form.until.data),
            ),
            "success",
        )
        opens = ctx.actor.may("retention:manage")
        return redirect(url_for("privacy.list_files" if opens else "desk.show_day"))
    return render_template(
        "privacy/keep_case.html",
        form=form,
        head=head,
        known=known,
        can_archive=known is not None and may_be_archived(known, keeping, ctx.today),
        keeping=keeping,
        row=retention_of(ctx, case_id),
        last_contact_on=last_contact_on(known) if known else None,
        due=due,
        first=anonymised_from(known, keeping) if known else None,
    )


@blueprint.route("/menages/<int:case_id>/droits", methods=["GET", "POST"])
@requires("rights:write")
def list_rights(case_id: int) -> str | Response:
    """What people of a household asked of their data, and the form that notes one more request."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    service.check_is_of_team(ctx, case_id)
    form = RequestForm(received_on=ctx.today)
    request = save(
        form,
        lambda: record_request(ctx, case_id, Right(form.kind.data), form.received_on.data, form.words.data or ""),
    )
    if request is not None:
        flash(_("La demande est notée. La réponse est due le %(day)s.", day=short_day(request.due_on)), "success")
        return redirect(url_for("privacy.list_rights", case_id=case_id))
    return render_template(
        "privacy/list_rights.html",
        form=form,
        head=head,
        requests=requests_of(ctx, case_id),
        rights=RIGHT_LABELS,
        decisions=DECISION_LABELS,
        is_held=is_held,
    )


@blueprint.route("/menages/<int:case_id>/droits/<int:request_id>", methods=["GET", "POST"])
@requires("rights:write")
def answer_right(case_id: int, request_id: int) -> str | Response:
    """Answer a request; once answered, lift the limitation that it brought."""
    ctx = current_ctx()
    head, request = case_head(ctx, case_id), get_request(ctx, case_id, request_id)
    is_open = request.decision is None
    answer_form, lift_form = AnswerForm(answered_on=ctx.today), LiftForm(lifted_on=ctx.today)

    def answer() -> bool:
        decision = Decision(answer_form.decision.data)
        answer_request(
            ctx, case_id, request_id, Answer(decision, answer_form.answered_on.data, answer_form.answer.data or "")
        )
        return True

    def lift() -> bool:
        lift_limitation(ctx, case_id, request_id, lift_form.lifted_on.data)
        return True

    if save(answer_form, answer) if is_open else save(lift_form, lift):
        words = _("La réponse est notée.") if is_open else _("La limitation est levée : le dossier s’écrit de nouveau.")
        flash(words, "success")
        return redirect(url_for("privacy.list_rights", case_id=case_id))
    return render_template(
        "privacy/answer_right.html",
        form=answer_form if is_open else lift_form,
        head=head,
        request_row=request,
        rights=RIGHT_LABELS,
        decisions=DECISION_LABELS,
        is_open=is_open,
        is_held=is_held(request),
    )
