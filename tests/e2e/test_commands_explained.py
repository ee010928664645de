"""`friction explain --at T`: today's knowledge of the time up to T (design 10.2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import scenarios
from tests.harness.monday_events import monday_lines

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
    events.write_text(monday_lines(EVENTS))
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


@pytest.fixture
def opened(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What `friction explain --open` prints of two waits that add to no number.

    OLD-1 was blocked at 10:00 on 5 January and never touched since. SRC-1 has two open
    changes, of which one waits for a review since 10:00 on Monday, 2 March.
    """
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    told = (
        ("ticket.started", "01-05T09:00", "OLD-1", {"team": "checkout"}),
        ("ticket.blocked", "01-05T10:00", "OLD-1", {"on_team": "platform"}),
        ("ticket.started", "03-02T09:00", "SRC-1", {"team": "search"}),
        ("change.opened", "03-02T09:10", "c-1", {"item": "SRC-1"}),
        ("change.opened", "03-02T09:20", "c-2", {"item": "SRC-1"}),
        (
            "change.review_requested",
            "03-02T10:00",
            "c-1",
            {"item": "SRC-1", "on_team": "platform"},
        ),
    )
    bodies = [
        {
            "schema": "friction.event.v1",
            "id": f"{number}",
            "source": "tracker.example",
            "kind": kind,
            "time": f"2026-{when}:00Z",
            "entity": entity,
            **said,
        }
        for number, (kind, when, entity, said) in enumerate(told)
    ]
    events.write_text("".join(f"{json.dumps(body)}\n" for body in bodies))
    teams.write_text(scenarios.teams_yaml(scenarios.WORLD))

    def printed(team: str, *more: object) -> str:
        given = ["--teams", teams, "--at", "2026-03-03T12:30:00Z", "--open"]
        assert typed("explain", events, "--team", team, *given, *more) == 0
        return capsys.readouterr().out

    return printed


def test_a_wait_that_costs_nothing_any_more_is_named(
    opened: Callable[..., str],
) -> None:
    text = " ".join(opened("checkout", "--on-team", "platform").split())
    assert "1 wait open at 2026-03-03T12:30:00Z" in text
    # 57 days, of 26 + 28 + 3, 2 hours and a half.
    assert (
        "OLD-1 │ ticket_blocked │ platform │ 2026-01-05T10:00:00Z │ 57 d 2 h │ stale"
        " │ blocked flag" in text
    )


def test_a_wait_that_does_not_halt_its_item_is_named_with_its_record(
    opened: Callable[..., str],
) -> None:
    (found,) = json.loads(opened("search", "--format", "json"))
    (because,) = found.pop("because")
    assert found == {
        "item": "SRC-1",
        "team": "search",
        "component": "review_wait",
        "on_team": "platform",
        "since": "2026-03-02T10:00:00Z",
        "open_seconds": 95_400,
        "now": "does not halt",
        "name": "SRC-1",
    }
    assert because["rule"] == "review requested"
    assert [fact["record"] for fact in because["opened"]] == ["events.jsonl:6"]
    row = opened("search", "--format", "csv").split("\r\n")[1]
    assert row == (
        "SRC-1,search,review_wait,platform,2026-03-02T10:00:00Z,95400,does not halt,"
        "review requested,c-1,,"
        "change.review_requested c-1 2026-03-02T10:00:00Z events.jsonl:6,SRC-1"
    )


SMALL = """version: 1
organisation: {name: Acme}
teams:
  - {id: tills, domain: commerce, headcount: 2}
  - {id: carts, domain: commerce, headcount: [{from: 2026-03-01, value: 2}]}
  - {id: alone, headcount: 1}
  - {id: grown, domain: commerce, headcount: 3}
  - {id: platform, kind: platform, headcount: 4}
"""


@pytest.fixture
def small(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, list[tuple[str, float]], str]]:
    """`explain` where each team blocks one of its tickets from 9:00, carts to 10:00."""
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    teams.write_text(SMALL)
    told = [
        (kind, f"{team}-1", said)
        for team in ("tills", "carts", "alone", "grown")
        for kind, said in (
            ("ticket.started", {"team": team}),
            ("ticket.blocked", {"on_team": "platform"}),
        )
    ]
    bodies = [
        {
            "schema": "friction.event.v1",
            "id": f"{number}",
            "source": "tracker.example",
            "kind": kind,
            "time": "2026-03-02T09:00:00Z",
            "entity": entity,
            **said,
        }
        for number, (kind, entity, said) in enumerate(told)
    ]
    ended = {"id": "x", "kind": "ticket.unblocked", "time": "2026-03-02T10:00:00Z"}
    bodies.append({**bodies[2], "team": "carts", **ended})
    events.write_text("".join(f"{json.dumps(body)}\n" for body in bodies))

    def asked(*more: object) -> tuple[int, list[tuple[str, float]], str]:
        at = ["--teams", teams, "--at", "2026-03-02T11:00:00Z", "--format", "json"]
        code = typed("explain", events, *at, *more)
        out, err = capsys.readouterr()
        lines = json.loads(out) if code == 0 else []
        return code, [(one["team"], one.get("seconds", 0)) for one in lines], err

    return asked


def test_the_label_of_small_teams_is_the_sum_of_what_is_shown_under_it(
    small: Callable[..., tuple[int, list[tuple[str, float]], str]],
) -> None:
    label = ("--team", "domain:commerce")
    _, lines, _ = small(*label, "--on-team", "platform")
    assert {team for team, _ in lines} == {"tills", "carts"}
    assert sum(seconds for _, seconds in lines) == 7_200 + 3_600
    _, lines, _ = small("--team", "tills", "--on-team", "platform")
    assert sum(seconds for _, seconds in lines) == 7_200
    _, lines, _ = small("--team", "domain:none", "--component", "ticket_blocked")
    assert {team for team, _ in lines} == {"alone"}
    _, lines, _ = small(*label, "--open")
    assert [team for team, _ in lines] == ["tills"]
    assert small(*label, "--component", "unaccrued")[:2] == (0, [])


def test_a_label_that_stands_for_nobody_is_refused_with_those_there_are(
    small: Callable[..., tuple[int, list[tuple[str, float]], str]],
) -> None:
    code, _, told = small("--team", "domain:comerce")
    assert code == 2
    assert "--team domain:comerce: nothing is charged to it; teams: alone, " in told
    assert "domain:commerce, domain:none, grown" in told
    code, _, told = small("--team", "tills", "--on-team", "domain:x")
    assert code == 2
    assert "domain:commerce, domain:none, external" in told
    assert small("--team", "grown", "--on-team", "domain:commerce")[:2] == (0, [])
