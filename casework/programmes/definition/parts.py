"""The parts of a programme definition. None, or an empty tuple: the source says nothing, which is never « no »."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from casework.programmes.definition.evidence import Ambiguity, Reconciliation, Remark

_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
CONTACT_CADENCES = ("contact", "home_visit", "meeting")


@dataclass(frozen=True)
class Quantity:
    """A number of households or dwellings, as the source counts them.

    `low` is the lower end of a range whose upper end is `value`; `per_year` stands beside a total that prints both.
    """

    value: int
    unit: str
    approximate: bool = False
    low: int | None = None
    per_year: int | None = None


@dataclass(frozen=True)
class Duration:
    """How long the project itself lasts, and how it may be renewed."""

    months: int | None = None
    is_minimum: bool = False
    renewable: bool | None = None
    renewals_max: int | None = None
    total_months_max: int | None = None


@dataclass(frozen=True)
class Ages:
    """Ages of the people a programme is for, in years; strict: the limit itself is outside."""

    min: int | None = None
    min_strict: bool = False
    max: int | None = None
    max_strict: bool = False


@dataclass(frozen=True)
class Eligibility:
    """What the tick boxes of the call say. None: the box is lost or left open, which is unknown."""

    dalo: bool | None = None
    collective_agreements: bool | None = None
    pdalpd: bool | None = None
    fndollts: bool | None = None
    stock: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quota:
    """A part of the headcount or of the dwellings, kept for one mode, public, landlord, lease or form of support."""

    value: int
    unit: str
    by: str
    of: str


@dataclass(frozen=True)
class Referral:
    """Who points to households; `mode` where it holds for access or maintain only."""

    source: str
    mode: str | None = None


@dataclass(frozen=True)
class Diagnostic:
    """Who makes the diagnostic, when, together or not, with what form."""

    by: tuple[str, ...] = ()
    when: str | None = None
    shared: bool | None = None
    form: str | None = None


@dataclass(frozen=True)
class Body:
    """A commission, committee or network with its roles and its rhythm."""

    name: str
    roles: tuple[str, ...] = ()
    every: int | None = None
    unit: str | None = None
    household_sits: bool | None = None


@dataclass(frozen=True)
class Document:
    """A document that the programme asks for, and who signs or receives it."""

    kind: str
    parties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Accompaniment:
    """How long one household is accompanied, in months.

    `period_months` renewed at most `renewals_max` times by `renewal_months` each; `review_months` are the months after
    the contract when the measure is reviewed; `derogation`: a longer one is possible with a motive. `only_for` names
    the form of support or the mode to which the limits are bound: they do not hold for everybody then.
    """

    min_months: int | None = None
    max_months: int | None = None
    typical_months: int | None = None
    open_ended: bool | None = None
    renewable: bool | None = None
    period_months: int | None = None
    renewal_months: int | None = None
    renewals_max: int | None = None
    review_months: tuple[int, ...] = ()
    derogation: bool = False
    only_for: str | None = None


@dataclass(frozen=True)
class Phase:
    """A part of the accompaniment, in order; its length in months where it is printed."""

    name: str
    months: int | None = None


@dataclass(frozen=True)
class Cadence:
    """Something done every `every` `unit`s, from `from_month` months after the contract on.

    `every` None: no number is printed. `times`: how often in all, or with `at_least` how often in each period.
    """

    what: str
    every: int | None = None
    unit: str | None = None
    times: int | None = None
    at_least: bool = False
    from_month: int = 0
    phase: str | None = None
    anchor: str | None = None

    @property
    def days(self) -> int | None:
        """Days allowed between two of them; None when the cadence gives no rhythm (no number, or a few times in all)."""
        if self.every is None or self.unit is None or (self.times is not None and not self.at_least):
            return None
        return max(self.every * _DAYS[self.unit] // (self.times or 1), 1)

    @property
    def months(self) -> int | None:
        """Months that the cadence allows, None when it gives no rhythm or is counted in days or weeks."""
        factor = _MONTHS.get(self.unit or "")
        return None if factor is None or self.every is None or self.times is not None else self.every * factor


@dataclass(frozen=True)
class Path:
    """One way through the lease stages; `holder` has the lease when it is not the household's."""

    stages: tuple[str, ...]
    mode: str | None = None
    same_dwelling: bool | None = None
    holder: str | None = None
    condition: str | None = None


@dataclass(frozen=True)
class Gate:
    """What must be so before a household gets the lease stage `to`.

    `months` after the start of the stage before, for dated evaluations. The debt brought to, or down by, a percentage.
    """

    to: str
    by: str
    body: str | None = None
    months: tuple[int, ...] = ()
    regular_payment: bool | None = None
    debt_mode: str | None = None
    debt_percent: int | None = None


