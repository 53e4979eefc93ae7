"""Who carries a programme, whom it is for, how one enters it."""

from casework.programmes.definition.parts import Ages, Body, Definition, Diagnostic, Eligibility, Quota
from casework.programmes.presentation.words import Item, between, counted, labels_of, parties, rhythm, said
from casework.programmes.tables import is_sheet_of_guide
from casework.programmes.vocabulary import CATEGORY_LABELS, MODE_LABELS, STAGE_LABELS
from casework.programmes.vocabulary.bodies import BODY_ROLE_LABELS
from casework.programmes.vocabulary.documents import DOCUMENT_LABELS
from casework.programmes.vocabulary.parts import (
    DIAGNOSTIC_TIME_LABELS,
    ELIGIBILITY_LABELS,
    STOCK_LABELS,
)
from casework.programmes.vocabulary.publics import PUBLIC_LABELS
from casework.web.filters import label
from casework.web.i18n import gettext as _

_QUOTA_WORDS = {"mode": MODE_LABELS, "public": PUBLIC_LABELS, "lease": STAGE_LABELS}


def carriers(d: Definition) -> tuple[Item, ...]:
    """Return who carries the programme, where, and where one reads of it."""
    return said(
        (_("Bailleurs") if len(d.landlords) > 1 else _("Bailleur"), d.landlords),
        (_("Opérateurs") if len(d.operators) > 1 else _("Opérateur"), d.operators or _("non précisé")),
        (_("Lieu"), d.place),
        (_("Thème"), label(d.category, CATEGORY_LABELS)),
        (_("Source"), d.source),
    )


def audience(d: Definition) -> tuple[Item, ...]:
    """Return whom the programme is for. The mode is always told, known or not."""
    return said(
        (_("Objet"), label(d.mode, MODE_LABELS) if d.mode else _("inconnu")),
        (_("Publics"), labels_of(d.publics, PUBLIC_LABELS)),
        (_("Âge"), _ages(d.ages)),
        (_("Situation avant l’entrée"), labels_of(d.origin, STAGE_LABELS)),
        (_("Répartition prévue"), [_quota(quota) for quota in d.quotas]),
    )


def boxes(d: Definition) -> tuple[Item, ...]:
    """Return the tick boxes of the call: a box that is lost or left open is unknown. Empty for what is no form."""
    e = d.eligibility
    if e == Eligibility() and is_sheet_of_guide(d.id):
        return ()
    states = {"dalo": e.dalo, "collective_agreements": e.collective_agreements, "pdalpd": e.pdalpd}
    states["fndollts"] = e.fndollts
    told = [(label(code, ELIGIBILITY_LABELS), _box(state)) for code, state in states.items()]
    return said(*told, (_("Logements mobilisés"), labels_of(e.stock, STOCK_LABELS) or _("inconnu")))


def entry(d: Definition) -> tuple[Item, ...]:
    """Return who points to households, and what diagnostic precedes."""
    return said(
        (_("Qui oriente"), [r.source for r in d.referrals if r.mode is None]),
        (_("Qui oriente pour un accès"), [r.source for r in d.referrals if r.mode == "access"]),
        (_("Qui oriente pour un maintien"), [r.source for r in d.referrals if r.mode == "maintain"]),
        *(_diagnostic(d.diagnostic) if d.diagnostic else ()),
    )


def bodies(d: Definition) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return (name, rhythm and who sits, roles) of each body."""
    return tuple((body.name, _sitting(body), labels_of(body.roles, BODY_ROLE_LABELS)) for body in d.bodies)


def documents(d: Definition) -> tuple[Item, ...]:
    """Return each document with its parties, who are always told, known or not."""
    return tuple(
        (label(x.kind, DOCUMENT_LABELS), (parties(x.parties) or _("parties non précisées"),)) for x in d.documents
    )


def _ages(ages: Ages) -> str:
    if ages.min is not None and ages.max is not None and not ages.min_strict and not ages.max_strict:
        return between(ages.min, ages.max, "year")
    words = []
    if ages.min is not None:
        at_least = counted(ages.min, "year")
        words.append(_("plus de %(age)s", age=at_least) if ages.min_strict else _("%(age)s et plus", age=at_least))
    if ages.max is not None:
        at_most = counted(ages.max, "year")
        words.append(_("moins de %(age)s", age=at_most) if ages.max_strict else _("jusqu’à %(age)s", age=at_most))
    return ", ".join(words)


def _quota(quota: Quota) -> str:
    whom = label(quota.of, _QUOTA_WORDS.get(quota.by, {}))
    return _("%(part)s : %(whom)s", part=counted(quota.value, quota.unit), whom=whom)


def _box(state: bool | None) -> str:
    return _("inconnu") if state is None else _("oui") if state else _("non")


def _diagnostic(diagnostic: Diagnostic) -> list[tuple[str, str]]:
    shared = {None: "", True: _("en commun"), False: _("chacun de son côté")}[diagnostic.shared]
    return [
        (_("Diagnostic fait par"), parties(diagnostic.by)),
        (_("Moment du diagnostic"), label(diagnostic.when, DIAGNOSTIC_TIME_LABELS) if diagnostic.when else ""),
        (_("Diagnostic partagé"), shared),
        (_("Manière du diagnostic"), diagnostic.form or ""),
    ]


def _sitting(body: Body) -> str:
    sits = {None: "", True: _("le ménage y siège"), False: _("le ménage n’y siège pas")}[body.household_sits]
    return ", ".join(words for words in (rhythm(body.every, body.unit), sits) if words)
