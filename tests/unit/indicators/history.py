"""Histories written briefly: a kind, ``Mon 10:00``, a thing, and what it says.

Weeks are counted from Monday 2026-03-02; ``Tue+1 09:00`` is in the week after.
What an item's time became is read as a table of seconds with short keys:
``checkout>platform ticket_blocked acute``, ``checkout feature``, ``checkout (idle)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.items import (
    EntityType,
    ItemFacts,
    Profile,
    RedSince,
    entity_type,
    in_order,
)
from monitor.domain.jobs import JobName
from monitor.domain.making import make_fact
from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.runs import whole
from monitor.domain.teams import Directory
from monitor.domain.timeline import UNIT, Segment, Sort, Timeline
from monitor.domain.untold import with_untold
from monitor.indicators.evaluate import evaluate
from monitor.indicators.timelines.profile import Telling
from monitor.indicators.totals.instant import amount_between
from tests.harness.driving import directory_of

_MONDAY: Final = 1_772_409_600_000  # 2026-03-02T00:00:00Z
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE

TEAMS: Final = """
version: 1
organisation:
  name: Acme
  engineer_cost_per_hour: 100
  budget: 0.20
  calendar: {zone: UTC, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"]}
teams:
  - id: checkout
    kind: stream
    headcount: 4
    owns: [{repo: acme/shop}, {jira: CHK}, {service: till}]
  - id: search
    kind: stream
    headcount: 3
    owns: [{repo: acme/find}, {jira: SRCH}]
  - id: platform
    kind: platform
    headcount: 5
    owns:
      - {repo: acme/base}
      - {repo: acme/mono}
      - {jira: PLT}
      - {pool: large}
      - {group: "@acme/platform"}
      - {pipeline: acme/shop/ci/shared}
  - id: data
    kind: stream
    owns: [{group: "@acme/data"}, {path: {repo: acme/mono, pattern: /reports/**}}]
  - id: berlin
    kind: stream
    headcount: 2
    calendar: {zone: Europe/Berlin}
  - id: always
    kind: stream
    calendar:
      days: [mon, tue, wed, thu, fri, sat, sun]
      hours: ["00:00", "24:00"]
"""
DIRECTORY: Final[Directory] = directory_of(TEAMS)


def at(when: str) -> int:
    """An instant in milliseconds: ``Mon 10:00``, ``Tue+1 09:00:30``."""
    day, _, clock = when.partition(" ")
    name, _, weeks = day.partition("+")
    days = _DAYS.index(name) + 7 * int(weeks or 0)
    hours, minutes, *rest = (float(part) for part in clock.split(":"))
    seconds = hours * 3600 + minutes * 60 + (rest[0] if rest else 0)
    return _MONDAY + days * 24 * HOUR + round(seconds * 1_000)


def fact(
    kind: str, when: str, entity: str, *, revision: int = 0, **fields: Any
) -> Fact:
    """One fact about a thing, with the fields of the internal model."""
    known = cast("Fields", fields)
    return make_fact(
        Kind(kind), at(when), entity, "tracker.example", known, revision=revision
    )


def started(
    when: str = "Mon 09:00", entity: str = "CHK-1", team: str = "checkout", **more: Any
) -> Fact:
    """Work on a feature ticket begins."""
    fields = {"team": team, "work_class": "feature", **more}
    return fact("ticket.started", when, entity, **fields)


# Platform takes it on, hands it on, and breaks something of it meanwhile.
HANDED_ON: Final = (
    started(),
    fact("ticket.assigned", "Mon 10:00", "CHK-1", to_team="platform"),
    fact("ticket.accepted", "Mon 11:00", "CHK-1", team="platform"),
    fact("ticket.assigned", "Mon 12:00", "CHK-1", to_team="search"),
    fact(
        "run.finished",
        "Mon 13:00",
        "r-1",
        outcome="failure",
        pipeline="build",
        cause_teams=["platform"],
    ),
)


def done(when: str, entity: str = "CHK-1") -> Fact:
    """A ticket is done."""
    return fact("ticket.done", when, entity)


def item_of(
    facts: Iterable[Fact],
    key: str = "CHK-1",
    blockers: Mapping[str, Profile] | None = None,
    reds: Mapping[tuple[str, int, JobName], RedSince] | None = None,
) -> ItemFacts:
    """The facts as one item; runs and pushes are of the change they name.

    Changes and sub-tasks belong to what they name as their item or parent.
    """
    of_entities: dict[str, list[Fact]] = {}
    for one in facts:
        of_entities.setdefault(one.entity, []).append(one)
    joined = [one for own in of_entities.values() for one in whole(own)]
    ordered = with_untold(in_order(joined))
    roots = [entity_type(f) for f in ordered if f.entity == key]
    changes = {f.entity: f.fields["change"] for f in ordered if "change" in f.fields}
    root = roots[0] if roots else EntityType.TICKET
    told, red = dict(blockers or {}), dict(reds or {})
    placed = {**_above(ordered, key), **changes}
    return ItemFacts(key, root, ordered, changes, told, red, placed)


def _above(facts: Iterable[Fact], root: str) -> dict[str, str]:
    work = [f for f in facts if f.kind.startswith(("change.", "ticket."))]
    named = ((f.entity, f.fields.get("item", f.fields.get("parent"))) for f in work)
    return {one: above for one, above in named if above and above != root}


def blocker(
    *facts: Fact, key: str = "PLT-1", directory: Directory = DIRECTORY
) -> dict[str, Profile]:
    """What a blocking ticket tells those who wait for it."""
    return {key: Telling(item_of(facts, key), directory).profile(key)}


def key_of(segment: Segment) -> str:
    """The short name of what a segment adds to."""
    match segment.sort:
        case Sort.WAIT:
            named = f"{segment.component} {segment.phase}"
            return f"{segment.team}>{segment.on_team} {named}"
        case Sort.ACTIVE:
            return f"{segment.team} {segment.phase}"
        case Sort.UNACCRUED:
            return f"{segment.team} ({segment.phase})"
        case Sort.OWN_FAILURE:
            what = "own failure" if segment.phase == "ci" else f"own {segment.phase}"
            return f"{segment.team} {what}"
        case Sort.UNCLASSIFIED:
            return f"{segment.team} unclassified part"


def seconds_by_key(
    timelines: Iterable[Timeline],
    until: str,
    since: str = "Mon 00:00",
    directory: Directory = DIRECTORY,
) -> dict[str, float]:
    """Seconds between two instants by short key, nothing that is zero."""
    amounts: dict[str, int] = {}
    for timeline in timelines:
        for segment in timeline.segments:
            amount = amount_between(segment, directory, at(since), at(until))
            if amount:
                key = key_of(segment)
                amounts[key] = amounts.get(key, 0) + amount
    return {key: round(amount / UNIT / 1_000, 6) for key, amount in amounts.items()}


@dataclass(frozen=True)
class Case:
    """One rule: a history, and what becomes of its time up to an instant."""

    rule: str
    facts: tuple[Fact, ...]
    expected: Mapping[str, float]
    until: str = "Mon 17:00"
    key: str = "CHK-1"
    blockers: Mapping[str, Profile] = field(default_factory=dict)
    reds: Mapping[tuple[str, int, JobName], RedSince] = field(default_factory=dict)
    model: Model = DEFAULT_MODEL
    directory: Directory = DIRECTORY

    def timelines(self) -> tuple[Timeline, ...]:
        """The timelines of the case's item."""
        item = item_of(self.facts, self.key, self.blockers, self.reds)
        return evaluate(item, self.directory, self.model)

    def found(self) -> dict[str, float]:
        """What the evaluation makes of the history."""
        return seconds_by_key(self.timelines(), self.until, directory=self.directory)


def rule_of(case: Case) -> str:
    """The name a table's row is reported by."""
    return case.rule
