"""The written steps of a path: diagnostic, contract, amendment, reassessments."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from casework.contracts.service import Agreement, Goal, amend_contract, sign_contract
from casework.contracts.vocabulary import ObjectiveState, Party
from casework.demo.accounts import SOCIAL_TEAM
from casework.demo.notes import RETIREMENT, Pen
from casework.demo.people import Home
from casework.demo.situations import Rents
from casework.demo.steps import Step, about
from casework.demo.stories import Story, working_day
from casework.diagnostics.rules import Budget
from casework.diagnostics.service import Findings, record_diagnostic
from casework.diagnostics.vocabulary import Recommendation, Resource
from casework.kernel.calendar import add_months
from casework.kernel.context import Ctx
from casework.programmes.vocabulary import SLIDING_STAGES
from casework.reassessments.queries import open_objectives
from casework.reassessments.service import ReassessmentNews, hold_reassessment
from casework.reassessments.vocabulary import Decision, Domain

_DAY = timedelta(days=1)
FULL_WAGE = 120_000
_SOCIAL_PARTS = (
    "{who} souhaite rester dans le quartier. Les liens avec la famille et les voisins sont bons.",
    "Revenus irréguliers depuis un an. {who} connaît ses droits mais renonce souvent devant les formulaires.",
    "Premier logement en nom propre. {who} demande de l’appui pour les contrats d’énergie et l’assurance.",
    "Isolement depuis l’arrivée dans la commune. {who} accepte d’être mis en lien avec le centre social.",
    "Situation stable, fragilisée par une dépense imprévue. {who} a déjà pris contact avec son conseiller.",
)
_HOUSING_PARTS = (
    "Logement bien tenu, adapté à la taille du ménage. Bail et assurance à jour.",
    "Logement humide dans une chambre ; une demande de travaux est faite ce jour au bailleur.",
    "Logement un peu grand pour le ménage. Le chauffage pèse dans le budget d’hiver.",
    "Entrée récente : l’état des lieux est fait, il manque une partie de l’équipement.",
)
_RECOMMENDED = "Un accompagnement de douze mois, avec une visite par quinzaine au début, puis une par mois."


def agreement_steps(story: Story, pen: Pen, chance: random.Random) -> Iterator[Step]:
    """Yield what was written and signed, for as far as the household has come."""
    if story.diagnosed_on is not None:
        findings = _findings(story, story.diagnosed_on, chance)
        yield Step(story.diagnosed_on, 3, story.referent, about(story, record_diagnostic, findings))
    if story.signed_on is not None:
        first_end = story.first_planned_end_on
        agreement = Agreement(
            story.signed_on,
            first_end or story.planned_end_on,
            _goals(story, story.signed_on),
            signatories=_names(story),
        )
        yield Step(story.signed_on, 4, story.referent, about(story, sign_contract, agreement))
        if first_end is not None:
            yield _amendment(story, working_day(first_end - 12 * _DAY))
        yield from _reassessments(story, pen, chance)


def _findings(story: Story, made_on: date, chance: random.Random) -> Findings:
    home = story.home
    hard = story.situation.rents in {Rents.TO_REPORT, Rents.REPORTED, Rents.CONSTITUTED}
    return Findings(
        made_on=made_on,
        budget=Budget(
            resources=_resources(home),
            rent_cents=home.rent_cents,
            annexes_cents=0,
            charges_cents=home.charges_cents,
            benefit_cents=home.benefit_cents,
            fixed_charges_cents=16_000 + 6_000 * (home.adults + home.children) + chance.randrange(0, 9_000),
        ),
        social_part=chance.choice(_SOCIAL_PARTS).format(who=home.who),
        housing_part=chance.choice(_HOUSING_PARTS),
        recommendation=Recommendation.ACC_RENFORCE if hard else Recommendation.ACC_MOYEN,
        recommendation_note=_RECOMMENDED,
    )


def _resources(home: Home) -> Mapping[str, int]:
    """Return the incomes of a household by kind: they add up to what the referral declared."""
    total = home.resources_cents
    if home.age >= RETIREMENT:
        return {Resource.RET.value: total - 12_000, Resource.ASPA.value: 12_000}
    family = 7_550 * home.children if home.children > 1 else 0
    if home.adults == 1 and home.children:
        return {Resource.RSA.value: total - family - 19_500, Resource.ASF.value: 19_500} | _told(Resource.AF, family)
    bonus = 11_800 if total < FULL_WAGE else 0
    return {Resource.SAL.value: total - family - bonus} | _told(Resource.AF, family) | _told(Resource.PPA, bonus)


def _told(resource: Resource, cents: int) -> dict[str, int]:
    return {resource.value: cents} if cents else {}


def _goals(story: Story, signed_on: date) -> Sequence[Goal]:
    months = 2 if story.situation.rents in {Rents.TO_REPORT, Rents.CONSTITUTED} else 6
    goals = [
        Goal("Payer le loyer chaque mois, avant le 10", Party.HOUSEHOLD),
        Goal("Ouvrir et classer le courrier ensemble, à chaque visite", Party.ASSOCIATION),
        Goal("Répondre aux demandes de travaux sous un mois", Party.LANDLORD),
        Goal("Mettre à jour les droits à la CAF et à l’assurance maladie", Party.HOUSEHOLD, add_months(signed_on, 3)),
    ]
    if story.situation.rents is not Rents.SOUND:
        goals.append(Goal("Tenir le plan d’apurement", Party.HOUSEHOLD, add_months(signed_on, months)))
    if any(stage in SLIDING_STAGES for stage, _from_on in story.stages()):
        goals.append(Goal("Préparer le bail à son nom", Party.HOUSEHOLD, add_months(signed_on, 12)))
    return goals


def _names(story: Story) -> Mapping[Party, str]:
    home = story.home
    return {
        Party.HOUSEHOLD: f"{home.given_name} {home.family_name}",
        Party.ASSOCIATION: story.referent.name,
        Party.LANDLORD: SOCIAL_TEAM.name,
    }


def _amendment(story: Story, day: date) -> Step:
    terms = "L’accompagnement continue au même rythme ; les engagements de chacun ne changent pas."
    goal = Goal("Faire le point sur le budget deux fois par an", Party.HOUSEHOLD, add_months(day, 6))
    return Step(
        day, 6, story.referent, about(story, amend_contract, Agreement(day, story.planned_end_on, [goal], terms))
    )


def _reassessments(story: Story, pen: Pen, chance: random.Random) -> Iterator[Step]:
    levels = {domain: chance.randrange(1, 4) for domain in Domain}
    last = len(story.reassessed_on) - 1
    for place, day in enumerate(story.reassessed_on):
        news = ReassessmentNews(
            held_on=day,
            decision=_decision(story, place == last, chance),
            levels=dict(levels),
            household_words=pen.words(),
            shared_note=pen.reviewed(),
            private_note=pen.private(),
        )
        yield Step(day, 6, story.referent, _review(story, news, settles=place % 2 == 1))
        for domain in chance.sample(list(Domain), 2):
            levels[domain] = max(1, min(4, levels[domain] + chance.choice((1, 1, 1, 0, -1))))


def _decision(story: Story, is_last: bool, chance: random.Random) -> Decision:
    if is_last and story.ended_on is not None:
        return Decision.FIN
    return chance.choice((Decision.POURSUITE, Decision.POURSUITE, Decision.POURSUITE, Decision.AJUSTEMENT))


def _review(story: Story, news: ReassessmentNews, *, settles: bool) -> Callable[[Ctx], object]:
    """Return a reassessment that finds the oldest open objective met, when it `settles` one."""

    def hold(ctx: Ctx) -> None:
        still_open = open_objectives(ctx, story.case_id)[:1] if settles else []
        met = {objective.id: ObjectiveState.MET for objective in still_open}
        hold_reassessment(ctx, story.case_id, replace(news, objectives=met))

    return hold
