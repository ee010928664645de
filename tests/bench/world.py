"""The organisation of the measurements: teams, its teams file, its configuration."""

from pathlib import Path
from typing import Final

from monitor.directory.teams_file import parse
from monitor.domain.teams import Directory

# Who is waited for; all other teams are stream teams.
PLATFORMS: Final = 15


def team(number: int) -> str:
    """The id of a team; it owns the repository and the project of that number."""
    return f"team-{number}"


def project(number: int) -> str:
    """The key of a team's project, as its tickets begin."""
    return f"P{number}"


def repository(number: int) -> str:
    """The repository of a team."""
    return f"acme/service-{number}"


def teams_yaml(teams: int) -> str:
    """A teams file of so many teams, the first fifteen of them platforms."""
    head = (
        "version: 1\norganisation: {name: Acme, engineer_cost_per_hour: 100}\nteams:\n"
    )
    return head + "".join(map(_entry, range(teams)))


def _entry(number: int) -> str:
    kind = "platform" if number < PLATFORMS else "stream"
    owns = (
        f"{{repo: {repository(number)}}}, {{jira: {project(number)}}}, "
        f"{{pool: pool-{number}}}, {{group: '@acme/{team(number)}'}}"
    )
    return (
        f"  - {{id: {team(number)}, kind: {kind}, domain: d{number % 7}, "
        f"headcount: 5, owns: [{owns}]}}\n"
    )


def directory_of(teams: int) -> Directory:
    """The directory of that file."""
    found = parse(teams_yaml(teams))
    assert not isinstance(found, tuple), found
    return found


def write_config(
    folder: Path,
    bootstrap: str,
    topic: str,
    *,
    teams: int,
    state: Path,
    port: int,
    provider: str | None = None,
) -> Path:
    """Write ``friction.toml`` and its teams file; settle is 0, all else as shipped."""
    folder.mkdir(parents=True, exist_ok=True)
    people = folder / "teams.yaml"
    people.write_text(teams_yaml(teams))
    hint = f', provider = "{provider}"' if provider else ""
    config = folder / "friction.toml"
    config.write_text(
        f'[kafka]\nbootstrap_servers = "{bootstrap}"\n'
        f'topics = [{{name = "{topic}"{hint}}}]\n'
        f'[directory]\npath = "{people}"\n'
        f'[state]\npath = "{state}"\n'
        f'[http]\nhost = "127.0.0.1"\nport = {port}\n'
        "[model]\nsettle_seconds = 0\n"
    )
    return config
