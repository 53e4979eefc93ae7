"""The daily screens: my day, the caseload, the case."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.accounts.vocabulary import ROLE_LABELS, Role
from casework.alerts.postponing import postpone_alert_until, refusal_of, take_back_postponing_of
from casework.alerts.queries import rules_that_concern
from casework.cases.forms import whole
from casework.cases.queries import CaseHead, case_head
from casework.cases.version_service import move_case_to_version
from casework.cases.vocabulary import CASE_STATE_LABELS, CaseState
from casework.confidential.address_service import ways_to_reach
from casework.confidential.glass_service import told_today
from casework.confidential.presentation import closed_words
from casework.confidential.vocabulary import MOTIVE_LABELS
from casework.contacts.queries import open_appointments
from casework.contacts.vocabulary import CONTACT_KIND_LABELS
from casework.contracts.vocabulary import OBJECTIVE_STATE_LABELS
from casework.desk import presentation, queries
from casework.desk.case_page import CasePage, case_page, without_links
from casework.desk.case_queries import as_landlord, head_and_standing
from casework.desk.caseload import (
    ALL_STATES,
    DESCENDING_FIRST,
    Filters,
    choices,
    list_cases,
    reads_contacts,
    reads_due_dates,
    sorts_of,
)
from casework.desk.closed_alerts import closed_alerts_of_case, page_of_closed_alerts
from casework.desk.forms import PostponeForm, VersionMoveForm
from casework.desk.version_effects import effect_of_move
from casework.diagnostics.vocabulary import RECOMMENDATION_LABELS
from casework.households.vocabulary import COMPOSITION_LABELS, HOUSING_LABELS
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.kernel.levels import Level
from casework.kernel.reading import Reading, record_reading
from casework.kernel.text import search_key
from casework.privacy.presentation import told_lines
from casework.privacy.rights import requests_to_answer
from casework.privacy.vocabulary import RIGHT_LABELS
from casework.programmes.conventions import conventions_of, in_force_on
from casework.programmes.queries import versions_of
from casework.programmes.vocabulary import STAGE_LABELS
from casework.web.filters import short_day
from casework.web.i18n import gettext as _
from casework.web.messages import offer_undo
from casework.web.paging import Place
from casework.web.permissions import requires
from casework.web.places import safe_next
from casework.web.requests import current_ctx, refused, save

blueprint = Blueprint("desk", __name__)
LINES_OF_DAY = 60


@blueprint.get("/")
@requires("session:use")
def show_day() -> str | Response:
    """What is late, what comes, today's appointments."""
    ctx = current_ctx()
    if not ctx.actor.may("day:read"):
        home = "reports.list_reviews" if ctx.actor.may("review:read") else "accounts.list_users"
        return redirect(url_for(home))
    rows = queries.alerts_of_day(ctx, LINES_OF_DAY)
    lines = presentation.alert_lines(rows, ctx.actor, ctx.today)
    meetings = []
    if ctx.actor.may("contact:write"):
        week = ctx.today + timedelta(days=7)
        meetings = list(open_appointments(ctx, user_id=ctx.actor.user_id, case_id=None, until=week))
    is_told = ctx.actor.may("retention:archive") and not ctx.actor.may("retention:manage")  # who manages has a page
    return render_template(
        "desk/show_day.html",
        late=[line for line in lines if line["tone"] == "late"],
        soon=[line for line in lines if line["tone"] != "late"],
        more=len(rows) == LINES_OF_DAY,
        meetings=meetings,
        load=queries.load_of_actor(ctx),
        breaks=told_today(ctx) if ctx.actor.may("glass:break") else (),
        motives=MOTIVE_LABELS,
        kinds=CONTACT_KIND_LABELS,
        told=told_lines(ctx) if is_told else [],
        rights=requests_to_answer(ctx) if ctx.actor.may("rights:write") else [],
        right_labels=RIGHT_LABELS,
    )


@blueprint.get("/menages", endpoint="list_cases")
@requires("case:read")
def show_caseload() -> str:
    """The caseload."""
    ctx = current_ctx()
    rules, sorts = rules_that_concern(ctx.actor), sorts_of(ctx.actor)
    filters = _filters(sorts, rules)
    page = list_cases(ctx, filters, _place())
    return render_template(
        "desk/list_cases.html",
        page=page,
        filters=filters,
        states=CASE_STATE_LABELS,
        stages=STAGE_LABELS,
        rules=rules,
        sorts=sorts,
        reads_contacts=reads_contacts(ctx.actor),
        reads_due_dates=reads_due_dates(ctx.actor),
        all_states=ALL_STATES,
        choices=choices(ctx),
        lines=presentation.case_lines(page.rows, ctx.today),
        descending_first=DESCENDING_FIRST,
    )


