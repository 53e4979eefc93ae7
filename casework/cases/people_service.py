"""Use cases on the people of a household. Once they are entered, its numbers and composition follow from them."""

from dataclasses import dataclass
from datetime import date

from casework.cases.queries import case_head, cases_of_household, member_of, members_of
from casework.cases.rules import check_secret
from casework.households.models import Household, HouseholdMember, Person
from casework.households.rules import Member, check_birth, check_stay, composition_of
from casework.households.vocabulary import Civility, Composition, Link
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.kernel.row_security import as_system
from casework.kernel.versions import check_unchanged


@dataclass(frozen=True)
class MemberNews:
    """What is noted of a person in a household; days of arrival and departure are included, None: not known."""

    family_name: str
    given_name: str
    link: Link
    civility: Civility | None = None
    born_on: date | None = None
    phone: str | None = None
    from_on: date | None = None
    to_on: date | None = None


def add_member(ctx: Ctx, case_id: int, news: MemberNews) -> HouseholdMember:
    """Enter a person of the household. Raises NotVisible or RuleViolation on the field at fault."""
    head = case_head(ctx, case_id)
    _check(ctx, news)
    person = Person(family_name=news.family_name, given_name=news.given_name, is_protected=bool(head.is_protected))
    ctx.session.add(person)
    ctx.session.flush()
    member = HouseholdMember(household_id=head.household_id, person_id=person.id, link=news.link.value)
    _take_over(ctx, case_id, news, None)
    _write(member, person, news)
    ctx.session.add(member)
    _household_changed(ctx, case_id, head.household_id)
    return member


def news_of(member: HouseholdMember, person: Person) -> MemberNews:
    """Return what is noted of a person in a household."""
    return MemberNews(
        family_name=person.family_name,
        given_name=person.given_name,
        link=Link(member.link),
        civility=Civility(person.civility) if person.civility else None,
        born_on=person.born_on,
        phone=person.phone,
        from_on=member.from_on,
        to_on=member.to_on,
    )


def correct_member(ctx: Ctx, case_id: int, member_id: int, news: MemberNews, seen: str | None = None) -> None:
    """Correct what is noted of a person; `seen` is the mark of what was read.

    Raises NotVisible, RuleViolation on the field at fault, or Conflict when somebody else corrected it since.
    """
    head = case_head(ctx, case_id)
    member, person = member_of(ctx, case_id, member_id)
    check_unchanged(ctx, seen, lambda: news_of(member, person), member, person)
    _check(ctx, news)
    if member.link == Link.REFERENCE and news.link is not Link.REFERENCE:
        raise RuleViolation("link", "Un ménage a une personne de référence : désignez-en d’abord une autre.")
    if member.link != Link.REFERENCE:
        _take_over(ctx, case_id, news, member)
    _write(member, person, news)
    _household_changed(ctx, case_id, head.household_id)


def record_departure(ctx: Ctx, case_id: int, member_id: int, left_on: date) -> None:
    """Note the last day of a person in the household. Raises NotVisible, or RuleViolation on `left_on`."""
    head = case_head(ctx, case_id)
    member, _person = member_of(ctx, case_id, member_id)
    if member.link == Link.REFERENCE:
        raise RuleViolation("left_on", "La personne de référence part : désignez d’abord qui la remplace.")
    if left_on > ctx.today:
        raise RuleViolation("left_on", "Cette date est dans l’avenir : on note ici ce qui a eu lieu.")
    if member.from_on is not None and left_on < member.from_on:
        raise RuleViolation("left_on", "Le départ est avant l’arrivée.")
    member.to_on = left_on
    _household_changed(ctx, case_id, head.household_id)


def confirm_people(ctx: Ctx, case_id: int) -> None:
    """Say that everybody is entered: from now on numbers and composition follow from the people. Raises NotVisible."""
    head = case_head(ctx, case_id)
    ctx.session.get_one(Household, head.household_id).people_entered = True
    _household_changed(ctx, case_id, head.household_id)


def _check(ctx: Ctx, news: MemberNews) -> None:
    check_birth("born_on", news.born_on, ctx.today)
    check_stay(news.from_on, news.to_on, ctx.today)
    if news.link is Link.REFERENCE and news.to_on is not None:
        raise RuleViolation("to_on", "La personne de référence vit dans le ménage : désignez d’abord qui la remplace.")


def _take_over(ctx: Ctx, case_id: int, news: MemberNews, member: HouseholdMember | None) -> None:
    """Make room for a new reference person: partners change places, anybody else's link is to be said anew."""
    if news.link is not Link.REFERENCE:
        return
    partner = member is not None and member.link == Link.CONJOINT
    for row in members_of(ctx, case_id):
        if row.link == Link.REFERENCE:
            previous = ctx.session.get_one(HouseholdMember, row.id)
            previous.link = Link.CONJOINT.value if partner else Link.AUTRE.value


def _write(member: HouseholdMember, person: Person, news: MemberNews) -> None:
    person.family_name, person.given_name = news.family_name, news.given_name
    person.civility = news.civility.value if news.civility else None
    check_secret("phone", person.is_protected, news.phone)
    person.born_on, person.phone = news.born_on, news.phone
    member.link, member.from_on, member.to_on = news.link.value, news.from_on, news.to_on


def _household_changed(ctx: Ctx, case_id: int, household_id: int) -> None:
    ctx.session.flush()
    household = ctx.session.get_one(Household, household_id)
    makeup = composition_of(_members(ctx, case_id), ctx.today)
    if makeup.adults + makeup.children >= household.adults + household.children:
        household.people_entered = True
    follow_people(ctx, case_id, household)
    tell_cases_of_household(ctx, case_id, household_id)


def tell_cases_of_household(ctx: Ctx, case_id: int, household_id: int) -> None:
    """Announce that every case of a household changed, because of what was done in the case `case_id`.

    Some may be of programmes in which the actor does not work: they follow all the same.
    """
    with as_system(ctx.session, ctx.actor):
        for changed in cases_of_household(ctx, household_id):
            ctx.case_changed(changed, echo=changed != case_id)


def follow_people(ctx: Ctx, case_id: int, household: Household) -> None:
    """Make numbers and composition what the people of the household say today, once they are entered."""
    if not household.people_entered:
        return
    makeup = composition_of(_members(ctx, case_id), ctx.today)
    household.adults, household.children = makeup.adults, makeup.children
    if makeup.composition is not Composition.NR:
        household.composition = makeup.composition.value


def _members(ctx: Ctx, case_id: int) -> list[Member]:
    return [Member(r.link, r.civility, r.born_on, r.from_on, r.to_on) for r in members_of(ctx, case_id)]
