"""Pages on the versions of a programme: what changed between two of them, and the text of one."""

from flask import Response, render_template, request

from casework.kernel.clock import paris_date
from casework.kernel.errors import NotVisible
from casework.programmes import queries
from casework.programmes.presentation.changes import change_rows
from casework.programmes.queries import VersionInForce
from casework.programmes.routes.blueprint import blueprint
from casework.programmes.rules import differences
from casework.programmes.toml_text import write_text
from casework.web.permissions import requires
from casework.web.requests import current_ctx


@blueprint.get("/dispositifs/<code>/versions")
@requires("programme:read")
def compare_versions(code: str) -> str:
    """Who saved which version, when and why; and what differs between two of them, the last two at first."""
    ctx = current_ctx()
    programme = queries.find_programme(ctx, code)
    if programme is None:
        raise NotVisible
    versions = queries.versions_of(ctx, programme.id)
    after = _asked(versions, "a", versions[-1])
    before = _asked(versions, "de", versions[max(0, after.number - 2)])
    return render_template(
        "programmes/compare_versions.html",
        programme=programme,
        history=queries.version_history(ctx, programme.id),
        paris_date=paris_date,
        open_cases=queries.open_cases_by_version(ctx, programme.id),
        present=queries.version_on(ctx, programme.id, ctx.today),
        before=before,
        after=after,
        rows=change_rows(differences(before.definition, after.definition)),
    )


@blueprint.get("/dispositifs/<code>/definition.toml")
@requires("programme:read")
def download_definition(code: str) -> Response:
    """The text of a version, the last one at first, to be kept or changed elsewhere."""
    ctx = current_ctx()
    programme = queries.find_programme(ctx, code)
    if programme is None:
        raise NotVisible
    versions = queries.versions_of(ctx, programme.id)
    version = _asked(versions, "version", versions[-1])
    response = Response(write_text(queries.document_of(ctx, version.id)), mimetype="application/toml")
    response.headers.set("Content-Disposition", "attachment", filename=f"{code}-v{version.number}.toml")
    return response


def _asked(versions: list[VersionInForce], name: str, usual: VersionInForce) -> VersionInForce:
    """Return the version whose number the address gives under `name`, or else the usual one."""
    return next((v for v in versions if str(v.number) == request.args.get(name)), usual)
