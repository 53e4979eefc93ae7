"""Times, ratios and the table in which they are shown."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

HEAD = ("", "ours", "floor", "ratio", "min–max", "target", "verdict")


@dataclass(frozen=True)
class Line:
    """What was measured of one thing: the times of each round, ours beside the floor's, in seconds."""

    name: str
    ours: Sequence[float]
    floor: Sequence[float]
    target: float | None

    @property
    def ratio(self) -> float:
        """Return the ratio of the medians."""
        return median(self.ours) / median(self.floor)

    @property
    def spread(self) -> tuple[float, float]:
        """Return the smallest and the largest ratio of a round."""
        ratios = [a / b for a, b in zip(self.ours, self.floor, strict=True)]
        return min(ratios), max(ratios)

    def cells(self) -> tuple[str, ...]:
        """Return the line as it is shown."""
        low, high = self.spread
        shown = (self.name, _duration(median(self.ours)), _duration(median(self.floor)), f"{self.ratio:.2f} ×")
        if self.target is None:
            return (*shown, f"{low:.2f}–{high:.2f}", "", "")
        verdict = "within" if self.ratio <= self.target else "ABOVE"
        return (*shown, f"{low:.2f}–{high:.2f}", f"≤ {self.target:g} ×", verdict)


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternate(ours: Callable[[], float], floor: Callable[[], float], rounds: int) -> tuple[list[float], list[float]]:
    """Return the times of `rounds` rounds, ours and the floor's in turn, after one round that does not count."""
    ours(), floor()
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        # Who goes first changes: what one leaves behind must not always fall on the other.
        for place in (0, 1) if number % 2 == 0 else (1, 0):
            times[place].append((ours, floor)[place]())
    return times


def table(lines: Sequence[Line]) -> str:
    """Return the lines as a table of plain text."""
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _duration(value: float) -> str:
    return f"{value * 1000:.2f} ms" if value < 1 else f"{value:.2f} s"
