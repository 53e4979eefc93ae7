"""The screens of the logs: what was changed of a household, and who opened its file."""

from flask import Blueprint, render_template, request

from casework.accounts.vocabulary import ROLE_LABELS
from casework.cases.queries import case_head
from casework.history.presentation import field_words, lines_of, staff_named, subjects_of
from casework.history.queries import names_of, page_of_changes, page_of_readings
from casework.history.subjects import READING_LABELS, SUBJECTS
from casework.kernel.levels import SENSITIVE
from casework.web.paging import Place
from casework.web.permissions import requires
from casework.web.requests import current_ctx

blueprint = Blueprint("history", __name__)


@blueprint.get("/menages/<int:case_id>/historique")
@requires("history:read")
def list_changes(case_id: int) -> str:
    """Who changed what of a household, when and why: all of it, or one field."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    entity, column = _field()
    page = page_of_changes(ctx, case_id, entity, column, _place())
    return render_template(
        "history/list_changes.html",
        head=head,
        page=page,
        lines=lines_of(page.rows, names_of(ctx, staff_named(page.rows)), column),
        field=f"{entity}.{column}" if column else None,
        subjects=subjects_of(ctx.actor),
        field_words=field_words(entity, column) if column else "",
    )


@blueprint.get("/menages/<int:case_id>/lectures")
@requires("history:read")
def list_readings(case_id: int) -> str:
    """Who opened the file of a household."""
    ctx = current_ctx()
    return render_template(
        "history/list_readings.html",
        head=case_head(ctx, case_id),
        page=page_of_readings(ctx, case_id, _place()),
        what_labels=READING_LABELS,
        role_labels=ROLE_LABELS,
        sensitive=SENSITIVE,
    )


def _field() -> tuple[str, str]:
    """Return the table and the column that the address asks for, both empty for all."""
    entity, _dot, column = request.args.get("champ", "").partition(".")
    subject = SUBJECTS.get(entity)
    is_shown = subject is not None and column in subject.fields and current_ctx().actor.may(subject.permission)
    return (entity, column) if is_shown else ("", "")


def _place() -> Place:
    return Place.read(request.args.get("apres"), request.args.get("avant"))
