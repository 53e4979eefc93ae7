"""What a household is made of: from the people entered, or as declared until they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.households.vocabulary import Civility, Composition, Link
from casework.kernel.calendar import age_on
from casework.kernel.errors import Counted, RuleViolation

MAJORITY = 18
OLDEST = 120
_COUPLE = frozenset({Link.REFERENCE.value, Link.CONJOINT.value})


@dataclass(frozen=True)
class Member:
    """A person in a household: what they are to the reference person, and from when to when (both included)."""

    link: str
    civility: str | None = None
    born_on: date | None = None
    from_on: date | None = None
    to_on: date | None = None

    def is_there_on(self, day: date) -> bool:
        """Tell whether the person lives in the household on `day`."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)

    def is_adult_on(self, day: date) -> bool:
        """Tell whether the person is 18 on `day`; without a birth date, whether they are anything but a child."""
        if self.born_on is None:
            return self.link != Link.ENFANT
        return age_on(self.born_on, day) >= MAJORITY


@dataclass(frozen=True)
class Makeup:
    """Numbers and composition of a household. Composition NR: the people entered do not tell."""

    adults: int
    children: int
    composition: Composition


def composition_of(members: Sequence[Member], day: date) -> Makeup:
    """Return what the people who live there on `day` make of the household. Adults are 18 and over."""
    present = [m for m in members if m.is_there_on(day)]
    adults = [m for m in present if m.is_adult_on(day)]
    return Makeup(len(adults), len(present) - len(adults), _composition(present, adults))


def _composition(present: Sequence[Member], adults: Sequence[Member]) -> Composition:
    links = {m.link for m in present}
    couple = links >= _COUPLE
    with_children = any(m.link not in _COUPLE and (m.link == Link.ENFANT or m not in adults) for m in present)
    if present and not adults:
        return Composition.MINEUR
    if any(m.link in {Link.PARENT, Link.AUTRE} for m in adults):
        return Composition.GENF if with_children else Composition.GADU
    if couple:
        return Composition.CAVEC if with_children else Composition.CSANS
    civility = next((m.civility for m in present if m.link == Link.REFERENCE), None)
    if civility == Civility.MME:
        return Composition.FMONO if with_children else Composition.FSEULE
    if civility == Civility.M:
        return Composition.HMONO if with_children else Composition.HSEUL
    return Composition.NR


def check_birth(field: str, born_on: date | None, today: date) -> None:
    """Refuse a birth after today or out of all reason. Raises RuleViolation on `field`."""
    if born_on is None:
        return
    if born_on > today:
        raise RuleViolation(field, "Cette date de naissance est dans l’avenir.")
    if age_on(born_on, today) > OLDEST:
        raise RuleViolation(field, "Cette date de naissance donne plus de %(n)s ans : vérifiez l’année.", n=OLDEST)


def check_declared(composition: str, adults: int, children: int) -> None:
    """Refuse declared numbers that the declared composition contradicts.

    Raises RuleViolation on `adults` or `composition`.
    """
    if adults + children == 0:
        raise RuleViolation("adults", "Un ménage compte au moins une personne.")
    alone = adults == 1
    fits = {
        Composition.HSEUL: alone and children == 0,
        Composition.FSEULE: alone and children == 0,
        Composition.HMONO: adults >= 1 and adults + children >= 2,
        Composition.FMONO: adults >= 1 and adults + children >= 2,
        Composition.CSANS: adults == 2 and children == 0,
        Composition.CAVEC: adults >= 2 and adults + children >= 3,
        Composition.GADU: adults >= 2 and children == 0,
        Composition.GENF: adults >= 1 and children >= 1,
        Composition.MINEUR: adults == 0,
        Composition.NR: True,
    }
    if not fits[Composition(composition)]:
        raise RuleViolation(
            "composition",
            "Cette composition ne va pas avec %(adults)s et %(children)s.",
            adults=Counted("%(num)d adulte", "%(num)d adultes", adults),
            children=Counted("%(num)d enfant", "%(num)d enfants", children),
        )


def check_stay(from_on: date | None, to_on: date | None, today: date) -> None:
    """Refuse a stay in the household that ends before it starts, or is noted ahead.

    Raises RuleViolation on `from_on` or `to_on`.
    """
    for field, day in (("from_on", from_on), ("to_on", to_on)):
        if day is not None and day > today:
            raise RuleViolation(field, "Cette date est dans l’avenir : on note ici ce qui a eu lieu.")
    if from_on is not None and to_on is not None and to_on < from_on:
        raise RuleViolation("to_on", "Le départ est avant l’arrivée.")
