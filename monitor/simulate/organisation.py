"""The seeded organisation: teams, what they own, when they work, who is in them.

Nobody in it is a real person: logins are ``dev-17``.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace
from typing import Final, Literal

from monitor.domain.working_time import Calendar, Hours, calendar_of
from monitor.simulate import freezes, red_mains
from monitor.simulate.bodies.jira_things import Site, Ways, waiting_for
from monitor.simulate.freezes import Freeze
from monitor.simulate.people import Mover, Staff, movers_of, staff_of
from monitor.simulate.promises import Promise
from monitor.simulate.red_mains import RedMain
from monitor.simulate.settings import Simulation
from monitor.simulate.troubles.trouble_phases import Phase, phases_of

ORGANISATION: Final = "acme"
Voice = Literal["native", "mixed", "github"]
Tracker = Literal["native", "github", "jira"]
Kind = Literal["stream", "platform", "enabling"]

_STREAMS: Final = [
    "checkout",
    "search",
    "payments",
    "catalogue",
    "basket",
    "accounts",
    "shipping",
    "returns",
    "pricing",
    "loyalty",
    "inbox",
    "reports",
    "mobile",
    "partners",
    "ledger",
    "booking",
    "profile",
    "media",
    "feed",
    "identity",
]
_PLATFORMS: Final = ("platform", "data-platform", "runtime", "delivery")
_ENABLERS: Final = ("security", "quality", "experience")
_ZONES: Final = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Europe/London",
    "Australia/Sydney",
)
_LEADS: Final = (("manager", "lead-1"), ("director", "lead-2"), ("architect", "lead-3"))
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class SimTeam:
    """A team. ``voice`` is how its tools talk; ``pool`` its runners, if any.

    ``tracker`` is where its tickets are.
    ``twins``: an organisation's hook tells of its repositories, too.
    ``headcount`` is dated: the first entry's date is ``None`` (always), a second
    one says when the team grew.
    """

    id: str
    kind: Kind
    voice: Voice
    tracker: Tracker
    domain: str
    project: str
    repos: tuple[str, ...]
    service: str
    members: tuple[str, ...]
    headcount: tuple[tuple[dt.date | None, int], ...]
    hours: Hours
    pool: str
    twins: bool

    @property
    def calendar(self) -> Calendar:
        """The team's working time."""
        return calendar_of(self.hours)

    @property
    def worker(self) -> str:
        """Its other service, of which one story at a time deploys anything."""
        return f"{self.id}-worker"

    @property
    def group(self) -> str:
        """The team as a reviewer group."""
        return f"@{ORGANISATION}/{self.id}"


@dataclass(frozen=True, slots=True)
class SimOrganisation:
    """All teams; the first platform team owns every pipeline that ends in ``/e2e``.

    ``trouble`` is when nobody looks after the platform, in a troubled world; ``leads``
    are people of no team there, each a role and a handle in Jira. Those in two teams at
    once (``staff``), or in one after the other (``movers``), only review.
    """

    teams: tuple[SimTeam, ...]
    holidays: tuple[dt.date, ...]
    jira_site: Site
    jira_ways: Ways = "usual"
    freezes: tuple[Freeze, ...] = ()
    red_mains: tuple[RedMain, ...] = ()
    trouble: Phase | None = None
    promises: tuple[Promise, ...] = ()
    leads: tuple[tuple[str, str], ...] = ()
    staff: tuple[Staff, ...] = ()
    movers: tuple[Mover, ...] = ()

    @property
    def waiting_statuses(self) -> dict[str, str]:
        """The statuses that wait for a team, for ``[decode.jira]``; none usually."""
        if self.jira_ways == "usual":
            return {}
        return {waiting_for(team.id).lower(): team.id for team in self.teams}

    def is_calm(self, instant: int) -> bool:
        """Whether others break nothing then: only before and after a trouble."""
        trouble = self.trouble
        return trouble is not None and not trouble.start <= instant < trouble.end

    def broken_by(self, repo: str, job: str, instant: int) -> str:
        """Who had broken a job on the main branch by then; empty for nobody."""
        return red_mains.whose(self.red_mains, repo, job, instant)

    def by_kind(self, kind: Kind) -> tuple[SimTeam, ...]:
        """The teams of one kind, in order."""
        return tuple(team for team in self.teams if team.kind == kind)

    def named(self, name: str) -> SimTeam:
        """The team with this id."""
        return next(team for team in self.teams if team.id == name)

    @property
    def pipeline_owner(self) -> SimTeam:
        """Who owns the end-to-end pipelines of every repository."""
        return self.by_kind("platform")[0]


