"""Every SELECT on cases that other rooms build on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, bindparam, false, func, select, true

from casework.accounts.models import User
from casework.accounts.vocabulary import Category, Role
from casework.cases.access import fact_dates, shared_column, shared_condition
from casework.cases.models import Case, CaseEnd, CaseTeamMember, RentAccount, Suspension, VersionMove
from casework.cases.rules import has_ended
from casework.households.models import Dwelling, Household, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import visible, visible_to
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import Base
from casework.kernel.errors import NotVisible
from casework.kernel.kept import row_of
from casework.kernel.text import search_key
from casework.programmes.models import Programme, ProgrammeMember

M = TypeVar("M", bound=Base)


@dataclass(frozen=True)
class CaseHead:
    """Who, where, since when: what every page about a case shows, and what every rule about it starts from.

    `is_protected`: the address is secret (None: no dwelling is known). `is_composition_shared`: a convention opens
    the composition to who asks; if not, it is empty here. So is where the household came from, for who does not follow it.
    """

    id: int
    number: str
    programme_id: int
    programme_code: str
    programme_name: str
    version_id: int
    household_id: int
    composition: str
    adults: int
    children: int
    referred_on: date
    referral_source: str
    referral_motive: str
    housing_at_entry: str
    moved_in_on: date | None
    referent_id: int | None
    referent_name: str | None
    rent_account_id: int | None
    rent_cents: int
    charges_cents: int
    benefit_cents: int
    benefit_payment: str
    address: str | None
    district: str | None
    typology: str | None
    is_protected: bool | None
    ended_on: date | None
    family_name: str | None
    given_name: str | None
    is_composition_shared: bool

    @property
    def name(self) -> str:
        """Family name and given name of the reference person, or the number of the case."""
        return " ".join(part for part in (self.family_name, self.given_name) if part) or self.number

    def has_ended(self, day: date) -> bool:
        """Tell whether the accompaniment has ended on `day`."""
        return has_ended(self.ended_on, day)


_BEFORE = (
    Case.id,
    Case.number,
    Case.programme_id,
    Programme.code,
    Programme.name,
    Case.programme_version_id,
    Case.household_id,
)
_COURSE = (Case.referred_on, Case.referral_source, Case.referral_motive, Case.housing_at_entry)
_AFTER = (
    Case.moved_in_on,
    Case.referent_id,
    User.display_name,
    Case.rent_account_id,
    Case.rent_cents,
    Case.charges_cents,
    Case.benefit_cents,
    Case.benefit_payment,
    Dwelling.address,
    Dwelling.district,
    Dwelling.typology,
    Dwelling.is_protected,
    CaseEnd.ended_on,
    Person.family_name,
    Person.given_name,
)
HEAD_WIDTH = len(fields(CaseHead))


def case_head(ctx: Ctx, case_id: int) -> CaseHead:
    """Return the head of a case. Raises NotVisible when there is none, or not for this actor."""
    row = row_of(ctx.session.connection(), head_statement(ctx.actor), {"case_id": case_id})
    if row is None:
        raise NotVisible
    return head_from(row)


@lru_cache(maxsize=500)
def head_statement(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of the head of a case that `actor` may see, its parameter `case_id`, for a page to add to."""
    is_shared = shared_condition(actor, Case.id.expression, Category.COMPOSITION, Case.programme_id.expression)
    composition = ((Household.composition, ""), (Household.adults, 0), (Household.children, 0))
    # Where somebody came from is no matter of their rent.
    follows = true() if actor.may("contact:read") or actor.role == "SYSTEM" else false()
    day, *before = _COURSE
    return (
        select(
            *_BEFORE,
            *(shared_column(is_shared, column.expression, instead) for column, instead in composition),
            day,
            *(shared_column(follows, column.expression, "") for column in before),
            *_AFTER,
            is_shared.label("is_composition_shared"),
        )
        .select_from(Case)
        .join(Programme, Programme.id == Case.programme_id)
        .join(Household, Household.id == Case.household_id)
        .outerjoin(User, User.id == Case.referent_id)
        .outerjoin(Dwelling, Dwelling.id == Case.dwelling_id)
        .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
        .outerjoin(
            HouseholdMember,
            (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == Link.REFERENCE.value),
        )
        .outerjoin(Person, Person.id == HouseholdMember.person_id)
        .where(Case.id == bindparam("case_id"), visible_to(actor, Case))
        .order_by(HouseholdMember.id)
        .limit(1)
    )


def head_from(row: Sequence[Any]) -> CaseHead:
    """Return the head out of the first HEAD_WIDTH columns of a row of `head_statement`."""
    return CaseHead(*row[:HEAD_WIDTH])


