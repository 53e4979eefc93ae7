"""The order of the lease stages, and the examinations of a sliding lease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.kernel.calendar import add_months, period_end_from
from casework.kernel.errors import RuleViolation
from casework.programmes.definition.parts import Lease
from casework.programmes.vocabulary import LeaseStageCode


@dataclass(frozen=True)
class Examination:
    """A period at whose end the household's situation is examined; the préfet is answered by `notice_on`."""

    number: int
    ends_on: date
    notice_on: date


def allowed_stages(lease: Lease) -> tuple[str, ...]:
    """Return the stages that a household may have: those of its programme, all when it states none."""
    if lease.order_matters:
        return tuple(dict.fromkeys(stage for path in lease.paths for stage in path.stages))
    return lease.stages or tuple(code.value for code in LeaseStageCode)


def next_stages(history: Sequence[str], lease: Lease) -> tuple[str, ...]:
    """Return the stages that may follow those of `history` (oldest first).

    Where the order matters, only later ones of a path that the history has followed, some skipped or not. A stage
    that the programme does not state (found in a file) has no place in its order: any may follow.
    """
    allowed = allowed_stages(lease)
    present = history[-1] if history else None
    if not lease.order_matters or (present is not None and present not in allowed):
        return tuple(code for code in allowed if code != present)
    walked = [stage for stage in history if stage in allowed]
    following = [rest for path in lease.paths if (rest := _rest(path.stages, walked)) is not None]
    if not following and present is not None:  # a history that no path tells: go on from where it stands
        following = [rest for path in lease.paths if (rest := _rest(path.stages, [present])) is not None]
    return tuple(dict.fromkeys(stage for rest in following for stage in rest))


def _rest(path: Sequence[str], walked: Sequence[str]) -> Sequence[str] | None:
    """Return what is left of a path once `walked` is behind, None when the path does not go that way."""
    rest = path
    for stage in walked:
        if stage not in rest:
            return None
        rest = rest[rest.index(stage) + 1 :]
    return rest


def check_next_stage(stage: str, history: Sequence[str], lease: Lease, labels: Mapping[str, str]) -> None:
    """Refuse a stage that cannot follow `history` (oldest first). Raises RuleViolation on `stage`."""
    following = next_stages(history, lease)
    if stage in following:
        return
    if history and stage == history[-1]:
        raise RuleViolation("stage", "C’est déjà le statut du logement aujourd’hui.")
    if stage not in allowed_stages(lease):
        raise RuleViolation("stage", "Le dispositif ne prévoit pas ce statut.")
    if not following:
        raise RuleViolation("stage", "Le ménage est au dernier statut du parcours : il n’y en a pas après.")
    names = ", ".join(labels[code] for code in following)
    raise RuleViolation("stage", "Le parcours ne revient pas en arrière. Peuvent suivre : %(stages)s.", stages=names)


def check_after_last_stage(day: date, last_from_on: date | None) -> None:
    """Refuse a stage that does not start after the last one. Raises RuleViolation on `from_on`."""
    if last_from_on is not None and day <= last_from_on:
        raise RuleViolation(
            "from_on",
            "Le dernier statut court depuis le %(day)s : le nouveau commence après.",
            day=last_from_on.strftime("%d/%m/%Y"),
        )


def examinations(start: date, period_months: int, notice_months: int, day: date) -> tuple[Examination, ...]:
    """Return the examinations of a sliding lease that began on `start`: up to the period of `day`, and one more.

    The n-th period ends at `start` + n × `period_months`; the préfet is answered `notice_months` before that end.
    """
    present_end = period_end_from(start, period_months, day)
    found: list[Examination] = []
    while not found or found[-1].ends_on <= present_end:
        ends_on = add_months(start, (len(found) + 1) * period_months)
        found.append(Examination(len(found) + 1, ends_on, add_months(ends_on, -notice_months)))
    return tuple(found)
