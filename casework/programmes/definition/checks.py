"""What no single key of a definition can tell: parts that cannot be true together."""

from itertools import pairwise
from typing import NoReturn

from casework.programmes.definition.parts import Definition, Path, Quantity
from casework.programmes.definition.reader import DefinitionError
from casework.programmes.vocabulary import LeaseStageCode

# Nothing follows a lease in the household's own name; nobody plans to lose a title.
_LAST = frozenset({LeaseStageCode.BAIL_DIRECT, LeaseStageCode.REPRISE_BAIL})
_FIRST = frozenset({LeaseStageCode.OSDT})


def check_whole(place: str, definition: Definition) -> None:
    """Refuse what contradicts itself. Raises DefinitionError with the place, the value and what is allowed."""
    _check_headcount(place, definition)
    _check_ages(place, definition)
    _check_accompaniment(place, definition)
    _check_cadences(place, definition)
    _check_paths(place, definition)
    _check_costs(place, definition)


def _refuse(place: str, key: str, value: object, allowed: str) -> NoReturn:
    raise DefinitionError(f"{place}, clé « {key} », valeur « {value} » : {allowed}.")


def _check_headcount(place: str, d: Definition) -> None:
    for name, quantity in (("households", d.households), ("dwellings", d.dwellings)):
        if quantity and quantity.low is not None and quantity.low > quantity.value:
            _refuse(f"{place}, [{name}]", "low", quantity.low, f"au plus {quantity.value}, le haut de la fourchette")
    available: dict[str, Quantity | None] = {"household": d.households, "dwelling": d.dwellings}
    for number, quota in enumerate(d.quotas, 1):
        whole = available[quota.unit]
        if whole is not None and quota.value > whole.value:
            _refuse(
                f"{place}, [[quota]] n° {number}",
                "value",
                quota.value,
                f"une part ne dépasse pas l’effectif du dispositif, {whole.value}",
            )


def _check_ages(place: str, d: Definition) -> None:
    if d.ages.min is not None and d.ages.max is not None and d.ages.min > d.ages.max:
        _refuse(f"{place}, [age]", "min", d.ages.min, f"au plus {d.ages.max}, l’âge maximal")


def _check_accompaniment(place: str, d: Definition) -> None:
    a, where = d.accompaniment, f"{place}, [accompaniment]"
    if a.open_ended and a.max_months is not None:
        raise DefinitionError(f"{where} : sans durée limitée et durée maximale s’excluent.")
    if a.min_months and a.max_months and a.min_months > a.max_months:
        _refuse(where, "min_months", a.min_months, f"au plus {a.max_months}, la durée maximale")
    if a.typical_months and not (a.min_months or 0) <= a.typical_months <= (a.max_months or a.typical_months):
        _refuse(where, "typical_months", a.typical_months, "entre la durée minimale et la durée maximale")
    if a.period_months and a.max_months and a.period_months > a.max_months:
        _refuse(where, "period_months", a.period_months, f"au plus {a.max_months}, la durée maximale")
    if a.max_months and a.review_months and a.review_months[-1] > a.max_months:
        _refuse(where, "review_months", a.review_months[-1], f"au plus {a.max_months}, la durée maximale")
    if a.derogation and a.max_months is None:
        _refuse(where, "derogation", "true", "une dérogation suppose une durée maximale")


def _check_cadences(place: str, d: Definition) -> None:
    names = {phase.name for phase in d.phases}
    for number, cadence in enumerate(d.cadences, 1):
        where = f"{place}, [[cadence]] n° {number}"
        if cadence.phase is not None and cadence.phase not in names:
            allowed = ", ".join(sorted(names)) or "aucune phase n’est décrite"
            _refuse(where, "phase", cadence.phase, f"phases admises : {allowed}")
        if cadence.at_least and (cadence.times is None or cadence.every is None):
            _refuse(where, "at_least", "true", "un minimum suppose « times » fois par période (« every », « unit »)")
    starts = sorted((c.what, c.from_month) for c in d.cadences if c.days is not None)
    if any(a == b for a, b in pairwise(starts)):
        raise DefinitionError(f"{place}, [[cadence]] : deux cadences de même nature partent du même mois.")


def _check_paths(place: str, d: Definition) -> None:
    periods = {limit.stage: limit.periods or 1 for limit in d.lease.limits}
    for number, path in enumerate(d.lease.paths, 1):
        _check_path(f"{place}, [[path]] n° {number}", path, periods)
    if d.lease.order_matters and not d.lease.paths:
        _refuse(f"{place}, [lease]", "order_matters", "true", "un ordre suppose au moins un parcours ([[path]])")
    for name, stages in (("gate", [g.to for g in d.lease.gates]), ("stage_limit", [x.stage for x in d.lease.limits])):
        for number, stage in enumerate(stages, 1):
            if stage not in d.lease.stages:
                allowed = ", ".join(d.lease.stages) or "aucun parcours n’est décrit"
                key = "to" if name == "gate" else "stage"
                _refuse(f"{place}, [[{name}]] n° {number}", key, stage, f"statuts des parcours : {allowed}")


def _check_path(where: str, path: Path, periods: dict[str, int]) -> None:
    shown = " → ".join(path.stages)
    for stage in path.stages:
        if path.stages.count(stage) > periods.get(stage, 1):
            _refuse(where, "stages", shown, f"un parcours ne revient pas à {stage}, sauf en périodes ([[stage_limit]])")
    for before, after in pairwise(path.stages):
        if before in _LAST and before != after:
            _refuse(where, "stages", shown, f"rien ne suit {before} : c’est la fin du parcours")
        if after in _FIRST and before != after:
            _refuse(where, "stages", shown, f"{after} ne peut être que le premier statut d’un parcours")


def _check_costs(place: str, d: Definition) -> None:
    if (d.costs.total_cents is None) != (d.costs.total_period is None):
        _refuse(f"{place}, [cost]", "total_period", d.costs.total_period, "un total et sa période vont ensemble")
    for number, funding in enumerate(d.fundings, 1):
        if funding.amount_cents is None and funding.share_percent is None and not funding.leases:
            where = f"{place}, [[funding]] n° {number}"
            _refuse(where, "amount_cents", None, "un montant, une part en pour cent ou des statuts de logement")
