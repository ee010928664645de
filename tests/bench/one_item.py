"""What ten thousand facts on one item cost: ``python -m tests.bench.one_item``.

One item gets 2,500 facts, and another 10,000, of one shape after the other. Four times
the facts should cost some four times the processor time, not sixteen.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.pipeline.batch import Batch
from tests.harness.driving import directory_of

_BEGIN: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_AT: Final = 1_774_000_000_000
_TEAMS: Final = """
version: 1
organisation: {name: Acme}
teams: [{id: checkout}, {id: platform}]
"""
_FEW: Final = 2_500
_ITEM: Final = "CHK-1"
Body = dict[str, Any]


def _body(kind: str, second: int, entity: str = _ITEM, **fields: Any) -> Body:
    about = {"schema": "friction.event.v1", "id": "1", "source": "bench.example"}
    moment = (_BEGIN + timedelta(seconds=second)).isoformat()
    return {**about, "kind": kind, "time": moment, "entity": entity, **fields}


def _comments(count: int) -> Iterator[Body]:
    for second in range(1, count):
        yield _body("ticket.commented", second)


def _blocks(count: int) -> Iterator[Body]:
    for second in range(1, count, 2):
        yield _body("ticket.blocked", second, on_team="platform")
        yield _body("ticket.unblocked", second + 1)


def _handoffs(count: int) -> Iterator[Body]:
    for second in range(1, count, 2):
        team = ("checkout", "platform")[second % 4 == 1]
        yield _body("ticket.assigned", second, to_team=team)
        yield _body("ticket.accepted", second + 1, team=team)


def _reopenings(count: int) -> Iterator[Body]:
    for second in range(1, count, 2):
        yield _body("ticket.done", second)
        yield _body("ticket.reopened", second + 1)


def _runs(count: int) -> Iterator[Body]:
    for second in range(1, count, 2):
        run: Body = {"item": _ITEM, "pipeline": "build", "sha": str(second // 4)}
        outcome = ("success", "failure")[second % 4 == 1]
        yield _body("run.queued", second, f"r-{second}", on_team="platform", **run)
        yield _body("run.finished", second + 1, f"r-{second}", outcome=outcome, **run)


def _reviews(count: int) -> Iterator[Body]:
    yield _body("change.opened", 1, "c-1", item=_ITEM)
    for second in range(2, count, 2):
        yield _body("change.review_requested", second, "c-1", on_team="platform")
        yield _body("change.reviewed", second + 1, "c-1", team="platform")


def _approvals(count: int) -> Iterator[Body]:
    for second in range(1, count, 2):
        asked: Body = {"item": _ITEM, "on_team": "platform"}
        deploy = f"d-{second}"
        yield _body("deploy.approval_requested", second, deploy, **asked)
        yield _body("deploy.approval_decided", second + 1, deploy, decision="approved")


def _links(count: int) -> Iterator[Body]:
    for second in range(1, count):
        yield _body("link.added", second, blocker=f"TASK-{second}")


def _queued(count: int) -> Iterator[Body]:
    for second in range(1, count):
        queued: Body = {"item": _ITEM, "on_team": "platform"}
        yield _body("run.queued", second, f"r-{second}", **queued)


def _gated(count: int) -> Iterator[Body]:
    for second in range(1, count, 4):
        job, run = f"r-{second}", {"item": _ITEM, "attempt": 1}
        yield _body("run.queued", second, job, on_team="platform", **run)
        yield _body("run.held", second + 1, job)
        yield _body("run.queued", second + 2, job, **run)
        yield _body("run.started", second + 3, job, **run)


def _changes(count: int) -> Iterator[Body]:
    for second in range(1, count, 2):
        change = f"c-{second}"
        yield _body("change.opened", second, change, item=_ITEM)
        yield _body("change.review_requested", second + 1, change, on_team="platform")


def _runs_of_changes(count: int) -> Iterator[Body]:
    changes = count // 10
    for second in range(1, changes + 1):
        yield _body("change.opened", second, f"c-{second % changes}", item=_ITEM)
    for second in range(changes + 1, count):
        queued = {"change": f"c-{second % changes}", "on_team": "platform"}
        yield _body("run.queued", second, f"r-{second}", **queued)


def _failures(count: int) -> Iterator[Body]:
    for second in range(1, count):
        failed = {"item": _ITEM, "pipeline": "build", "sha": "1", "outcome": "failure"}
        yield _body("run.finished", second, f"r-{second}", **failed)


def _deploys(count: int) -> Iterator[Body]:
    lane: Body = {"item": _ITEM, "service": "till", "environment": "production"}
    for second in range(1, count, 2):
        deploy, fails = f"d-{second}", second % 4 == 1
        ended: Body = {"outcome": "success"}
        if fails:
            ended = {"outcome": "failure", "cause_team": "platform"}
        yield _body("deploy.started", second, deploy, **lane)
        yield _body("deploy.finished", second + 1, deploy, **lane, **ended)


def _reviewers(count: int) -> Iterator[Body]:
    yield _body("change.opened", 1, "c-1", item=_ITEM)
    for second in range(2, count, 2):
        asked = f"team-{second}"
        yield _body("change.review_requested", second, "c-1", on_team=asked)
        yield _body("change.reviewed", second + 1, "c-1", team=asked)


def _flags(count: int) -> Iterator[Body]:
    for second in range(1, count, 3):
        yield _body("ticket.blocked", second, on_team=f"team-{second}")
        yield _body("ticket.done", second + 1)
        yield _body("ticket.reopened", second + 2)


def _tickets_below(count: int) -> Iterator[Body]:
    for second in range(1, count, 2):
        below = f"SUB-{second}"
        yield _body("ticket.started", second, below, item=_ITEM, team="platform")
        yield _body("ticket.blocked", second + 1, below, on_team="platform")


def _known_links(count: int) -> Iterator[Body]:
    links = count // 3
    for second in range(links):
        yield _body("link.added", second, blocker=f"TASK-{second}")
    for second in range(links, 2 * links):
        yield _body("ticket.started", second, f"TASK-{second - links}", team="platform")
        yield _body("ticket.commented", second)


def _parents(count: int) -> Iterator[Body]:
    """A tenth as many: each below the next, told before that."""
    for second in range(1, count // 10):
        yield _body("ticket.started", second, f"T-{second}", item=f"T-{second + 1}")


def _pushes(count: int) -> Iterator[Body]:
    code: Body = {"repo": "acme/shop", "item": _ITEM}
    yield _body("change.opened", 1, "c-1", **code)
    for second in range(2, count, 2):
        yield _body("change.pushed", second, "c-1", sha=str(second), repo="acme/shop")
        failed: Body = {"sha": str(second), "pipeline": "build", "outcome": "failure"}
        yield _body("run.finished", second + 1, f"r-{second}", **failed)


def _results_of_a_day(count: int) -> Iterator[Body]:
    """Of one job of a default branch, each run an item of its own."""
    job: Body = {"repo": "acme/shop", "pipeline": "build", "default_branch": True}
    for second in range(1, count):
        outcome = ("success", "failure")[second % 2]
        yield _body("run.finished", second, f"r-{second}", outcome=outcome, **job)


_SHAPES: Final[tuple[Callable[[int], Iterator[Body]], ...]] = (
    _comments,
    _blocks,
    _handoffs,
    _reopenings,
    _runs,
    _reviews,
    _approvals,
    _links,
    _queued,
    _gated,
    _changes,
    _runs_of_changes,
    _failures,
    _deploys,
    _reviewers,
    _flags,
    _tickets_below,
    _known_links,
    _parents,
    _pushes,
    _results_of_a_day,
)


def _seconds(shape: Callable[[int], Iterator[Body]], count: int) -> float:
    started = _body("ticket.started", 0, team="checkout")
    records = [
        Record("t", 0, offset, None, None, (), json.dumps(body).encode())
        for offset, body in enumerate((started, *shape(count)))
    ]
    directory = directory_of(_TEAMS)
    batch = Batch(MemoryState(), directory, DecodeSettings(), DEFAULT_MODEL, _AT)
    before = time.process_time()
    batch.read(records)
    return time.process_time() - before


def main() -> None:
    """Print the processor seconds of both, and how many times one is the other."""
    for shape in _SHAPES:
        few = min(_seconds(shape, _FEW) for _ in range(3))
        many = _seconds(shape, 4 * _FEW)
        name = shape.__name__.strip("_")
        line = f"{name}: {few:.3f} s, {many:.3f} s, {many / few:.1f} times"
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
