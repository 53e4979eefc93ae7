"""Pages on which a coordinator changes a programme: the form or the text, what would change, and saving it."""

from collections.abc import Mapping
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.programmes import edition, queries, version_service
from casework.programmes.definition import DefinitionError
from casework.programmes.forms.definition import in_words
from casework.programmes.forms.version import EditForm, SavingForm, TextForm
from casework.programmes.models import Programme
from casework.programmes.presentation.changes import change_rows
from casework.programmes.queries import VersionInForce
from casework.programmes.routes.blueprint import blueprint
from casework.programmes.toml_text import read_text, write_text
from casework.web.filters import short_day
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

ONE_DAY = timedelta(days=1)


@blueprint.route("/dispositifs/<code>/modifier", methods=["GET", "POST"])
@requires("programme:write")
def edit_programme(code: str) -> str | Response:
    """Change what a programme says: a form for the usual parts, then what would change."""
    ctx = current_ctx()
    programme, last = _programme(ctx, code)
    if request.method == "GET":
        return _form_page(programme, EditForm.of_document(_next_document(ctx, last), base=last.number))
    if request.form.get("step") == "back":
        return _form_page(programme, EditForm.of_document(_read(request.form.get("document", "")), **_carried()))
    form = EditForm()
    added, removed = request.form.get("add", ""), request.form.get("remove", "")
    if added or removed:
        form.change_lines(added, removed)
        return _form_page(programme, form, added or removed)
    if not form.validate():
        return _form_page(programme, form)
    written = form.written()
    try:
        return _preview(ctx, programme, written.document, SavingForm(formdata=None, **_carried()))
    except DefinitionError as error:
        form.refuse_definition(error, written)
    except RuleViolation as violation:
        form.refuse(violation)
    return _form_page(programme, form)


@blueprint.route("/dispositifs/<code>/modifier/texte", methods=["GET", "POST"])
@requires("programme:write")
def edit_definition(code: str) -> str | Response:
    """Change the whole definition of a programme as text, then what would change."""
    ctx = current_ctx()
    programme, last = _programme(ctx, code)
    if request.method == "GET":
        form = TextForm(formdata=None, base=last.number, text=write_text(_next_document(ctx, last)))
        return render_template("programmes/edit_definition.html", form=form, programme=programme)
    form = TextForm()
    if request.form.get("step") == "text":
        form = TextForm(formdata=None, text=request.form.get("document", ""), **_carried())
    elif form.validate():
        form.text.data = form.content()
        try:
            document = read_text(_("texte"), form.text.data)
            return _preview(ctx, programme, document, SavingForm(formdata=None, **_carried()))
        except (DefinitionError, RuleViolation) as error:
            form.refuse(RuleViolation("text", in_words(error, with_place=True)))
    return render_template("programmes/edit_definition.html", form=form, programme=programme)


@blueprint.post("/dispositifs/<code>/versions/enregistrer")
@requires("programme:write")
def save_version(code: str) -> str | Response:
    """Save a version whose effects were shown; what cannot be saved is shown again, nothing lost."""
    ctx = current_ctx()
    programme, _last = _programme(ctx, code)
    form = SavingForm()
    document = _read(form.document.data or "")

    def keep() -> int:
        try:
            reason = form.reason.data or ""
            return version_service.save_version(ctx, code, document, _base(form.base.data), reason).number
        except DefinitionError as error:
            raise RuleViolation("", in_words(error)) from error

    number = save(form, keep)
    if number is not None:
        flash(
            _("La version %(number)s est enregistrée. Les accompagnements en cours gardent la leur.", number=number),
            "success",
        )
        return redirect(url_for("programmes.show_programme", code=code))
    try:
        return _preview(ctx, programme, document, form)
    except (DefinitionError, RuleViolation) as error:
        again = EditForm.of_document(document, **_carried())
        if isinstance(error, DefinitionError):
            again.refuse_definition(error, edition.as_read(document))
        else:
            again.refuse(error)
        return _form_page(programme, again)


def _programme(ctx: Ctx, code: str) -> tuple[Programme, VersionInForce]:
    """Return a programme the actor works in, and its last version. Raises NotVisible."""
    programme = queries.find_programme(ctx, code)
    if programme is None:
        raise NotVisible
    return programme, queries.versions_of(ctx, programme.id)[-1]


def _next_document(ctx: Ctx, last: VersionInForce) -> dict[str, object]:
    """Return what the last version says, to start on the first day on which another one may."""
    starts_on = max(ctx.today, last.definition.valid_from + ONE_DAY)
    return queries.document_of(ctx, last.id) | {"valid_from": starts_on.isoformat()}


def _carried() -> dict[str, str]:
    """Return what goes along from page to page: the version it was made from, and the reason typed so far."""
    return {name: request.form.get(name, "") for name in ("base", "reason")}


def _base(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _read(text: str) -> dict[str, object]:
    """Return the definition that a page carried along. Raises RuleViolation when it is none."""
    try:
        return read_text(_("définition"), text)
    except DefinitionError as error:
        raise RuleViolation("", in_words(error)) from error


def _form_page(programme: Programme, form: EditForm, changed: str = "") -> str:
    return render_template("programmes/edit_programme.html", form=form, programme=programme, changed=changed)


def _preview(ctx: Ctx, programme: Programme, document: Mapping[str, object], form: SavingForm) -> str:
    """Return the page that shows what a version would change. Raises DefinitionError or RuleViolation when it cannot be.

    When somebody else saved a version in the meantime, the page says so and compares with that one.
    """
    conflict, base = "", _base(form.base.data)
    try:
        proposal = version_service.propose_version(ctx, programme.code, document, base)
    except Conflict as error:
        conflict = error.text(_, ngettext)
        base = queries.versions_of(ctx, programme.id)[-1].number
        proposal = version_service.propose_version(ctx, programme.code, document, base)
    form.base.data, form.document.data = str(base), write_text(document)
    if conflict:
        form.form_errors = []  # said once, above the form
    return render_template(
        "programmes/preview_version.html",
        form=form,
        programme=programme,
        proposal=proposal,
        conflict=conflict,
        rows=change_rows(proposal.differences),
        effects=_effects(ctx, proposal),
    )


def _effects(ctx: Ctx, proposal: version_service.Proposal) -> list[str]:
    """Return what the version means for the cases and the referrals, in sentences."""
    kept = [
        ngettext(
            "%(num)d accompagnement en cours garde la version %(number)s.",
            "%(num)d accompagnements en cours gardent la version %(number)s.",
            count,
            number=number,
        )
        for number, count in sorted(proposal.open_cases.items())
    ]
    starts_on = proposal.definition.valid_from
    day, number = short_day(starts_on), proposal.number
    start = _("Les orientations à partir du %(day)s suivront la version %(number)s.", day=day, number=number)
    return [*(kept or [_("Aucun accompagnement n’est en cours.")]), start]
