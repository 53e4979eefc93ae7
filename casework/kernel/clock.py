"""The only module that reads the time of the machine."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock(Protocol):
    """A source of time: real in production, fixed in tests and simulations."""

    def now(self) -> datetime:
        """Return the present instant, timezone-aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the present civil date in Europe/Paris."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the present civil date in Europe/Paris."""
        return paris_date(self.now())


@dataclass
class FixedClock:
    """A clock that stands still at `instant` (timezone-aware) until it is moved."""

    instant: datetime

    @classmethod
    def on(cls, day: date) -> "FixedClock":
        """Return a clock that stands at ten in the morning, Paris time, of `day`."""
        return cls(datetime(day.year, day.month, day.day, 10, tzinfo=PARIS))

    def now(self) -> datetime:
        """Return the instant at which the clock stands, in UTC."""
        return self.instant.astimezone(UTC)

    def today(self) -> date:
        """Return the civil date in Europe/Paris at which the clock stands."""
        return paris_date(self.instant)


def paris_date(instant: datetime) -> date:
    """Return the civil date in Europe/Paris of a timezone-aware instant."""
    return instant.astimezone(PARIS).date()
