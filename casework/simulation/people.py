"""The people of a simulated household, where they live and what they pay. Every one of them is invented."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.cases.vocabulary import BenefitPayment
from casework.households.vocabulary import Civility, Composition, Link, Typology
from casework.programmes.definition.parts import Ages, Definition
from casework.simulation.days import DAY

_FAMILIES = [
    "Aubert",
    "Barry",
    "Bernard",
    "Blanc",
    "Bonnet",
    "Boyer",
    "Carlier",
    "Chevalier",
    "Cissé",
    "Colin",
    "Coulibaly",
    "David",
    "Delmas",
    "Dumont",
    "Dupuis",
    "Esposito",
    "Fabre",
    "Faure",
    "Fontaine",
    "Fournier",
    "Garnier",
    "Gomes",
    "Guérin",
    "Henry",
    "Hubert",
    "Jacquet",
    "Kaya",
    "Keita",
    "Lacroix",
    "Lambert",
    "Leroy",
    "Lopez",
    "Maillard",
    "Marchand",
    "Marty",
    "Mercier",
    "Meunier",
    "Morel",
    "Muller",
    "Ndiaye",
    "Noël",
    "Okoye",
    "Oumarou",
    "Pereira",
    "Perrot",
    "Pires",
    "Prévost",
    "Rahmani",
    "Renard",
    "Rivière",
    "Roche",
    "Rousseau",
    "Royer",
    "Saïdi",
    "Schmitt",
    "Simon",
    "Souza",
    "Sylla",
    "Tessier",
    "Thomas",
    "Touré",
    "Vasseur",
    "Vidal",
    "Weber",
    "Wagner",
    "Yildiz",
    "Zeroual",
]
_WOMEN = [
    "Adèle",
    "Aminata",
    "Béatrice",
    "Carine",
    "Diane",
    "Estelle",
    "Fatoumata",
    "Gloria",
    "Hélène",
    "Ilham",
    "Jeanne",
    "Karima",
    "Laure",
    "Malika",
    "Nora",
    "Olga",
    "Patricia",
]
_MEN = [
    "Abdou",
    "Baptiste",
    "Cédric",
    "Denis",
    "Emre",
    "Fabien",
    "Grégory",
    "Hakim",
    "Ismaël",
    "Jérôme",
    "Kamel",
    "Laurent",
    "Moussa",
    "Nicolas",
    "Pascal",
    "Rémi",
]
_CHILDREN = [
    "Anaïs",
    "Ben",
    "Camille",
    "Djibril",
    "Emma",
    "Farah",
    "Gabin",
    "Hugo",
    "Imène",
    "Jules",
    "Kenza",
    "Léo",
    "Mila",
    "Nolan",
    "Ousmane",
    "Rose",
]
_STREETS = ("rue des Acacias", "rue Pasteur", "allée des Peupliers", "place du Marché", "rue du Moulin", "quai Nord")
_DISTRICTS = ("Centre", "Les Charmes", "La Plaine", "Saint-Martin", "Les Fontaines")
_ALONE = ((Composition.FSEULE, 1, 0), (Composition.HSEUL, 1, 0))
_TOGETHER = (
    (Composition.FMONO, 1, 1),
    (Composition.FMONO, 1, 2),
    (Composition.HMONO, 1, 1),
    (Composition.CSANS, 2, 0),
    (Composition.CAVEC, 2, 1),
    (Composition.CAVEC, 2, 3),
)
_SIZES = (Typology.T1, Typology.T2, Typology.T3, Typology.T4, Typology.T5)
_USUAL_AGES = (21, 68)
# Where a definition names an age group without its limits.
_AGES_OF_PUBLICS = {"young": (18, 25), "elderly": (63, 86)}
_CHILD_AGES = range(2, 15)
_DIRECT_IN = 8


@dataclass(frozen=True)
class Home:
    """Who lives where, and what the rent is. Amounts in cents a month."""

    civility: Civility
    family_name: str
    given_name: str
    born_on: date
    composition: Composition
    adults: int
    children: int
    address: str
    district: str
    typology: Typology
    rent_cents: int
    charges_cents: int
    benefit_cents: int
    benefit_payment: BenefitPayment
    resources_cents: int
    lease_number: str

    @property
    def received_cents(self) -> int:
        """The housing benefit that the landlord itself receives."""
        return self.benefit_cents if self.benefit_payment is BenefitPayment.TIERS_PAYANT else 0

    @property
    def base_cents(self) -> int:
        """What the household itself has to pay to the landlord each month."""
        return self.rent_cents + self.charges_cents - self.received_cents


def make_home(definition: Definition, referred_on: date, lease_number: str, chance: random.Random) -> Home:
    """Return a household that the programme is for: the reference person's age is within its limits."""
    composition, adults, children = chance.choice((*_ALONE, *_TOGETHER))
    woman = composition in {Composition.FSEULE, Composition.FMONO} or (adults > 1 and chance.random() < 0.5)
    people = adults + children
    rent = (21_000 + 7_500 * people) + chance.randrange(0, 90) * 50
    resources = (64_000 + 26_000 * adults + 13_000 * children) * chance.choice((70, 85, 100, 115)) // 100
    benefit = max(0, 10_000 + 5_200 * people - (resources - 90_000) // 12) // 100 * 100
    direct = chance.randrange(_DIRECT_IN) == 0
    return Home(
        civility=Civility.MME if woman else Civility.M,
        family_name=chance.choice(_FAMILIES),
        given_name=chance.choice(_WOMEN if woman else _MEN),
        born_on=_birth(_age(definition, chance), referred_on, chance),
        composition=composition,
        adults=adults,
        children=children,
        address=f"{chance.randrange(1, 80)} {chance.choice(_STREETS)}",
        district=chance.choice(_DISTRICTS),
        typology=_SIZES[min(people, len(_SIZES)) - 1],
        rent_cents=rent,
        charges_cents=4_000 + 1_200 * people,
        benefit_cents=min(benefit, rent),
        benefit_payment=BenefitPayment.DIRECT if direct else BenefitPayment.TIERS_PAYANT,
        resources_cents=resources,
        lease_number=lease_number,
    )


def relatives(
    home: Home, definition: Definition, known_on: date, chance: random.Random
) -> Iterator[tuple[Link, str, date]]:
    """Yield (link, given name, birth date) of the other people of a household."""
    if home.adults > 1:
        names = _MEN if home.civility is Civility.MME else _WOMEN
        yield Link.CONJOINT, chance.choice(names), _birth(_age(definition, chance), known_on, chance)
    for name in chance.sample(_CHILDREN, home.children):
        yield Link.ENFANT, name, _birth(chance.choice(_CHILD_AGES), known_on, chance)


def _age(definition: Definition, chance: random.Random) -> int:
    """Return an age that stays within the limits for the months that a referral takes."""
    low, high = next((_AGES_OF_PUBLICS[p] for p in definition.publics if p in _AGES_OF_PUBLICS), _USUAL_AGES)
    first, last = age_limits(definition.ages)
    if first is not None:
        low, high = max(low, first), max(high, first + 10)
    if last is not None:
        high = max(min(high, last - 1), first or 0)
        low = min(low, high)
    return chance.randint(low, high)


def age_limits(ages: Ages) -> tuple[int | None, int | None]:
    """Return the first and the last age in whole years that a programme is for; None: no limit."""
    first = None if ages.min is None else ages.min + ages.min_strict
    return first, None if ages.max is None else ages.max - ages.max_strict


def _birth(age: int, day: date, chance: random.Random) -> date:
    """Return a birth date of somebody who is `age` on `day` and for some months more."""
    birthday = date(day.year - age, day.month, min(day.day, 28))
    return birthday - chance.randrange(3, 180) * DAY
