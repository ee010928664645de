"""`friction explain --at T`: today's knowledge of the time up to T (design 10.2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import scenarios

RUN = {"item": "CHK-1", "pipeline": "build", "sha": "a"}
EVENTS = (
    ("ticket.started", "09:00", "CHK-1", {"team": "checkout"}),
    ("run.finished", "10:00", "run-1", RUN | {"outcome": "failure"}),
    (
        "run.finished",
        "13:00",
        "run-2",
        RUN | {"outcome": "success", "on_team": "platform"},
    ),
)


@pytest.mark.parametrize("command", ["explain", "evaluate"])
def test_a_later_event_settles_what_explain_shows_of_before(
    command: str,
    typed: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`evaluate` leaves it out: it was not knowable."""
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    bodies = [
        {
            "schema": "friction.event.v1",
            "id": f"{number}",
            "source": "tracker.example",
            "kind": kind,
            "time": f"2026-03-02T{when}:00Z",
            "entity": entity,
            **said,
        }
        for number, (kind, when, entity, said) in enumerate(EVENTS)
    ]
    events.write_text("".join(f"{json.dumps(body)}\n" for body in bodies))
    teams.write_text(scenarios.teams_yaml(scenarios.WORLD))
    noon = ["--teams", teams, "--at", "2026-03-02T12:00:00Z", "--format", "json"]
    of_team = ["--team", "checkout", "--on-team", "platform"]
    asked = [*noon, *of_team] if command == "explain" else noon
    assert typed(command, events, *asked) == 0
    found = json.loads(capsys.readouterr().out)
    if command == "evaluate":
        assert found["waits"] == []
        return
    assert {line["component"] for line in found} == {"ci_flaky"}
    assert {line["to"] for line in found} >= {"2026-03-02T12:00:00Z"}
    assert sum(line["seconds"] for line in found) == 7_200


def test_a_team_may_be_asked_for_by_the_id_it_had(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    events.write_text("\n".join(scenarios.lines(scenarios.A.events)) + "\n")
    renamed = scenarios.teams_yaml(scenarios.A.world).replace(
        "id: checkout", "id: tills\n    formerly: [checkout]"
    )
    teams.write_text(renamed)
    at = ["--teams", teams, "--at", scenarios.A.at, "--format", "json"]
    shown: list[str] = []
    for name in ("tills", "checkout", "Checkout "):
        assert typed("explain", events, "--team", name, *at) == 0
        shown.append(capsys.readouterr().out)
    assert len(json.loads(shown[0])) > 1
    assert shown[0] == shown[1] == shown[2]
