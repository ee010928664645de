"""Since when an item is closed and quiet; None while anything of it is open."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Fact
from monitor.domain.items import Profile
from monitor.domain.model import DEFAULT_MODEL
from monitor.indicators.evaluate import evaluate
from monitor.indicators.timelines.closing import closed_since
from monitor.indicators.timelines.profile import Telling
from tests.unit.indicators.history import DIRECTORY, at, done, fact, item_of, started
from tests.unit.indicators.test_rules_shipping import ended, told


def closed(
    *facts: Fact, key: str = "CHK-1", told: dict[str, Profile] | None = None
) -> int | None:
    item = item_of(facts, key, told)
    return closed_since(item, evaluate(item, DIRECTORY, DEFAULT_MODEL))


DONE = (started(), done("Mon 12:00"))
OPENED = fact("change.opened", "Mon 10:00", "shop#7", repo="acme/shop")
MERGED = fact("change.merged", "Mon 11:00", "shop#7")
CASES: dict[str, tuple[tuple[Fact, ...], str, str | None]] = {
    "done": (DONE, "CHK-1", "Mon 12:00"),
    "done, and still talked about": (
        (*DONE, fact("ticket.commented", "Tue 10:00", "CHK-1")),
        "CHK-1",
        "Tue 10:00",
    ),
    "cancelled without ever being begun": (
        (
            fact("ticket.created", "Mon 09:00", "CHK-1", team="checkout"),
            fact("ticket.cancelled", "Mon 10:00", "CHK-1"),
        ),
        "CHK-1",
        "Mon 10:00",
    ),
    "in flight": ((started(),), "CHK-1", None),
    "never begun": ((fact("ticket.created", "Mon 09:00", "CHK-1"),), "CHK-1", None),
    "back in the backlog": (
        (started(), fact("ticket.parked", "Mon 10:00", "CHK-1")),
        "CHK-1",
        None,
    ),
    "parked, then done": (
        (started(), fact("ticket.parked", "Mon 10:00", "CHK-1"), done("Mon 12:00")),
        "CHK-1",
        "Mon 12:00",
    ),
    "reopened": (
        (*DONE, fact("ticket.reopened", "Mon 14:00", "CHK-1")),
        "CHK-1",
        None,
    ),
    "a change merged": ((OPENED, MERGED), "shop#7", "Mon 11:00"),
    "a change open": ((OPENED,), "shop#7", None),
    "a change only pushed to": (
        (
            fact("change.pushed", "Mon 10:00", "shop@fix@a1", sha="a1"),
            fact("change.pushed", "Mon 11:00", "shop@fix@a1", sha="a1"),
        ),
        "shop@fix@a1",
        "Mon 11:00",
    ),
    "a change pushed to, and whatever runs for it": (
        (
            fact("change.pushed", "Mon 10:00", "shop@fix@a1", sha="a1"),
            fact("run.queued", "Mon 11:00", "r", sha="a1"),
        ),
        "shop@fix@a1",
        None,
    ),
    "a ticket nobody began, and a push for it": (
        (fact("change.pushed", "Mon 10:00", "shop@fix@a1", item="CHK-1"),),
        "CHK-1",
        None,
    ),
    "a ticket left by its last change": (
        (
            fact("ticket.created", "Mon 09:00", "CHK-1", team="checkout"),
            OPENED,
            MERGED,
        ),
        "CHK-1",
        "Mon 11:00",
    ),
    "a deploy's approval that is open after it": (
        (
            *DONE,
            fact("deploy.approval_requested", "Mon 13:00", "d", on_team="platform"),
        ),
        "CHK-1",
        None,
    ),
    "a deploy's approval that was given after it": (
        (
            *DONE,
            fact("deploy.approval_requested", "Mon 13:00", "d", on_team="platform"),
            fact("deploy.approval_decided", "Mon 15:00", "d"),
        ),
        "CHK-1",
        "Mon 15:00",
    ),
    "an incident that is on": (
        (fact("incident.opened", "Mon 09:00", "INC-5", team="search"),),
        "INC-5",
        None,
    ),
    "an incident that was mitigated": (
        (
            fact("incident.opened", "Mon 09:00", "INC-5", team="search"),
            fact("incident.mitigated", "Mon 10:00", "INC-5"),
        ),
        "INC-5",
        "Mon 10:00",
    ),
    "a run of nobody": (
        (fact("run.queued", "Mon 09:00", "r"), fact("run.started", "Mon 10:00", "r")),
        "r",
        "Mon 10:00",
    ),
    "a freeze": ((fact("freeze.ended", "Mon 09:00", "f"),), "f", None),
    "a finding": ((fact("finding.closed", "Mon 09:00", "f"),), "f", None),
    "nothing at all": ((), "CHK-1", None),
}


@pytest.mark.parametrize(("facts", "key", "since"), CASES.values(), ids=CASES)
def test_an_item_is_closed_since(
    facts: tuple[Fact, ...], key: str, since: str | None
) -> None:
    assert closed(*facts, key=key) == (at(since) if since else None)


def test_a_change_is_not_quiet_before_it_is_deployed_with_anothers() -> None:
    """Its lead time is of Wednesday, when the deploy of another item brings it."""
    deploy = ended("Wed 12:00", "success", "D-9", shas=["merge"])
    telling = Telling(item_of([deploy], "D-9"), DIRECTORY)
    merged = fact("change.merged", "Mon 11:00", "shop#7", sha="merge")
    facts = (OPENED, merged)
    found = closed(*facts, key="shop#7", told={"D-9": telling.profile("D-9")})
    assert found == at("Wed 12:00")
    assert closed(*facts, key="shop#7") == at("Mon 11:00")


def test_a_failed_deploy_is_not_quiet_before_another_repairs_it() -> None:
    """Its recovery is of Wednesday."""
    failed = ended("Mon 10:00", "failure", "D-1")
    repaired = told(("Wed 12:00", "till", "prod", 0))
    assert closed(failed, key="D-1", told=repaired) == at("Wed 12:00")
    assert closed(failed, key="D-1") == at("Mon 10:00")
