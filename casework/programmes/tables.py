"""The guide's own table from the catalogue, and what does not reconcile inside a sheet."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casework.programmes.definition.evidence import Reconciliation, Remark
from casework.programmes.definition.parts import Definition
from casework.programmes.rules import guide_total, unreconciled

GUIDE_FILE = Path(__file__).parent / "catalogue" / "guide.toml"
UNRECONCILED_REMARKS = frozenset({"arithmetic", "logic"})


@dataclass(frozen=True)
class GuideLine:
    """A line of the guide's table: what it prints beside what the catalogue makes of it. Category None: the total."""

    category: str | None
    printed_projects: int
    printed_households: int
    projects: int
    households: int

    @property
    def agrees(self) -> bool:
        """Tell whether the catalogue gives what the guide prints."""
        return (self.projects, self.households) == (self.printed_projects, self.printed_households)


@dataclass(frozen=True)
class Disagreement:
    """Where a sheet disagrees with itself: figures computed again, then what a reader remarked."""

    programme: str
    figures: tuple[Reconciliation, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class _Printed:
    forms: frozenset[str]
    lines: tuple[tuple[str, int, int], ...]
    total: tuple[int, int]
    remarks: tuple[str, ...]


@cache
def _printed() -> _Printed:
    data = tomllib.loads(GUIDE_FILE.read_text(encoding="utf-8"))
    return _Printed(
        forms=frozenset(data["forms"]),
        lines=tuple((line["category"], line["projects"], line["households"]) for line in data["line"]),
        total=(data["total"]["projects"], data["total"]["households"]),
        remarks=tuple(data["remarks"]),
    )


def is_sheet_of_guide(code: str) -> bool:
    """Tell whether an entry of the catalogue is a sheet of the guide, and not an application form."""
    return code not in _printed().forms


def guide_remarks() -> tuple[str, ...]:
    """Return what does not close in the guide itself, beside its table."""
    return _printed().remarks


def guide_table(definitions: Iterable[Definition]) -> tuple[GuideLine, ...]:
    """Return the ten lines of the guide's table and its total, as printed and as the catalogue counts them."""
    printed = _printed()
    sheets = [d for d in definitions if is_sheet_of_guide(d.id)]
    totals = {
        category: [guide_total(d) or 0 for d in sheets if d.category == category] for category, _, _ in printed.lines
    }
    lines = [
        GuideLine(c, projects, households, len(totals[c]), sum(totals[c])) for c, projects, households in printed.lines
    ]
    whole = GuideLine(None, *printed.total, sum(x.projects for x in lines), sum(x.households for x in lines))
    return (*lines, whole)


def disagreements(definitions: Iterable[Definition]) -> tuple[Disagreement, ...]:
    """Return every sheet that disagrees with itself, by figures or by rules."""
    found = (
        Disagreement(d.id, unreconciled(d), tuple(r for r in d.remarks if r.kind in UNRECONCILED_REMARKS))
        for d in definitions
    )
    return tuple(entry for entry in found if entry.figures or entry.remarks)
