"""Say the definitions in use in the form of docs/definitions.md; the form before knew one landlord, one list of stages.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Document = dict[str, Any]
VERSIONS = sa.table(
    "programme_versions",
    sa.column("id", sa.BigInteger),
    sa.column("definition", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    sa.column("digest", sa.String),
)
UNIT_COSTS = {
    "diagnostic": "diagnostic_unit_cents",
    "accompaniment": "accompaniment_unit_cents",
    "rental_management": "gla_unit_cents",
}
SAME = ("id", "title", "valid_from", "category", "mode", "households", "dwellings", "duration", "accompaniment")


def upgrade() -> None:
    """Apply the change."""
    _rewrite(lambda document: _new_form(document) if "landlord" in document else None)


def downgrade() -> None:
    """Undo the change: what the form before could not say is left out."""
    _rewrite(lambda document: _old_form(document) if "landlords" in document else None)


def _rewrite(change: Callable[[Document], Document | None]) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(VERSIONS)).all():
        document = change(row.definition)
        if document is not None:
            text = json.dumps(document, sort_keys=True, ensure_ascii=False)
            values = {"definition": document, "digest": sha256(text.encode()).hexdigest()}
            connection.execute(sa.update(VERSIONS).where(VERSIONS.c.id == row.id).values(values))


def _new_form(old: Document) -> Document:
    lease, costs = old.get("lease", {}), old.get("cost", [])
    ordered = bool(lease.get("order_matters"))
    stages = lease.get("stages", [])
    total = next((cost for cost in costs if cost["what"] == "total"), None)
    cost: Document = {UNIT_COSTS[c["what"]]: c["amount_cents"] for c in costs if c["what"] in UNIT_COSTS}
    if total is not None:
        cost |= {"total_cents": total["amount_cents"], "total_period": total.get("period", "project")}
    period = {"period": cost["total_period"]} if total is not None else {}
    new = {key: old[key] for key in SAME if key in old} | {
        "landlords": [old["landlord"]],
        "operators": [old["operator"]],
        "cadence": old.get("cadence", []),
        # Stages without an order were alternatives: each is a way of its own.
        "path": [{"stages": stages}] if ordered and stages else [{"stages": [stage]} for stage in stages],
        "lease": {"order_matters": ordered and bool(stages)},
        "cost": cost,
        "funding": [period | funding for funding in old.get("funding", [])],
        "remark": [{"kind": "source", "text": text} for text in old.get("remarks", [])],
        "parameters": old.get("thresholds", {}),
    }
    return {key: value for key, value in new.items() if value not in ([], {})}


def _old_form(new: Document) -> Document:
    paths, cost = new.get("path", []), new.get("cost", {})
    costs = [{"what": what, "amount_cents": cost[key]} for what, key in UNIT_COSTS.items() if key in cost]
    if "total_cents" in cost:
        year = {"period": "year"} if cost["total_period"] == "year" else {}
        costs.append({"what": "total", "amount_cents": cost["total_cents"]} | year)
    known = {"contact", "home_visit", "meeting", "reassessment", "evaluation", "landlord_review", "commission"}
    words = ("what", "every", "unit", "from_month")
    cadences = [c for c in new.get("cadence", []) if c["what"] in known and "every" in c and "times" not in c]
    old = {key: new[key] for key in SAME if key in new} | {
        "landlord": new["landlords"][0],
        "operator": (new.get("operators") or new["landlords"])[0],
        "cadence": [{key: c[key] for key in words if key in c} for c in cadences],
        "lease": {
            "stages": list(dict.fromkeys(stage for path in paths for stage in path["stages"])),
            "order_matters": bool(new.get("lease", {}).get("order_matters")),
        },
        "cost": costs,
        "funding": [
            {key: f[key] for key in ("funder", "amount_cents")} for f in new.get("funding", []) if "amount_cents" in f
        ],
        "remarks": [remark["text"] for remark in new.get("remark", [])],
        "thresholds": new.get("parameters", {}),
    }
    return {key: value for key, value in old.items() if value not in ([], {})}
