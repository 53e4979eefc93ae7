"""How long, how often: the accompaniment of one household, its phases, its rhythms, what follows it."""

from dataclasses import dataclass

from casework.programmes.definition.parts import Accompaniment, Cadence, Definition, Duration, Workshop
from casework.programmes.presentation.words import Item, after, between, months, parties, rhythm, said
from casework.programmes.vocabulary import CADENCE_LABELS
from casework.web.filters import label
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext


@dataclass(frozen=True)
class Rhythm:
    """Something that comes back, or comes once; `note` is what it hangs on, as the source puts it."""

    what: str
    often: str
    note: str


@dataclass(frozen=True)
class Stretch:
    """A phase with its length and what happens in it; without a name: what holds all along."""

    name: str
    length: str
    rhythms: tuple[Rhythm, ...]


def length_of(limits: Accompaniment) -> str:
    """Return how long one household is accompanied, "" when nothing is said of it."""
    words: list[str] = []
    if limits.min_months and limits.max_months:
        words.append(_("de %(range)s", range=between(limits.min_months, limits.max_months, "month")))
    elif limits.min_months:
        words.append(_("%(months)s au moins", months=months(limits.min_months)))
    elif limits.max_months:
        words.append(_("%(months)s au plus", months=months(limits.max_months)))
    if limits.typical_months:
        words.append(_("%(months)s en général", months=months(limits.typical_months)))
    if limits.open_ended:
        words.append(_("sans durée limitée"))
    if not words and limits.period_months:
        words.append(_("%(months)s pour commencer", months=months(limits.period_months)))
    return ", ".join(words)


def project(d: Definition) -> tuple[str, str]:
    """Return how long the project lasts, and whether it may be renewed; "" where nothing is said."""
    duration = d.duration
    if duration.months is None:
        return "", _renewal_of_project(duration)
    length = months(duration.months)
    words = _("%(months)s au moins", months=length) if duration.is_minimum else length
    return words, _renewal_of_project(duration)


def _renewal_of_project(duration: Duration) -> str:
    words = []
    if duration.renewable is not None:
        words.append(_("renouvelable") if duration.renewable else _("non renouvelable"))
    if duration.renewals_max is not None:
        words.append(_at_most(duration.renewals_max))
    if duration.total_months_max is not None:
        words.append(_("%(months)s en tout au plus", months=months(duration.total_months_max)))
    return ", ".join(words)


def accompaniment(d: Definition) -> tuple[Item, ...]:
    """Return the limits of one accompaniment. Its length is always told, known or not."""
    a = d.accompaniment
    longer = _("une durée plus longue est possible, avec un motif") if a.derogation else ""
    return said(
        (_("Durée"), length_of(a) or _("non précisée")),
        (_("Vaut seulement pour"), a.only_for),
        (_("Première période"), months(a.period_months) if a.period_months else ""),
        (_("Renouvellement"), _renewal(a)),
        (_("Points d’étape"), after(a.review_months)),
        (_("Dérogation"), longer),
    )


def _renewal(a: Accompaniment) -> str:
    words = []
    if a.renewable is not None:
        words.append(_("possible") if a.renewable else _("pas de renouvellement"))
    if a.renewal_months is not None:
        words.append(_("%(months)s à chaque fois", months=months(a.renewal_months)))
    if a.renewals_max is not None:
        words.append(_at_most(a.renewals_max))
    return ", ".join(words)


def _at_most(times: int) -> str:
    return ngettext("%(num)d fois au plus", "%(num)d fois au plus", times)


def stretches(d: Definition) -> tuple[Stretch, ...]:
    """Return what comes back all along, then phase by phase."""
    free = tuple(_rhythm(c) for c in d.cadences if c.phase is None)
    phases = (
        Stretch(
            p.name, months(p.months) if p.months else "", tuple(_rhythm(c) for c in d.cadences if c.phase == p.name)
        )
        for p in d.phases
    )
    return (*([Stretch("", "", free)] if free else []), *phases)


def _rhythm(c: Cadence) -> Rhythm:
    return Rhythm(label(c.what, CADENCE_LABELS), _often(c), c.anchor or "")


def _often(c: Cadence) -> str:
    words = rhythm(c.every, c.unit)
    if c.times is None:
        often = words or _("sans rythme chiffré")
    elif c.at_least:
        often = ngettext(
            "%(rhythm)s, %(num)d fois au moins", "%(rhythm)s, %(num)d fois au moins", c.times, rhythm=words
        )
    elif c.times == 1:
        often = _("une fois")
        if words and c.every and c.unit:
            often = _("une fois, au bout de %(length)s", length=between(None, *_length(c.every, c.unit)))
    else:
        often = ngettext("%(num)d fois en tout", "%(num)d fois en tout", c.times)
        often = f"{often}, {words}" if words else often
    if not c.from_month:
        return often
    return _("%(rhythm)s, après %(months)s d’accompagnement", rhythm=often, months=months(c.from_month))


def _length(every: int, unit: str) -> tuple[int, str]:
    return {"week": (7 * every, "day"), "quarter": (3 * every, "month")}.get(unit, (every, unit))


def watch(d: Definition) -> tuple[Item, ...]:
    """Return the watch after the end, nothing when the programme has none."""
    if d.watch is None:
        return ()
    length = (
        _("%(months)s au plus", months=months(d.watch.max_months)) if d.watch.max_months else _("durée non précisée")
    )
    return said((_("Durée de la veille"), length), (_("Veille assurée par"), parties(d.watch.by)))


def workshops(d: Definition) -> tuple[tuple[str, str], ...]:
    """Return (title, how) of each workshop or course."""
    return tuple((workshop.title, _workshop(workshop)) for workshop in d.workshops)


def _workshop(w: Workshop) -> str:
    words = [
        between(None, w.hours, "hour") if w.hours else "",
        between(None, w.modules, "module") if w.modules else "",
        rhythm(w.every, w.unit),
        _("groupes de %(size)s", size=between(w.group_min, w.group_max, "household")) if w.group_max else "",
        _("facultatif") if w.optional else "",
        {None: "", True: _("ouvert à d’autres habitants"), False: _("réservé aux ménages accompagnés")}[
            w.open_to_others
        ],
    ]
    return ", ".join(part for part in words if part)
