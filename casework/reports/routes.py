"""Pages of the annual review."""

from flask import Blueprint, Response, render_template, request

from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.reports import queries
from casework.reports.faces import FORMATS, file_name, review_file
from casework.reports.presentation import (
    Cover,
    code_label,
    count_label,
    date_label,
    empty_words,
    figure_label,
    figure_rows,
    number,
    sentences,
    shares,
)
from casework.reports.rules import BREAKDOWNS, is_reviewable, is_to_come
from casework.reports.vocabulary import ACTIVITY, FIGURE_LABELS, MOVEMENTS, PEOPLE, REFERRALS
from casework.web.permissions import requires
from casework.web.requests import current_ctx

blueprint = Blueprint("reports", __name__, url_prefix="/bilans")
PAGE = 100


@blueprint.get("")
@requires("review:read")
def list_reviews() -> str:
    """Choose a programme and a year."""
    ctx = current_ctx()
    programmes = queries.reviewed_programmes(ctx)
    first = queries.first_years(ctx, [p.id for p in programmes])
    return render_template(
        "reports/list_reviews.html",
        programmes=[(p, range(ctx.today.year, first.get(p.id, ctx.today.year) - 1, -1)) for p in programmes],
    )


@blueprint.get("/<code>/<int:year>")
@requires("review:read")
def show_review(code: str, year: int) -> str:
    """The review of a year: sentences and pictures first, tables under them."""
    ctx = current_ctx()
    cover = _cover(ctx, code, year)
    review = queries.annual_review(ctx, cover.programme.id, year)
    return render_template(
        "reports/show_review.html",
        cover=cover,
        review=review,
        sentences=sentences(review, cover),
        path=figure_rows(review, (*REFERRALS, "active_caseload")),
        movements=figure_rows(review, MOVEMENTS),
        people=figure_rows(review, PEOPLE),
        activity=figure_rows(review, ACTIVITY),
        splits=[(name, figure_label(name), shares(review, name), empty_words(review, name)) for name in BREAKDOWNS],
        years=[y for y in range(year - 1, year + 2) if is_reviewable(y) and not is_to_come(y, ctx.today)],
        formats=FORMATS,
        sees_cases=queries.sees_cases(ctx),
        opened=frozenset(figure for figure in FIGURE_LABELS if queries.opens_list(ctx, figure)),
        written=number,
    )


@blueprint.get("/<code>/<int:year>.<any(json, pdf, xlsx):form>")
@requires("review:read")
def download_review(code: str, year: int, form: str) -> Response:
    """The same figures as a file."""
    ctx = current_ctx()
    cover = _cover(ctx, code, year)
    review = queries.annual_review(ctx, cover.programme.id, year)
    answer = Response(review_file(form, review, cover), mimetype=FORMATS[form])
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(form, cover))
    return answer


@blueprint.get("/<code>/<int:year>/<figure>")
@blueprint.get("/<code>/<int:year>/<figure>/<key>")
@requires("review:read-cases")
def list_cases_behind(code: str, year: int, figure: str, key: str | None = None) -> str:
    """The households behind a figure."""
    ctx = current_ctx()
    cover = _cover(ctx, code, year)
    cases = queries.cases_behind(ctx, cover.programme.id, year, figure, key)
    start = min(max(request.args.get("debut", 0, type=int), 0), max(len(cases) - 1, 0)) // PAGE * PAGE
    return render_template(
        "reports/list_cases_behind.html",
        cover=cover,
        figure=figure,
        key=key,
        title=figure_label(figure),
        subtitle=code_label(figure, key) if key else None,
        cases=cases[start : start + PAGE],
        count=len(cases),
        start=start,
        size=PAGE,
        date_label=date_label(figure),
        count_label=count_label(figure),
        written=number,
    )


def _cover(ctx: Ctx, code: str, year: int) -> Cover:
    """Return what names the review.

    Raises NotVisible for a programme out of the actor's reach, no year at all, or one that has not begun.
    """
    programme = next((p for p in queries.reviewed_programmes(ctx) if p.code == code), None)
    if programme is None or not is_reviewable(year) or is_to_come(year, ctx.today):
        raise NotVisible
    return Cover(programme, year, ctx.today)
