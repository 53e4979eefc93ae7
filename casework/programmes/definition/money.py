"""Reading the costs and fundings of a definition. Amounts in cents."""

from casework.programmes.definition.parts import CostPart, Costs, Funding
from casework.programmes.definition.paths import STAGES
from casework.programmes.definition.reader import Reader
from casework.programmes.vocabulary.parts import COST_COUNT_LABELS, COST_PART_LABELS, COST_PERIOD_LABELS

PERIODS = tuple(COST_PERIOD_LABELS)
TOTAL_PERIODS = ("project", "year")


def read_costs(reader: Reader | None) -> Costs:
    """Return the totals and unit costs of a definition."""
    if reader is None:
        return Costs()
    return Costs(
        total_cents=reader.optional_number("total_cents"),
        total_period=reader.optional_choice("total_period", TOTAL_PERIODS),
        approximate=reader.flag("approximate"),
        ceiling=reader.flag("ceiling"),
        summed=reader.flag("summed"),
        diagnostic_unit_cents=reader.optional_number("diagnostic_unit_cents"),
        accompaniment_unit_cents=reader.optional_number("accompaniment_unit_cents"),
        accompaniment_unit_low_cents=reader.optional_number("accompaniment_unit_low_cents"),
        accompaniment_unit_period=reader.optional_choice("accompaniment_unit_period", PERIODS),
        gla_unit_cents=reader.optional_number("gla_unit_cents"),
        gla_unit_low_cents=reader.optional_number("gla_unit_low_cents"),
        gla_unit_period=reader.optional_choice("gla_unit_period", PERIODS),
    )


def read_cost_parts(root: Reader) -> tuple[CostPart, ...]:
    """Return the lines of the cost of the definition that `root` reads."""
    return tuple(_cost_part(r) for r in root.tables("cost_part"))


def read_fundings(root: Reader) -> tuple[Funding, ...]:
    """Return who pays for the definition that `root` reads."""
    return tuple(_funding(r) for r in root.tables("funding"))


def _cost_part(reader: Reader) -> CostPart:
    fte = reader.measure("fte")
    return CostPart(
        what=reader.choice("what", tuple(COST_PART_LABELS)),
        amount_cents=reader.number("amount_cents", low=0),
        label=reader.optional_text("label"),
        period=reader.optional_choice("period", PERIODS),
        per=reader.optional_choice("per", tuple(COST_COUNT_LABELS)),
        fte=None if fte is None else float(fte),
    )


def _funding(reader: Reader) -> Funding:
    return Funding(
        funder=reader.text("funder"),
        amount_cents=reader.optional_number("amount_cents", low=0),
        period=reader.optional_choice("period", TOTAL_PERIODS),
        share_percent=reader.optional_number("share_percent", high=100),
        leases=reader.words("leases", STAGES),
    )
