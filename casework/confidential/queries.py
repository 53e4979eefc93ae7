"""Every SELECT on what is confidential. Each starts from `visible`: no row above the actor's level comes out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, cast, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from casework.accounts.models import User
from casework.cases.access import declare_agreement, declare_case_table, household_agrees, level_condition
from casework.cases.models import Case, CaseEnd, CaseRetention
from casework.cases.queries import row_of_case
from casework.confidential.models import AddressProtection, Consent, GlassBreak, SensitiveNote
from casework.confidential.rules import unpack_phones
from casework.confidential.vocabulary import ConsentKind
from casework.households.models import Dwelling, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.database import comma_joined
from casework.kernel.errors import NotVisible
from casework.kernel.levels import Level
from casework.kernel.reading import Reading, ReadingEntry
from casework.programmes.models import Programme

declare_case_table(AddressProtection, level=Level.S4)
declare_case_table(SensitiveNote, level=SensitiveNote.level.expression)
declare_case_table(GlassBreak, level=Level.S1)
declare_case_table(Consent, level=Level.S1)


def household_agrees_to_sharing(case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition « somebody of this case agreed to sharing with the landlord, and nobody withdrew ».

    Who withdrew an agreement opens again by giving another; what others of the household say does not replace it.
    """
    held, withdrawn, again = aliased(Consent), aliased(Consent), aliased(Consent)
    given = select(func.count()).where(held.case_id == case_id, held.kind == _SHARING, held.withdrawn_on.is_(None))
    given_again = exists().where(
        again.case_id == withdrawn.case_id,
        again.kind == _SHARING,
        again.person_id.is_not_distinct_from(withdrawn.person_id),
        again.withdrawn_on.is_(None),
    )
    refused = select(func.count()).where(
        withdrawn.case_id == case_id,
        withdrawn.kind == _SHARING,
        withdrawn.withdrawn_on.is_not(None),
        ~given_again,
    )
    # Counted, so that it is asked of the rows that are shown, by their index: for an EXISTS, PostgreSQL would first read
    # what all households agreed to.
    return and_(given.scalar_subquery() > 0, refused.scalar_subquery() == 0)


declare_agreement(household_agrees_to_sharing)

MOST_SIGHTS = 50
_SHARING = ConsentKind.PARTAGE.value


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


def opened_cases_column(user_id: ColumnElement[int]) -> ColumnElement[str]:
    """Return the cases whose glass a user broke and whose time is not over at `now`, as a column of a SELECT on users.

    A text, a comma between two ids; the parameter `now` is an instant.
    """
    ids = comma_joined(cast(GlassBreak.case_id, String))
    now = bindparam("now", type_=GlassBreak.until_at.type)
    return select(ids).where(GlassBreak.user_id == user_id, GlassBreak.until_at > now).scalar_subquery()


def open_breaks(ctx: Ctx, case_id: int) -> Sequence[GlassBreak]:
    """Return the openings of a case by the actor whose time is not over, as rows to change."""
    return ctx.session.scalars(
        select(GlassBreak)
        .where(
            GlassBreak.case_id == case_id,
            GlassBreak.user_id == ctx.actor.user_id,
            GlassBreak.until_at > ctx.clock.now(),
            visible(ctx, GlassBreak),
        )
        .order_by(GlassBreak.id)
        .with_for_update()
    ).all()


def cases_to_open(ctx: Ctx, number: str) -> Sequence[int]:
    """Return the cases of this number in the actor's programmes that their own association runs; those of the team too.

    Not the restricted archive, which managers alone reach, nor what is anonymised, nor a case that they may not even know
    of otherwise.
    """
    is_shut = or_(CaseRetention.archived_on.is_not(None), CaseRetention.anonymised_on.is_not(None))
    shut = select(CaseRetention.case_id).where(is_shut)
    return ctx.session.scalars(
        select(Case.id)
        .join(Programme, Programme.id == Case.programme_id)
        .where(
            Case.number == number,
            Case.programme_id.in_(ctx.actor.programme_ids),
            Programme.operator_id == ctx.actor.organisation_id,
            or_(visible(ctx, Case), Case.id.not_in(shut)),
        )
        .order_by(Case.id)
    ).all()


BreakRow = Row[int, int, str, str, datetime, datetime, str, str, str | None, str | None]


