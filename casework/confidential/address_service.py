"""Use cases on the secret address: it is moved where only the team reads it, and nothing else holds it any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from casework.cases.models import Case
from casework.cases.queries import case_to_change
from casework.confidential import queries
from casework.confidential.models import AddressProtection
from casework.confidential.rules import check_safe_contact, pack_phones, unpack_phones
from casework.households.models import Dwelling, Person
from casework.households.vocabulary import Typology
from casework.kernel.audit import record_bulk
from casework.kernel.audit_purges import purge_differences
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.kernel.levels import Level
from casework.kernel.reading import Reading, record_reading
from casework.kernel.row_security import as_system
from casework.kernel.versions import check_unchanged


@dataclass(frozen=True)
class SecretAddress:
    """What only the team reads: where the household lives, and how to reach it without danger."""

    address: str
    district: str
    safe_contact: str


@dataclass(frozen=True)
class SafeWays:
    """How to reach a household whose address is secret, since when."""

    words: str
    from_on: date


def protect_address(ctx: Ctx, case_id: int, safe_contact: str) -> None:
    """Make the address and the telephones of a household secret from today on, in every case of it.

    They are moved into encrypted rows; the columns that pages, prints and exports read are emptied and closed by a
    constraint of the database, and what traces said of them is taken away. Raises NotVisible or RuleViolation.
    """
    check_safe_contact(safe_contact)
    case = case_to_change(ctx, case_id)
    # Somebody in danger is in danger in every programme.
    with as_system(ctx.session, ctx.actor):
        if queries.held_protections(ctx, case.household_id):
            raise RuleViolation("", "L’adresse de ce ménage est déjà protégée.")
        homes = queries.homes_of_household(ctx, case.household_id)
        people = queries.people_of_household(ctx, case.household_id)
        phones = pack_phones({person.id: person.phone for person in people})
        for changed, dwelling in homes:
            ctx.session.add(_protection(ctx, changed.id, dwelling, phones, safe_contact.strip()))
            changed.version += 1  # a form that is open now still shows the address
        _empty(ctx, homes, people)
        for changed, _dwelling in homes:
            ctx.case_changed(changed.id)


def _protection(ctx: Ctx, case_id: int, dwelling: Dwelling | None, phones: str, safe_contact: str) -> AddressProtection:
    return AddressProtection(
        case_id=case_id,
        from_on=ctx.today,
        created_at=ctx.clock.now(),
        author_id=ctx.actor.user_id,
        address=dwelling.address if dwelling else "",
        district=dwelling.district if dwelling else "",
        phones=phones,
        safe_contact=safe_contact,
    )


def _empty(ctx: Ctx, homes: Sequence[tuple[Case, Dwelling | None]], people: Sequence[Person]) -> None:
    """Empty and close the columns of an address that is kept elsewhere. The traces do not say what stood there."""
    session = ctx.session
    for case, dwelling in homes:
        if dwelling is None:
            home = Dwelling(address="", district="", typology=Typology.NR.value, is_protected=True)
            session.add(home)
            session.flush()
            case.dwelling_id = home.id
    session.flush()
    dwellings = [dwelling.id for _case, dwelling in homes if dwelling is not None]
    persons = [person.id for person in people]
    emptied = {"address": "", "district": "", "is_protected": True}
    connection = session.connection()
    connection.execute(update(Dwelling).where(Dwelling.id.in_(dwellings)).values(emptied))
    connection.execute(update(Person).where(Person.id.in_(persons)).values(phone=None, is_protected=True))
    record_bulk(ctx, Dwelling, "protect", {"ids": dwellings})
    record_bulk(ctx, Person, "protect", {"ids": persons})
    purge_differences(ctx, Dwelling, dwellings)
    purge_differences(ctx, Person, persons)
    for row in (*(dwelling for _case, dwelling in homes if dwelling is not None), *people):
        session.expire(row)


def ways_to_reach(ctx: Ctx, case_id: int) -> SafeWays | None:
    """Return how to reach a household whose address is secret, for one who reads it; the reading is noted."""
    protection = queries.held_protection(ctx, case_id)
    if protection is None:
        return None
    record_reading(ctx, case_id, Reading.CASE, Level.S4)
    return SafeWays(protection.safe_contact, protection.from_on)


def reveal_address(ctx: Ctx, case_id: int) -> AddressProtection:
    """Return the secret address to one who reads it, after noting that they saw it. Raises NotVisible."""
    protection = queries.get_protection(ctx, case_id)
    record_reading(ctx, case_id, Reading.PROTECTED_ADDRESS, Level.S4)
    return protection


def secret_of(protection: AddressProtection) -> SecretAddress:
    """Return what a protection keeps secret, but for the telephones."""
    return SecretAddress(protection.address, protection.district, protection.safe_contact)


def revise_address(ctx: Ctx, case_id: int, news: SecretAddress, seen: str | None = None) -> None:
    """Note where the household lives now, or another way to reach it; it stays secret.

    `seen` is the mark of what was read. Raises NotVisible, RuleViolation, or Conflict when somebody else revised it
    since.
    """
    check_safe_contact(news.safe_contact)
    case_to_change(ctx, case_id)
    protection = queries.get_protection(ctx, case_id)
    check_unchanged(ctx, seen, lambda: secret_of(protection), protection)
    protection.address, protection.district = news.address, news.district
    protection.safe_contact = news.safe_contact.strip()
    ctx.case_changed(case_id)


def lift_protection(ctx: Ctx, case_id: int, reason: str, *, restore: bool) -> None:
    """End the protection for every case of the household, for a reason that is written down.

    With `restore` the address and the telephones come back onto the file, and leave the encrypted rows; without, they
    stay there, and nowhere else. Raises NotVisible, or RuleViolation on `reason`.
    """
    if not reason.strip():
        raise RuleViolation("reason", "Écrivez pourquoi cette adresse n’est plus secrète, et qui en a décidé.")
    case = case_to_change(ctx, case_id)
    queries.get_protection(ctx, case_id)
    with as_system(ctx.session, ctx.actor):
        _lift(ctx, case.household_id, reason.strip(), restore=restore)


def _lift(ctx: Ctx, household_id: int, reason: str, *, restore: bool) -> None:
    held = {row.case_id: row for row in queries.held_protections(ctx, household_id)}
    homes, phones = queries.homes_of_household(ctx, household_id), dict[int, str]()
    for changed, dwelling in homes:
        protection = held.get(changed.id)
        changed.version += 1
        if dwelling is not None:
            dwelling.is_protected = False
        if protection is None:
            continue
        protection.to_on, protection.lifted_by = ctx.today, ctx.actor.user_id
        protection.lift_reason = reason
        phones |= unpack_phones(protection.phones)
        if restore and dwelling is not None:
            dwelling.address, dwelling.district = protection.address, protection.district
            protection.address = protection.district = protection.phones = ""
    for person in queries.people_of_household(ctx, household_id):
        person.is_protected = False
        if restore:
            person.phone = phones.get(person.id)
    ctx.session.flush()
    for changed, _dwelling in homes:
        ctx.case_changed(changed.id)
