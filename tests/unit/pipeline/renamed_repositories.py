"""Bodies of a repository under its names, and what the pipeline makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice, permutations
from typing import Any

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Record
from monitor.domain.timeline import UNIT, Measured, Sort
from monitor.indicators.totals.instant import amount_between
from monitor.relate.packed_rows import unpack
from tests.harness.driving import Drive, directory_of
from tests.harness.plain_calendar import instant

DIRECTORY = directory_of("""
version: 1
organisation: {name: Acme}
teams:
  - {id: shop, owns: [{repo: acme/shop}, {repo: acme/store}], members: ['github:dev-a']}
  - {id: pay, owns: [{repo: acme/pay}], members: ['github:dev-b']}
  - {id: platform, kind: platform, owns: [{pool: self-hosted}, {pipeline: acme/*/ci/*}]}
""")
HOUR = 3_600
SHOP = {"id": 11, "full_name": "acme/shop", "default_branch": "main"}
# The same one later, and what has its first name then.
STORE = {**SHOP, "full_name": "acme/store"}
NEW_SHOP = {**SHOP, "id": 44}
Repository = dict[str, Any]
Told = tuple[str | None, dict[str, Any]]
Spent = dict[tuple[str, str, str], int]


def at(clock: str, day: int = 2) -> str:
    return f"2026-03-{day:02}T{clock}:00Z"


def pull(
    home: Repository, time: str, author: str = "dev-a", number: int = 7, **shown: Any
) -> Told:
    """Opened at nine; merged where that is shown."""
    made = {
        "number": number,
        "created_at": at("09:00"),
        "updated_at": time,
        "closed_at": shown.get("merged_at"),
        "user": {"login": author, "type": "User"},
        "head": {"ref": "feat", "sha": "a" * 40},
        **shown,
    }
    body = {"action": "edited", "pull_request": made, "repository": home}
    return "pull_request", body


def merged(home: Repository, time: str, author: str = "dev-a", **shown: Any) -> Told:
    return pull(home, time, author, merged_at=time, **shown)


def job(
    home: Repository, queued: str, ended: str, conclusion: str, **shown: Any
) -> Told:
    """A vendor's runner takes it at once, unless something else is shown."""
    made = {
        "id": int(queued[8:10] + queued[11:13] + queued[14:16]),
        "name": "unit",
        "workflow_name": "ci",
        "status": "completed",
        "conclusion": conclusion,
        "created_at": queued,
        "started_at": queued,
        "completed_at": ended,
        "head_sha": "a" * 40,
        "head_branch": "feat",
        "labels": ["ubuntu-latest"],
        **shown,
    }
    body = {"action": "completed", "workflow_job": made, "repository": home}
    return "workflow_job", body


def push(home: Repository, time: str, sha: str, branch: str = "feat") -> Told:
    return "push", {
        "ref": f"refs/heads/{branch}",
        "after": sha,
        "commits": [],
        "sender": {"login": "dev-a", "type": "User"},
        "repository": {**home, "pushed_at": time},
    }


def deployed(
    home: Repository,
    number: int,
    time: str,
    state: str,
    sha: str,
    created: str = at("11:30"),
) -> Told:
    """A deployment of a commit to production came to an end."""
    made = {
        "id": number,
        "sha": sha,
        "environment": "production",
        "created_at": created,
    }
    status = {"state": state, "created_at": time}
    return "deployment_status", {
        "deployment": made,
        "deployment_status": status,
        "repository": home,
    }


def measured(told: Iterable[Told], name: Measured) -> list[tuple[str, str, int]]:
    """Item, clock and minutes of every such measure."""
    midnight = instant(at("00:00"))
    return sorted(
        (timeline.item, f"{clock // 60:02}:{clock % 60:02}", one.value // 60_000)
        for timeline in driven(told, at("17:00")).timelines()
        for one in timeline.measures
        if one.name is name
        for clock in [(one.time - midnight) // 60_000]
    )


def native(kind: str, time: str, entity: str, **fields: Any) -> Told:
    stated = {"schema": "friction.event.v1", "id": entity, "source": "ci.example"}
    return None, {**stated, "kind": kind, "time": time, "entity": entity, **fields}


def facts_of(told: Told) -> list[Fact]:
    event, body = told
    headers = () if event is None else (("X-GitHub-Event", event.encode()),)
    record = Record("t", 0, 0, None, None, headers, json.dumps(body).encode())
    decoded = decode(record, NO_HINT, DecodeSettings())
    assert not decoded.reasons, decoded.reasons
    return [attribute(fact, DIRECTORY) for fact in decoded.facts]


def driven(told: Iterable[Told], end: str) -> Drive:
    """One batch for each body."""
    drive = Drive(DIRECTORY, instant(end))
    for body in told:
        drive.take(facts_of(body))
    return drive


def spent(told: Iterable[Told], end: str = at("17:00")) -> dict[str, Spent]:
    """Seconds by item, team, who is waited for and what; nothing that is idle."""
    found: dict[str, Spent] = {}
    for timeline in driven(told, end).timelines():
        for one in timeline.segments:
            if one.sort not in (Sort.WAIT, Sort.ACTIVE):
                continue
            is_wait = one.sort is Sort.WAIT
            what = str(one.component) if is_wait else one.phase
            key = one.team, one.on_team if is_wait else "", what
            amount = amount_between(one, DIRECTORY, 0, instant(end)) // UNIT // 1_000
            if amount:
                of_item = found.setdefault(timeline.item, {})
                of_item[key] = of_item.get(key, 0) + amount
    return found


def own_failures(told: Iterable[Told]) -> dict[str, int]:
    """Seconds that items lay broken by their own team, summed up."""
    found: dict[str, int] = {}
    for timeline in driven(told, at("17:00")).timelines():
        for one in timeline.segments:
            if one.sort is Sort.OWN_FAILURE:
                amount = amount_between(one, DIRECTORY, 0, instant(at("17:00")))
                known = found.get(timeline.item, 0)
                found[timeline.item] = known + amount // UNIT // 1_000
    return found


def kept_with(told: Iterable[Told], end: str = at("17:00")) -> dict[str, str]:
    """With which item everything is kept."""
    stored = driven(told, end).state.scan("items")
    rows = [unpack(packed) for _, packed in stored]
    return {entity: row.key for row in rows for entity in row.sections}


def orders(told: Sequence[Told]) -> list[list[Told]]:
    """Some orders of arrival, the first and the last of all among them."""
    every = list(islice(permutations(told), 720))
    return [list(one) for one in (*every[:: max(1, len(every) // 24)], told[::-1])]
