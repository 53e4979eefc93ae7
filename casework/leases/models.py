"""Table of the lease stages."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, pk, text


class LeaseStage(Base):
    """The household's title to its home from a day on, until the next stage starts."""

    __tablename__ = "lease_stages"
    __table_args__ = (UniqueConstraint("case_id", "from_on"),)

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    stage: Mapped[code]
    from_on: Mapped[date]
    created_at: Mapped[datetime]
    same_dwelling: Mapped[bool] = mapped_column(default=True)
    note: Mapped[text] = mapped_column(default="")
