"""What one strange item costs: counted by calls, which no clock disturbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from monitor.domain.items import type_of
from monitor.pipeline.relating import moving
from monitor.relate import rows
from monitor.relate.packed_rows import unpack
from tests.harness.driving import facts_of
from tests.unit.pipeline.test_relating import body, drive


def counting(called: list[None], function: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*args: Any) -> Any:
        called.append(None)
        return function(*args)

    return counted


def steps_of_a_chain(length: int, *, circle: bool) -> int:
    """How often a parent is looked at until a chain of tickets is in one row.

    Children come before their parents, so that every ticket moves.
    """
    called: list[None] = []
    driven = drive()
    told = [
        body("ticket.started", "09:00", f"T-{number}", item=f"T-{number + 1}")
        for number in range(length - 1)
    ]
    top: dict[str, str] = {"item": "T-0"} if circle else {}
    told.append(body("ticket.started", "09:00", f"T-{length - 1}", **top))
    with pytest.MonkeyPatch.context() as patched:
        looking = counting(called, moving.stands_apart)
        patched.setattr(moving, "stands_apart", looking)
        driven.take(facts_of(told, driven.directory))
    (row,) = (unpack(packed) for _, packed in driven.state.scan("items"))
    assert len(row.sections) == length
    return len(called)


@pytest.mark.parametrize("circle", [False, True])
def test_a_chain_of_parents_is_walked_once_for_each_that_comes(circle: bool) -> None:
    """Twice as long: four times the steps, not eight."""
    assert steps_of_a_chain(160, circle=circle) < 5 * steps_of_a_chain(
        80, circle=circle
    )


def test_a_change_with_many_runs_is_looked_through_once() -> None:
    """Of what type it is, was found out anew for each of its runs."""
    driven = drive()
    code = {"repo": "acme/shop", "sha": "ab"}
    told = [body("change.opened", "09:00", "PR-1", team="checkout", **code)]
    told += [
        body("run.finished", "10:00", f"R-{number}", outcome="failure", **code)
        for number in range(50)
    ]
    driven.take(facts_of(told, driven.directory))
    (row,) = (unpack(packed) for _, packed in driven.state.scan("items"))
    called: list[None] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "type_of", counting(called, type_of))
        row.item(driven.directory)
    assert len(called) <= len(row.sections) + 1  # and the root