def make_organisation(config: Simulation) -> SimOrganisation:
    """The organisation of a world: about seven in ten teams are stream teams.

    There is at least one platform team; from four teams on, one enabling team.
    """
    chance = random.Random(f"organisation:{config.seed}:{config.teams}")
    kinds = _kinds(config.teams)
    middle = dt.datetime.fromtimestamp(
        (config.from_ms + config.until_ms) / 2_000, tz=dt.UTC
    ).date()
    holidays = tuple(middle + dt.timedelta(days=shift) for shift in (-9, 12))
    names = _names(kinds)
    teams: list[SimTeam] = []
    people = 0
    for index, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        size = chance.randint(3, 9)
        members = tuple(f"dev-{people + n + 1}" for n in range(size))
        people += size
        teams.append(
            _team(index, name, kind, members, middle, holidays, config, chance)
        )
    organisation = SimOrganisation(
        tuple(teams),
        holidays,
        config.jira_site,
        config.jira_ways,
        _freezes(teams, config),
        _red_mains(teams, config),
        staff=staff_of([team.id for team in teams]),
        movers=movers_of([team.id for team in teams], middle),
    )
    if config.habits == "usual":
        return organisation
    _, trouble, _ = phases_of(config)
    promises = (_promise(organisation, trouble),)
    in_trouble = tuple(
        one
        for one in organisation.red_mains
        if trouble.start <= one.start and one.end < trouble.end
    )
    return replace(
        organisation,
        red_mains=in_trouble,
        trouble=trouble,
        promises=promises,
        leads=_LEADS,
    )


def _promise(organisation: SimOrganisation, trouble: Phase) -> Promise:
    """In the trouble the platform promises to be a service to every stream team."""
    dates = [dt.datetime.fromtimestamp(at / 1_000, dt.UTC).date() for at in trouble]
    served = tuple(team.id for team in organisation.by_kind("stream"))
    return Promise(organisation.by_kind("platform")[0].id, served, *dates)


def _freezes(teams: list[SimTeam], config: Simulation) -> tuple[Freeze, ...]:
    chance = random.Random(f"freezes:{config.seed}:{config.teams}")
    services = [(team.id, team.service) for team in teams]
    owners = [team.id for team in teams if team.kind != "stream"]
    start, end = config.from_ms, config.until_ms
    return tuple(freezes.drawn(chance, services, owners, start, end))


def _red_mains(teams: list[SimTeam], config: Simulation) -> tuple[RedMain, ...]:
    chance = random.Random(f"red mains:{config.seed}:{config.teams}")
    repos = [(repo, team.id) for team in teams for repo in team.repos]
    names = [team.id for team in teams]
    return tuple(red_mains.drawn(chance, repos, names, config.from_ms, config.until_ms))


def _kinds(count: int) -> list[Kind]:
    if count < 2:
        raise ValueError("an organisation needs at least two teams")
    platforms = max(1, count // 5)
    enablers = max(1, count // 12) if count >= 4 else 0
    streams = count - platforms - enablers
    kinds: list[Kind] = ["stream"] * streams
    return [*kinds, *["platform"] * platforms, *["enabling"] * enablers]  # type: ignore[list-item]


def _names(kinds: list[Kind]) -> list[str]:
    pools = {"stream": _STREAMS, "platform": _PLATFORMS, "enabling": _ENABLERS}
    used: dict[str, int] = {}
    names: list[str] = []
    for kind in kinds:
        number = used.get(kind, 0)
        used[kind] = number + 1
        words = pools[kind]
        lap, place = divmod(number, len(words))
        names.append(words[place] if not lap else f"{words[place]}-{lap + 1}")
    return names


def _project(index: int) -> str:
    high, low = divmod(index, 26)
    return f"{_ALPHABET[high // 26 % 26]}{_ALPHABET[high % 26]}{_ALPHABET[low]}"


def _team(
    index: int,
    name: str,
    kind: Kind,
    members: tuple[str, ...],
    middle: dt.date,
    holidays: tuple[dt.date, ...],
    config: Simulation,
    chance: random.Random,
) -> SimTeam:
    voices: tuple[Voice, ...] = ("mixed", "github", "native")
    opens = chance.choice((8, 9, 9, 9, 10)) * 60
    sunday_first = index % 11 == 7
    hours = Hours(
        zone=_ZONES[index % len(_ZONES)],
        days=(6, 0, 1, 2, 3) if sunday_first else (0, 1, 2, 3, 4),
        opens=opens,
        closes=opens + 8 * 60,
        holidays=frozenset(holidays),
    )
    grown = (None, len(members)), (middle, len(members) + 2)
    repos = ("api", "web", "jobs")[: 1 + index % 3]
    return SimTeam(
        id=name,
        kind=kind,
        voice=voices[index % 3],
        tracker=_tracker(voices[index % 3], index, config),
        domain=f"domain-{index % 4 + 1}",
        project=_project(index),
        repos=tuple(f"{ORGANISATION}/{name}-{repo}" for repo in repos),
        service=f"{name}-api",
        members=members,
        headcount=grown if index % 5 == 2 else grown[:1],
        hours=hours,
        pool=f"{name}-runners" if kind == "platform" else "",
        twins=chance.random() < config.disorder.twin_share,
    )


def _tracker(voice: Voice, index: int, config: Simulation) -> Tracker:
    """Where tickets are; a draw of its own, so that all else stays as it is."""
    if voice == "github":
        return "github"
    chance = random.Random(f"tracker:{config.seed}:{index}")
    return "jira" if chance.random() < config.jira_share else "native"
