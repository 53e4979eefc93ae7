"""The households of the demonstration. Every one of these people is invented."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.households.vocabulary import Civility, Composition, Link, Typology

_F, _M = Civility.MME, Civility.M
_ALONE_F, _ALONE_M, _MOTHER, _FATHER, _COUPLE, _FAMILY = (
    Composition.FSEULE,
    Composition.HSEUL,
    Composition.FMONO,
    Composition.HMONO,
    Composition.CSANS,
    Composition.CAVEC,
)
_NUMBERS = {_ALONE_F: (1, 0), _ALONE_M: (1, 0), _COUPLE: (2, 0)}

# civility, family name, given name, age, composition, adults and children where the composition leaves them open
_PEOPLE: tuple[tuple[Civility, str, str, int, Composition, tuple[int, int]], ...] = (
    (_F, "Diallo", "Mariama", 34, _MOTHER, (1, 2)),
    (_M, "Moreau", "Jean-Pierre", 61, _ALONE_M, (1, 0)),
    (_F, "Benkirane", "Samia", 29, _FAMILY, (2, 1)),
    (_F, "Lefèvre", "Odile", 68, _ALONE_F, (1, 0)),
    (_M, "Kowalczyk", "Piotr", 45, _FAMILY, (2, 3)),
    (_F, "Tran", "Thi Lan", 52, _COUPLE, (2, 0)),
    (_F, "Roussel", "Coralie", 26, _MOTHER, (1, 1)),
    (_M, "Haddad", "Karim", 38, _FATHER, (1, 2)),
    (_F, "Da Silva", "Fernanda", 57, _ALONE_F, (1, 0)),
    (_M, "Traoré", "Seydou", 41, _FAMILY, (2, 4)),
    (_F, "Petitjean", "Ludivine", 31, _MOTHER, (1, 3)),
    (_M, "Nikolić", "Dragan", 49, _ALONE_M, (1, 0)),
    (_F, "Mendy", "Aïssatou", 36, _MOTHER, (1, 1)),
    (_M, "Chauveau", "Frédéric", 54, _COUPLE, (2, 0)),
    (_F, "Yılmaz", "Elif", 33, _FAMILY, (2, 2)),
    (_M, "Gauthier", "Alain", 72, _ALONE_M, (1, 0)),
    (_F, "Rakotoarisoa", "Voahangy", 44, _MOTHER, (1, 2)),
    (_M, "Sissoko", "Bakary", 28, _ALONE_M, (1, 0)),
    (_F, "Ferreira", "Lucinda", 63, _COUPLE, (2, 0)),
    (_F, "Guillot", "Sabrina", 39, _FAMILY, (2, 2)),
    (_M, "Abdallah", "Youssouf", 47, _FAMILY, (2, 3)),
    (_F, "Zielińska", "Beata", 42, _MOTHER, (1, 1)),
    (_M, "Robin", "Kévin", 24, _ALONE_M, (1, 0)),
    (_F, "Ould Brahim", "Fatimetou", 35, _FAMILY, (2, 2)),
    (_M, "Perrin", "Didier", 58, _ALONE_M, (1, 0)),
    (_F, "Nsimba", "Clarisse", 30, _MOTHER, (1, 2)),
    (_F, "Caillaud", "Josiane", 75, _ALONE_F, (1, 0)),
    (_M, "Popescu", "Ionel", 40, _FAMILY, (2, 2)),
    (_F, "Charrier", "Amandine", 27, _ALONE_F, (1, 0)),
    (_M, "El Amrani", "Rachid", 55, _COUPLE, (2, 0)),
    (_F, "Joseph", "Marie-Ange", 46, _MOTHER, (1, 3)),
    (_M, "Boutin", "Stéphane", 50, _FATHER, (1, 1)),
    (_F, "Kaplan", "Derya", 37, _FAMILY, (2, 1)),
    (_M, "Sow", "Ibrahima", 32, _ALONE_M, (1, 0)),
    (_F, "Renaudin", "Chantal", 66, _ALONE_F, (1, 0)),
    (_M, "Hoareau", "Jimmy", 43, _FAMILY, (2, 2)),
    (_F, "Vandamme", "Isabelle", 51, _ALONE_F, (1, 0)),
    (_M, "Ivanov", "Sergueï", 48, _COUPLE, (2, 0)),
    (_F, "Bouchet", "Mélanie", 25, _MOTHER, (1, 1)),
    (_M, "Camara", "Mamadou", 59, _FAMILY, (2, 2)),
    (_F, "Texier", "Monique", 70, _COUPLE, (2, 0)),
    (_M, "Lopes", "Nuno", 34, _FAMILY, (2, 1)),
)
_STREETS = (
    "rue des Lilas",
    "allée du Stade",
    "rue Jean-Moulin",
    "avenue de la Gare",
    "place de l’Église",
    "rue du Lavoir",
)
_DISTRICTS = ("Les Boiffiers", "Bellevue", "Recouvrance", "Centre", "La Récluse")
_SIZES = (Typology.T1, Typology.T2, Typology.T3, Typology.T4, Typology.T5)
_RENTS = {Typology.T1: 268, Typology.T2: 331, Typology.T3: 404, Typology.T4: 462, Typology.T5: 528}


@dataclass(frozen=True)
class Home:
    """Who lives where, and what the rent is. Amounts in cents a month."""

    civility: Civility
    family_name: str
    given_name: str
    age: int
    born_on: date
    composition: Composition
    adults: int
    children: int
    phone: str
    address: str
    district: str
    typology: Typology
    rent_cents: int
    charges_cents: int
    benefit_cents: int
    resources_cents: int
    lease_number: str

    @property
    def who(self) -> str:
        """How the person is spoken of in notes."""
        return f"{'Mme' if self.civility is Civility.MME else 'M.'}\u00a0{self.family_name}"

    @property
    def base_cents(self) -> int:
        """What the household itself has to pay each month."""
        return self.rent_cents + self.charges_cents - self.benefit_cents


def make_homes(today: date, chance: random.Random) -> list[Home]:
    """Return the households, of the same ages whatever the day."""
    return [_home(place, row, today, chance) for place, row in enumerate(_PEOPLE)]


def _home(
    place: int,
    row: tuple[Civility, str, str, int, Composition, tuple[int, int]],
    today: date,
    chance: random.Random,
) -> Home:
    civility, family_name, given_name, age, composition, numbers = row
    adults, children = _NUMBERS.get(composition, numbers)
    people = adults + children
    typology = _SIZES[min(people, len(_SIZES)) - 1] if people > 1 else chance.choice(_SIZES[:2])
    rent = _RENTS[typology] * 100 + chance.randrange(0, 4_500)
    resources = (61_000 + 24_000 * adults + 14_500 * children) * chance.choice((72, 85, 100, 115)) // 100
    return Home(
        civility=civility,
        family_name=family_name,
        given_name=given_name,
        age=age,
        born_on=date(today.year - age - 1, chance.randrange(1, 13), chance.randrange(1, 29)),
        composition=composition,
        adults=adults,
        children=children,
        # Numbers that the French regulator keeps for fiction.
        phone=f"06 39 98 {chance.randrange(100):02d} {place:02d}",
        address=f"{chance.randrange(1, 60)} {chance.choice(_STREETS)}, app. {chance.randrange(1, 48)}",
        district=_DISTRICTS[place % len(_DISTRICTS)],
        typology=typology,
        rent_cents=rent,
        charges_cents=4_200 + 1_150 * people + chance.randrange(0, 1_900),
        benefit_cents=max(0, 9_500 + 5_400 * people - (resources - 90_000) // 12) // 100 * 100,
        resources_cents=resources + chance.randrange(0, 9_000) // 10 * 10,
        lease_number=f"{chance.randrange(10_000, 99_999)}/{place + 1:02d}",
    )


_WOMEN = ("Awa", "Céline", "Leïla", "Nadège", "Rosa", "Sofia", "Zohra", "Émilie", "Hawa", "Ana")
_MEN = ("Amadou", "Bruno", "Farid", "Gaël", "Luis", "Marek", "Olivier", "Sami", "Tarek", "Yann")
_CHILDREN = (
    "Adam",
    "Aya",
    "Chloé",
    "Elias",
    "Inès",
    "Jade",
    "Liam",
    "Lina",
    "Maël",
    "Noé",
    "Sacha",
    "Tom",
    "Yanis",
    "Zoé",
)


def relatives(home: Home, chance: random.Random) -> Iterator[tuple[Link, Civility | None, str, int]]:
    """Yield (link, civility, given name, age) of the other people of a household."""
    if home.adults > 1:
        woman = home.civility is Civility.M
        age = max(20, home.age + chance.randrange(-4, 5))
        yield Link.CONJOINT, Civility.MME if woman else Civility.M, chance.choice(_WOMEN if woman else _MEN), age
    for name in chance.sample(_CHILDREN, home.children):
        yield Link.ENFANT, None, name, chance.randrange(3, 15)
