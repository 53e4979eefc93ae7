"""Pages of what is handed out on personal data."""

from flask import Blueprint, Response, render_template

from casework.accounts.vocabulary import Role
from casework.cases.queries import case_head
from casework.disclosure.content import contents
from casework.disclosure.service import archive_name, copy_of_file
from casework.privacy.service import check_is_of_team
from casework.web.permissions import requires
from casework.web.requests import current_ctx

blueprint = Blueprint("disclosure", __name__)


@blueprint.get("/menages/<int:case_id>/copie")
@requires("privacy:export")
def offer_copy(case_id: int) -> str:
    """What the copy of a file holds, what it does not, and what to read again before it is handed over."""
    ctx = current_ctx()
    check_is_of_team(ctx, case_id)
    return render_template(
        "disclosure/offer_copy.html",
        head=case_head(ctx, case_id),
        withheld=[content for content in contents() if content.withheld],
        reads_sensitive=ctx.actor.role == Role.REFERENT or case_id in ctx.actor.opened_case_ids,
    )


@blueprint.get("/menages/<int:case_id>/copie.zip")
@requires("privacy:export")
def download_copy(case_id: int) -> Response:
    """The copy of a file: a PDF and a file for machines."""
    number, content = copy_of_file(current_ctx(), case_id)
    answer = Response(content, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=archive_name(number))
    return answer
