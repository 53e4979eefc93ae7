"""Pages of the referral, and of its corrections."""

from collections.abc import Sequence
from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.accounts.vocabulary import Role
from casework.cases import queries, service
from casework.cases.forms import CorrectionForm, ReferralForm, whole
from casework.cases.queries import case_head
from casework.cases.routes.blueprint import blueprint
from casework.cases.vocabulary import BenefitPayment
from casework.kernel.context import Ctx
from casework.programmes.queries import find_programme, list_programmes
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save


@blueprint.route("/menages/orienter", methods=["GET", "POST"])
@requires("case:refer")
def record_referral() -> str | Response:
    """Note a referral."""
    ctx = current_ctx()
    programmes = list_programmes(ctx)
    own = ctx.actor.user_id if ctx.actor.role == Role.REFERENT else None
    form = ReferralForm(
        referred_on=ctx.today, adults=1, children=0, referent_id=own, benefit_payment=BenefitPayment.TIERS_PAYANT.value
    )
    form.programme.choices = [(row.code, row.name) for row in programmes]
    referents = {r.id: r.display_name for row in programmes for r in queries.possible_referents(ctx, row.id)}
    form.referent_id.choices = [(0, _("Plus tard")), *referents.items()]
    case = save(
        form,
        lambda: service.record_referral(
            ctx,
            form.programme.data,
            form.sheet(),
            form.referent_id.data or None,
            another_household=form.another_household.data,
        ),
    )
    if case is not None:
        flash(_("Le ménage est orienté sous le numéro %(number)s.", number=case.number), "success")
        return redirect(url_for("desk.show_case", case_id=case.id))
    return render_template(
        "cases/record_referral.html", form=form, proposed=_proposed(ctx, [row.code for row in programmes])
    )


def _proposed(ctx: Ctx, codes: Sequence[str]) -> str | None:
    programme = find_programme(ctx, codes[0]) if len(codes) == 1 else None
    return service.propose_number(ctx, programme, ctx.today.year) if programme else None


@blueprint.route("/menages/<int:case_id>/fiche", methods=["GET", "POST"])
@requires("person:write")
def correct_identity(case_id: int) -> str | Response:
    """Correct what the referral noted."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    record = queries.case_record(ctx, case_id)
    stored, version = asdict(service.sheet_of(record)), record.case.version
    form = CorrectionForm(data=stored | {"version": str(version)})
    if record.household.people_entered:
        del form.composition, form.adults, form.children
    if head.is_protected:
        form.leave_out_the_place()

    def correct() -> bool:
        service.correct_identity(ctx, case_id, form.sheet(), whole(form.version.data))
        return True

    if save(form, correct):
        flash(_("La fiche est corrigée."), "success")
        return redirect(url_for("desk.show_case", case_id=case_id))
    meanwhile = form.meanwhile(stored, str(version))
    return render_template("cases/correct_identity.html", form=form, head=head, meanwhile=meanwhile)
