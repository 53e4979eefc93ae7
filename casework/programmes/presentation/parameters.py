"""The national parameters beside what a programme says instead."""

from dataclasses import dataclass
from datetime import date

from casework.programmes.definition.parts import Definition
from casework.programmes.terms import Parameter, parameters_in_force
from casework.programmes.vocabulary import PARAMETER_LABELS, STATUS_LABELS
from casework.web.filters import label, tenths


@dataclass(frozen=True)
class ParameterRow:
    """A national parameter with what the programme says instead, "" where it says nothing."""

    label: str
    national: str
    own: str
    parameter: Parameter
    status: str
    is_verified: bool


def parameter_rows(definition: Definition, day: date) -> list[ParameterRow]:
    """Return the national parameters in force on `day`, each beside what the programme says instead."""
    return [
        ParameterRow(
            label=label(p.key, PARAMETER_LABELS),
            national=_value(p.key, p.value),
            own=_own_value(definition, p.key),
            parameter=p,
            status=label(p.status, STATUS_LABELS),
            is_verified=p.status == "verified",
        )
        for p in parameters_in_force(day)
    ]


def _own_value(definition: Definition, key: str) -> str:
    if key == "contact_every_days" and definition.contact_phases:
        return ", ".join(str(days) for _from_month, days in definition.contact_phases)
    if key == "reassess_every_months" and definition.reassess_every_months:
        return str(definition.reassess_every_months)
    value = definition.parameters.get(key)
    return _value(key, value) if value else ""


def _value(key: str, value: int) -> str:
    return tenths(value) if key.endswith("_tenths") else str(value)
