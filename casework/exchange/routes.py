"""Pages of the import: send files, see what the check found, confirm, see what went in."""

import io
import zipfile

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from casework.exchange import queries
from casework.exchange.archives import unpack
from casework.exchange.checking import check
from casework.exchange.creation.work import Created
from casework.exchange.forms import ConfirmForm, UploadForm
from casework.exchange.ledger_check import unfinished
from casework.exchange.plan import Plan
from casework.exchange.reading.files import read_sources
from casework.exchange.reading.records import Batch, Source
from casework.exchange.rejects import reject_files
from casework.exchange.service import run_import
from casework.exchange.uploads import Upload, WaitingRoom
from casework.exchange.vocabulary import CREATED_LABELS, FILE_KIND_LABELS
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.programmes.models import Programme
from casework.programmes.queries import find_programme, list_programmes
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext
from casework.web.permissions import requires
from casework.web.requests import current_ctx, once_committed, save, services

blueprint = Blueprint("exchange", __name__, url_prefix="/import")
SHOWN = 200


@blueprint.route("", methods=["GET", "POST"])
@requires("import:run")
def start_import() -> str | BaseResponse:
    """Send the files of a programme; nothing is written yet."""
    ctx = current_ctx()
    form = UploadForm([(p.code, f"{p.name} ({p.code})") for p in list_programmes(ctx)])
    token = save(form, lambda: _keep(ctx, form), ask_first=True)
    if token is not None:
        return redirect(url_for("exchange.check_import", token=token))
    return render_template("exchange/start_import.html", form=form, past=queries.past_imports(ctx))


@blueprint.get("/<string(length=22):token>")
@requires("import:run")
def check_import(token: str) -> str:
    """What would go in, what is there already, what differs, what is refused."""
    ctx = current_ctx()
    upload = _room().find(_user(ctx), token)
    return _preview(ctx, upload, ConfirmForm())


@blueprint.post("/<string(length=22):token>")
@requires("import:run")
def create_import(token: str) -> str | BaseResponse:
    """Put in what is sound, as decided, and show it."""
    ctx = current_ctx()
    upload = _room().find(_user(ctx), token)
    programme, batch = _programme(ctx, upload), _read(upload)
    form = ConfirmForm()
    result = save(
        form,
        lambda: run_import(ctx, programme, batch, replace=bool(form.replace.data), strict=bool(form.strict.data)),
    )
    if result is None:
        return _preview(ctx, upload, form)
    plan, created = result
    if plan.all_refused:  # the rows to correct stay at hand; what is kept goes with the day, as all that waits
        return _tell_refused(token, plan, created)
    room = _room()
    once_committed(lambda: room.forget(token))
    if created.import_id is None:
        flash(_("Rien n’était nouveau dans ces fichiers : rien n’a changé."), "information")
        return redirect(url_for("exchange.start_import"))
    flash(_("L’import est terminé."), "success")
    return redirect(url_for("exchange.show_import", import_id=created.import_id))


def _tell_refused(token: str, plan: Plan, created: Created) -> BaseResponse:
    if created.import_id is None:
        flash(_("Rien n’est entré\u00a0: ce qui est nouveau dans ces fichiers est refusé."), "information")
        return redirect(url_for("exchange.check_import", token=token))
    refused = ngettext(
        "L’import est terminé, mais %(num)d ligne est refusée.",
        "L’import est terminé, mais %(num)d lignes sont refusées.",
        plan.refused_rows,
    )
    flash(refused, "information")
    return redirect(url_for("exchange.show_import", import_id=created.import_id, token=token))


@blueprint.post("/<string(length=22):token>/abandon")
@requires("import:run")
def discard_import(token: str) -> BaseResponse:
    """Delete the files that wait."""
    _room().find(_user(current_ctx()), token)
    _room().forget(token)
    flash(_("Les fichiers envoyés sont effacés."), "success")
    return redirect(url_for("exchange.start_import"))


@blueprint.get("/<string(length=22):token>/refus")
@requires("import:run")
def download_rejects(token: str) -> Response:
    """The refused rows as a file to correct and send again: a CSV, or an archive when there are several."""
    ctx = current_ctx()
    plan = _check(ctx, _room().find(_user(ctx), token))
    files = list(reject_files(plan.batch.sheets, plan.all_refused, _))
    if not files:
        raise NotVisible
    if len(files) == 1:
        name, text = files[0]
        answer = Response(text, mimetype="text/csv")
    else:
        name, packed = "lignes-refusees.zip", io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file_name, text in files:
                archive.writestr(file_name, text)
        answer = Response(packed.getvalue(), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@blueprint.get("/faits/<int:import_id>")
@requires("import:run")
def show_import(import_id: int) -> str:
    """What an import put in, with the households it made or changed."""
    ctx = current_ctx()
    past = queries.past_import(ctx, import_id)
    return render_template(
        "exchange/show_import.html",
        past=past,
        cases=queries.imported_cases(ctx, past),
        most=queries.MOST_LISTED,
        token=_waiting_token(ctx),
        later=unfinished(past.months, ctx.today),
        created_labels=CREATED_LABELS,
    )


def _room() -> WaitingRoom:
    return WaitingRoom(services().settings.data_dir)


def _user(ctx: Ctx) -> int:
    if ctx.actor.user_id is None:
        raise NotVisible
    return ctx.actor.user_id


def _keep(ctx: Ctx, form: UploadForm) -> str:
    """Keep the files that were sent, archives opened, and return their token."""
    programme = find_programme(ctx, form.programme.data or "")
    if programme is None:
        raise NotVisible
    room, now = _room(), ctx.clock.now()
    room.forget_old(now)
    sources: list[Source] = [inner for source in form.sources() for inner in unpack(source)]
    return room.keep(_user(ctx), programme.id, sources, now)


def _waiting_token(ctx: Ctx) -> str | None:
    """Return the token of the files that the address names, None when they are gone or somebody else's."""
    try:
        return _room().find(_user(ctx), request.args.get("token", "")).token
    except NotVisible:
        return None


def _programme(ctx: Ctx, upload: Upload) -> Programme:
    """Return the programme of an upload. Raises NotVisible when the actor no longer works in it."""
    for row in list_programmes(ctx):
        if row.id == upload.programme_id:
            found = find_programme(ctx, row.code)
            if found is not None:
                return found
    raise NotVisible


def _read(upload: Upload) -> Batch:
    return read_sources(_room().sources(upload))


def _check(ctx: Ctx, upload: Upload) -> Plan:
    return check(ctx, _programme(ctx, upload), _read(upload))


def _preview(ctx: Ctx, upload: Upload, form: ConfirmForm) -> str:
    plan = _check(ctx, upload)
    # Reasons have no order: two files of one name may differ in them alone.
    refused = sorted([*plan.batch.unusable, *plan.refused], key=lambda refusal: refusal[:4])
    waiting = [refusal for refusal in refused if refusal.is_waiting]
    faulty = [refusal for refusal in refused if not refusal.is_waiting]
    return render_template(
        "exchange/check_import.html",
        token=upload.token,
        programme=_programme(ctx, upload),
        form=form,
        plan=plan,
        refused=faulty[:SHOWN],
        refused_count=len(faulty),
        waiting=waiting[:SHOWN],
        waiting_count=len(waiting),
        differences=plan.differences[:SHOWN],
        kind_labels=FILE_KIND_LABELS,
        has_rejects=any(refusal.line > 1 for refusal in plan.all_refused),
    )
