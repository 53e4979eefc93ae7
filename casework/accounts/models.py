"""Tables of organisations, users and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, line, pk


class Organisation(Base):
    """A landlord, an association or CCAS, a funder, or who runs the service."""

    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[pk] = mapped_column(init=False)
    kind: Mapped[code]
    name: Mapped[line]
    created_at: Mapped[datetime]


class User(Base):
    """Somebody who works here. Without password and e-mail: a name found in a file, who cannot sign in yet."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email"), UniqueConstraint("organisation_id", "handle"))

    id: Mapped[pk] = mapped_column(init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    handle: Mapped[line]
    display_name: Mapped[line]
    role: Mapped[code]
    created_at: Mapped[datetime]
    email: Mapped[line | None] = mapped_column(default=None)
    password_hash: Mapped[line | None] = mapped_column(default=None)
    password_is_given: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[code] = mapped_column(default="fr")
    theme: Mapped[code] = mapped_column(default="auto")
    text_size: Mapped[code] = mapped_column(default="normal")
    hints_seen: Mapped[bool] = mapped_column(default=False)


class SignInSession(Base):
    """A signed-in browser. Kept here so that signing out ends it for good; no fact about a household."""

    __tablename__ = "sign_in_sessions"
    __audit__ = "none"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_sign_in_sessions_user_id", "user_id"))

    id: Mapped[pk] = mapped_column(init=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[line]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SignInFailure(Base):
    """A refused sign-in, counted to slow down guessing; deleted after a day."""

    __tablename__ = "sign_in_failures"
    __audit__ = "none"
    __table_args__ = (Index("ix_sign_in_failures_subject_at", "subject", "at"),)

    id: Mapped[pk] = mapped_column(init=False)
    subject: Mapped[line]
    at: Mapped[datetime]
