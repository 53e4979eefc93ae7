"""The lease paths of a programme, ready to be drawn."""

from dataclasses import dataclass

from casework.kernel.money import NO_BREAK
from casework.programmes.definition.parts import Definition, Gate, Lease, Path, StageLimit
from casework.programmes.presentation.words import after, joined, months, purpose
from casework.programmes.vocabulary import STAGE_LABELS
from casework.programmes.vocabulary.parts import DEBT_MODE_LABELS, GATE_LABELS
from casework.web.filters import label
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext


@dataclass(frozen=True)
class Step:
    """A lease stage on a path: what must be so before it, and how long it lasts at most ("" when nothing is said)."""

    name: str
    gates: tuple[str, ...]
    limit: str


@dataclass(frozen=True)
class Way:
    """A path: for whom (mode in words, "" for everybody), its steps, and what else is said of it."""

    mode: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


def ways(d: Definition) -> tuple[Way, ...]:
    """Return the paths of a definition."""
    return tuple(
        Way(purpose(path.mode) if path.mode else "", _steps(d.lease, path), tuple(_notes(path)))
        for path in d.lease.paths
    )


def order(d: Definition) -> str:
    """Return whether the order of the stages is imposed, "" when there is none to impose."""
    if d.lease.order_matters:
        return _("L’ordre des étapes est imposé.")
    if any(len(path.stages) > 1 for path in d.lease.paths):
        return _("L’ordre des étapes n’est pas dit obligatoire.")
    return ""


def named_beside(d: Definition) -> str:
    """Return the stages that are named beside the paths, "" when there is none."""
    return joined([label(code, STAGE_LABELS) for code in d.lease.named])


def _steps(lease: Lease, path: Path) -> tuple[Step, ...]:
    steps = []
    limits = {limit.stage: limit for limit in lease.limits}
    for place, stage in enumerate(path.stages):
        name, number_of_times = label(stage, STAGE_LABELS), path.stages.count(stage)
        is_first = stage not in path.stages[:place]
        if number_of_times > 1:
            period = path.stages[: place + 1].count(stage)
            name = _("%(stage)s, période %(number)s", stage=name, number=period)
        gates = tuple(_gate(gate) for gate in lease.gates if gate.to == stage) if is_first else ()
        limit = limits.get(stage)
        steps.append(Step(name, gates, _limit(limit) if limit and is_first else ""))
    return tuple(steps)


def _gate(gate: Gate) -> str:
    words = label(gate.by, GATE_LABELS)
    if gate.body:
        words = _("%(condition)s : %(body)s", condition=words, body=gate.body)
    details = []
    if gate.months:
        details.append(after(gate.months))
    if gate.regular_payment is not None:
        details.append(_("loyer payé régulièrement") if gate.regular_payment else _("sans condition de paiement"))
    if gate.debt_mode and gate.debt_percent is not None:
        share = f"{gate.debt_percent}{NO_BREAK}%"
        details.append(f"{label(gate.debt_mode, DEBT_MODE_LABELS)} {share}")
    return f"{words} ({', '.join(details)})" if details else words


def _limit(limit: StageLimit) -> str:
    words = [
        _("%(months)s au plus", months=months(limit.max_months))
        if limit.max_months
        else _("durée limitée, non précisée")
    ]
    if limit.periods is not None:
        words.append(ngettext("en %(num)d période", "en %(num)d périodes", limit.periods))
    return ", ".join(words)


def _notes(path: Path) -> list[str]:
    same = {None: "", True: _("Sans changer de logement."), False: _("En changeant de logement.")}[path.same_dwelling]
    notes = [
        _("Condition : %(words)s.", words=path.condition) if path.condition else "",
        same,
        _("Bail au nom de : %(holder)s, tant que le ménage n’en est pas titulaire.", holder=path.holder)
        if path.holder
        else "",
    ]
    return [note for note in notes if note]
