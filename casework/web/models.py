"""Table of the forms that were sent: what comes twice is kept once."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, text


class SentForm(Base):
    """A form that was kept, by the key it was printed with, and where its sender was led then.

    It says nothing about anybody and is forgotten after some days, so it leaves no trace.
    """

    __tablename__ = "sent_forms"
    __audit__ = "none"

    key: Mapped[code] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
    location: Mapped[text] = mapped_column(default="")
