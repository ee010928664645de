"""Items are called on the command line what pages call them (docs/pages.md)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.harness.monday_events import Told, monday_lines

KEY: Final = "github.com:77#12"
NAME: Final = "acme/shop#12"
# Nobody claims its repository: it may be a person's.
NUMBER: Final = "github.com:78#1"
TEAMS: Final = """version: 1
teams:
  - {id: checkout, headcount: 4, owns: [{repo: acme/shop}]}
  - {id: search}
  - {id: platform, kind: platform}
"""
IN_SHOP: Final = {"repo": "acme/shop"}
TOLD: Final[tuple[Told, ...]] = (
    ("ticket.started", "09:00", KEY, IN_SHOP | {"team": "checkout"}),
    ("change.opened", "09:10", "github.com:77#13", IN_SHOP | {"item": KEY}),
    (
        "change.review_requested",
        "10:00",
        "github.com:77#13",
        IN_SHOP | {"on_team": "platform"},
    ),
    (
        "ticket.started",
        "09:00",
        NUMBER,
        {"repo": "somebody/dotfiles", "team": "checkout"},
    ),
    ("ticket.blocked", "10:00", NUMBER, {"on_team": "platform"}),
    *(
        (
            "finding.opened",
            "10:00",
            f"github.com:77#{number}",
            IN_SHOP | {"team": team, "class": "injection"},
        )
        for number, team in enumerate(["checkout", "search", "platform"], start=100)
    ),
)


@pytest.fixture
def printed(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What a command prints of an issue of a claimed repository, and of another."""
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    teams.write_text(TEAMS)
    events.write_text(monday_lines(TOLD))

    def answer(command: str, *asked: str) -> str:
        at = ["--teams", teams, "--at", "2026-03-03T17:00:00Z"]
        assert typed(command, events, *at, *asked) == 0
        return capsys.readouterr().out

    return answer


@pytest.mark.parametrize("more", [(), ("--open",)])
def test_tables_call_an_item_what_pages_call_it(
    printed: Callable[..., str], more: tuple[str, ...]
) -> None:
    text = printed("explain", "--team", "checkout", *more)
    assert NAME in text
    assert KEY not in text
    assert NUMBER in text
    assert "dotfiles" not in text


def test_facts_of_an_item_call_its_parts_what_pages_call_them(
    printed: Callable[..., str],
) -> None:
    text = printed("explain", "--team", "checkout", "--item", NAME)
    assert "acme/shop#13" in text
    assert "github.com:77#" not in text


@pytest.mark.parametrize("more", [(), ("--open",)])
def test_programs_are_told_the_key_and_the_name_of_an_item(
    printed: Callable[..., str], more: tuple[str, ...]
) -> None:
    asked = ("--team", "checkout", "--on-team", "platform", *more, "--format")
    names = {KEY: NAME, NUMBER: NUMBER}
    lines = json.loads(printed("explain", *asked, "json"))
    assert {line["item"]: line["name"] for line in lines} == names
    table = csv.DictReader(io.StringIO(printed("explain", *asked, "csv")))
    assert {line["item"]: line["name"] for line in table} == names
    assert table.fieldnames is not None
    assert table.fieldnames[-1] == "name"


def test_evidence_of_a_signal_has_the_names_of_its_items(
    printed: Callable[..., str],
) -> None:
    found: dict[str, Any] = json.loads(printed("evaluate", "--format", "json"))
    (one,) = found["signals"]["systemic_findings"]["evidence"]
    named = {
        f"github.com:77#{number}": f"acme/shop#{number}" for number in range(100, 103)
    }
    assert dict(zip(one["items"], one["names"], strict=True)) == named
    assert "acme/shop#100" in printed("evaluate")
