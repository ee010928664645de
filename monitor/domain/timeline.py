"""Segments and timelines: what one item costs whom, with its own future in it.

A timeline is a pure function of an item's facts. Every segment ends, so nothing
is scheduled: a total at an instant is the sum of the segments clipped there.
"""

from __future__ import annotations

import enum
from typing import Final, Literal, NamedTuple

# A share is an integer number of these units; equal splits over up to 16 teams
# and 16 components are exact, and shares of one instant always sum to UNIT.
UNIT: Final = 720_720 * 720_720

# Calendar of segments that run round the clock (incidents).
WALL: Final = "wall"

# What of the team's own has failed.
FailureKind = Literal["ci", "deploy"]


class Component(enum.StrEnum):
    """The thirteen components of coordination cost."""

    CI_QUEUE = "ci_queue"
    CI_SHARED_FAILURE = "ci_shared_failure"
    CI_FLAKY = "ci_flaky"
    TICKET_BLOCKED = "ticket_blocked"
    DEPENDENCY_LINK = "dependency_link"
    TICKET_REQUEST = "ticket_request"
    HANDOFF = "handoff"
    REOPEN = "reopen"
    REVIEW_WAIT = "review_wait"
    DEPLOY_APPROVAL = "deploy_approval"
    DEPLOY_FREEZE = "deploy_freeze"
    DEPLOY_FAILURE = "deploy_failure"
    INCIDENT = "incident"


class Sort(enum.StrEnum):
    """What a segment is: which family of numbers it adds to."""

    WAIT = "wait"  # on_team, component, phase
    ACTIVE = "active"  # phase holds the work class
    UNACCRUED = "unaccrued"  # phase: idle, stale, internal, pending
    OWN_FAILURE = "own_failure"  # part of ACTIVE, shares sum to 1; phase: FailureKind
    UNCLASSIFIED = "unclassified"  # beside ACTIVE, not in the one-second law


class Segment(NamedTuple):
    """A stretch of one item's time, charged to one team.

    ``start`` and ``end`` are milliseconds UTC; the length that counts is the
    working time between them on ``calendar`` (a team id, or ``wall``), times
    ``share / UNIT``. ``entity`` is kept for what made it, and empty today.
    """

    sort: Sort
    team: str
    on_team: str
    component: str
    phase: str
    start: int
    end: int
    share: int
    calendar: str
    entity: str = ""


class Wait(NamedTuple):
    """One foreign wait in flight, halting or not: what is counted and timed.

    ``duration`` is in milliseconds of the charged team's calendar from ``start``
    to ``end``; ``closed`` is false where only a limit (cap, stale, idle) ended it,
    and for waits whose end lies in the future of every fact. ``earlier`` is for how
    long, in milliseconds by the wall, what it waits for had been so before ``start``:
    waits of one failure in several flights, or under several names, began together.
    """

    team: str
    on_team: str
    component: str
    start: int
    end: int
    duration: int
    earlier: int = 0


class Tally(NamedTuple):
    """A countable moment: a handoff, a return, a ping-pong, a clamped negative."""

    name: str
    team: str
    on_team: str
    time: int


class Measured(enum.StrEnum):
    """What of an item's delivery is counted or timed (indicators 4), and its exposure.

    Exposure is what an item may be held up by, and pays nothing for (indicators 1.3).
    """

    DEPLOYS = "deploys"  # label: the cause of a failure, `none` of a success
    UNPLANNED = "unplanned"  # deploys made because of a production incident
    RECOVERY = "recovery"  # value: a failed deploy to what ended it
    LEAD_TIME = "lead_time"  # value: a change's first commit to production
    DONE = "done"  # label: the class of what was done
    FLOW_TIME = "flow_time"  # value: start to done
    IN_FLIGHT = "in_flight"  # value: 1 entered flight, -1 left it
    REQUESTS_OPENED = "requests_opened"
    REQUESTS_CLOSED = "requests_closed"
    OPEN_LINKS = "open_links"  # label: the blocker's team; 1 opened, -1 closed
    UNSTARTED = "unstarted"  # value: how long a ticket waits from then to be begun


# What is timed; the rest is counted.
TIMED: Final = frozenset({Measured.RECOVERY, Measured.LEAD_TIME, Measured.FLOW_TIME})
# What is no delivery.
EXPOSED: Final = frozenset({Measured.OPEN_LINKS, Measured.UNSTARTED})


class Measure(NamedTuple):
    """One observation of delivery at an instant (ms), for the team it is counted for.

    ``value`` is a span in wall milliseconds where something is timed, else how many.
    ``place`` is where a deploy went, and is no label: it orders deploys, no more.
    """

    name: Measured
    team: str
    label: str
    time: int
    value: int = 1
    place: str = ""


class Timeline(NamedTuple):
    """What one item costs whom, from its first to its last instant."""

    item: str
    segments: tuple[Segment, ...] = ()
    waits: tuple[Wait, ...] = ()
    tallies: tuple[Tally, ...] = ()
    measures: tuple[Measure, ...] = ()
