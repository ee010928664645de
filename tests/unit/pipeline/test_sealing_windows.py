"""No window notices what a short retention forgets, also after all is worked out anew.

Expected is what reading every record comes to, without sealing: as `evaluate` would.
"""

from __future__ import annotations

from typing import Any

from monitor.domain.working_time import DAY
from monitor.pipeline.sealing import Retention
from tests.harness.driving import Samples
from tests.unit.pipeline.running import MONDAY, TEAMS, Process, event
from tests.unit.pipeline.test_sealing import heard, keys, settled, shown

SHORT = Retention(35 * DAY, 35 * DAY)
MORE_HEADS = TEAMS.replace("headcount: 4", "headcount: 9")
SHOP: dict[str, Any] = {"repo": "acme/shop"}


def change(ticket: str, entity: str, begun: float) -> list[dict[str, Any]]:
    """A ticket that is done in six hours, with its change."""
    of: dict[str, Any] = {"item": ticket, **SHOP}
    return [
        event("ticket.started", begun, ticket, team="checkout", work_class="feature"),
        event("change.opened", begun + 1, entity, sha=f"{entity}-head", **of),
        event("change.merged", begun + 5, entity, sha=f"{entity}-merge", **SHOP),
        event("ticket.done", begun + 6, ticket),
    ]


FIRST = change("T-1", "shop!7", 0)
# Twenty days later the merge of another ticket's change is deployed: a tip, which
# brings whatever was merged before it.
TIP = [
    *change("T-2", "shop!8", 20 * 24),
    event(
        *("deploy.finished", 20 * 24 + 7, "D-1"),
        outcome="success",
        environment="production",
        sha="shop!8-merge",
        **SHOP,
    ),
]


def windows(process: Process) -> dict[str, Samples]:
    found = shown(process)
    return {name: found[name] for name in found if name.startswith("friction_window")}


def read_whole(process: Process) -> Process:
    """All its records, read at once by the same clock and file, and nothing sealed."""
    fresh = Process(topics=process.topics, teams=process.teams, clock=process.clock)
    fresh.caught_up()
    return fresh


def begun() -> Process:
    process = Process(retention=SHORT)
    process.caught_up()
    heard(process, *FIRST)
    return process


def restarted(process: Process, teams: str = MORE_HEADS) -> None:
    process.start(teams)
    process.caught_up()


def test_what_is_deployed_with_another_items_tip_is_kept_as_long_as_that() -> None:
    """The lead time of T-1 is told twenty days after it was done."""
    process = begun()
    heard(process, *TIP, time=MONDAY + 21 * DAY)
    for days in (36, 40):
        settled(process, MONDAY + days * DAY)
    restarted(process)
    lead_times = {
        labels[3]: count
        for labels, count in process.shown("friction_window_spans").items()
        if labels[:3] == ("28d", "checkout", "lead_time")
    }
    assert lead_times["+Inf"] == 2
    assert windows(process) == windows(read_whole(process))
    settled(process, MONDAY + 56 * DAY)
    assert not {"T-1", "T-2"} & keys(process, "items")
