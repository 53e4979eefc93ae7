"""The end of the accompaniment: why, and where the household lives then."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from casework.exits.service import EndNews, end_case
from casework.exits.vocabulary import EndReason, Outcome
from casework.households.vocabulary import Housing
from casework.kernel.context import Ctx
from casework.programmes.vocabulary import SLIDING_STAGES, LeaseStageCode
from casework.simulation.life import ACCESS, Dossier, Fate, Life, Step, follows

RANK = 10
Ending = tuple[EndReason, Outcome, Housing, str]
_UNREACHED: tuple[Ending, ...] = (
    (EndReason.ABANDON, Outcome.INCONNU, Housing.NR, "Aucun contact malgré trois passages et un courrier."),
)
_DECLINED: tuple[Ending, ...] = (
    (EndReason.ERREUR, Outcome.INCONNU, Housing.NR, "Le diagnostic conclut qu’aucun accompagnement n’est nécessaire."),
    (EndReason.NONADH, Outcome.INCONNU, Housing.NR, "Le ménage ne souhaite pas d’accompagnement."),
    (EndReason.RELAIS_AUTRE, Outcome.INCONNU, Housing.NR, "Orienté vers un dispositif plus adapté."),
)
_BROKEN_OFF: tuple[Ending, ...] = (
    (EndReason.ABANDON, Outcome.INCONNU, Housing.NR, "Plus de réponse malgré les courriers et les passages."),
    (EndReason.DEPART, Outcome.ACCES_PRIVE, Housing.PRIVE, "Le ménage rejoint sa famille dans une autre région."),
    (EndReason.NONADH, Outcome.MAINTIEN_TITRE, Housing.HLM, "Le ménage préfère continuer seul."),
    (EndReason.SEPARATION, Outcome.INCONNU, Housing.TIERS, "Séparation : le ménage quitte le logement."),
)
_HOUSED: tuple[Ending, ...] = (
    (EndReason.OBJ, Outcome.MAINTIEN_TITRE, Housing.HLM, "Les objectifs du contrat sont atteints."),
    (EndReason.RELAIS_DC, Outcome.MAINTIEN_TITRE, Housing.HLM, "Le relais est passé en présence du ménage."),
    (EndReason.TERME, Outcome.MAINTIEN_TITRE, Housing.HLM, "Fin de la durée prévue ; la situation est stable."),
)
_ENTERED: tuple[Ending, ...] = (
    (EndReason.ACCES, Outcome.ACCES_SOCIAL, Housing.HLM, "Le ménage habite chez lui, à son nom."),
    (EndReason.OBJ, Outcome.ACCES_SOCIAL, Housing.HLM, "Les objectifs du contrat sont atteints."),
)
_SLID: tuple[Ending, ...] = ((EndReason.GLISSEMENT, Outcome.GLISSE, Housing.HLM, "Le bail est au nom du ménage."),)
_ON_THE_WAY: tuple[Ending, ...] = (
    (EndReason.TERME, Outcome.SOUS_LOC_POURSUITE, Housing.IML, "Fin de la durée prévue ; l’occupation se poursuit."),
    (EndReason.RELAIS_AUTRE, Outcome.ACCES_ADAPTE, Housing.RS, "Entrée dans un logement plus adapté."),
)
_RELAY = "Service social de secteur"
_OWN = frozenset({LeaseStageCode.BAIL_DIRECT.value, LeaseStageCode.REPRISE_BAIL.value})


@dataclass(frozen=True)
class End:
    """The accompaniment ends."""

    news: EndNews

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        end_case(ctx, dossier.case_id, self.news)


def plan(life: Life, chance: random.Random) -> Iterator[Step]:
    """Yield the end."""
    reason, outcome, housing, note = chance.choice(_endings(life))
    relay = _RELAY if reason is EndReason.RELAIS_DC else ""
    yield follows(life, life.leaves_on, RANK, End(EndNews(life.leaves_on, reason, outcome, housing, relay, note)))


def _endings(life: Life) -> tuple[Ending, ...]:
    if life.fate is Fate.UNREACHED:
        return _UNREACHED
    if life.fate is Fate.DECLINED:
        return _DECLINED
    if life.fate is Fate.BROKEN_OFF:
        return _BROKEN_OFF
    if not life.stages or life.stages[-1].code not in _OWN:
        return _ON_THE_WAY
    if any(stage.code in SLIDING_STAGES for stage in life.stages):
        return _SLID
    return _ENTERED if life.mode == ACCESS else _HOUSED