def _place() -> Place:
    return Place.read(request.args.get("apres"), request.args.get("avant"))


def _rules(ctx: Ctx) -> tuple[dict[str, str], str]:
    """Return the rules that concern the actor, and the one that the address asks for ("" for all)."""
    rules, asked = rules_that_concern(ctx.actor), request.args.get("regle", "")
    return rules, asked if asked in rules else ""


def _filters(sorts: Sequence[str], rules: Collection[str]) -> Filters:
    """Read the filters from the address; the first sort offered is the usual one."""
    args = request.args
    text = args.get("q", "").strip()[:100]
    state = args.get("etat") or (ALL_STATES if text else CaseState.ACTIVE.value)
    sort = args["tri"] if args.get("tri") in sorts else sorts[0]
    usual = "desc" if "tri" not in args and sort in DESCENDING_FIRST else ""
    referent = args.get("referent", "")
    return Filters(
        state=state if state in {*CaseState, ALL_STATES} else CaseState.ACTIVE.value,
        rule=args["alerte"] if args.get("alerte") in rules else "",
        referent_id=int(referent) if referent.isascii() and referent.isdecimal() and len(referent) < 19 else None,
        district=args.get("quartier", "")[:200],
        text=text,
        sort=sort,
        descending=args.get("sens", usual) == "desc",
    )


@blueprint.get("/menages/<int:case_id>")
@requires("case:read")
def show_case(case_id: int) -> str:
    """One household: who, where, since when, what is due, what is owed, and the thread."""
    ctx = current_ctx()
    head, page = _opened(ctx, case_id)
    record_reading(ctx, case_id, Reading.CASE, Level.S0)
    secret = bool(head.is_protected) and ctx.actor.may("address:protect")
    ways = ways_to_reach(ctx, case_id) if secret else None
    opened = case_id in ctx.actor.opened_case_ids
    return render_template(
        "desk/show_case.html", head=head, page=page, secret=secret, ways=ways, opened=opened, **_CASE_WORDS
    )


_CASE_WORDS = {
    "stage_labels": STAGE_LABELS,
    "composition_labels": COMPOSITION_LABELS,
    "housing_labels": HOUSING_LABELS,
    "objective_labels": OBJECTIVE_STATE_LABELS,
    "level_labels": RECOMMENDATION_LABELS,
    "role_labels": ROLE_LABELS,
}


def _opened(ctx: Ctx, case_id: int) -> tuple[CaseHead, CasePage]:
    head, standing = head_and_standing(ctx, case_id)
    return head, case_page(ctx, head, standing, request.args.get("type", ""), request.args.get("avant"))


@blueprint.get("/menages/<int:case_id>/vue-du-bailleur")
@requires("sharing:preview")
def show_landlord_view(case_id: int) -> str | Response:
    """The same page, made for the landlord: what they read of a household, and nothing else."""
    ctx = current_ctx()
    number = case_head(ctx, case_id).number
    role = Role.LANDLORD_RENT if request.args.get("equipe") == "quittancement" else Role.LANDLORD_SOCIAL
    try:
        head, page = _opened(as_landlord(ctx, case_id, role), case_id)
    except NotVisible:
        flash(_("Le bailleur n’ouvre plus le dossier %(number)s : il est archivé.", number=number), "info")
        return redirect(url_for("desk.show_case", case_id=case_id))
    record_reading(ctx, case_id, Reading.CASE, Level.S0)
    convention = in_force_on(conventions_of(ctx, head.programme_id), ctx.today)
    return render_template(
        "desk/show_case.html",
        head=head,
        page=without_links(page),
        viewer=role.value,
        convention=convention,
        closed=closed_words(convention, role, page.shared),
        **_CASE_WORDS,
    )


@blueprint.get("/alertes")
@requires("alert:read")
def list_alerts() -> str:
    """The open alerts, by rule or all, the most pressing first."""
    ctx = current_ctx()
    rules, rule = _rules(ctx)
    page = queries.page_of_alerts(ctx, rule, _place())
    lines = presentation.alert_lines(page.rows, ctx.actor, ctx.today)
    return render_template("desk/list_alerts.html", page=page, lines=lines, rule=rule, rules=rules)


