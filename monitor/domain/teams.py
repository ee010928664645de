"""Teams, their dated facts, and the reserved ids, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, NamedTuple, Protocol

from monitor.domain.facts import Fields
from monitor.domain.working_time import Calendar

UNKNOWN: Final = "unknown"
EXTERNAL: Final = "external"
OTHER: Final = "other"
RESERVED: Final = frozenset({UNKNOWN, EXTERNAL, OTHER})

TeamKind = Literal["stream", "platform", "enabling", "subsystem"]

# Labels every self-hosted runner has, and GitHub's runner group for those in no other:
# they name a pool only when nothing else does.
COMMON_POOL_LABELS: Final = frozenset(
    {
        "default",
        "self-hosted",
        "linux",
        "windows",
        "macos",
        "x64",
        "x86",
        "arm",
        "arm64",
    }
)

# Before every instant: the start of a schedule's first entry.
BEGINNING: Final = -(2**62)


class Since(NamedTuple):
    """From ``start`` (milliseconds) on, ``team`` holds, until the next entry."""

    start: int
    team: str


# Sorted by start, the first entry at BEGINNING, never empty; two neighbours
# never name the same team.
Schedule = tuple[Since, ...]


def pool_name(labels: Sequence[str]) -> str:
    """The label that names the pool: the first that not every runner has."""
    own = (label for label in labels if label.casefold() not in COMMON_POOL_LABELS)
    return next(own, labels[0])


def always(team: str) -> Schedule:
    """The schedule that never changes."""
    return (Since(BEGINNING, team),)


def team_at(schedule: Schedule, instant: int) -> str:
    """The team of the schedule at an instant."""
    team = schedule[0].team
    for entry in schedule:
        if entry.start > instant:
            break
        team = entry.team
    return team


@dataclass(frozen=True, slots=True)
class Team:
    """A team of the directory. ``headcount`` is dated: (from ms, people).

    ``absence_share`` is the part of its working time that people are away.
    ``formerly``: ids that it had before, by which older events name it.
    """

    id: str
    kind: TeamKind
    kind_defaulted: bool
    domain: str
    headcount: tuple[tuple[int, float], ...] | None
    calendar: Calendar
    absence_share: Fraction = Fraction(0)
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """What holds for all teams.

    ``engineer_cost_per_hour`` absent: no money; ``platform_pms``: nobody said.
    """

    name: str
    engineer_cost_per_hour: float | None
    currency: str
    budget: float
    platform_pms: int | None
    platform_domains: tuple[str, ...]
    calendar: Calendar


class Directory(Protocol):
    """Who owns what, as of a time. Every method is pure and may be cached."""

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits of the file's content."""

    @property
    def provisional(self) -> bool:
        """Whether the teams were made from the data, for want of a file."""

    @property
    def organisation(self) -> Organisation:
        """What holds for all teams."""

    @property
    def teams(self) -> dict[str, Team]:
        """Every team of the file, by id, in the file's order."""

    @property
    def formerly(self) -> Mapping[str, str]:
        """A team's id of now by each word that stands for one it had before, folded."""

    @property
    def projects(self) -> frozenset[str]:
        """Upper-case tracker project keys the file names (``CHK``)."""

    def team(self, name: str) -> Team | None:
        """What is known of the team of this id; of a reserved id nothing."""

    def named(self, name: str) -> str:
        """The team an event names explicitly: its id, or ``unknown``."""

    def listed(self, name: str) -> str:
        """The team that a text means, which need not be the name of one.

        Only one of ``teams``, however provisional these are; else ``unknown``.
        """

    def owner(self, fields: Fields) -> Schedule | None:
        """The owner by the first claimed of: areas, service, repository, project.

        ``None`` when no rule claims any of the references.
        """

    def repository(self, repo: str) -> Schedule | None:
        """The owner of a repository, paths apart."""

    def service(self, service: str) -> Schedule | None:
        """The owner of a service."""

    def project(self, project: str) -> Schedule | None:
        """The owner of a tracker project."""

    def group(self, group: str) -> Schedule | None:
        """The team behind a reviewer or approver group (``@acme/platform``)."""

    def pool(self, labels: tuple[str, ...], *, hosted: bool = False) -> Schedule | None:
        """The owner of a runner pool, by its group or any label.

        ``hosted``: the runners are a vendor's; then only a claim gives them to a team.
        """

    def pipeline(self, name: str) -> Schedule | None:
        """The team that claims ``owner/repo/workflow/job`` itself, if any."""

    @property
    def accounts(self) -> frozenset[str]:
        """Who owns the repositories and groups that the file names, folded."""

    @property
    def persons(self) -> Mapping[str, tuple[str, ...]]:
        """The handles of everybody who goes by a name, folded, at any provider."""

    def memberships(self, handle: str, instant: int) -> tuple[str, ...]:
        """The teams a person is in at an instant, sorted."""

    def services(self, provider: str, consumer: str) -> Sequence[tuple[int, int]]:
        """From when to when the provider is declared to serve the team as a service.

        Spans in ms, which may overlap.
        """

    def role(self, handle: str) -> str | None:
        """The person's role, such as ``manager`` or ``staff``."""

    def calendar(self, team: str) -> Calendar:
        """The team's calendar; the organisation's for reserved or unknown teams."""


def is_stream(team: str, directory: Directory) -> bool:
    """Whether the team of this id builds features."""
    found = directory.team(team)
    return found is not None and found.kind == "stream"
