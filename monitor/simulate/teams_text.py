"""The organisation as a ``teams.yaml``, the only way the product knows it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from monitor.simulate.organisation import ORGANISATION, SimOrganisation, SimTeam
from monitor.simulate.promises import Promise

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def teams_yaml(organisation: SimOrganisation) -> str:
    """The organisation as a ``teams.yaml``, the only way the product knows it."""
    head = [
        "# Written by the simulator: no team and no person in it is real.",
        "version: 1",
        "organisation:",
        "  name: Acme (simulated)",
        "  engineer_cost_per_hour: 100",
        "  budget: 0.20",
        "  platform: {pms: 0, domains: [developer-platform]}",
        *_roles(organisation),
        (
            '  calendar: {zone: UTC, days: [mon, tue, wed, thu, fri], hours: ["09:00", '
            f'"17:00"], holidays: [{_dates(organisation.holidays)}]}}'
        ),
        "teams:",
    ]
    lines = [line for team in organisation.teams for line in _entry(team, organisation)]
    return "\n".join([*head, *lines]) + "\n"


def _roles(organisation: SimOrganisation) -> list[str]:
    if not organisation.leads:
        return []
    roles = [f'{role}: ["jira:{handle}"]' for role, handle in organisation.leads]
    return [f"  roles: {{{', '.join(roles)}}}"]


def _served(team: SimTeam, organisation: SimOrganisation) -> list[str]:
    """Whom the team serves as a service, and from when to when."""
    promised = [
        f"{{team: {consumer}{_dated(promise)}}}"
        for promise in organisation.promises
        if promise.provider == team.id
        for consumer in promise.consumers
    ]
    return [f"    as_a_service_to: [{', '.join(promised)}]"] if promised else []


def _dated(promise: Promise) -> str:
    ends = (("from", promise.since), ("to", promise.until))
    return "".join(f", {word}: {day}" for word, day in ends if day is not None)


def _dates(days: tuple[dt.date, ...]) -> str:
    return ", ".join(day.isoformat() for day in days)


def _entry(team: SimTeam, organisation: SimOrganisation) -> list[str]:
    hours = team.hours
    days = ", ".join(_DAYS[day] for day in hours.days)
    owns = [f"repo: {repo}" for repo in team.repos]
    owns += [f"jira: {team.project}", f"service: {team.service}"]
    owns.append(f"service: {team.worker}")
    owns += [f'group: "{team.group}"', f'group: "jira:team:{team.id}"']
    if organisation.jira_ways == "all":
        owns.append(f'group: "jira:component:*/{team.id}"')
    if team.pool:
        owns.append(f"pool: {team.pool}")
    if team == organisation.pipeline_owner:
        owns.append(f'pipeline: "{ORGANISATION}/*/*/e2e"')
    handles = [f"{tool}:{n}" for tool in ("github", "jira") for n in team.members]
    handles += [f"github:{n}" for n, teams in organisation.staff if team.id in teams]
    members = ", ".join(
        [*(f'"{handle}"' for handle in handles), *_movers(team, organisation)]
    )
    return [
        f"  - id: {team.id}",
        f"    kind: {team.kind}",
        f"    domain: {team.domain}",
        f"    headcount: {_headcount(team)}",
        (
            f"    calendar: {{zone: {hours.zone}, days: [{days}], "
            f'hours: ["{_clock(hours.opens)}", "{_clock(hours.closes)}"]}}'
        ),
        "    owns:",
        *[f"      - {claim}" for claim in owns],
        f"    members: [{members}]",
        *_served(team, organisation),
    ]


def _movers(team: SimTeam, organisation: SimOrganisation) -> list[str]:
    """Who leaves the team, and who comes."""
    ends = [
        (mover, word)
        for mover in organisation.movers
        for word, id_ in (("to", mover.before), ("from", mover.after))
        if id_ == team.id
    ]
    return [
        f'{{person: "github:{mover.login}", {word}: {mover.day}}}'
        for mover, word in ends
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _headcount(team: SimTeam) -> str:
    (_, first), *later = team.headcount
    if not later:
        return str(first)
    # A dated list needs a first date: one before any simulated world.
    parts = [f"{{from: 2015-01-01, value: {first}}}"]
    parts += [f"{{from: {day}, value: {value}}}" for day, value in later]
    return f"[{', '.join(parts)}]"
