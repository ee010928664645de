"""What bodies show of a thing that no event told."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import in_order
from monitor.domain.making import make_fact
from monitor.domain.untold import with_untold

Story = tuple[tuple[str, int, str], ...]


def told(story: Story, entity: str = "shop#7") -> tuple[Fact, ...]:
    """Facts by kind, time and what their body shows."""
    return in_order(
        [
            make_fact(
                Kind(kind),
                time,
                entity,
                "here",
                {"repo": "acme/shop", **({"shown": shown} if shown else {})},
            )
            for kind, time, shown in story
        ]
    )


def untold(facts: tuple[Fact, ...]) -> list[tuple[str, int]]:
    known = {fact.identity for fact in facts}
    found = [fact for fact in with_untold(facts) if fact.identity not in known]
    assert all(fact.fields["automation"] for fact in found)
    assert {fact.fields["repo"] for fact in found} <= {"acme/shop"}
    return [(fact.kind, fact.time) for fact in found]


CHANGES: dict[str, tuple[Story, list[tuple[str, int]]]] = {
    "nothing is lost": (
        (
            ("change.drafted", 1, ""),
            ("change.pushed", 2, "draft"),
            ("change.ready", 3, "ready"),
            ("change.pushed", 4, "ready"),
            ("change.closed", 5, ""),
            ("change.opened", 6, "ready"),
            ("change.pushed", 7, "ready"),
        ),
        [],
    ),
    "ready once, then a draft again": (
        (
            ("change.drafted", 1, ""),
            ("change.pushed", 2, "ready"),
            ("change.reviewed", 3, "ready"),
            ("change.pushed", 4, "draft"),
        ),
        [("change.ready", 2), ("change.drafted", 4)],
    ),
    "shown both ways within a second": (
        (
            ("change.drafted", 1, ""),
            ("change.pushed", 2, "ready"),
            ("change.reviewed", 2, "draft"),
        ),
        [("change.ready", 2)],
    ),
    "open, of which it is not known whether as a draft": (
        (("change.drafted", 1, ""), ("ticket.commented", 2, "open")),
        [],
    ),
    "opened again as a draft": (
        (("change.closed", 1, ""), ("change.pushed", 2, "draft")),
        [("change.opened", 2), ("change.drafted", 2)],
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change(case: str) -> None:
    story, expected = CHANGES[case]
    assert untold(told(story)) == expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("closed", [("ticket.reopened", 2)]),
        # A card on a board: the issue was never closed.
        ("", []),
    ],
)
@pytest.mark.parametrize("end", ["ticket.done", "ticket.cancelled"])
def test_an_issue(end: str, ends: str, expected: list[tuple[str, int]]) -> None:
    before = ("ticket.commented", 0, "reopened")
    facts = told(((end, 1, ends), ("ticket.commented", 2, "reopened")))
    assert untold(facts) == expected
    assert untold(told((before, (end, 1, ends)))) == []


def test_one_thing_says_nothing_of_another() -> None:
    closed = told((("change.closed", 1, ""),), "shop#8")
    shown = told((("change.pushed", 2, "ready"),))
    assert untold(in_order([*closed, *shown])) == []


def test_a_draft_that_an_earlier_version_stored_is_one() -> None:
    (pushed,) = told((("change.pushed", 2, ""),))
    # As a row of before is unpacked: without a type.
    stored = pushed._replace(fields={**pushed.fields, "draft": True})  # type: ignore[typeddict-unknown-key]
    later = told((("change.pushed", 3, "ready"),))
    assert untold((stored,)) == [("change.drafted", 2)]
    assert untold((stored, *later)) == [("change.drafted", 2), ("change.ready", 3)]
