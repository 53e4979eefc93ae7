"""Reading the lease paths of a definition, with their gates and limits."""

from casework.programmes.definition.parts import Gate, Lease, Path, StageLimit
from casework.programmes.definition.reader import Reader
from casework.programmes.definition.words import MODES
from casework.programmes.vocabulary import LeaseStageCode
from casework.programmes.vocabulary.parts import DEBT_MODE_LABELS, GATE_LABELS

STAGES = tuple(code.value for code in LeaseStageCode)


def read_lease(root: Reader) -> Lease:
    """Return the lease paths of the definition that `root` reads."""
    lease = root.table("lease")
    return Lease(
        paths=tuple(_path(r) for r in root.tables("path")),
        named=lease.words("named", STAGES) if lease else (),
        order_matters=lease.flag("order_matters") if lease else False,
        gates=tuple(_gate(r) for r in root.tables("gate")),
        limits=tuple(_limit(r) for r in root.tables("stage_limit")),
    )


def _path(reader: Reader) -> Path:
    return Path(
        stages=reader.words("stages", STAGES, required=True),
        mode=reader.optional_choice("mode", MODES[:2]),
        same_dwelling=reader.maybe("same_dwelling"),
        holder=reader.optional_text("holder"),
        condition=reader.optional_text("condition"),
    )


def _gate(reader: Reader) -> Gate:
    return Gate(
        to=reader.choice("to", STAGES),
        by=reader.choice("by", tuple(GATE_LABELS)),
        body=reader.optional_text("body"),
        months=reader.numbers("months"),
        regular_payment=reader.maybe("regular_payment"),
        debt_mode=reader.optional_choice("debt_mode", tuple(DEBT_MODE_LABELS)),
        debt_percent=reader.optional_number("debt_percent", high=100),
    )


def _limit(reader: Reader) -> StageLimit:
    return StageLimit(
        stage=reader.choice("stage", STAGES),
        max_months=reader.optional_number("max_months", high=600),
        periods=reader.optional_number("periods", low=2, high=100),
    )