def _breaks(ctx: Ctx) -> Select[int, int, str, str, datetime, datetime, str, str, str | None, str | None]:
    statement = select(
        GlassBreak.id,
        GlassBreak.case_id,
        User.display_name,
        GlassBreak.motive,
        GlassBreak.opened_at,
        GlassBreak.until_at,
        GlassBreak.words,
        Case.number,
        Person.given_name,
        Person.family_name,
    )
    reference = (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == Link.REFERENCE.value)
    statement = (
        statement.join(User, User.id == GlassBreak.user_id)
        .join(Case, Case.id == GlassBreak.case_id)
        .outerjoin(HouseholdMember, reference)
        .outerjoin(Person, Person.id == HouseholdMember.person_id)
        .where(visible(ctx, GlassBreak))
    )
    return statement.order_by(GlassBreak.opened_at.desc(), GlassBreak.id.desc())


def breaks_of(ctx: Ctx, case_id: int) -> Sequence[BreakRow]:
    """Return who opened a case without being of its team, newest first.

    Columns: id, case_id, display_name, motive, opened_at, until_at, words, number, given_name, family_name.
    """
    return ctx.session.execute(_breaks(ctx).where(GlassBreak.case_id == case_id)).all()


def breaks_told(ctx: Ctx, since: datetime) -> Sequence[BreakRow]:
    """Return the same of all cases that the actor reaches, by others and since an instant, for their day."""
    others = GlassBreak.user_id != ctx.actor.user_id
    return ctx.session.execute(_breaks(ctx).where(GlassBreak.opened_at >= since, others)).all()


def notes_of(ctx: Ctx, case_id: int) -> Sequence[Row[SensitiveNote, str | None, str | None, str | None]]:
    """Return the sensitive notes of a case that the actor reads: row, author, given name, family name; newest first."""
    return ctx.session.execute(
        select(SensitiveNote, User.display_name, Person.given_name, Person.family_name)
        .outerjoin(User, User.id == SensitiveNote.author_id)
        .outerjoin(Person, Person.id == SensitiveNote.person_id)
        .where(SensitiveNote.case_id == case_id, visible(ctx, SensitiveNote))
        .order_by(SensitiveNote.noted_on.desc(), SensitiveNote.id.desc())
    ).all()


def get_note(ctx: Ctx, case_id: int, note_id: int) -> SensitiveNote:
    """Return a sensitive note as a row to change. Raises NotVisible."""
    return row_of_case(ctx, SensitiveNote, case_id, note_id)


def consents_of(ctx: Ctx, case_id: int) -> Sequence[Row[Consent, str | None, str | None]]:
    """Return what the people of a case were told or agreed to: row, given name, family name; newest first."""
    return ctx.session.execute(
        select(Consent, Person.given_name, Person.family_name)
        .outerjoin(Person, Person.id == Consent.person_id)
        .where(Consent.case_id == case_id, visible(ctx, Consent))
        .order_by(Consent.given_on.desc(), Consent.id.desc())
    ).all()


def get_consent(ctx: Ctx, case_id: int, consent_id: int) -> Consent:
    """Return a consent as a row to change. Raises NotVisible."""
    return row_of_case(ctx, Consent, case_id, consent_id)


def people_of_case(ctx: Ctx, case_id: int) -> Sequence[Row[int, str, str]]:
    """Return (id, given name, family name) of the people of the household of a case that the actor reaches, by id."""
    return ctx.session.execute(
        select(Person.id, Person.given_name, Person.family_name)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .join(Case, Case.household_id == HouseholdMember.household_id)
        .where(Case.id == case_id, visible(ctx, Case))
        .order_by(Person.id)
    ).all()


def agrees_to_sharing(ctx: Ctx, case_id: int) -> bool:
    """Tell whether the household of a case that the actor reaches agreed to sharing with the landlord."""
    statement = select(Case.id).where(Case.id == case_id, visible(ctx, Case), household_agrees(Case.id.expression))
    return ctx.session.scalar(statement) is not None


def count_agreements(ctx: Ctx, programme_id: int) -> tuple[int, int]:
    """Return how many households of a programme are followed, and how many of them agreed to sharing.

    Figures of the whole programme, for who decides what is shared: no household is named.
    """
    row = ctx.session.execute(
        select(func.count(), func.count().filter(household_agrees(Case.id.expression)))
        .select_from(Case)
        .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
        .where(Case.programme_id == programme_id, CaseEnd.case_id.is_(None), visible(ctx, Case))
    ).one()
    return (row[0], row[1])
