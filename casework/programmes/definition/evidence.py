"""What a definition says of its source: where it can be read in two ways, where it contradicts itself, what is lost."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Ambiguity:
    """A place where the source can be read in several ways: all of them, and the one chosen."""

    about: str
    readings: tuple[str, ...]
    chosen: int


@dataclass(frozen=True)
class Reconciliation:
    """A printed figure beside what the sheet's own figures make of it: the sum of the products of `terms`."""

    about: str
    unit: str
    printed: Fraction
    terms: tuple[tuple[Fraction, ...], ...]

    @property
    def computed(self) -> Fraction:
        """The sum of the products."""
        total = Fraction(0)
        for factors in self.terms:
            product = Fraction(1)
            for factor in factors:
                product *= factor
            total += product
        return total

    @property
    def difference(self) -> Fraction:
        """Computed less printed; nil when the sheet agrees with itself."""
        return self.computed - self.printed


@dataclass(frozen=True)
class Remark:
    """What a reader of the source should know."""

    kind: str
    text: str
