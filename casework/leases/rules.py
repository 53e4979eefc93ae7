"""The order of the lease stages, and the examinations of a sliding lease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.kernel.calendar import add_months, period_end_from
from casework.kernel.errors import RuleViolation
from casework.programmes.vocabulary import LeaseStageCode


@dataclass(frozen=True)
class Examination:
    """A period at whose end the household's situation is examined; the préfet is answered by `notice_on`."""

    number: int
    ends_on: date
    notice_on: date


def allowed_stages(stated: Sequence[str]) -> tuple[str, ...]:
    """Return the stages that a household may have: those of its programme, all when it states none."""
    return tuple(stated) or tuple(code.value for code in LeaseStageCode)


def next_stages(present: str | None, stated: Sequence[str], *, order_matters: bool) -> tuple[str, ...]:
    """Return the stages that may follow `present`.

    Where the order matters only later ones, some skipped or not. A stage that the programme does not state (found in
    a file) has no place in its order: any may follow.
    """
    allowed = allowed_stages(stated)
    if order_matters and present in allowed:
        return allowed[allowed.index(present) + 1 :]
    return tuple(code for code in allowed if code != present)


def check_next_stage(
    stage: str, present: str | None, stated: Sequence[str], *, order_matters: bool, labels: Mapping[str, str]
) -> None:
    """Refuse a stage that cannot follow `present`. Raises RuleViolation on `stage`."""
    if stage == present:
        raise RuleViolation("stage", "C’est déjà le statut du logement aujourd’hui.")
    if stage not in allowed_stages(stated):
        raise RuleViolation("stage", "Le dispositif ne prévoit pas ce statut.")
    following = next_stages(present, stated, order_matters=order_matters)
    if stage in following:
        return
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
