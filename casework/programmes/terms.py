"""The numbers in force for a case on a day: what its programme says, else the national parameter of that day."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from casework.programmes.definition import Definition, DefinitionError

NATIONAL_FILE = Path(__file__).parent / "catalogue" / "national.toml"
STATUSES = ("verified", "secondary", "practice", "unverified")


@dataclass(frozen=True)
class Parameter:
    """A dated national parameter with its source. `valid_to` is its last good day, None when it still holds."""

    key: str
    value: int
    valid_from: date
    valid_to: date | None
    scope: str
    status: str
    source: str


@dataclass(frozen=True)
class Terms:
    """What the rules count with. Tenths of a percent for effort rates; the other units are in the names."""

    contact_phases: tuple[tuple[int, int], ...]
    reassess_every_months: int
    reassess_notice_days: int
    contract_end_notice_days: int
    contact_lost_after: int
    slide_examination_months: int
    slide_notice_months: int
    arrears_multiple: int
    caf_report_months: int
    caf_report_notice_days: int
    early_arrears_months: int
    effort_warn_tenths: int
    effort_alert_tenths: int
    remainder_days: int


@cache
def national_parameters() -> tuple[Parameter, ...]:
    """Return the national parameter table.

    Raises DefinitionError when the file that is shipped is faulty.
    """
    entries = tomllib.loads(NATIONAL_FILE.read_text(encoding="utf-8")).get("parameter", [])
    parameters = tuple(
        Parameter(e["key"], e["value"], e["valid_from"], e.get("valid_to"), e["scope"], e["status"], e["source"])
        for e in entries
    )
    for p in parameters:
        if p.status not in STATUSES or p.value <= 0 or (p.valid_to and p.valid_to < p.valid_from):
            raise DefinitionError(f"national.toml, paramètre « {p.key} » : valeur, statut ou dates impossibles.")
    return parameters


def parameters_in_force(day: date) -> tuple[Parameter, ...]:
    """Return the national parameters in force on `day`, one for each key, in the order of the table."""
    found = {
        p.key: p
        for p in sorted(national_parameters(), key=lambda p: p.valid_from)
        if p.valid_from <= day and (p.valid_to is None or day <= p.valid_to)
    }
    keys = dict.fromkeys(p.key for p in national_parameters())
    return tuple(found[key] for key in keys if key in found)


def national_value(key: str, day: date) -> int:
    """Return the value of the national parameter `key` in force on `day` (the earliest one before its first date)."""
    dated = sorted((p for p in national_parameters() if p.key == key), key=lambda p: p.valid_from)
    in_force = [p for p in dated if p.valid_from <= day and (p.valid_to is None or day <= p.valid_to)]
    return (in_force or dated)[-1 if in_force else 0].value


def terms_on(definition: Definition, day: date) -> Terms:
    """Return the numbers in force on `day` for a case that follows `definition`."""

    def number(key: str) -> int:
        stated = definition.parameters.get(key)
        return national_value(key, day) if stated is None else stated

    return Terms(
        contact_phases=definition.contact_phases or ((0, number("contact_every_days")),),
        reassess_every_months=definition.reassess_every_months or number("reassess_every_months"),
        reassess_notice_days=number("reassess_notice_days"),
        contract_end_notice_days=number("contract_end_notice_days"),
        contact_lost_after=number("contact_lost_after"),
        slide_examination_months=number("slide_examination_months"),
        slide_notice_months=number("slide_notice_months"),
        arrears_multiple=number("arrears_multiple"),
        caf_report_months=number("caf_report_months"),
        caf_report_notice_days=number("caf_report_notice_days"),
        early_arrears_months=number("early_arrears_months"),
        effort_warn_tenths=number("effort_warn_tenths"),
        effort_alert_tenths=number("effort_alert_tenths"),
        remainder_days=number("remainder_days"),
    )
