"""Table of the imports."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, json_map, pk


class ImportRun(Base):
    """One import that went in: who, when, what, how many rows of each kind, how many were refused."""

    __tablename__ = "imports"

    id: Mapped[pk] = mapped_column(init=False)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    source: Mapped[code]
    created_at: Mapped[datetime]
    counts: Mapped[json_map]
