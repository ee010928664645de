"""Lines for ``[decode.jira]``, as guesses: what a sample's Jira bodies call things."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Final

from monitor.config.guesses import MOST, address_lines, toml_table, toml_text
from monitor.decode.jira.looks import CATEGORIES, NAMES
from monitor.decode.jira.rules import JiraRules, word
from monitor.decode.jira.sample import JiraSample, Role
from monitor.directory.patterns import folded

_HEAD: Final = """\
# Guesses from the sample's Jira bodies, so all of them comments: what a site calls
# things only its people know. Take the `# ` from [decode.jira] and from each line that
# is right. Numbers are issues that show it. docs/jira.md explains every key.
# [decode.jira]"""
_ONE_SITE: Final = "if both are one site: the same issues were seen at both addresses"
_HELD_UP: Final = ("block", "hold", "imped", "stuck", "wait", "pending", "paus")
_WAITING: Final = re.compile(r"(?:waiting|wait|pending)(?: for| on)? (.+)")


def jira_lines(
    sample: JiraSample, rules: JiraRules, teams: Collection[str]
) -> list[str]:
    """The lines, none where the sample has nothing of Jira's that needs any.

    ``rules`` are what is known already: what they tell is said, not proposed. A status
    waits only for one of the ``teams``, by id.
    """
    lines = [
        *_fields("team_fields", "team", rules.team_fields, sample),
        *_fields("flagged_fields", "flag", rules.flagged_fields, sample),
        *_held_up(sample, rules, teams),
        *_classes(sample, rules),
        *_links(sample, rules),
        *address_lines("sites", _ONE_SITE, sample.sites, rules.sites),
    ]
    return [*_HEAD.splitlines(), *lines] if lines else []


def _fields(
    key: str, role: Role, known: Iterable[str], sample: JiraSample
) -> Iterator[str]:
    """A list replaces the usual one, so that it is given whole."""
    found = sample.holding(role)[:MOST]
    new = [name for name in found if name not in known]
    if new:
        yield f"# {key} = {_list([*known, *new])}"
    for name in found:
        title = sample.titles.get(name, "")
        called = f" {toml_text(title)}" if title else ""
        now = "" if name in new else ", read already"
        yield f"#   {name}{called}: {sample.fields[name]:,}{now}"


def _held_up(
    sample: JiraSample, rules: JiraRules, teams: Collection[str]
) -> Iterator[str]:
    """Statuses whose names say that an issue waits; those of a team name it."""
    named = [name for name in _most_seen(sample) if _is_held_up(name)]
    read = {*rules.blocked, *rules.waiting}
    new = list(dict.fromkeys(word(name) for name in named if word(name) not in read))
    awaited = {name: found[1] for name in new if (found := _WAITING.fullmatch(name))}
    blocked = [name for name in new if name not in awaited]
    ids = {folded(team): team for team in teams}
    waiting = {
        name: ids[folded(team)] for name, team in awaited.items() if folded(team) in ids
    }
    if blocked:
        yield f"# blocked_statuses = {_list([*sorted(rules.blocked), *blocked])}"
        yield from _counted(sample, blocked)
    if waiting:
        yield f"# waiting_statuses = {toml_table(waiting)}"
        yield "#   each with a team's id, as in teams.yaml, or external"
        yield from _counted(sample, waiting)
    if others := [name for name in awaited if name not in waiting]:
        yield "#   for waiting_statuses, with the id of a team, or external:"
        yield from _counted(sample, others)
    if old := [word(name) for name in named if word(name) in read]:
        yield "#   read as blocked or waiting already:"
        yield from _counted(sample, old)


def _classes(sample: JiraSample, rules: JiraRules) -> Iterator[str]:
    """Statuses that changelogs name and nothing tells the meaning of by itself."""
    known = {*NAMES, *rules.statuses, *rules.blocked, *rules.waiting}
    names = [
        name
        for name in _most_seen(sample)
        if name in sample.untold and word(name) not in known
    ]
    told = {name: sample.told.get(name, set()) for name in names}
    sure = {
        word(name): CATEGORIES[next(iter(found))]
        for name, found in told.items()
        if len(found) == 1 and found <= CATEGORIES.keys()
    }
    if sure:
        yield f"# statuses = {toml_table(sure)}"
        yield "#   by the category they have in a body; a changelog shows none"
        yield from _counted(sample, sure)
    if unsure := [word(name) for name in names if word(name) not in sure]:
        yield "#   in changelogs, and nothing tells todo, in_progress or done:"
        yield from _counted(sample, unsure)


def _links(sample: JiraSample, rules: JiraRules) -> Iterator[str]:
    """Types of links; one nobody knows blocks nobody until a line says otherwise."""
    types = sorted(sample.links.items(), key=lambda row: (-row[1], row[0]))[:MOST]
    new = {ends[0]: "none" for ends, _ in types if rules.links.keys().isdisjoint(ends)}
    if new:
        yield f"# link_types = {toml_table(new)}"
        yield "#   none, as now: write blocks or blocked where one of both waits"
    for (outward, inward), count in types:
        now = "" if outward in new else ", read already"
        yield f"#   {toml_text(outward)}, {toml_text(inward)}: {count:,} links{now}"


def _most_seen(sample: JiraSample) -> list[str]:
    found = sorted(sample.statuses, key=lambda name: (-sample.statuses[name], name))
    return list(islice(found, 10 * MOST))


def _is_held_up(name: str) -> bool:
    return any(part in word(name) for part in _HELD_UP)


def _counted(sample: JiraSample, names: Iterable[str]) -> Iterator[str]:
    """How many issues were in the statuses; one in two spellings counts in both."""
    for name in islice(names, MOST):
        seen = sum(n for one, n in sample.statuses.items() if word(one) == name)
        yield f"#   {toml_text(name)}: {seen:,}"


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(map(toml_text, names))}]"
