"""The contract of the three parties, and the amendments that prolong it within the limits of the definition."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from casework.contracts.service import Agreement, Goal, amend_contract, sign_contract
from casework.contracts.vocabulary import Party
from casework.kernel.calendar import add_months
from casework.kernel.context import Ctx
from casework.simulation.days import DAY, working_day
from casework.simulation.life import Dossier, Life, Payment, Step, follows
from casework.simulation.spans import DEROGATION_MONTHS, Span, span_of

RANK = 5
_AHEAD = range(4, 20)
_MOTIVE = "Le relais avec le service social de secteur demande quelques semaines de plus."
_TERMS = "L’accompagnement se poursuit ; les engagements de chacun ne changent pas."
_LANDLORD, _ASSOCIATION = "Gestion sociale du bailleur", "Équipe d’accompagnement"


@dataclass(frozen=True)
class Sign:
    """The three parties sign."""

    agreement: Agreement

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        sign_contract(ctx, dossier.case_id, self.agreement)


@dataclass(frozen=True)
class Amend:
    """An amendment prolongs the contract."""

    agreement: Agreement

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        amend_contract(ctx, dossier.case_id, self.agreement)


def plan(life: Life, chance: random.Random) -> Iterator[Step]:
    """Yield the signature and the amendments."""
    if life.signed_on is None:
        return
    span = span_of(life.definition)
    planned = planned_ends(span, life.signed_on, life.leaves_on)
    agreement = Agreement(life.signed_on, planned[0], _goals(life, life.signed_on), signatories=_signatories(life))
    yield follows(life, life.signed_on, RANK, Sign(agreement))
    last = life.signed_on
    for before, after in pairwise(planned):
        day = working_day(before - chance.choice(_AHEAD) * DAY, last + DAY, before)
        motive = _MOTIVE if _exceeds(span, life.signed_on, after) else ""
        yield follows(life, day, RANK, Amend(Agreement(day, after, terms=_TERMS, derogation=motive)))
        last = day


def planned_ends(span: Span, signed_on: date, leaves_on: date) -> list[date]:
    """Return the end that the contract plans, and those that as many amendments as allowed plan after it.

    Where the household stays longer than the programme allows, by derogation, a last amendment says so.
    """
    latest = None if span.most is None else add_months(signed_on, span.most)
    ends = [add_months(signed_on, span.first)]
    while ends[-1] < leaves_on and (span.renewals is None or len(ends) <= span.renewals):
        end = min(add_months(signed_on, span.first + len(ends) * span.renewal), add_months(ends[-1], span.renewal))
        if latest is not None:
            end = min(end, latest)
        if end <= ends[-1]:
            break
        ends.append(end)
    if ends[-1] < leaves_on and span.derogation:
        ends.append(add_months(ends[-1], DEROGATION_MONTHS))
    return ends


def _exceeds(span: Span, signed_on: date, end: date) -> bool:
    return span.most is not None and end > add_months(signed_on, span.most)


def _goals(life: Life, signed_on: date) -> tuple[Goal, ...]:
    goals = (
        Goal("Payer le loyer chaque mois, avant le 10", Party.HOUSEHOLD),
        Goal("Faire le point ensemble sur le courrier et les démarches", Party.ASSOCIATION),
        Goal("Répondre aux demandes de travaux sous un mois", Party.LANDLORD),
        Goal("Mettre à jour les droits", Party.HOUSEHOLD, add_months(signed_on, 3)),
    )
    if life.payment is Payment.SOUND:
        return goals
    return (*goals, Goal("Tenir le plan d’apurement", Party.HOUSEHOLD, signed_on + timedelta(days=120)))


def _signatories(life: Life) -> Mapping[Party, str]:
    return {
        Party.HOUSEHOLD: f"{life.home.given_name} {life.home.family_name}",
        Party.ASSOCIATION: _ASSOCIATION,
        Party.LANDLORD: _LANDLORD,
    }
