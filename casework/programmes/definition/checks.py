"""What no single key of a definition can tell: parts that cannot be true together."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

from casework.programmes.definition.parts import Definition, Path, Quantity
from casework.programmes.definition.reader import Place
from casework.programmes.vocabulary import LeaseStageCode

# Nothing follows a lease in the household's own name; nobody plans to lose a title.
_LAST = frozenset({LeaseStageCode.BAIL_DIRECT, LeaseStageCode.REPRISE_BAIL})
_FIRST = frozenset({LeaseStageCode.OSDT})


def check_whole(file: str, definition: Definition) -> None:
    """Refuse what contradicts itself. Raises DefinitionError with the place, the value and what is allowed."""
    _check_headcount(file, definition)
    _check_ages(file, definition)
    _check_accompaniment(file, definition)
    _check_cadences(file, definition)
    _check_paths(file, definition)
    _check_costs(file, definition)


def _check_headcount(file: str, d: Definition) -> None:
    for name, quantity in (("households", d.households), ("dwellings", d.dwellings)):
        if quantity and quantity.low is not None and quantity.low > quantity.value:
            Place(file, name).refuse(
                "low", quantity.low, "au plus %(most)s, le haut de la fourchette", most=quantity.value
            )
    available: dict[str, Quantity | None] = {"household": d.households, "dwelling": d.dwellings}
    for number, quota in enumerate(d.quotas, 1):
        whole = available[quota.unit]
        if whole is not None and quota.value > whole.value:
            Place(file, "quota", number).refuse(
                "value", quota.value, "une part ne dépasse pas l’effectif du dispositif, %(most)s", most=whole.value
            )


def _check_ages(file: str, d: Definition) -> None:
    if d.ages.min is not None and d.ages.max is not None and d.ages.min > d.ages.max:
        Place(file, "age").refuse("min", d.ages.min, "au plus %(most)s, l’âge maximal", most=d.ages.max)


def _check_accompaniment(file: str, d: Definition) -> None:
    a, place = d.accompaniment, Place(file, "accompaniment")
    if a.open_ended and a.max_months is not None:
        place.refuse("open_ended", "true", "sans durée limitée et durée maximale s’excluent")
    if a.typical_months and not (a.min_months or 0) <= a.typical_months <= (a.max_months or a.typical_months):
        place.refuse("typical_months", a.typical_months, "entre la durée minimale et la durée maximale")
    bounded = {
        "min_months": a.min_months,
        "period_months": a.period_months,
        "review_months": a.review_months[-1] if a.review_months else None,
    }
    for key, months in bounded.items():
        if months and a.max_months and months > a.max_months:
            place.refuse(key, months, "au plus %(most)s, la durée maximale", most=a.max_months)
    if a.derogation and a.max_months is None:
        place.refuse("derogation", "true", "une dérogation suppose une durée maximale")


def _check_cadences(file: str, d: Definition) -> None:
    names = {phase.name for phase in d.phases}
    starts: set[tuple[str, int]] = set()
    for number, cadence in enumerate(d.cadences, 1):
        place = Place(file, "cadence", number)
        if cadence.phase is not None and cadence.phase not in names:
            if not names:
                place.refuse("phase", cadence.phase, "aucune phase n’est décrite")
            place.refuse("phase", cadence.phase, "phases admises : %(allowed)s", allowed=", ".join(sorted(names)))
        if cadence.at_least and (cadence.times is None or cadence.every is None):
            place.refuse("at_least", "true", "un minimum suppose « times » fois par période (« every », « unit »)")
        start = (cadence.what, cadence.from_month)
        if cadence.days is not None and start in starts:
            place.refuse("from_month", cadence.from_month, "deux cadences de même nature partent du même mois")
        if cadence.days is not None:
            starts.add(start)


def _check_paths(file: str, d: Definition) -> None:
    periods = {limit.stage: limit.periods or 1 for limit in d.lease.limits}
    for number, path in enumerate(d.lease.paths, 1):
        _check_path(Place(file, "path", number), path, periods)
    if d.lease.order_matters and not d.lease.paths:
        Place(file, "lease").refuse("order_matters", "true", "un ordre suppose au moins un parcours ([[path]])")
    gates, limits = [gate.to for gate in d.lease.gates], [limit.stage for limit in d.lease.limits]
    for table, key, stages in (("gate", "to", gates), ("stage_limit", "stage", limits)):
        for number, stage in enumerate(stages, 1):
            if stage not in d.lease.stages:
                _refuse_stage(Place(file, table, number), key, stage, d.lease.stages)


def _refuse_stage(place: Place, key: str, stage: str, stages: Sequence[str]) -> NoReturn:
    if not stages:
        place.refuse(key, stage, "aucun parcours n’est décrit")
    place.refuse(key, stage, "statuts des parcours : %(allowed)s", allowed=", ".join(stages))


def _check_path(place: Place, path: Path, periods: dict[str, int]) -> None:
    shown = " → ".join(path.stages)
    for stage in path.stages:
        if path.stages.count(stage) > periods.get(stage, 1):
            place.refuse(
                "stages",
                shown,
                "un parcours ne revient pas à %(stage)s, sauf en périodes ([[stage_limit]])",
                stage=stage,
            )
    for before, after in pairwise(path.stages):
        if before in _LAST and before != after:
            place.refuse("stages", shown, "rien ne suit %(stage)s : c’est la fin du parcours", stage=before)
        if after in _FIRST and before != after:
            place.refuse("stages", shown, "%(stage)s ne peut être que le premier statut d’un parcours", stage=after)


def _check_costs(file: str, d: Definition) -> None:
    if (d.costs.total_cents is None) != (d.costs.total_period is None):
        Place(file, "cost").refuse("total_period", d.costs.total_period, "un total et sa période vont ensemble")
    for number, funding in enumerate(d.fundings, 1):
        if funding.amount_cents is None and funding.share_percent is None and not funding.leases:
            Place(file, "funding", number).refuse(
                "amount_cents", None, "un montant, une part en pour cent ou des statuts de logement"
            )
