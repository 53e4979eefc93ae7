"""What a household's row may say: the order of its dates, and what goes with what. Pure decisions."""

from collections.abc import Iterator, Sequence
from datetime import date

from casework.accounts.vocabulary import Role
from casework.exchange.reading.records import HouseholdFacts, Reason, reason

Fault = tuple[str, Reason]

# The signature of a contract or an amendment, and the end that it plans.
ContractDates = tuple[date, date | None]


def household_faults(facts: HouseholdFacts, today: date) -> list[Fault]:
    """Return (column, reason) for everything that cannot be true together in the facts of one household."""
    return [*_people_faults(facts, today), *_path_faults(facts), *_end_faults(facts)]


def _people_faults(facts: HouseholdFacts, today: date) -> Iterator[Fault]:
    if facts.born_on is not None and facts.born_on > today:
        yield "date_naissance", reason("Cette date de naissance est dans le futur.")
    if facts.adults + facts.children == 0:
        yield "adultes", reason("Un ménage compte au moins une personne.")
    if facts.stage is not None and facts.moved_in_on is None:
        yield (
            "date_entree_logement",
            reason("Le titre d’occupation commence à l’entrée dans le logement : date absente."),
        )


def _path_faults(facts: HouseholdFacts) -> Iterator[Fault]:
    referred, diagnosed, signed, planned = (
        facts.referred_on,
        facts.diagnosed_on,
        facts.contract_on,
        facts.planned_end_on,
    )
    if diagnosed is not None and diagnosed < referred:
        yield "date_diagnostic", reason("Le diagnostic précède l’orientation.")
    if signed is not None and signed < referred:
        yield "date_contrat", reason("Le contrat précède l’orientation.")
    elif signed is not None and diagnosed is not None and signed < diagnosed:
        yield "date_contrat", reason("Le contrat précède le diagnostic.")
    if planned is not None and signed is None:
        yield "date_fin_prevue", reason("Une fin est prévue, mais la date du contrat manque.")
    if planned is not None and signed is not None and planned <= signed:
        yield "date_fin_prevue", reason("La fin prévue ne suit pas le contrat.")


def _end_faults(facts: HouseholdFacts) -> Iterator[Fault]:
    if facts.ended_on is None:
        if facts.end_reason or facts.outcome:
            yield "date_sortie", reason("Un motif ou un résultat est donné, mais la date de sortie manque.")
        return
    if facts.ended_on < facts.referred_on:
        yield "date_sortie", reason("La sortie précède l’orientation.")
    elif facts.contract_on is not None and facts.ended_on < facts.contract_on:
        yield "date_sortie", reason("La sortie précède le contrat.")
    if facts.end_reason is None:
        yield "motif_fin", reason("La date de sortie est donnée, mais le motif manque.")
    if facts.outcome is None:
        yield "resultat", reason("La date de sortie est donnée, mais le résultat manque.")


def may_follow(role: str, *, is_member: bool) -> bool:
    """Tell whether a user of the operator may be the referent of a household: as on the pages, no manager from outside.

    Managers read every case of the programmes in which they work: they are let in by those who manage accounts.
    """
    return role == Role.REFERENT or (role == Role.MANAGER and is_member)


def corrected_contracts(
    known: Sequence[ContractDates], signed_on: date | None, planned_end_on: date | None
) -> list[ContractDates]:
    """Return the dates of a contract and its amendments, oldest first, with what a file corrects; None: nothing."""
    dates = list(known)
    if signed_on is not None:
        dates[0] = signed_on, dates[0][1]
    if planned_end_on is not None:
        # The last contract that can end on that day: an amendment signed later says something else.
        last = next((place for place in reversed(range(len(dates))) if dates[place][0] < planned_end_on), 0)
        dates[last] = dates[last][0], planned_end_on
    return dates


def contract_fault(dates: Sequence[ContractDates]) -> Reason | None:
    """Tell why a contract cannot have been signed on its day, seen its planned end and its amendments, oldest first."""
    (signed, planned), *amendments = dates
    if planned is not None and signed >= planned:
        return reason("Le contrat enregistré prend fin le %(day)s\u00a0: il se signe avant.", day=_day(planned))
    if amendments and signed >= amendments[0][0]:
        return reason("Un avenant est signé le %(day)s\u00a0: le contrat vient avant.", day=_day(amendments[0][0]))
    return None


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def overlap(first: HouseholdFacts, second: HouseholdFacts) -> bool:
    """Tell whether two accompaniments were open on a same day; one that ended lets its lease go to another."""
    ends_first = first.ended_on or date.max
    ends_second = second.ended_on or date.max
    return first.referred_on < ends_second and second.referred_on < ends_first