@dataclass(frozen=True)
class StageLimit:
    """How long a lease stage lasts at most, and in how many periods of it."""

    stage: str
    max_months: int | None = None
    periods: int | None = None


@dataclass(frozen=True)
class Lease:
    """The lease paths of a programme with their gates and limits; `named`: what the source names beside its paths."""

    paths: tuple[Path, ...] = ()
    named: tuple[str, ...] = ()
    order_matters: bool = False
    gates: tuple[Gate, ...] = ()
    limits: tuple[StageLimit, ...] = ()

    @property
    def stages(self) -> tuple[str, ...]:
        """Every stage of the paths and beside them, in the order in which they are first named."""
        return tuple(dict.fromkeys((*(stage for path in self.paths for stage in path.stages), *self.named)))


@dataclass(frozen=True)
class Threshold:
    """A number that decides, with its exact base; `low` is the lower end of a range, `strict` leaves the limit out."""

    what: str
    value: int | float | None
    unit: str | None
    low: int | float | None = None
    base: str | None = None
    strict: bool = False


@dataclass(frozen=True)
class Watch:
    """The watch after the end of the accompaniment."""

    max_months: int | None = None
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workshop:
    """A collective activity or course, with its hours."""

    title: str
    hours: int | None = None
    optional: bool = False
    modules: int | None = None
    every: int | None = None
    unit: str | None = None
    group_min: int | None = None
    group_max: int | None = None
    open_to_others: bool | None = None


@dataclass(frozen=True)
class Costs:
    """The cost as printed, in cents. A total that the source does not print is the sum of its parts, and says so."""

    total_cents: int | None = None
    total_period: str | None = None
    approximate: bool = False
    ceiling: bool = False
    summed: bool = False
    diagnostic_unit_cents: int | None = None
    accompaniment_unit_cents: int | None = None
    accompaniment_unit_low_cents: int | None = None
    accompaniment_unit_period: str | None = None
    gla_unit_cents: int | None = None
    gla_unit_low_cents: int | None = None
    gla_unit_period: str | None = None


@dataclass(frozen=True)
class CostPart:
    """A line of the cost, in cents: a lump, or a unit amount `per` household, dwelling, project or post."""

    what: str
    amount_cents: int
    label: str | None = None
    period: str | None = None
    per: str | None = None
    fte: float | None = None


@dataclass(frozen=True)
class Funding:
    """Who pays: an amount in cents, a share in percent, or both; `leases`: for these lease stages only."""

    funder: str
    amount_cents: int | None = None
    period: str | None = None
    share_percent: int | None = None
    leases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """What a programme says."""

    id: str
    title: str
    valid_from: date
    category: str
    landlords: tuple[str, ...]
    operators: tuple[str, ...] = ()
    place: str | None = None
    summary: str | None = None
    source: str | None = None
    mode: str | None = None
    publics: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    households: Quantity | None = None
    dwellings: Quantity | None = None
    duration: Duration = Duration()
    ages: Ages = Ages()
    eligibility: Eligibility = Eligibility()
    quotas: tuple[Quota, ...] = ()
    referrals: tuple[Referral, ...] = ()
    diagnostic: Diagnostic | None = None
    bodies: tuple[Body, ...] = ()
    documents: tuple[Document, ...] = ()
    accompaniment: Accompaniment = Accompaniment()
    phases: tuple[Phase, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    lease: Lease = Lease()
    thresholds: tuple[Threshold, ...] = ()
    watch: Watch | None = None
    workshops: tuple[Workshop, ...] = ()
    costs: Costs = Costs()
    cost_parts: tuple[CostPart, ...] = ()
    fundings: tuple[Funding, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    reconciliations: tuple[Reconciliation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    parameters: Mapping[str, int] = field(default_factory=dict)

    @property
    def reassess_every_months(self) -> int | None:
        """Months between two reassessments, None when the programme does not say."""
        return next((c.months for c in self.cadences if c.what == "reassessment" and c.months), None)

    @property
    def contact_phases(self) -> tuple[tuple[int, int], ...]:
        """(months after the contract, days allowed between contacts), in order; empty when nothing is said.

        Where two rhythms hold from the same month the denser one serves.
        """
        phases: dict[int, int] = {}
        for cadence in self.cadences:
            if cadence.what in CONTACT_CADENCES and cadence.days is not None:
                known = phases.get(cadence.from_month, cadence.days)
                phases[cadence.from_month] = min(known, cadence.days)
        return tuple(sorted(phases.items()))

    @property
    def max_months(self) -> int | None:
        """Months that one accompaniment lasts at most for everybody, None when nothing is said or it depends."""
        return None if self.accompaniment.only_for else self.accompaniment.max_months

    @property
    def min_months(self) -> int | None:
        """Months that one accompaniment lasts at least for everybody, None when nothing is said or it depends."""
        return None if self.accompaniment.only_for else self.accompaniment.min_months
