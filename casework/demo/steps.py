"""Each story as the things that people did on the day they did them, through the use cases of the rooms."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Concatenate, ParamSpec

from casework.cases.people_service import MemberNews, add_member
from casework.cases.service import Sheet, record_referral, suspend_case
from casework.cases.vocabulary import ReferralSource
from casework.contacts.service import ContactNews, NextAppointment, plan_appointment, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.demo.accounts import MANAGER, RENT_OFFICE, SOCIAL_TEAM, Colleague
from casework.demo.notes import Pen
from casework.demo.people import relatives
from casework.demo.setting import demo_programme
from casework.demo.situations import Ending, Rents
from casework.demo.stories import Story, working_day
from casework.exits.service import EndNews, end_case
from casework.exits.vocabulary import EndReason
from casework.kernel.calendar import add_months, last_complete_month, month_end
from casework.kernel.context import Actor, Ctx
from casework.leases.service import NextStage, change_stage
from casework.rents.service import report_to_caf

_DAY = timedelta(days=1)
P = ParamSpec("P")
Cast = Mapping[Colleague, Actor]
SUNDAY = 6
# The month, counted back from the last complete one, in which two rents were missing (ledgers.py).
REPORTED_SINCE = 7
PAUSED = "Absence prolongée : reprise prévue au retour à domicile"
SECTOR = "Service social de secteur"
_BY_LANDLORD = {ReferralSource.REUNION_IMPAYES, ReferralSource.PERSONNEL_PROXIMITE}


@dataclass(frozen=True)
class Step:
    """What `who` did on a day (None: the program itself); of one day, the lower `rank` comes first."""

    day: date
    rank: int
    who: Colleague | None
    act: Callable[[Ctx], object]


def daily_steps(story: Story, cast: Cast, pen: Pen, chance: random.Random) -> Iterator[Step]:
    """Yield what was done for a household from day to day, from the referral to the end, in no order."""
    by_landlord = story.situation.source in _BY_LANDLORD
    yield Step(story.referred_on, 0, SOCIAL_TEAM if by_landlord else MANAGER, _referral(story, cast, pen))
    yield from _people_steps(story, chance)
    yield from _stage_steps(story)
    yield from _contact_steps(story, pen, chance)
    yield from _meeting_steps(story)
    yield from _report_steps(story)
    yield from _pause_steps(story)
    if story.situation.ending is not None and story.ended_on is not None:
        yield Step(story.ended_on, 9, story.referent, _end(story, story.situation.ending, story.ended_on))


def _referral(story: Story, cast: Cast, pen: Pen) -> Callable[[Ctx], None]:
    home, situation = story.home, story.situation
    sheet = Sheet(
        family_name=home.family_name,
        given_name=home.given_name,
        civility=home.civility,
        born_on=home.born_on,
        phone=home.phone,
        composition=home.composition,
        adults=home.adults,
        children=home.children,
        referred_on=story.referred_on,
        referral_source=situation.source,
        referral_motive=pen.motive(),
        housing_at_entry=situation.entry,
        address=home.address,
        district=home.district,
        typology=home.typology,
        moved_in_on=story.moved_in_on,
        rent_cents=home.rent_cents,
        charges_cents=home.charges_cents,
        resources_cents=home.resources_cents,
        benefit_cents=home.benefit_cents,
        lease_number=home.lease_number,
    )

    def refer(ctx: Ctx) -> None:
        referent_id = cast[story.referent].user_id if situation.followed else None
        story.case_id = record_referral(ctx, demo_programme(), sheet, referent_id).id

    return refer


def _people_steps(story: Story, chance: random.Random) -> Iterator[Step]:
    """Yield the other people of the household, entered with the diagnostic."""
    if story.diagnosed_on is None:
        return
    for link, civility, given_name, age in relatives(story.home, chance):
        news = MemberNews(
            family_name=story.home.family_name,
            given_name=given_name,
            link=link,
            civility=civility,
            born_on=date(story.today.year - age - 1, chance.randrange(1, 13), chance.randrange(1, 29)),
        )
        yield Step(story.diagnosed_on, 2, story.referent, about(story, add_member, news))


def _stage_steps(story: Story) -> Iterator[Step]:
    for stage, from_on in story.stages():
        day = max(from_on, story.referred_on)
        yield Step(day, 1, SOCIAL_TEAM, about(story, change_stage, NextStage(stage, from_on)))


def _contact_steps(story: Story, pen: Pen, chance: random.Random) -> Iterator[Step]:
    for day in story.met_on:
        kind = ContactKind.VAD if day in {story.met_on[0], story.met_on[-1]} else pen.kind()
        minutes = chance.choice((15, 20) if kind is ContactKind.TEL else (45, 60, 60, 75, 90))
        # The last visit always left a word: it is what the pages show first.
        shared = pen.shared(kind, always=day == story.met_on[-1])
        news = ContactNews(day, kind, ContactOutcome.REALISEE, minutes, shared, pen.private())
        yield _contact(story, news)
    for day in story.missed_on:
        kind = chance.choice((ContactKind.VAD, ContactKind.TENTATIVE, ContactKind.BUREAU))
        outcome = ContactOutcome.REFUS if chance.random() < 0.1 else ContactOutcome.ABSENT
        yield _contact(story, ContactNews(day, kind, outcome, None, pen.missed()))


def _contact(story: Story, news: ContactNews) -> Step:
    return Step(news.occurred_on, 5, story.referent, about(story, record_contact, news))


def _meeting_steps(story: Story) -> Iterator[Step]:
    """Yield the appointments of these days, made a week ago at the latest."""
    for in_days, at_time in story.situation.meetings:
        planned_on = story.today + in_days * _DAY
        if in_days < 0:
            planned_on = working_day(planned_on)
        elif in_days > 0 and planned_on.weekday() == SUNDAY:
            planned_on += _DAY
        plan = NextAppointment(planned_on, ContactKind.BUREAU if at_time < "10:00" else ContactKind.VAD, at_time)
        made_on = max(story.referred_on, working_day(story.today - 7 * _DAY))
        yield Step(made_on, 8, story.referent, about(story, plan_appointment, plan))


def _report_steps(story: Story) -> Iterator[Step]:
    """Yield the report of the arrears to the benefits office, six weeks after they were constituted."""
    if story.situation.rents is not Rents.REPORTED:
        return
    since = month_end(add_months(last_complete_month(story.today), -REPORTED_SINCE))
    # The ledger of a lease that is new to us comes with the next month's.
    day = min(story.today, max(working_day(since + 45 * _DAY), working_day(story.referred_on + 38 * _DAY)))
    reference = f"CAF {day:%Y-%m} / {story.home.lease_number}"
    yield Step(day, 7, RENT_OFFICE, about(story, report_to_caf, day, reference))


def _pause_steps(story: Story) -> Iterator[Step]:
    days = story.situation.suspended
    if days is not None:
        from_on = working_day(story.today - days * _DAY)
        yield Step(from_on, 7, MANAGER, about(story, suspend_case, from_on, PAUSED))


def _end(story: Story, ending: Ending, ended_on: date) -> Callable[[Ctx], object]:
    relay = SECTOR if ending.reason is EndReason.RELAIS_DC else ""
    news = EndNews(ended_on, ending.reason, ending.outcome, ending.next_housing, relay, ending.note)
    return about(story, end_case, news)


def about(
    story: Story, use_case: Callable[Concatenate[Ctx, int, P], object], *args: P.args, **kwargs: P.kwargs
) -> Callable[[Ctx], object]:
    """Return `use_case` for the case of `story`, whose id is known only when the step is taken."""
    return lambda ctx: use_case(ctx, story.case_id, *args, **kwargs)
