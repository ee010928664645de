"""The seam between the ledger and the pages behind a number.

Plain data, taken at one instant, ready to print but not formatted. Names are as the
pages show them: teams too small to be shown alone are already merged. Who renders it
knows no accounts; who computes it knows no HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from monitor.domain.snapshot import TeamRow, TrendStep


@dataclass(frozen=True, slots=True)
class PageHead:
    """What every page says of itself: instants in ms UTC, ``window`` as ``28d``.

    ``known_from_ms`` is from when on events tell what happened in the window; absent
    where they do of all of it, or of nothing.
    """

    now_ms: int
    evaluated_at_ms: int
    window: str
    organisation: str = ""
    provisional: bool = False
    version: str = ""
    notices: tuple[str, ...] = ()
    known_from_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PartRow:
    """Seconds of a window by what they are.

    ``what`` is a component of waiting, else ``active``, ``own_failure`` or
    ``unclassified``, as ``friction explain --component`` takes it; ``phase`` acute,
    chronic or response of a wait, or the work class of active time. ``on_team`` is
    empty where nobody is waited for. Time in no number has no parts: no total of it
    is kept.
    """

    what: str
    phase: str
    on_team: str
    seconds: float


@dataclass(frozen=True, slots=True)
class OpenCount:
    """How many waits are open now for one reason; ``on_team`` as in a part."""

    what: str
    on_team: str
    number: int


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One team in the window: its row, all it waits for, all who wait on it.

    ``parts`` are what is charged to the team, ``asked`` what is charged to others
    that wait on it (then ``on_team`` of the row is the team that waits). Both come
    with the costliest first. ``open_waits`` and ``open_asked`` are what is open of both
    now, whether it costs anything or not.
    """

    head: PageHead
    row: TeamRow
    parts: tuple[PartRow, ...]
    asked: tuple[PartRow, ...]
    trend: tuple[TrendStep, ...]
    open_waits: tuple[OpenCount, ...] = ()
    open_asked: tuple[OpenCount, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment, clipped to the window: ``share`` is 0 to 1, times in ms UTC.

    ``entity`` is the ticket, change, run or deploy that made it, ``url`` where its
    tool shows it: an http or https address, else empty.
    """

    what: str
    phase: str
    on_team: str
    entity: str
    url: str
    start_ms: int
    end_ms: int
    share: float
    seconds: float


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item behind a number, with what it adds and the segments that make it.

    ``segments_left_out`` counts those beyond what a page shows of one item; from
    ``start_ms`` to ``end_ms`` (ms UTC) are all of them.
    """

    item: str
    url: str
    seconds: float
    segments: tuple[SegmentRow, ...]
    start_ms: int
    end_ms: int
    segments_left_out: int = 0


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A wait that is open now, since an instant (ms UTC).

    ``effect`` is whether it adds to a number now, or why not, as `friction explain`
    says it; ``item`` and ``url`` are of the thing that waits.
    """

    what: str
    on_team: str
    item: str
    url: str
    start_ms: int
    effect: str


@dataclass(frozen=True, slots=True)
class OpenRows:
    """The waits that are open, the oldest first, and how many there are of them."""

    number: int
    rows: tuple[OpenRow, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Which number is opened: as ``friction explain`` asks; ``None`` asks about all."""

    team: str
    on_team: str | None = None
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the items behind a number, the one that ended last first.

    ``total_seconds`` is the number as published; the items of all pages sum to it
    exactly. ``after`` continues this list (opaque, for an address), empty on the
    last page; ``parts`` split the number. ``open_now`` are its waits that are open now,
    whether they add to it or not: on the first page of a number that has waits.
    """

    head: PageHead
    question: Question
    total_seconds: float
    parts: tuple[PartRow, ...]
    items: tuple[ItemRow, ...]
    after: str = ""
    open_now: OpenRows | None = None


class NoSuchTeam(LookupError):  # noqa: N818 - a condition, as in errors.py
    """No team of this name is in the directory or has anything charged."""


class ShownTogether(NoSuchTeam):
    """There is such a ``team``, and no page of its own: it is shown as ``name``."""

    def __init__(self, team: str, name: str) -> None:
        """Remember both."""
        super().__init__(team)
        self.team, self.name = team, name


class NoSuchComponent(LookupError):  # noqa: N818 - a condition, as in errors.py
    """Nothing that is summed is called so."""


class BadPosition(ValueError):  # noqa: N818 - a condition, as in errors.py
    """The address continues no list that was given out."""


class LedgerSource(Protocol):
    """Opens numbers for the pages; called from HTTP threads, several at once."""

    def named(self, team: str) -> str:
        """The id that the team has now, if it had this one before; else the name."""

    def team(self, team: str) -> TeamPage | None:
        """The team's page; none while catching up. Raises NoSuchTeam."""

    def listing(self, question: Question, after: str = "") -> Listing | None:
        """The items behind a number; none while catching up.

        Raises NoSuchTeam, NoSuchComponent, BadPosition.
        """


__all__ = [
    "BadPosition",
    "ItemRow",
    "LedgerSource",
    "Listing",
    "NoSuchComponent",
    "NoSuchTeam",
    "OpenCount",
    "OpenRow",
    "OpenRows",
    "PageHead",
    "PartRow",
    "Question",
    "SegmentRow",
    "ShownTogether",
    "TeamPage",
    "TrendStep",
]
