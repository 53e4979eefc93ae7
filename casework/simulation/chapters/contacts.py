"""Visits, calls and workshops: at the rhythm of the definition, some late, some missed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.contacts.service import ContactNews, NextAppointment, plan_appointment, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.calendar import add_months
from casework.kernel.context import Ctx
from casework.programmes.definition.parts import Definition
from casework.simulation.days import DAY, working_day
from casework.simulation.life import Dossier, Fate, Life, Step, days_between, follows

RANK = 6
# From this many days between two contacts on, nobody is met on a Sunday.
_DENSE = 7
_LATE_IN, _MISSED_IN, _APPOINTED_IN, _LOST_IN = 9, 8, 3, 14
_MISSED_BEFORE_LOSS = 4
_KINDS = {
    "home_visit": (ContactKind.VAD,),
    "meeting": (ContactKind.VAD, ContactKind.BUREAU),
    "contact": (ContactKind.VAD, ContactKind.BUREAU, ContactKind.TEL, ContactKind.VAD),
}
_USUAL = (ContactKind.VAD, ContactKind.VAD, ContactKind.BUREAU, ContactKind.TEL, ContactKind.ATELIER)
_SHARED = (
    "Point sur le budget du mois et le paiement du loyer.",
    "Courriers triés ensemble, deux réponses envoyées.",
    "Démarche faite auprès de la CAF ; réponse attendue.",
    "Le logement est bien tenu. Une demande de travaux est transmise.",
    "",
)
_ABSENT = "Personne au rendez-vous ; un mot est laissé."


@dataclass(frozen=True)
class Meet:
    """A contact is noted; it settles the appointment made the last time, and makes the next one."""

    news: ContactNews
    following: NextAppointment | None = None

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        settled, dossier.appointment_id = dossier.appointment_id, None
        record_contact(ctx, dossier.case_id, self.news, appointment_id=settled)
        if self.following is not None:
            appointment = plan_appointment(ctx, dossier.case_id, self.following)
            ctx.session.flush()
            dossier.appointment_id = appointment.id


def plan(life: Life, chance: random.Random) -> Iterator[Step]:
    """Yield the contacts, oldest first."""
    kinds = _kinds(life.definition)
    met_on = list(_days(life, chance))
    for place, (day, made) in enumerate(met_on):
        kind = chance.choice(kinds)
        if not made:
            refused = chance.randrange(8) == 0
            outcome = ContactOutcome.REFUS if refused else ContactOutcome.ABSENT
            kind = chance.choice((kind, ContactKind.TENTATIVE))
            yield follows(life, day, RANK, Meet(ContactNews(day, kind, outcome, None, _ABSENT)))
            continue
        minutes = 15 if kind is ContactKind.TEL else chance.choice((45, 60, 75))
        news = ContactNews(day, kind, ContactOutcome.REALISEE, minutes, chance.choice(_SHARED))
        following = None
        if place + 1 < len(met_on) and chance.randrange(_APPOINTED_IN) == 0:
            following = NextAppointment(met_on[place + 1][0], ContactKind.VAD, chance.choice(("09:30", "14:00", None)))
        yield follows(life, day, RANK, Meet(news, following))


def _days(life: Life, chance: random.Random) -> Iterator[tuple[date, bool]]:
    """Yield the days of the contacts, and whether somebody was met."""
    if life.fate is Fate.UNREACHED:
        yield from (
            (life.referred_on + n * 5 * DAY, False)
            for n in (1, 2, 3)
            if life.referred_on + n * 5 * DAY < life.leaves_on
        )
        return
    if life.diagnosed_on is None:
        return
    yield life.diagnosed_on, True
    if life.signed_on is None:
        return
    lost_after = life.leaves_on
    if life.fate is Fate.BROKEN_OFF or chance.randrange(_LOST_IN) == 0:
        lost_after = life.signed_on + int(days_between(life.signed_on, life.leaves_on) * chance.uniform(0.5, 0.8)) * DAY
    last = life.signed_on
    missed = 0
    while last < life.leaves_on:
        allowed = allowed_days(life, last)
        day = _next(life, last, allowed, chance)
        if day >= life.leaves_on:
            return
        if day > lost_after and missed < _MISSED_BEFORE_LOSS:
            yield day, False
            missed += 1
        else:
            if allowed >= _DENSE and chance.randrange(_MISSED_IN) == 0:
                before = working_day(day - 3 * DAY, last + DAY, day)
                if before < day and not life.is_paused_on(before):
                    yield before, False
            yield day, True
        last = day


def allowed_days(life: Life, last: date) -> int:
    """Return the days that the rhythm of the definition, or the national one, allows after a contact on `last`."""
    phases = life.terms.contact_phases
    allowed = phases[0][1]
    for from_month, days in phases:
        if life.signed_on is not None and last >= add_months(life.signed_on, from_month):
            allowed = days
    return allowed


def _next(life: Life, last: date, allowed: int, chance: random.Random) -> date:
    """Return the day of the next contact: mostly in time, after the pause if there is one."""
    late = chance.randrange(_LATE_IN) == 0 and allowed >= _DENSE
    days = allowed + chance.randrange(1, 12) if late else max(1, int(allowed * chance.uniform(0.6, 1.0)))
    target = last + days * DAY
    if life.pause is not None and life.is_paused_on(target):
        target = life.pause[1] + DAY
    if allowed < _DENSE:
        return target
    return working_day(target, last + DAY, target)


def _kinds(definition: Definition) -> tuple[ContactKind, ...]:
    stated = [kind for cadence in definition.cadences for kind in _KINDS.get(cadence.what, ())]
    return tuple(stated) or _USUAL
