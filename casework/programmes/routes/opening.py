"""Pages on which a programme is put in use: from an entry of the catalogue, or from scratch."""

from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.accounts.queries import list_organisations
from casework.accounts.vocabulary import OrganisationKind
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.programmes import service
from casework.programmes.catalogue import catalogue_codes, catalogue_document
from casework.programmes.definition import DefinitionError
from casework.programmes.forms.definition import in_words
from casework.programmes.forms.opening import OpeningForm
from casework.programmes.models import Programme
from casework.programmes.routes.blueprint import blueprint
from casework.programmes.service import Opening
from casework.web.i18n import gettext as _
from casework.web.permissions import requires
from casework.web.requests import current_ctx, save

SCRATCH = "vierge"
Names = Sequence[tuple[int, str]]


@blueprint.get("/dispositifs/ouvrir")
@requires("programme:open")
def start_programme() -> str:
    """From where a new programme starts: an entry of the catalogue, or nothing."""
    return render_template("programmes/start_programme.html")


@blueprint.route("/dispositifs/ouvrir/<entry>", methods=["GET", "POST"])
@requires("programme:open")
def open_programme(entry: str) -> str | Response:
    """Put a programme in use, after an entry of the catalogue or from scratch."""
    ctx = current_ctx()
    if entry not in (SCRATCH, *catalogue_codes()):
        abort(404)
    landlords, associations = _organisations(ctx)
    document = {} if entry == SCRATCH else catalogue_document(entry)
    form = OpeningForm() if request.method == "POST" else _first(ctx, entry, document, landlords, associations)
    form.offer(landlords, associations)
    added, removed = request.form.get("add", ""), request.form.get("remove", "")
    if added or removed:
        form.change_lines(added, removed)
        return render_template("programmes/open_programme.html", form=form, entry=entry, changed=added or removed)
    programme = save(form, lambda: _open(ctx, form))
    if programme is None:
        return render_template("programmes/open_programme.html", form=form, entry=entry)
    flash(_("Le dispositif %(code)s est ouvert.", code=programme.code), "success")
    # Who manages accounts does not work in the programme: the next thing to say is who does.
    page = "programmes.manage_members" if ctx.actor.may("account:manage") else "programmes.show_programme"
    return redirect(url_for(page, code=programme.code))


def _open(ctx: Ctx, form: OpeningForm) -> Programme:
    written = form.written()
    opening = Opening(
        code=(form.code.data or "").upper(),
        document=written.document,
        landlord=form.landlord(),
        association=form.association(),
        reason=form.reason.data or "",
    )
    try:
        return service.create_programme(ctx, opening)
    except DefinitionError as error:
        raise RuleViolation(written.field_of(error.fault) if error.fault else "", in_words(error)) from error


def _first(ctx: Ctx, entry: str, document: Mapping[str, object], landlords: Names, associations: Names) -> OpeningForm:
    """Return the form as it is opened: what the entry says, with whom where that is known here, from today on."""
    landlord, association = _named(document, "landlords"), _named(document, "operators")
    known_landlord, known_association = _id_of(landlord, landlords), _id_of(association, associations)
    return OpeningForm.of_document(
        {**document, "valid_from": ctx.today.isoformat()},
        code="" if entry == SCRATCH else entry,
        landlord_id=known_landlord,
        landlord_name="" if known_landlord else landlord,
        association_id=known_association,
        association_name="" if known_association else association,
        reason="" if entry == SCRATCH else _("D’après l’entrée %(entry)s du catalogue", entry=entry),
    )


def _organisations(ctx: Ctx) -> tuple[Names, Names]:
    """Return the landlords and the associations that are known, as (id, name)."""
    rows = list_organisations(ctx)
    kinds = (OrganisationKind.LANDLORD, OrganisationKind.ASSOCIATION)
    landlords, associations = ([(row.id, row.name) for row in rows if row.kind == kind] for kind in kinds)
    return landlords, associations


def _named(document: Mapping[str, object], key: str) -> str:
    """Return the first organisation that a definition names under `key`, "" when it names none."""
    names = document.get(key)
    return str(names[0]) if isinstance(names, list) and names else ""


def _id_of(name: str, known: Names) -> str:
    return next((str(key) for key, other in known if other == name), "")
