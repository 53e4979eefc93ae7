"""A definition as the plain document that `casework catalogue export --json` prints. Amounts in euros."""

from collections.abc import Iterator

from casework.programmes.definition.parts import Definition, Quantity
from casework.programmes.rules import guide_total
from casework.programmes.tables import is_sheet_of_guide
from casework.programmes.vocabulary import EXCHANGE_CODES

Plain = dict[str, object]


def export_definition(definition: Definition) -> Plain:
    """Return what a definition says under the codes of exchange; None where it says nothing."""
    a, lease = definition.accompaniment, definition.lease
    return {
        "id": definition.id,
        "category": definition.category,
        "mode": definition.mode,
        "households": _quantity(definition.households)
        | {"guide_total": guide_total(definition) if is_sheet_of_guide(definition.id) else None},
        "dwellings": _quantity(definition.dwellings),
        "duration_months": definition.duration.months,
        "renewable": definition.duration.renewable,
        "lease_stages": [EXCHANGE_CODES[stage] for stage in lease.stages],
        "paths": list(dict.fromkeys(tuple(EXCHANGE_CODES[s] for s in path.stages) for path in lease.paths)),
        "order_matters": lease.order_matters,
        "accompaniment": {
            "min_months": a.min_months,
            "max_months": a.max_months,
            "typical_months": a.typical_months,
            "open_ended": a.open_ended,
        },
        "cadences": [{"what": c.what, "every": c.every, "unit": c.unit, "times": c.times} for c in definition.cadences],
        "thresholds": list(_thresholds(definition)),
        "costs": _costs(definition),
        "publics": list(definition.publics),
    }


def _quantity(quantity: Quantity | None) -> Plain:
    return {"value": quantity.value if quantity else None, "unit": quantity.unit if quantity else None}


def _threshold(what: str, value: object, unit: str | None) -> Plain:
    return {"what": what, "value": value, "unit": unit}


def _thresholds(d: Definition) -> Iterator[Plain]:
    """Yield every number that decides, wherever the definition says it."""
    yield from (_threshold("quota", quota.value, quota.unit) for quota in d.quotas)
    a = d.accompaniment
    stated: list[tuple[str, object, str]] = [
        ("age_min", d.ages.min, "year"),
        ("age_max", d.ages.max, "year"),
        ("accompaniment_min_months", a.min_months, "month"),
        ("accompaniment_max_months", a.max_months, "month"),
        ("renewal_months", a.renewal_months, "month"),
        ("accompaniment_renewals_max", a.renewals_max, "renewal"),
        ("watch_max_months", d.watch.max_months if d.watch else None, "month"),
    ]
    stated += [("phase_months", phase.months, "month") for phase in d.phases]
    stated += [("min_meetings_per_month", c.times, "meeting_per_month") for c in d.cadences if c.at_least]
    yield from (_threshold(what, value, unit) for what, value, unit in stated if value is not None)
    yield from _lease_thresholds(d)
    yield from _workshop_thresholds(d)
    for t in d.thresholds:
        yield _threshold(t.what, t.value if t.low is None else f"{t.low}-{t.value}", t.unit)


def _lease_thresholds(d: Definition) -> Iterator[Plain]:
    for limit in d.lease.limits:
        if limit.max_months is not None:
            yield _threshold("stage_max_months", limit.max_months, "month")
        if limit.periods is not None:
            yield _threshold("stage_count", limit.periods, "period")
    for gate in d.lease.gates:
        yield from (_threshold("slide_evaluation_month", month, "month") for month in gate.months)
        if gate.debt_percent is not None:
            yield _threshold("debt_reduction", gate.debt_percent / 100, "fraction")
        if gate.regular_payment is not None:
            yield _threshold("regular_rent_payment", int(gate.regular_payment), "boolean")


def _workshop_thresholds(d: Definition) -> Iterator[Plain]:
    for workshop in d.workshops:
        if workshop.hours is not None:
            what = "training_hours_optional" if workshop.optional else "training_hours_core"
            yield _threshold(what, workshop.hours, "hour")
        if workshop.modules is not None:
            yield _threshold("training_modules", workshop.modules, "module")
        if workshop.group_max is not None:
            low, high = workshop.group_min, workshop.group_max
            yield _threshold("group_size_max", high if low is None else f"{low}-{high}", "household")


def _costs(d: Definition) -> Plain:
    costs = d.costs
    return {
        "total_eur": _euros(costs.total_cents),
        "total_period": costs.total_period,
        "diagnostic_unit_eur": _euros(costs.diagnostic_unit_cents),
        "accompaniment_unit_eur": _euros(costs.accompaniment_unit_cents),
        "accompaniment_unit_period": costs.accompaniment_unit_period,
        "gla_unit_eur": _euros(costs.gla_unit_cents),
        "gla_unit_period": costs.gla_unit_period,
    }


def _euros(cents: int | None) -> int | float | None:
    if cents is None:
        return None
    return cents / 100 if cents % 100 else cents // 100
