"""Who points to the household, and why."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from casework.accounts.vocabulary import Role
from casework.cases.service import Sheet, record_referral
from casework.cases.vocabulary import ReferralSource
from casework.households.vocabulary import Housing
from casework.kernel.context import Ctx
from casework.kernel.text import search_key
from casework.programmes.definition.parts import Definition
from casework.simulation.life import ACCESS, Dossier, Life, Step

RANK = 0
_BY_LANDLORD = {ReferralSource.PERSONNEL_PROXIMITE, ReferralSource.REUNION_IMPAYES}
# What a definition says in its own words, and the code under which the referral is noted.
_WORDS = {
    "siao": ReferralSource.SIAO,
    "ccapex": ReferralSource.CCAPEX,
    "dalo": ReferralSource.COMED,
    "mediation": ReferralSource.COMED,
    "cal": ReferralSource.CALEOL,
    "attribution": ReferralSource.CALEOL,
    "impayes": ReferralSource.REUNION_IMPAYES,
    "contentieux": ReferralSource.REUNION_IMPAYES,
    "locataire": ReferralSource.DEMANDE_LOCATAIRE,
    "voisinage": ReferralSource.VOISINAGE,
    "famille": ReferralSource.FAMILLE,
    "gardiens": ReferralSource.PERSONNEL_PROXIMITE,
    "proximite": ReferralSource.PERSONNEL_PROXIMITE,
    "bailleur": ReferralSource.PERSONNEL_PROXIMITE,
    "bailleurs": ReferralSource.PERSONNEL_PROXIMITE,
}
_USUAL = {
    True: (ReferralSource.SIAO, ReferralSource.PARTENAIRE, ReferralSource.COMED),
    False: (
        ReferralSource.REUNION_IMPAYES,
        ReferralSource.PERSONNEL_PROXIMITE,
        ReferralSource.DEMANDE_LOCATAIRE,
        ReferralSource.CCAPEX,
    ),
}
_HOUSED_BEFORE = {
    True: (Housing.CHRS, Housing.CHU, Housing.HOTEL, Housing.TIERS, Housing.RS, Housing.RUE),
    False: (Housing.HLM,),
}
_MOTIVES = {
    True: (
        "Fin de prise en charge en hébergement ; le ménage est prêt à habiter chez lui.",
        "Hébergé par des proches depuis plusieurs mois, sans solution stable.",
        "Première entrée dans un logement autonome : appui demandé pour l’installation.",
    ),
    False: (
        "Retards de loyer depuis le printemps, malgré un plan d’apurement.",
        "Le gardien ne voit plus personne et le courrier s’accumule.",
        "Demande d’aide pour le budget et les démarches.",
        "Séparation récente : le loyer pèse trop lourd.",
    ),
}


@dataclass(frozen=True)
class Refer:
    """The referral is noted; whoever is to follow the household is named by their place in the team."""

    sheet: Sheet
    referent: int

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        case = record_referral(
            ctx, dossier.programme_code, self.sheet, dossier.referent_id(self.referent), another_household=True
        )
        dossier.case_id = case.id


def plan(life: Life, chance: random.Random) -> Iterator[Step]:
    """Yield the referral."""
    source = chance.choice(_sources(life.definition, life.mode))
    who = Role.LANDLORD_SOCIAL if source in _BY_LANDLORD else Role.MANAGER
    yield Step(life.referred_on, RANK, who, life.place, Refer(_sheet(life, source, chance), life.referent))


def _sheet(life: Life, source: ReferralSource, chance: random.Random) -> Sheet:
    home, to_house = life.home, life.mode == ACCESS
    housed = not to_house and life.moved_in_on is not None and life.moved_in_on <= life.referred_on
    return Sheet(
        family_name=home.family_name,
        given_name=home.given_name,
        civility=home.civility,
        born_on=home.born_on,
        composition=home.composition,
        adults=home.adults,
        children=home.children,
        referred_on=life.referred_on,
        referral_source=source,
        referral_motive=chance.choice(_MOTIVES[to_house]),
        housing_at_entry=chance.choice(_HOUSED_BEFORE[to_house]),
        address=home.address if housed else "",
        district=home.district if housed else "",
        typology=home.typology if housed else Sheet.typology,
        moved_in_on=life.moved_in_on if housed else None,
        rent_cents=home.rent_cents if housed else 0,
        charges_cents=home.charges_cents if housed else 0,
        resources_cents=home.resources_cents,
        benefit_cents=home.benefit_cents if housed else 0,
        benefit_payment=home.benefit_payment,
        lease_number=home.lease_number if housed else "",
    )


def _sources(definition: Definition, mode: str) -> tuple[ReferralSource, ...]:
    """Return the codes of the sources that the definition names for a mode, or the usual ones."""
    stated = [r.source for r in definition.referrals if r.mode in {None, mode}]
    return tuple(map(_code, stated)) or _USUAL[mode == ACCESS]


def _code(source: str) -> ReferralSource:
    words = search_key(source).split()
    return next((code for word, code in _WORDS.items() if word in words), ReferralSource.PARTENAIRE)
