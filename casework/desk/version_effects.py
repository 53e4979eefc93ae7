"""What a move to another version of its programme would change for a case, held against what it has now."""

from dataclasses import dataclass

from casework.alerts.facts import Scope, load_facts
from casework.alerts.rules import CaseFacts, contact_due_on, evaluate, reassessment_due_on, slide_notice_on
from casework.alerts.vocabulary import RULE_LABELS
from casework.cases.queries import CaseHead
from casework.kernel.context import Ctx
from casework.leases.queries import stages_of
from casework.leases.rules import allowed_stages, next_stages
from casework.programmes.definition import Definition
from casework.programmes.presentation.course import length_of
from casework.programmes.queries import VersionInForce, terms_by_version
from casework.programmes.terms import Terms
from casework.programmes.vocabulary import STAGE_LABELS
from casework.web.filters import label, short_day
from casework.web.i18n import gettext as _

# label, words before, words after, whether they differ
Row = tuple[str, str, str, bool]


@dataclass(frozen=True)
class Effect:
    """What changes for one case: the rows of a table, and what is to be looked at before deciding."""

    rows: tuple[Row, ...]
    cautions: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Tell whether anything changes for this case today."""
        return any(row[3] for row in self.rows)


def effect_of_move(ctx: Ctx, head: CaseHead, before: VersionInForce, after: VersionInForce) -> Effect:
    """Return what following version `after` instead of `before` would change today for a case that the actor sees."""
    terms = terms_by_version(ctx, head.programme_id, ctx.today)
    facts = load_facts(ctx.session, Scope(head.programme_id, head.id), ctx.today, terms)[0]
    history = [stage.stage for stage in reversed(stages_of(ctx, head.id))]
    was = _standing(ctx, facts, terms[before.id], before.definition, history)
    is_now = _standing(ctx, facts, terms[after.id], after.definition, history)
    rows = tuple((name, was[name], words, was[name] != words) for name, words in is_now.items())
    return Effect(rows, _cautions(after.definition, history))


def _standing(ctx: Ctx, facts: CaseFacts, terms: Terms, definition: Definition, history: list[str]) -> dict[str, str]:
    """Return what a case is held to under one version, in words, by name."""
    alerts = [label(found.rule, RULE_LABELS) for found in evaluate(facts, terms, ctx.today)]
    following = ", ".join(label(code, STAGE_LABELS) for code in next_stages(history, definition.lease)) or _("aucun")
    notice_on = slide_notice_on(facts, terms, ctx.today)
    said = {
        _("Prochain contact, au plus tard"): short_day(contact_due_on(facts, terms)),
        _("Prochaine réévaluation, au plus tard"): short_day(reassessment_due_on(facts, terms)),
        _("Réponse au préfet sur le bail glissant"): short_day(notice_on) if notice_on else "",
        _("Durée d’un accompagnement"): length_of(definition.accompaniment) or _("non précisée"),
        _("Statuts du logement qui peuvent suivre"): following if definition.lease.stages else _("tous"),
        _("Alertes aujourd’hui"): ", ".join(alerts) or _("aucune"),
    }
    return {name: words for name, words in said.items() if words}


def _cautions(definition: Definition, history: list[str]) -> tuple[str, ...]:
    if history and definition.lease.order_matters and history[-1] not in allowed_stages(definition.lease):
        return (
            _(
                "Le statut du logement d’aujourd’hui (%(stage)s) n’est dans aucun parcours de cette version.",
                stage=label(history[-1], STAGE_LABELS),
            ),
        )
    return ()
