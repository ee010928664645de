"""What large organisations cost in one go: ``python -m tests.bench.many_teams``.

A push of 40 files under so many rules for paths, and the whole document of so many
teams that share one component: twice the rules should cost twice the processor time,
twice the teams four times, as its result is one of pairs.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.pipeline.batch import Batch, report_at
from tests.harness.driving import directory_of
from tests.harness.plain_calendar import instant

_AT: Final = instant("2026-03-10T00:00:00Z")
_MOMENT: Final = "2026-03-02T09:00:00Z"
_FILES: Final = 40

Body = dict[str, Any]


def _native(kind: str, entity: str, **fields: Any) -> Body:
    about = {"schema": "friction.event.v1", "id": "1", "source": "bench.example"}
    return {**about, "kind": kind, "time": _MOMENT, "entity": entity, **fields}


def _of_a_team(number: int) -> Iterator[Body]:
    """A ticket with a change in the team's repository and one in everybody's."""
    ticket = f"T-{number}"
    yield _native("ticket.started", ticket, team=f"t{number}")
    for name, repo in (("own", f"acme/own{number}"), ("shared", "acme/shared")):
        yield _native("change.opened", f"{name}-{number}", item=ticket, repo=repo)


def _batch(teams: str) -> Batch:
    directory = directory_of(f"version: 1\nteams:\n{teams}")
    return Batch(MemoryState(), directory, DecodeSettings(), DEFAULT_MODEL, _AT)


def _seconds(batch: Batch, bodies: Iterable[Body], event: str = "") -> float:
    """Of reading the bodies and of the document; ``event`` is GitHub's name of them."""
    headers = (("X-GitHub-Event", event.encode()),) if event else ()
    records = [
        Record("t", 0, offset, None, None, headers, json.dumps(body).encode())
        for offset, body in enumerate(bodies)
    ]
    before = time.process_time()
    batch.read(records)
    report_at(batch, None)
    return time.process_time() - before


def rules(count: int) -> float:
    """Seconds of a push of some files under so many rules."""
    owns = "".join(
        f"      - path: {{repo: acme/mono, pattern: /pkg{number}/**}}\n"
        for number in range(count)
    )
    paths = [f"pkg{number}/src/file.ts" for number in range(_FILES)]
    pushed = {
        "ref": "refs/heads/topic",
        "after": "ab",
        "repository": {"id": 1, "full_name": "acme/mono"},
        "commits": [{"id": "ab", "timestamp": _MOMENT, "modified": paths}],
    }
    batch = _batch(f"  - id: t0\n    owns:\n{owns}")
    taken = _seconds(batch, [pushed], "push")
    assert batch.records()["facts"] == 1
    return taken


def teams(count: int) -> float:
    """Seconds of the document of so many teams."""
    lines = (
        f"  - {{id: t{number}, owns: [{{repo: acme/own{number}}}]}}\n"
        for number in range(count)
    )
    bodies = chain.from_iterable(map(_of_a_team, range(count)))
    return _seconds(_batch("".join(lines)), bodies)


def main() -> None:
    """Print the processor seconds of some sizes."""
    for what, sizes in ((rules, (4_000, 8_000)), (teams, (125, 250, 500))):
        found = (f"{count:,} {what(count):.2f} s" for count in sizes)
        sys.stdout.write(f"{what.__name__}: {', '.join(found)}\n")


if __name__ == "__main__":
    main()
