"""What is said of a block when labels are taken off an issue, or deleted."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import LABELLED, UNLABELLED, Fact
from tests.unit.decode.github.github_records import MS, facts, issue, pull

BLOCKED, TO_DATA = "blocked", "blocked-by:data"


def taken_off(label: str | None, *left: str, **more: Any) -> list[Fact]:
    """Of one that was deleted from the repository GitHub sends no ``label``."""
    told = {} if label is None else {"label": {"name": label}}
    shown = {"labels": [{"name": name} for name in left]}
    return facts("issues", issue("unlabeled", issue=shown, **told, **more))


def blocks(found: list[Fact]) -> list[tuple[str, str | None]]:
    """The facts of blocks, with the team that each names."""
    told = [fact for fact in found if fact.kind.endswith("blocked")]
    return [(fact.kind, fact.people.get("named")) for fact in told]


LIFTED = ("ticket.unblocked", None)
ON_DATA = ("ticket.blocked", "data")


@pytest.mark.parametrize(
    ("left", "stays"),
    [
        (["x"], []),
        ([TO_DATA], [ON_DATA]),
        (["on hold", TO_DATA], [("ticket.blocked", None), ON_DATA]),
    ],
)
def test_a_deleted_label_keeps_the_blocks_of_the_labels_that_stay(
    left: list[str], stays: list[Any]
) -> None:
    gone, *found = taken_off(None, *left)[1:]
    assert (gone.kind, gone.fields["how"]) == ("ticket.updated", UNLABELLED)
    assert blocks(found) == stays
    assert {fact.time for fact in (gone, *found)} == {MS[2]}


@pytest.mark.parametrize("left", [["x"], [TO_DATA]])
def test_a_label_that_names_nobody_lifts_no_other_block(left: list[str]) -> None:
    found = taken_off(BLOCKED, *left)
    assert blocks(found) == [LIFTED]
    assert found[-1].fields["how"] == LABELLED


def test_a_label_that_names_nobody_keeps_blocking_while_another_does() -> None:
    assert blocks(taken_off(BLOCKED, "on hold", TO_DATA)) == []


def test_the_label_taken_off_does_not_stay_where_old_bodies_still_show_it() -> None:
    assert blocks(taken_off(BLOCKED, BLOCKED, "x")) == [LIFTED]


def test_nobody_unblocks_an_issue_by_deleting_a_label() -> None:
    found = taken_off(None, BLOCKED, TO_DATA)
    kinds = {str(one.kind): one for one in found if one.kind != "ticket.created"}
    assert set(kinds) == {"ticket.updated", "ticket.blocked"}
    assert all(one.fields.get("automation") for one in kinds.values())
    assert kinds["ticket.updated"].people == {}


def test_a_body_without_labels_does_not_say_that_none_stays() -> None:
    assert blocks(facts("issues", issue("unlabeled", issue={"labels": None}))) == []


@pytest.mark.parametrize(
    ("action", "label", "shown", "told"),
    [
        ("unlabeled", "x", [], True),
        ("labeled", "x", ["x"], True),
        ("unlabeled", BLOCKED, [BLOCKED], True),
        ("unlabeled", "x", [TO_DATA], False),
        ("labeled", BLOCKED, [], False),
        ("unlabeled", "x", None, False),
    ],
)
def test_a_body_tells_that_no_label_blocks(
    action: str, label: str, shown: list[str] | None, told: bool
) -> None:
    labels = None if shown is None else [{"name": name} for name in shown]
    body = issue(action, issue={"labels": labels}, label={"name": label})
    touched = facts("issues", body)[1]
    assert touched.kind == "ticket.updated"
    assert (touched.fields.get("how") == UNLABELLED) is told


def test_what_was_put_on_without_a_name_says_nothing_of_blocks() -> None:
    shown = {"labels": [{"name": TO_DATA}]}
    assert blocks(facts("issues", issue("labeled", issue=shown))) == []


def test_a_deleted_label_of_a_pull_request_is_an_activity() -> None:
    assert facts("pull_request", pull("unlabeled"))[-1].kind == "ticket.updated"
