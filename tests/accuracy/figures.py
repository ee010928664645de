"""One team's figures in a window: from the true ledger, and as they are measured."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple, TypedDict, cast

from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.domain.teams import EXTERNAL, UNKNOWN, Directory
from monitor.domain.working_time import DAY
from monitor.indicators.totals.report import numbers_at, report
from monitor.pipeline.batch import Batch
from monitor.simulate.truth.costs import Entry

WINDOW: Final = 28 * DAY
_OMEGAS: Final = (Fraction(0), Fraction(1, 4), Fraction(1))


class Figures(NamedTuple):
    """Seconds of one team, exact: C under the three weights, and F."""

    lower: Fraction = Fraction(0)
    central: Fraction = Fraction(0)
    upper: Fraction = Fraction(0)
    feature: Fraction = Fraction(0)

    def plus(self, other: Figures) -> Figures:
        """The sum of both."""
        return Figures(*(one + more for one, more in zip(self, other, strict=True)))

    @property
    def ratio(self) -> Fraction | None:
        """R at the central weight; none without feature work."""
        return self.central / self.feature if self.feature else None


class _Team(TypedDict):
    verdict: str


_Said = dict[str, _Team]


class Measured(NamedTuple):
    """What is measured of one team, the verdict's word, and what is unknown of it."""

    figures: Figures
    verdict: str
    unknown: Fraction


class Measuring:
    """The batch path over records, which may arrive in two parts."""

    def __init__(self, directory: Directory, at: int) -> None:
        """Nothing is read yet; every number is of ``at`` (milliseconds UTC)."""
        settings = DecodeSettings(projects=directory.projects)
        self.directory, self.at = directory, at
        self.batch = Batch(MemoryState(), directory, settings, DEFAULT_MODEL, at)

    def read(self, records: Iterable[Record]) -> dict[str, Measured]:
        """Read some more, and measure the stream teams in the window."""
        self.batch.read(records)
        timelines = self.batch.timelines()
        model = DEFAULT_MODEL
        numbers = numbers_at(timelines, self.directory, model, self.at, WINDOW)
        said = cast("_Said", report(numbers, self.directory, model, {})["teams"])
        return {
            team: Measured(
                Figures(*cost.coordination, cost.feature),
                said[team]["verdict"],
                cost.unknown_share,
            )
            for team in stream_teams(self.directory)
            for cost in [numbers.costs[team]]
        }


def stream_teams(directory: Directory) -> list[str]:
    """The teams whose R means something, by name."""
    return sorted(name for name, t in directory.teams.items() if t.kind == "stream")


def true_figures(
    ledger: Iterable[Entry], directory: Directory, at: int
) -> dict[str, Figures]:
    """The same from the simulator's own ledger, by the definitions of C and F."""
    found = dict.fromkeys(stream_teams(directory), Figures())
    for entry in ledger:
        if entry.team in found:
            amount = _inside(entry, directory, at - WINDOW, at)
            found[entry.team] = found[entry.team].plus(_weighed(entry, amount))
    return found


def _inside(entry: Entry, directory: Directory, start: int, end: int) -> Fraction:
    """The entry's seconds in the window; incidents run by the wall clock."""
    left, right = max(entry.start, start), min(entry.end, end)
    if left >= right:
        return Fraction(0)
    length = right - left
    if entry.component != "incident":
        length = directory.calendar(entry.team).between(left, right)
    return Fraction(length, 1_000) * entry.share


def _weighed(entry: Entry, amount: Fraction) -> Figures:
    if entry.sort == "active":
        return Figures(feature=amount if entry.phase == "feature" else Fraction(0))
    if entry.sort != "wait" or entry.on_team == EXTERNAL:
        return Figures()
    weights = _OMEGAS if entry.phase == "chronic" else (Fraction(1),) * 3
    lower, central, upper = (amount * weight for weight in weights)
    if entry.on_team == UNKNOWN:
        return Figures(upper=upper)
    return Figures(lower, central, upper)