@blueprint.get("/alertes/closes")
@requires("alert:read")
def list_closed_alerts() -> str:
    """The alerts whose cause is gone, by rule or all, with the fact that closed each, the last closed first."""
    ctx = current_ctx()
    rules, rule = _rules(ctx)
    page = page_of_closed_alerts(ctx, rule, _place())
    lines = presentation.closed_alert_lines(page.rows)
    return render_template("desk/list_closed_alerts.html", page=page, lines=lines, rule=rule, rules=rules)


@blueprint.get("/menages/<int:case_id>/alertes")
@requires("alert:read")
def list_case_alerts(case_id: int) -> str:
    """Every alert of one household: the open ones, then those that are closed, with the fact that closed each."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    page = closed_alerts_of_case(ctx, case_id, _place())
    return render_template(
        "desk/list_case_alerts.html",
        head=head,
        page=page,
        alerts=presentation.alert_lines(queries.alerts_of_case(ctx, case_id), ctx.actor, ctx.today),
        lines=presentation.closed_alert_lines(page.rows),
    )


@blueprint.route("/alertes/<int:alert_id>/reporter", methods=["GET", "POST"])
@requires("alert:postpone")
def postpone_alert(alert_id: int) -> str | Response:
    """Put an alert off, with a reason that the team can read."""
    ctx = current_ctx()
    row = queries.get_alert(ctx, alert_id)
    form = PostponeForm(until=ctx.today + timedelta(days=7))

    def postpone() -> bool:
        postpone_alert_until(ctx, alert_id, form.until.data, form.reason.data or "")
        return True

    back = safe_next(request.args.get("next"), "desk.show_day")
    if save(form, postpone):
        flash(_("L’alerte est reportée au %(day)s.", day=short_day(form.until.data)), "success")
        offer_undo(url_for("desk.take_back_postponing", alert_id=alert_id))
        return redirect(back)
    line = presentation.alert_lines([row], ctx.actor, ctx.today)[0]
    refusal = refusal_of(ctx.actor.role, row.rule)
    words = refusal.text(_) if refusal else None
    return render_template("desk/postpone_alert.html", form=form, line=line, back=back, refusal=words)


@blueprint.post("/alertes/<int:alert_id>/reporter/annuler")
@requires("alert:postpone")
def take_back_postponing(alert_id: int) -> Response:
    """Show an alert that was put off on the day's page again."""
    ctx = current_ctx()
    queries.get_alert(ctx, alert_id)
    refusal = refused(lambda: take_back_postponing_of(ctx, alert_id))
    if refusal is not None:
        flash(refusal.text(_), "error")
        return redirect(safe_next(request.form.get("next"), "desk.list_alerts"))
    flash(_("Le report est annulé : l’alerte est de nouveau sur votre journée."), "success")
    return redirect(safe_next(request.form.get("next"), "desk.list_alerts"))


@blueprint.route("/menages/<int:case_id>/version", methods=["GET", "POST"])
@requires("case:manage")
def move_case(case_id: int) -> str | Response:
    """Let a household follow another version of its programme: what would change first, then the decision."""
    ctx = current_ctx()
    head = case_head(ctx, case_id)
    in_force = [v for v in versions_of(ctx, head.programme_id) if v.definition.valid_from <= ctx.today]
    present = next(v for v in versions_of(ctx, head.programme_id) if v.id == head.version_id)
    others = [v for v in in_force if v.id != present.id]
    asked = whole(request.values.get("number"))
    chosen = next((v for v in others if v.number == asked), others[-1] if others else None)
    form = VersionMoveForm(number=chosen.number if chosen else "", present=present.number)

    def move() -> bool:
        number, seen = whole(form.number.data), whole(form.present.data)
        move_case_to_version(ctx, case_id, number, form.reason.data or "", seen)
        return True

    if save(form, move):
        flash(_("Le ménage suit maintenant la version %(number)s.", number=asked), "success")
        return redirect(url_for("cases.manage_case", case_id=case_id))
    form.present.data = str(present.number)  # who reads the refusal sees what holds now
    return render_template(
        "desk/move_case.html",
        form=form,
        head=head,
        present=present,
        others=others,
        chosen=chosen,
        effect=effect_of_move(ctx, head, present, chosen) if chosen and not head.has_ended(ctx.today) else None,
    )


@blueprint.get("/visite")
@requires("contact:write")
def choose_household() -> str:
    """Note a visit: of whom?"""
    ctx = current_ctx()
    text = request.args.get("q", "").strip()[:100]
    rows = queries.households_to_visit(ctx, search_key(text).split(), 30)
    return render_template("desk/choose_household.html", rows=rows, text=text)
