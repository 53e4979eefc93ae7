"""Pages of the reassessments."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.accounts.vocabulary import Category
from casework.cases.queries import case_head
from casework.cases.sharing import head_and_landlord_reads
from casework.contracts.queries import contract_dates
from casework.contracts.vocabulary import PARTY_LABELS
from casework.reassessments import queries, service
from casework.reassessments.forms import reassessment_form
from casework.reassessments.queries import ReassessmentView
from casework.reassessments.vocabulary import DECISION_LABELS, DOMAIN_LABELS, LEVEL_LABELS, Decision
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

blueprint = Blueprint("reassessments", __name__)
# What these decide is done on another page: the reassessment is shown with the way there.
LEADING_ON = frozenset({Decision.PROLONGATION.value, Decision.FIN.value})


@blueprint.route("/menages/<int:case_id>/reevaluation", methods=["GET", "POST"])
@requires("reassessment:write")
def hold_reassessment(case_id: int) -> str | Response:
    """Hold a reassessment beside the one before."""
    ctx = current_ctx()
    head, read = head_and_landlord_reads(ctx, case_id)
    objectives = queries.open_objectives(ctx, case_id)
    form = reassessment_form({o.id: o.label for o in objectives})(held_on=ctx.today)
    reassessment = save(form, lambda: service.hold_reassessment(ctx, case_id, form.news()))
    if reassessment is not None:
        flash(_("La réévaluation est enregistrée. Le bailleur n’en voit pas la partie confidentielle."), "success")
        if reassessment.decision in LEADING_ON:
            return redirect(
                url_for("reassessments.show_reassessment", case_id=case_id, reassessment_id=reassessment.id)
            )
        return redirect(url_for("desk.show_case", case_id=case_id))
    before = queries.last_reassessment(ctx, case_id)
    return render_template(
        "reassessments/hold_reassessment.html",
        form=form,
        head=head,
        is_signed=contract_dates(ctx, case_id) is not None,
        before=before,
        hints=_hints(before),
        objectives={o.id: o for o in objectives},
        parties=PARTY_LABELS,
        decisions=DECISION_LABELS,
        is_read=Category.REASSESSMENTS in read,
        is_note_read=form.name_readers(read),
    )


@blueprint.get("/menages/<int:case_id>/reevaluations/<int:reassessment_id>")
@requires("reassessment:read")
def show_reassessment(case_id: int, reassessment_id: int) -> str:
    """A past reassessment beside the one before it."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    shown = queries.get_reassessment(ctx, case_id, reassessment_id)
    before = queries.reassessment_before(ctx, case_id, shown)
    return render_template(
        "reassessments/show_reassessment.html",
        head=head,
        shown=shown,
        before=before,
        rows=_rows(before, shown),
        decisions=DECISION_LABELS,
        can_withdraw=ctx.actor.may("reassessment:write")
        and service.can_withdraw_reassessment(ctx, case_id, reassessment_id),
    )


@blueprint.post("/menages/<int:case_id>/reevaluations/<int:reassessment_id>/retirer")
@requires("reassessment:write")
def withdraw_reassessment(case_id: int, reassessment_id: int) -> Response:
    """Take the last reassessment back that was noted by mistake."""
    service.withdraw_reassessment(current_ctx(), case_id, reassessment_id)
    flash(_("La réévaluation est retirée\u00a0: plus personne ne la lit sur la fiche."), "success")
    return redirect(url_for("desk.show_case", case_id=case_id))


def _level(code: str, reassessment: ReassessmentView | None) -> str:
    level = reassessment.levels.get(code) if reassessment else None
    return f"{level} – {_(LEVEL_LABELS[level])}" if level in LEVEL_LABELS else "–"


def _hints(before: ReassessmentView | None) -> dict[str, str]:
    if before is None:
        return {}
    return {code: _level(code, before) for code in DOMAIN_LABELS if code in before.levels}


def _rows(before: ReassessmentView | None, shown: ReassessmentView) -> list[tuple[str, str, str, bool]]:
    rows: list[tuple[str, str, str, bool]] = []
    for code, words in DOMAIN_LABELS.items():
        was, now = _level(code, before), _level(code, shown)
        rows.append((_(words), was, now, before is not None and was != now))
    return rows