def row_of_case(ctx: Ctx, model: type[M], case_id: int, row_id: int, *, for_update: bool = False) -> M:
    """Return the row of `model` that has this id and belongs to this case, as one to change.

    `for_update` holds it until the transaction ends. Raises NotVisible when there is none, or not for this actor.
    """
    columns = model.__table__.c
    statement = select(model).where(columns.id == row_id, columns.case_id == case_id, visible(ctx, model))
    found = ctx.session.scalars(statement.with_for_update() if for_update else statement).one_or_none()
    if found is None:
        raise NotVisible
    return found


def hold_case(ctx: Ctx, case_id: int) -> date:
    """Let nobody else compute a case before the transaction ends, and return the date of its referral.

    Facts about the case may be added meanwhile: the lock leaves alone those that only point to it. SQLite has one
    writer anyway. Raises NotVisible.
    """
    row = row_of(ctx.session.connection(), _holding(ctx.actor), {"case_id": case_id})
    if row is None:
        raise NotVisible
    return row[0]


@lru_cache(maxsize=500)
def _holding(actor: Actor) -> Select[date]:
    statement = select(Case.referred_on).where(Case.id == bindparam("case_id"), visible_to(actor, Case))
    return statement.with_for_update(key_share=True, of=Case)


@lru_cache(maxsize=500)
def held_since(actor: Actor, day: str) -> Select[date]:
    """Return the SELECT that holds a case as `hold_case` does, if it was referred by `day`: the name of a parameter."""
    return _holding(actor).where(Case.referred_on <= bindparam(day, type_=Case.referred_on.type))


def holding_all(condition: ColumnElement[bool]) -> Select[int]:
    """Return the SELECT that holds every case of `condition`, in the one order in which many are held at once."""
    held = select(Case.id).where(condition).order_by(Case.id).with_for_update(key_share=True)
    return select(func.count()).select_from(held.subquery())


def team_of(ctx: Ctx, case_id: int) -> Sequence[Row[int, str, date]]:
    """Return (user id, name, since) of the team of a case that the actor may see, oldest first."""
    return ctx.session.execute(
        select(User.id, User.display_name, CaseTeamMember.since_on)
        .join(User, User.id == CaseTeamMember.user_id)
        .where(CaseTeamMember.case_id == case_id, visible(ctx, CaseTeamMember))
        .order_by(CaseTeamMember.since_on, User.id)
    ).all()


def team_ids(ctx: Ctx, case_id: int) -> frozenset[int]:
    """Return the users of the team of a case, in sight or not."""
    return frozenset(ctx.session.scalars(select(CaseTeamMember.user_id).where(CaseTeamMember.case_id == case_id)))


def suspensions_of(ctx: Ctx, case_id: int) -> Sequence[Suspension]:
    """Return the suspensions of a case that the actor may see, newest first."""
    return ctx.session.scalars(
        select(Suspension)
        .where(Suspension.case_id == case_id, visible(ctx, Suspension))
        .order_by(Suspension.from_on.desc(), Suspension.id.desc())
    ).all()


def pause_of_day(pauses: Sequence[Suspension], day: date) -> Suspension | None:
    """Return the suspension that covers a day, None without one: others may be planned after it."""
    return next((s for s in pauses if s.from_on <= day and (s.to_on is None or s.to_on >= day)), None)


def possible_referents(ctx: Ctx, programme_id: int) -> Sequence[Row[int, str]]:
    """Return (id, name) of the active referents and managers who work in a programme, by name."""
    return ctx.session.execute(
        select(User.id, User.display_name)
        .join(ProgrammeMember, ProgrammeMember.user_id == User.id)
        .where(
            ProgrammeMember.programme_id == programme_id,
            User.role.in_((Role.REFERENT.value, Role.MANAGER.value)),
            User.is_active.is_(True),
        )
        .order_by(User.display_name, User.id)
    ).all()


def case_to_change(ctx: Ctx, case_id: int) -> Case:
    """Return a case as a row to change; who changes it at the same time waits. Raises NotVisible."""
    statement = select(Case).where(Case.id == case_id, visible(ctx, Case)).with_for_update()
    # as the one before left it, not as this request had read it
    found = ctx.session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotVisible
    return found


def ended_on(ctx: Ctx, case_id: int) -> date | None:
    """Return the day on which a case that the actor is known to see ended, None while it goes on."""
    return ctx.session.scalar(select(CaseEnd.ended_on).where(CaseEnd.case_id == case_id))


def moves_of(ctx: Ctx, case_id: int) -> Sequence[VersionMove]:
    """Return the decisions that moved a case to another version of its programme, newest first."""
    return ctx.session.scalars(
        select(VersionMove)
        .where(VersionMove.case_id == case_id, visible(ctx, VersionMove))
        .order_by(VersionMove.id.desc())
    ).all()


@dataclass(frozen=True)
class CaseRecord:
    """The rows behind what a referral notes: the case, its household, who and where, and the lease."""

    case: Case
    household: Household
    person: Person | None
    dwelling: Dwelling | None
    lease_number: str | None


