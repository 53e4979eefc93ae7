"""Tables of the rent ledger. Amounts in cents; a balance above nil is a debt."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, line, pk


class RentLine(Base):
    """One month of an account. `month` is its first day; `benefit_cents` is what the landlord received of it.

    There are more lines than rows of any other kind: they have no number of their own, and lie account by account.
    """

    __tablename__ = "rent_lines"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account_id: Mapped[int] = mapped_column(ForeignKey("rent_accounts.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    rent_cents: Mapped[int]
    charges_cents: Mapped[int]
    benefit_cents: Mapped[int]
    paid_cents: Mapped[int]
    balance_cents: Mapped[int]
    tenant_name: Mapped[line] = mapped_column(default="")
    import_id: Mapped[int | None] = mapped_column(default=None)


class ArrearsReport(Base):
    """The landlord told the family-benefits office (CAF, MSA) of the arrears (CCH R824-4)."""

    __tablename__ = "arrears_reports"
    __table_args__ = (
        Index("ix_arrears_reports_case_id", "case_id"),
        CheckConstraint("debt_cents >= 0", name="debt"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    reported_on: Mapped[date]
    debt_cents: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    reference: Mapped[line] = mapped_column(default="")
