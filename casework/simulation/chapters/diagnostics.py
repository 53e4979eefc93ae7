"""The diagnostic, and the people whom it makes known."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from casework.cases.people_service import MemberNews, add_member
from casework.diagnostics.rules import Budget
from casework.diagnostics.service import Findings, record_diagnostic
from casework.diagnostics.vocabulary import Recommendation, Resource
from casework.kernel.context import Ctx
from casework.simulation.life import Dossier, Fate, Life, Payment, Step, follows
from casework.simulation.people import Home, relatives

PEOPLE_RANK, RANK = 3, 4
_ACCOMPANIED = (Recommendation.ACC_LEGER, Recommendation.ACC_MOYEN, Recommendation.ACC_RENFORCE)
DECLINED = (
    Recommendation.NON_LIEU,
    Recommendation.REFUS_MENAGE,
    Recommendation.GLA_SEULE,
    Recommendation.ORIENT_ADAPTE,
    Recommendation.ORIENT_HEBERG,
)
_HOUSING_PARTS = (
    "Logement adapté à la taille du ménage.",
    "Le chauffage pèse dans le budget ; une demande de travaux est faite.",
    "Premier logement autonome : l’équipement est à compléter.",
)


@dataclass(frozen=True)
class Enter:
    """Somebody of the household is entered by name."""

    news: MemberNews

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Enter them through the use case."""
        add_member(ctx, dossier.case_id, self.news)


@dataclass(frozen=True)
class Diagnose:
    """The diagnostic is made."""

    findings: Findings

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        record_diagnostic(ctx, dossier.case_id, self.findings)


def plan(life: Life, chance: random.Random) -> Iterator[Step]:
    """Yield the people and the diagnostic, where somebody was met."""
    if life.diagnosed_on is None:
        return
    for link, given_name, born_on in relatives(life.home, life.definition, life.diagnosed_on, chance):
        news = MemberNews(life.home.family_name, given_name, link, born_on=born_on)
        yield follows(life, life.diagnosed_on, PEOPLE_RANK, Enter(news))
    yield follows(life, life.diagnosed_on, RANK, Diagnose(_findings(life, life.diagnosed_on, chance)))


def _findings(life: Life, made_on: date, chance: random.Random) -> Findings:
    home = life.home
    hard = life.payment in {Payment.LAPSED, Payment.LOST}
    if life.fate is Fate.DECLINED:
        recommendation = chance.choice(DECLINED)
    else:
        recommendation = _ACCOMPANIED[2] if hard else chance.choice(_ACCOMPANIED[:2])
    return Findings(
        made_on=made_on,
        budget=Budget(
            resources=_resources(home),
            rent_cents=home.rent_cents,
            charges_cents=home.charges_cents,
            benefit_cents=home.benefit_cents,
            fixed_charges_cents=15_000 + 6_000 * (home.adults + home.children) + chance.randrange(0, 80) * 100,
        ),
        housing_part=chance.choice(_HOUSING_PARTS),
        recommendation=recommendation,
    )


def _resources(home: Home) -> Mapping[str, int]:
    """Return the incomes of a household by kind: they add up to what the referral declared."""
    family = 7_500 * home.children if home.children > 1 else 0
    wages = {Resource.SAL.value: home.resources_cents - family}
    return wages | ({Resource.AF.value: family} if family else {})