def case_record(ctx: Ctx, case_id: int) -> CaseRecord:
    """Return the rows of a case as it was referred and corrected since. Raises NotVisible."""
    row = ctx.session.execute(
        select(Case, Household, Person, Dwelling, RentAccount.lease_number)
        .join(Household, Household.id == Case.household_id)
        .outerjoin(
            HouseholdMember,
            (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == Link.REFERENCE.value),
        )
        .outerjoin(Person, Person.id == HouseholdMember.person_id)
        .outerjoin(Dwelling, Dwelling.id == Case.dwelling_id)
        .outerjoin(RentAccount, RentAccount.id == Case.rent_account_id)
        .where(Case.id == case_id, visible(ctx, Case))
        .order_by(HouseholdMember.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return CaseRecord(*row)


def numbers_of(ctx: Ctx, programme_id: int, beginning: str) -> Sequence[str]:
    """Return the numbers of a programme that begin so. Of all its cases: a number out of sight is taken, too."""
    return ctx.session.scalars(
        select(Case.number)
        .where(Case.programme_id == programme_id, Case.number.startswith(beginning, autoescape=True))
        .order_by(Case.number)
    ).all()


def first_fact_on(ctx: Ctx, case_id: int) -> date | None:
    """Return the date of the first fact noted of a case that the actor is known to see."""
    dates = [ctx.session.scalar(select(func.min(on)).where(owner == case_id)) for owner, on in fact_dates()]
    return min((day for day in dates if day is not None), default=None)


def last_number(ctx: Ctx, programme_id: int) -> str | None:
    """Return the number of the case that came last into a programme."""
    return ctx.session.scalar(
        select(Case.number).where(Case.programme_id == programme_id).order_by(Case.id.desc()).limit(1)
    )


def is_number_taken(ctx: Ctx, programme_id: int, number: str) -> bool:
    """Tell whether a case of the programme, in sight or not, has the number."""
    statement = select(Case.id).where(Case.programme_id == programme_id, Case.number == number)
    return ctx.session.scalar(statement) is not None


def has_namesake(ctx: Ctx, programme_id: int, name: tuple[str, str], born_on: date | None) -> bool:
    """Tell whether somebody of this name and birth date is in a household of the programme.

    Of all its households: the one out of sight is the one that would be followed twice. Only yes or no is told.
    """
    rows = ctx.session.execute(
        select(Person.family_name, Person.given_name)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .join(Case, Case.household_id == HouseholdMember.household_id)
        .where(Case.programme_id == programme_id, Person.born_on == born_on)
        .order_by(Person.id)
    )
    wanted = _in_one_word(*name)
    return any(_in_one_word(row.family_name, row.given_name) == wanted for row in rows)


def _in_one_word(*names: str) -> str:
    """Return names as they are told apart: neither accents, nor capitals, nor how a double name is written."""
    return search_key(*names).replace(" ", "")


def team_row(ctx: Ctx, case_id: int, user_id: int) -> CaseTeamMember | None:
    """Return somebody's place in the team of a case, None when they are not of it."""
    return ctx.session.scalars(
        select(CaseTeamMember).where(
            CaseTeamMember.case_id == case_id, CaseTeamMember.user_id == user_id, visible(ctx, CaseTeamMember)
        )
    ).one_or_none()


MemberRow = Row[int, str, date | None, date | None, str, str, str | None, date | None, str | None]


def members_of(ctx: Ctx, case_id: int) -> Sequence[MemberRow]:
    """Return the people of the household of a case, reference person first, then by birth date.

    Columns: id, link, from_on, to_on, family_name, given_name, civility, born_on, phone.
    """
    return ctx.session.execute(
        select(
            HouseholdMember.id,
            HouseholdMember.link,
            HouseholdMember.from_on,
            HouseholdMember.to_on,
            Person.family_name,
            Person.given_name,
            Person.civility,
            Person.born_on,
            Person.phone,
        )
        .join(Person, Person.id == HouseholdMember.person_id)
        .join(Case, Case.household_id == HouseholdMember.household_id)
        .where(Case.id == case_id, visible(ctx, Case))
        .order_by(HouseholdMember.link != Link.REFERENCE.value, Person.born_on.is_(None), Person.born_on, Person.id)
    ).all()


def member_of(ctx: Ctx, case_id: int, member_id: int) -> tuple[HouseholdMember, Person]:
    """Return a person of the household of a case, as rows to change. Raises NotVisible."""
    row = ctx.session.execute(
        select(HouseholdMember, Person)
        .join(Person, Person.id == HouseholdMember.person_id)
        .join(Case, Case.household_id == HouseholdMember.household_id)
        .where(HouseholdMember.id == member_id, Case.id == case_id, visible(ctx, Case))
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row[0], row[1]


def cases_of_household(ctx: Ctx, household_id: int) -> Sequence[int]:
    """Return the ids of all cases of a household: what its people make of it, each of them shows."""
    return ctx.session.scalars(select(Case.id).where(Case.household_id == household_id).order_by(Case.id)).all()
