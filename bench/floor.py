"""The limit: a bare Flask application with one query and one plain table, over the database of the application.

Nobody signs in, nothing is checked, nothing is translated, no page has a frame: what is left is what Flask, SQLAlchemy
Core and Jinja cost for the same rows.
"""

from datetime import UTC, date, datetime

from flask import Flask, redirect, render_template_string, request
from sqlalchemy import Text, bindparam, insert, select, type_coerce
from werkzeug.wrappers import Response

from casework.alerts.models import CaseSummary
from casework.contacts.models import Contact
from casework.kernel.database import create_engine_for

_CASES = (
    select(
        CaseSummary.case_id,
        CaseSummary.number,
        CaseSummary.name,
        CaseSummary.district,
        CaseSummary.state,
        CaseSummary.stage,
        CaseSummary.referent_name,
        CaseSummary.last_contact_on,
        CaseSummary.next_due_on,
        CaseSummary.debt_cents,
    )
    .where(
        CaseSummary.programme_id == bindparam("programme"),
        CaseSummary.state == "ACTIVE",
        CaseSummary.district == bindparam("district"),
    )
    .order_by(CaseSummary.debt_cents.desc(), CaseSummary.case_id.desc())
    .limit(50)
)
# The floor keeps no secrets: it reads and writes the column as it lies there.
_PRIVATE = type_coerce(Contact.private_note, Text())
_CONTACTS = (
    select(Contact.occurred_on, Contact.kind, Contact.outcome, Contact.shared_note, _PRIVATE)
    .where(Contact.case_id == bindparam("case"))
    .order_by(Contact.occurred_on.desc(), Contact.id.desc())
    .limit(60)
)
_NEW_CONTACT = insert(Contact).values(private_note=bindparam("private_note", type_=Text()))
_PAGE = """<!doctype html><title>{{ title }}</title><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""


def create_floor(url: str, programme_id: int) -> Flask:
    """Return the bare application over the database at `url`."""
    app = Flask("floor")
    engine = create_engine_for(url)
    reading = engine.execution_options(isolation_level="AUTOCOMMIT")

    @app.get("/menages")
    def list_cases() -> str:
        with reading.connect() as connection:
            rows = connection.execute(_CASES, {"programme": programme_id, "district": request.args["quartier"]}).all()
        return render_template_string(_PAGE, title="Ménages", rows=rows)

    @app.get("/menages/<int:case_id>")
    def show_case(case_id: int) -> str:
        with reading.connect() as connection:
            rows = connection.execute(_CONTACTS, {"case": case_id}).all()
        return render_template_string(_PAGE, title="Ménage", rows=rows)

    @app.post("/menages/<int:case_id>/contacts/nouveau")
    def save_contact(case_id: int) -> Response:
        form = request.form
        values = {
            "case_id": case_id,
            "occurred_on": date.fromisoformat(form["occurred_on"]),
            "kind": form["kind"],
            "outcome": form["outcome"],
            "created_at": datetime(2026, 3, 30, tzinfo=UTC),
            "shared_note": form["shared_note"],
            "private_note": form["private_note"],
        }
        with engine.begin() as connection:
            connection.execute(_NEW_CONTACT, values)
        return redirect(f"/menages/{case_id}")

    return app
