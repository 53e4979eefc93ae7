"""Everything that a definition says, in the order in which a coordinator presents it."""

from dataclasses import dataclass

from casework.programmes.definition.evidence import Ambiguity
from casework.programmes.definition.parts import Definition, Quantity
from casework.programmes.presentation import course, evidence, money, paths, people
from casework.programmes.presentation.words import Item, labels_of, number
from casework.programmes.rules import Totals, guide_total, totals_of
from casework.programmes.vocabulary import UNIT_LABELS
from casework.programmes.vocabulary.actions import ACTION_FAMILIES, ACTION_FAMILY_LABELS
from casework.web.filters import label
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext


@dataclass(frozen=True)
class Tile:
    """One figure of the head of a sheet."""

    label: str
    value: str
    note: str
    icon: str


@dataclass(frozen=True)
class Money:
    """What a programme costs and who pays: (what, amount)."""

    total: str
    doubt: str
    units: tuple[money.Line, ...]
    lines: tuple[money.Line, ...]
    fundings: tuple[money.Line, ...]
    totals: Totals
    is_summed: bool

    @property
    def is_said(self) -> bool:
        """Tell whether any amount or funder is known."""
        return bool(self.total or self.units or self.lines or self.fundings)


@dataclass(frozen=True)
class Sheet:
    """A definition in words. What is empty is not shown; what a reader expects is told as unknown."""

    summary: str
    tiles: tuple[Tile, ...]
    carriers: tuple[Item, ...]
    audience: tuple[Item, ...]
    boxes: tuple[Item, ...]
    entry: tuple[Item, ...]
    ways: tuple[paths.Way, ...]
    order: str
    named: str
    accompaniment: tuple[Item, ...]
    stretches: tuple[course.Stretch, ...]
    watch: tuple[Item, ...]
    workshops: tuple[tuple[str, str], ...]
    documents: tuple[Item, ...]
    bodies: tuple[tuple[str, str, tuple[str, ...]], ...]
    numbers: tuple[evidence.Number, ...]
    actions: tuple[Item, ...]
    money: Money
    ambiguities: tuple[Ambiguity, ...]
    gaps: tuple[evidence.Gap, ...]
    remarks: tuple[Item, ...]

    @property
    def sections(self) -> dict[str, tuple[str, str]]:
        """Return (title, icon) of the sections that have something to say, by their place on the page."""
        whole = (
            ("who", _("Avec qui"), "organisation", True),
            ("for-whom", _("Pour qui"), "households", True),
            ("path", _("Le parcours du logement"), "lease", True),
            ("entry", _("L’entrée dans le dispositif"), "referral", bool(self.entry)),
            ("accompaniment", _("L’accompagnement"), "agenda", True),
            ("bodies", _("Les instances"), "commissions", bool(self.bodies)),
            ("documents", _("Les documents"), "document", bool(self.documents)),
            ("actions", _("Ce qui est fait"), "check", bool(self.actions)),
            ("numbers", _("Seuils et moyens"), "effort", bool(self.numbers)),
            ("money", _("Coûts et financements"), "debt", True),
            (
                "source",
                _("La source, à lire avec prudence"),
                "note",
                bool(self.ambiguities or self.gaps or self.remarks),
            ),
        )
        return {place: (title, icon) for place, title, icon, is_said in whole if is_said}


def tell(d: Definition) -> Sheet:
    """Return a definition in words, in the language of the page."""
    return Sheet(
        summary=d.summary or "",
        tiles=_tiles(d),
        carriers=people.carriers(d),
        audience=people.audience(d),
        boxes=people.boxes(d),
        entry=people.entry(d),
        ways=paths.ways(d),
        order=paths.order(d),
        named=paths.named_beside(d),
        accompaniment=course.accompaniment(d),
        stretches=course.stretches(d),
        watch=course.watch(d),
        workshops=course.workshops(d),
        documents=people.documents(d),
        bodies=people.bodies(d),
        numbers=evidence.numbers(d),
        actions=_actions(d),
        money=_money(d),
        ambiguities=d.ambiguities,
        gaps=evidence.gaps(d),
        remarks=evidence.remarks(d),
    )


def _tiles(d: Definition) -> tuple[Tile, ...]:
    unknown = _("non précisé")
    length, renewal = course.project(d)
    return (
        Tile(_("Ménages"), _quantity(d.households) or unknown, _headcount_note(d), "households"),
        Tile(_("Logements"), _quantity(d.dwellings) or unknown, _unit_note(d.dwellings), "dwelling"),
        Tile(_("Durée du dispositif"), length or unknown, renewal, "agenda"),
        Tile(
            _("Durée d’un accompagnement"),
            course.length_of(d.accompaniment) or unknown,
            d.accompaniment.only_for or "",
            "reassessment",
        ),
    )


def headcount(d: Definition) -> str:
    """Return how many households a programme is for, as its source counts them; "" when nothing is said."""
    return " ".join(words for words in (_quantity(d.households), _unit_note(d.households)) if words)


def _quantity(quantity: Quantity | None) -> str:
    if quantity is None:
        return ""
    words = number(quantity.value)
    if quantity.low is not None:
        words = _("%(low)s à %(high)s", low=number(quantity.low), high=words)
    return _("environ %(number)s", number=words) if quantity.approximate else words


def _unit_note(quantity: Quantity | None) -> str:
    if quantity is None:
        return ""
    unit = label(quantity.unit, UNIT_LABELS)
    if quantity.per_year is None:
        return unit
    return _("%(unit)s, dont %(number)s par an", unit=unit, number=number(quantity.per_year))


def _headcount_note(d: Definition) -> str:
    note, whole = _unit_note(d.households), guide_total(d)
    if d.households is None or whole is None or whole == d.households.value:
        return note
    return ngettext(
        "%(note)s, soit %(num)d sur tout le projet", "%(note)s, soit %(num)d sur tout le projet", whole, note=note
    )


def _actions(d: Definition) -> tuple[Item, ...]:
    chosen = set(d.actions)
    families = (
        (label(family, ACTION_FAMILY_LABELS), labels_of([code for code in labels if code in chosen], labels))
        for family, labels in ACTION_FAMILIES.items()
    )
    return tuple((name, words) for name, words in families if words)


def _money(d: Definition) -> Money:
    printed, doubt = money.total(d)
    return Money(
        total=printed,
        doubt=doubt,
        units=money.units(d),
        lines=money.lines(d),
        fundings=money.fundings(d),
        totals=totals_of(d),
        is_summed=d.costs.summed,
    )
