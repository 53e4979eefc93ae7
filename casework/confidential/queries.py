"""Every SELECT on what is confidential. Each starts from `visible`: no row above the actor's level comes out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute

from casework.accounts.models import User
from casework.cases.access import declare_case_table, level_condition
from casework.cases.models import Case
from casework.confidential.models import AddressProtection, Consent, GlassBreak, SensitiveNote
from casework.confidential.rules import unpack_phones
from casework.households.models import Dwelling, HouseholdMember, Person
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.kernel.levels import Level
from casework.kernel.reading import Reading, ReadingEntry

declare_case_table(AddressProtection, level=Level.S4)
declare_case_table(SensitiveNote, level=SensitiveNote.level.expression)
declare_case_table(GlassBreak, level=Level.S1)
declare_case_table(Consent, level=Level.S1)

MOST_SIGHTS = 50


def reads_level(ctx: Ctx, case_id: int, level: Level) -> bool:
    """Tell whether the actor reads what of the case is of this level."""
    condition = level_condition(ctx.actor, Case.id.expression, level)
    return ctx.session.scalar(select(Case.id).where(Case.id == case_id, visible(ctx, Case), condition)) is not None


def held_protection(ctx: Ctx, case_id: int) -> AddressProtection | None:
    """Return the protection of the address that holds, None when there is none or the actor does not read it."""
    return ctx.session.scalars(
        select(AddressProtection).where(
            AddressProtection.case_id == case_id,
            AddressProtection.to_on.is_(None),
            visible(ctx, AddressProtection),
        )
    ).one_or_none()


def get_protection(ctx: Ctx, case_id: int) -> AddressProtection:
    """Return the protection of the address that holds. Raises NotVisible when there is none for this actor."""
    found = held_protection(ctx, case_id)
    if found is None:
        raise NotVisible
    return found


def past_protections(ctx: Ctx, case_id: int) -> Sequence[AddressProtection]:
    """Return the protections that were lifted, newest first, when the actor reads them."""
    return ctx.session.scalars(
        select(AddressProtection)
        .where(
            AddressProtection.case_id == case_id,
            AddressProtection.to_on.is_not(None),
            visible(ctx, AddressProtection),
        )
        .order_by(AddressProtection.id.desc())
    ).all()


def sights_of(ctx: Ctx, case_id: int) -> Sequence[Row[datetime, str]]:
    """Return (instant, name) of those who saw the secret address of a case that the actor reaches, newest first."""
    return ctx.session.execute(
        select(ReadingEntry.at, User.display_name)
        .join(User, User.id == ReadingEntry.user_id)
        .join(Case, Case.id == ReadingEntry.case_id)
        .where(
            ReadingEntry.case_id == case_id,
            ReadingEntry.what == Reading.PROTECTED_ADDRESS.value,
            visible(ctx, Case),
        )
        .order_by(ReadingEntry.at.desc(), ReadingEntry.id.desc())
        .limit(MOST_SIGHTS)
    ).all()


def numbers_of(ctx: Ctx, protection: AddressProtection) -> Sequence[tuple[str, str]]:
    """Return (name, telephone) of the people whose number is secret, by id."""
    phones = unpack_phones(protection.phones)
    people = ctx.session.execute(
        select(Person.id, Person.given_name, Person.family_name).where(Person.id.in_(phones)).order_by(Person.id)
    )
    return [(f"{row.given_name} {row.family_name}", phones[row.id]) for row in people]


# What follows is asked for whole households, in sight or not: somebody in danger is in danger in every programme.


def homes_of_household(ctx: Ctx, household_id: int) -> Sequence[tuple[Case, Dwelling | None]]:
    """Return every case of a household with its dwelling, as rows to change, by id."""
    rows = ctx.session.execute(
        select(Case, Dwelling)
        .outerjoin(Dwelling, Dwelling.id == Case.dwelling_id)
        .where(Case.household_id == household_id)
        .order_by(Case.id)
    )
    return [(case, dwelling) for case, dwelling in rows]


def people_of_household(ctx: Ctx, household_id: int) -> Sequence[Person]:
    """Return everybody who lives, or lived, in a household, as rows to change, by id."""
    members = select(HouseholdMember.person_id).where(HouseholdMember.household_id == household_id)
    return ctx.session.scalars(select(Person).where(Person.id.in_(members)).order_by(Person.id)).all()


def held_protections(ctx: Ctx, household_id: int) -> Sequence[AddressProtection]:
    """Return the protections that hold for the cases of a household, by case."""
    cases = select(Case.id).where(Case.household_id == household_id)
    return ctx.session.scalars(
        select(AddressProtection)
        .where(AddressProtection.case_id.in_(cases), AddressProtection.to_on.is_(None))
        .order_by(AddressProtection.case_id)
    ).all()


def named_users(ctx: Ctx, ids: Sequence[int | None]) -> dict[int, str]:
    """Return the names of users by their ids."""
    wanted: InstrumentedAttribute[int] = User.id
    rows = ctx.session.execute(select(User.id, User.display_name).where(wanted.in_({i for i in ids if i is not None})))
    return {row.id: row.display_name for row in rows}
