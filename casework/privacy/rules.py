"""When what is known of a household is due to be anonymised, and when a person is owed an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casework.kernel.calendar import add_months
from casework.kernel.procedural_delays import procedural_end

ANSWER_MONTHS = 1  # GDPR art. 12 (3)


@dataclass(frozen=True)
class Keeping:
    """How long a file stays active after the last contact with the person, and how long before its end one is told."""

    active_months: int
    notice_days: int


@dataclass(frozen=True)
class Known:
    """What decides the fate of a case: the dates of facts that come from or with the person, and of its own path."""

    case_id: int
    number: str
    referred_on: date
    ended_on: date | None
    contract_on: date | None
    contacts: tuple[date | None, ...] = ()
    noticed_on: date | None = None
    archived_on: date | None = None
    archived_until: date | None = None


def last_contact_on(known: Known) -> date:
    """Return the day of the last contact with the person; the referral where there was none (CNIL 2023-095)."""
    return max((day for day in known.contacts if day is not None), default=known.referred_on)


def is_over(known: Known) -> bool:
    """Tell whether the accompaniment is over: ended, or never begun. A running one is ended first."""
    return known.ended_on is not None or known.contract_on is None


def due_on(known: Known, keeping: Keeping) -> date | None:
    """Return the last day on which the file stays as it is; None while it runs.

    Active for `active_months` after the last contact with the person; an archive keeps it until its own end.
    """
    if not is_over(known):
        return None
    active_until = add_months(last_contact_on(known), keeping.active_months)
    if known.archived_on is not None and known.archived_until is not None:
        return max(active_until, known.archived_until)
    return active_until


def may_be_archived(known: Known, keeping: Keeping, day: date) -> bool:
    """Tell whether a file may be kept longer by a decision of `day`: once it ended, or when it comes to its end."""
    due = due_on(known, keeping)
    return known.ended_on is not None or (due is not None and day >= due - timedelta(days=keeping.notice_days))


def wants_notice(known: Known, keeping: Keeping, day: date) -> bool:
    """Tell whether the referent is to be told on `day` that a file comes to its end."""
    due = due_on(known, keeping)
    return due is not None and known.noticed_on is None and day >= due - timedelta(days=keeping.notice_days)


def anonymised_from(known: Known, keeping: Keeping) -> date | None:
    """Return the first day on which a file may be anonymised; None while it runs or nobody was told yet."""
    due = due_on(known, keeping)
    if due is None or known.noticed_on is None:
        return None
    return max(due + timedelta(days=1), known.noticed_on + timedelta(days=keeping.notice_days))


def may_be_anonymised(known: Known, keeping: Keeping, day: date) -> bool:
    """Tell whether a file is anonymised on `day`: its time is over, and the notice was given long enough ago."""
    first = anonymised_from(known, keeping)
    return first is not None and day >= first


def batches(ids: Iterable[int], size: int) -> list[list[int]]:
    """Return the ids in lists of at most `size`, in their order."""
    whole = sorted(ids)
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def answer_due_on(received_on: date) -> date:
    """Return the last good day of the answer to a request received on a day: one month after it.

    A month that ends on a Saturday, a Sunday or a public holiday runs on to the next working day. The holidays are
    those of all France: where a département has more, the answer is shown as due earlier, never later.
    Sources: GDPR art. 12 (3); Regulation (EEC, Euratom) 1182/71, art. 3 (1), (2c) and (4).
    """
    return procedural_end(received_on, months=ANSWER_MONTHS)
