"""Pages of the catalogue: its entries, one entry, the guide's own table out of them."""

from flask import abort, render_template, request

from casework.kernel.text import clean_line
from casework.programmes import browsing, presentation, tables
from casework.programmes.browsing import Filters
from casework.programmes.catalogue import catalogue
from casework.programmes.definition.words import CATEGORIES, MODES
from casework.programmes.routes.blueprint import blueprint
from casework.programmes.vocabulary import CATEGORY_LABELS, MODE_LABELS, STAGE_LABELS
from casework.programmes.vocabulary.publics import PUBLIC_LABELS
from casework.web.permissions import requires


@blueprint.get("/dispositifs/catalogue")
@requires("catalogue:read")
def list_catalogue() -> str:
    """Every entry of the catalogue that the filters keep."""
    filters = _filters()
    return render_template(
        "programmes/list_catalogue.html",
        filters=filters,
        found=browsing.find_entries(filters),
        headcount=presentation.headcount,
        categories=CATEGORY_LABELS,
        modes=MODE_LABELS,
        publics=PUBLIC_LABELS,
        stages=STAGE_LABELS,
    )


@blueprint.get("/dispositifs/catalogue/<entry>")
@requires("catalogue:read")
def show_entry(entry: str) -> str:
    """What one entry says, in words."""
    definition = browsing.find_entry(entry)
    if definition is None:
        abort(404)
    before, after = browsing.neighbours(entry)
    return render_template(
        "programmes/show_entry.html",
        definition=definition,
        sheet=presentation.tell(definition),
        before=before,
        after=after,
    )


@blueprint.get("/dispositifs/catalogue/tableau")
@requires("catalogue:read")
def show_guide_table() -> str:
    """The guide's own table beside what the catalogue counts, and what does not reconcile inside a sheet."""
    definitions = catalogue()
    return render_template(
        "programmes/show_guide_table.html",
        lines=tables.guide_table(definitions),
        remarks=tables.guide_remarks(),
        disagreements=presentation.doubts(definitions),
        number=presentation.number,
        categories=CATEGORY_LABELS,
    )


def _filters() -> Filters:
    """Return the filters of the address; a code that does not exist filters nothing."""
    asked = request.args

    def code(name: str, known: tuple[str, ...]) -> str:
        value = asked.get(name, "")
        return value if value in known else ""

    return Filters(
        text=clean_line(asked.get("mot", ""))[:100],
        category=code("theme", CATEGORIES),
        mode=code("objet", MODES),
        public=code("public", tuple(PUBLIC_LABELS)),
        stage=code("statut", tuple(STAGE_LABELS)),
    )
