"""Table of the diagnostics. Amounts in cents a month."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, json_map, pk, text
from casework.kernel.vault import EncryptedText


class Diagnostic(Base):
    """Assessment of a household before the contract: social part, housing part, budget, recommendation."""

    __tablename__ = "diagnostics"
    __table_args__ = (Index("ix_diagnostics_case_id_made_on", "case_id", "made_on"),)

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    made_on: Mapped[date]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    social_part: Mapped[str] = mapped_column(EncryptedText("diagnostics.social_part"), default="")
    housing_part: Mapped[text] = mapped_column(default="")
    resources: Mapped[json_map] = mapped_column(default_factory=dict)
    rent_cents: Mapped[int] = mapped_column(default=0)
    annexes_cents: Mapped[int] = mapped_column(default=0)
    charges_cents: Mapped[int] = mapped_column(default=0)
    benefit_cents: Mapped[int] = mapped_column(default=0)
    fixed_charges_cents: Mapped[int] = mapped_column(default=0)
    resources_cents: Mapped[int | None] = mapped_column(default=None)
    units_tenths: Mapped[int | None] = mapped_column(default=None)
    effort_tenths: Mapped[int | None] = mapped_column(default=None)
    remainder_cents: Mapped[int | None] = mapped_column(default=None)
    recommendation: Mapped[code | None] = mapped_column(default=None)
    recommendation_note: Mapped[text] = mapped_column(default="")
