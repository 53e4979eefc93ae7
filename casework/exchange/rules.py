"""What a household's row may say: the order of its dates, and what goes with what. Pure decisions."""

from collections.abc import Iterator
from datetime import date

from casework.exchange.reading.records import HouseholdFacts, Reason, reason

Fault = tuple[str, Reason]


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


def overlap(first: HouseholdFacts, second: HouseholdFacts) -> bool:
    """Tell whether two accompaniments were open on a same day; one that ended lets its lease go to another."""
    ends_first = first.ended_on or date.max
    ends_second = second.ended_on or date.max
    return first.referred_on < ends_second and second.referred_on < ends_first
