"""What commands tell of a label that may hold a person's name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Typed = Callable[..., int]


def test_teams_gaps_of_record_files_tells_what_a_label_says(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The state keeps no such text: it may be a person's name."""
    shop = {"id": 5, "full_name": "acme/shop"}
    issue = {
        "number": 1,
        "created_at": "2026-11-02T09:00:00Z",
        "updated_at": "2026-11-02T09:00:00Z",
        "labels": [],
    }
    records = tmp_path / "records.jsonl"
    with records.open("w") as file:
        for label in ("in progress", "blocked-by:search"):
            body = {
                "action": "labeled",
                "label": {"name": label},
                "issue": issue,
                "repository": shop,
            }
            line = {"headers": {"X-GitHub-Event": "issues"}, "value": body}
            file.write(json.dumps(line) + "\n")
    teams = tmp_path / "teams.yaml"
    teams.write_text(
        "version: 1\norganisation: {name: A}\n"
        "teams: [{id: checkout, owns: [{repo: acme/shop}]}]\n"
    )
    asked = ("--teams", teams, "--at", "2026-11-02T11:00:00Z")
    assert typed("teams", "gaps", records, *asked) == 0
    assert "2.0 h       1  - id: search  # ticket_blocked" in capsys.readouterr().out
    assert typed("decode", records) == 0
    assert '"on_team": "search"' in capsys.readouterr().out
