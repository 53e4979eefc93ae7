"""Pages of what is handed out on personal data."""

from flask import Blueprint, Response, render_template

from casework.accounts.vocabulary import Role
from casework.cases.queries import case_head
from casework.disclosure.assessment import assessment
from casework.disclosure.content import contents
from casework.disclosure.paper import FORMATS, paper_file
from casework.disclosure.register import register
from casework.disclosure.service import archive_name, copy_of_file
from casework.disclosure.vocabulary import WITHHELD_LABELS
from casework.privacy.service import check_is_of_team
from casework.web.permissions import requires
from casework.web.requests import current_ctx, services

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
        withheld_words=WITHHELD_LABELS,
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


_PAPERS = {"registre": register, "analyse-impact": assessment}


@blueprint.get("/donnees-personnelles")
@requires("register:read")
def show_register() -> str:
    """The register of processing as it is today, and the files of it and of the impact assessment."""
    return render_template("disclosure/show_register.html", paper=register(current_ctx(), services().settings))


@blueprint.get("/donnees-personnelles/<any('registre', 'analyse-impact'):paper>.<any(md, pdf):form>")
@requires("register:read")
def download_paper(paper: str, form: str) -> Response:
    """The register or the impact assessment as a file."""
    made = _PAPERS[paper](current_ctx(), services().settings)
    answer = Response(paper_file(form, made), mimetype=FORMATS[form].partition(";")[0])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{paper}.{form}")
    return answer
