"""Tables of persons, households and dwellings. They carry no organisation: they are reached through a case."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, line, pk


class Person(Base):
    """Somebody who lives, or lived, in an accompanied household. A protected one has no number here: it is secret."""

    __tablename__ = "persons"
    __table_args__ = (CheckConstraint("NOT is_protected OR phone IS NULL", name="protected"),)

    id: Mapped[pk] = mapped_column(init=False)
    family_name: Mapped[line]
    given_name: Mapped[line]
    civility: Mapped[code | None] = mapped_column(default=None)
    born_on: Mapped[date | None] = mapped_column(default=None)
    phone: Mapped[code | None] = mapped_column(default=None)
    is_protected: Mapped[bool] = mapped_column(default=False, server_default=false())


class Household(Base):
    """People who live together. Numbers and composition stand as declared until the people are entered."""

    __tablename__ = "households"
    __table_args__ = (CheckConstraint("adults >= 0 AND children >= 0", name="numbers"),)

    id: Mapped[pk] = mapped_column(init=False)
    adults: Mapped[int]
    children: Mapped[int]
    composition: Mapped[code]
    people_entered: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class HouseholdMember(Base):
    """A person in a household, from a date to a date (both included; None: still there)."""

    __tablename__ = "household_members"
    __table_args__ = (
        Index("ix_household_members_household_id", "household_id"),
        Index("ix_household_members_person_id", "person_id"),
        CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="dates"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    link: Mapped[code]
    from_on: Mapped[date | None] = mapped_column(default=None)
    to_on: Mapped[date | None] = mapped_column(default=None)


class Dwelling(Base):
    """A home: its address, its district, its size. A protected one is nowhere: its address is secret."""

    __tablename__ = "dwellings"
    __table_args__ = (CheckConstraint("NOT is_protected OR (address = '' AND district = '')", name="protected"),)

    id: Mapped[pk] = mapped_column(init=False)
    address: Mapped[line]
    district: Mapped[line]
    typology: Mapped[code]
    is_protected: Mapped[bool] = mapped_column(default=False, server_default=false())
