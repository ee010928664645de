"""The commands as a person types them: output, messages, exit codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.writer import write_records
from monitor.adapters.state.sqlite import SqliteState
from monitor.pipeline.catching_up.deferring import defer
from monitor.pipeline.ports import Changes
from monitor.simulate.settings import Simulation
from monitor.simulate.world import simulate
from tests.harness import scenarios
from tests.harness.broker import Broker
from tests.harness.ports import free_ports
from tests.harness.program import Program, fetch
from tests.harness.topics import Topic
from tests.harness.waiting import eventually

Typed = Callable[..., int]
WAIT = ("team", "on_team", "component", "phase")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Scenario A as a record file and its teams file."""
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    events.write_text("\n".join(scenarios.lines(scenarios.A.events)) + "\n")
    teams.write_text(scenarios.teams_yaml(scenarios.WORLD))
    return events, teams


def test_evaluate_prints_tables(
    typed: Typed, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = files
    code = typed("evaluate", events, "--teams", teams, "--at", scenarios.A.at)
    shown = capsys.readouterr().out
    assert code == 0
    assert "checkout" in shown
    assert "0.484" in shown  # R central of 6.1
    assert "review_wait" in shown
    assert "Needed: no (0 of 7 signals on" in " ".join(shown.split())


ASKED = """\
[[signals.exempt]]
signal = "different_ways"
subject = "mail"
until = 2026-12-31
why = "two ways are wanted"
"""


def test_evaluate_shows_signals_with_their_evidence(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three teams ask for each of three components, and 20 days pass."""
    events, config = tmp_path / "events.jsonl", tmp_path / "friction.toml"
    config.write_text(ASKED)
    teams = tmp_path / "teams.yaml"
    names = ("basket", "checkout", "search")
    rows = "".join(f"  - {{id: {name}, kind: stream}}\n" for name in names)
    platform = "  - {id: platform, kind: platform, owns: [{jira: PLT}]}\n"
    teams.write_text(f"version: 1\nteams:\n{rows}{platform}")
    bodies = [
        scenarios.event(
            "ticket.created",
            "2026-03-02 09:00",
            f"PLT-{number}",
            by_team=names[number % 3],
            labels=["platform", f"area/{component}"],
        )
        for number, component in enumerate(("ci",) * 3 + ("cd",) * 3 + ("logs",) * 3)
    ]
    mail = [
        body | {"entity": f"PLT-1{number}", "labels": ["platform", "area/mail"]}
        for number, body in enumerate(bodies[:3])
    ]
    events.write_text("\n".join(scenarios.lines([*bodies, *mail])) + "\n")
    asked = ("evaluate", events, "--teams", teams, "--at", "2026-03-22T00:00:00Z")
    assert typed(*asked, "--config", config, "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["signals"]) == 7
    found = document["signals"]["different_ways"]
    assert found["active"] is True
    assert found["since"] == "2026-03-16T00:00:00Z"
    assert [one["what"] for one in found["evidence"]] == [
        "component cd",
        "component ci",
        "component logs",
    ]
    assert found["evidence"][1]["teams"] == list(names)
    assert set(found["evidence"][1]["items"]) == {"PLT-0", "PLT-1", "PLT-2"}
    assert found["conditions"][1] == {
        "name": "clusters",
        "value": 3,
        "threshold": 3,
        "holds": True,
    }
    staffing = document["platform_pm"]
    assert (staffing["current"], staffing["gap"]) == (None, None)
    assert (staffing["low"], staffing["high"], staffing["needed"]) == (1, 1, False)
    assert typed(*asked, "--config", config) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "a Platform PM becomes essential" in shown
    assert "Platform PMs: 1 .. 1 by the patterns, now not stated" in shown


def test_explain_sums_exactly_to_the_number(
    typed: Typed, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = files
    where = ["--teams", teams, "--at", scenarios.A.at, "--team", "checkout"]
    assert typed("explain", events, *where, "--on-team", "platform") == 0
    table = capsys.readouterr().out
    # 18,000 blocked and 600 queued.
    assert table.splitlines()[-1].endswith("segments, sum of seconds: 18600")
    assert typed("explain", events, *where, "--format", "json") == 0
    lines: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert sum(line["seconds"] for line in lines) == 75_600  # CHK-1 in flight
    assert {line["item"] for line in lines} == {"CHK-1"}


def test_explain_opens_an_item_down_to_the_lines_it_was_read_from(
    typed: Typed, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = files
    where = ["--teams", teams, "--at", scenarios.A.at, "--team", "checkout"]
    # PR-7 belongs to CHK-1.
    asked = ["explain", events, *where, "--item", "PR-7", "--component", "review_wait"]
    assert typed(*asked, "--format", "json") == 0
    acute, chronic = json.loads(capsys.readouterr().out)
    assert (acute["item"], acute["working_ms"]) == ("CHK-1", 900_000)
    assert chronic["ended"] == "closed"
    (reason,) = chronic["because"]
    (opened,) = reason["opened"]
    (closed,) = reason["closed"]
    lines = events.read_text().splitlines()
    for told, kind, time in (
        (opened, "change.review_requested", "2026-03-03T11:00:00Z"),
        (closed, "change.reviewed", "2026-03-04T11:00:00Z"),
    ):
        assert (told["kind"], told["time"]) == (kind, time)
        name, _, number = told["record"].partition(":")
        assert name == "events.jsonl"
        written = json.loads(lines[int(number) - 1])
        assert written["kind"] == kind
        assert written["time"] == time
    assert typed(*asked) == 0
    table = capsys.readouterr().out
    assert "review requested" in table
    assert opened["record"] in table


def test_explain_writes_csv_that_sums_to_the_number(
    typed: Typed, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = files
    where = ["--teams", teams, "--at", scenarios.A.at, "--team", "checkout"]
    assert typed("explain", events, *where, "--format", "csv") == 0
    text = capsys.readouterr().out
    assert text.count("\r\n") == text.count("\n")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert sum(Decimal(row["seconds"]) for row in rows) == 75_600
    exact = sum(int(row["working_ms"]) * Fraction(row["share"]) for row in rows)
    assert exact == 75_600_000
    for row in rows:
        rounded = Fraction(row["share_decimal"])
        assert abs(rounded - Fraction(row["share"])) <= Fraction(1, 2 * 10**9)
    assert {row["rule"] for row in rows} == {
        "in flight",
        "blocked flag",
        "review requested",
        "runner queue",
    }


def test_explain_refuses_an_item_nobody_knows(
    typed: Typed, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--teams", files[1], "--at", scenarios.A.at, "--team", "checkout"]
    assert typed("explain", files[0], *where, "--item", "CHK-404") == 2
    assert "--item CHK-404: nothing is known" in capsys.readouterr().err


def test_explain_says_when_the_state_is_still_catching_up(
    typed: Typed,
    files: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config, path = tmp_path / "friction.toml", tmp_path / "friction.db"
    config.write_text(
        f'[kafka]\nbootstrap_servers = "localhost:9"\ntopics = ["t"]\n'
        f'[directory]\npath = "{files[1]}"\n[state]\npath = "{path}"\n'
    )
    state, changes = SqliteState(path), Changes()
    defer(["CHK-1", "CHK-2"], changes)
    state.commit(changes)
    asked = ("explain", "--config", config, "--team", "checkout")
    assert typed(*asked) == 0
    assert "catching up, 2 items not counted" in capsys.readouterr().err
    evaluated = Changes()
    evaluated.puts["deferred"] = {"CHK-1": None, "CHK-2": None}
    state.commit(evaluated)
    state.close()
    assert typed(*asked) == 0
    assert "catching up" not in capsys.readouterr().err


def test_explain_clips_to_from_and_to(
    typed: Typed, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = files
    where = ["--teams", teams, "--team", "checkout", "--component", "ticket_blocked"]
    span = ["--from", "2026-03-02T11:00:00Z", "--to", "2026-03-02T12:00:00Z"]
    assert typed("explain", events, *where, *span, "--format", "json") == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["from"], line["to"]) == (
        "2026-03-02T11:00:00Z",
        "2026-03-02T12:00:00Z",
    )
    assert line["seconds"] == 3_600


def test_decode_prints_one_line_a_record(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mixed.jsonl"
    pull = {
        "action": "opened",
        "repository": {"id": 1, "full_name": "acme/shop"},
        "pull_request": {
            "number": 1,
            "created_at": "2026-03-02T10:00:00Z",
            "user": {"login": "somebody"},
        },
    }
    path.write_text(
        "\n".join(
            [json.dumps(pull), "not json", json.dumps({"zen": "x", "hook_id": 1})]
        )
    )
    assert typed("decode", path, "--provider", "github") == 0
    printed = capsys.readouterr().out
    facts, rejected, ignored = map(json.loads, printed.splitlines())
    assert facts["facts"][0]["author"] == {"person": True}
    assert "somebody" not in printed
    assert rejected["rejected"][0]["code"] == "not_json"
    assert "hook" in ignored["ignored"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evaluate", "missing.jsonl", "--at", "2026-03-02T10:00:00Z"], "no such file"),
        (["evaluate", "-", "--at", "yesterday"], "not a time"),
        (["evaluate", "-", "--at", "2026-03-02T10:00:00"], "has no zone"),
        (["evaluate", "-"], "--at is missing"),
        (["decode", "-", "--provider", "zzz"], "native, cdevents, github, jira"),
        (["decode", "-", "--provider", "GitHub"], "did you mean 'github'?"),
        (["check"], "nothing to check"),
        (["explain", "--team", "checkout"], "record files"),
        (["run", "--config", "missing.toml"], "cannot be read"),
    ],
)
def test_mistakes_end_with_2_and_a_line_that_says_what_to_do(
    typed: Typed,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    assert typed(*arguments) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown


def test_a_window_that_is_no_length_is_refused(
    typed: Typed, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = files
    where = ["--teams", teams, "--at", scenarios.A.at]
    for window in ("28", "0d", "a week"):
        assert typed("evaluate", events, *where, "--window", window) == 2
        assert "not a length" in capsys.readouterr().err


def test_check_names_every_mistake_with_its_line(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "friction.toml"
    path.write_text('[kafka]\nbootstrap_servrs = "x"\n[http]\nport = 99999\n')
    assert typed("check", "--config", path) == 2
    shown = capsys.readouterr().err
    assert "friction.toml:2: kafka.bootstrap_servrs" in shown
    assert "friction.toml:4: http.port" in shown


@pytest.mark.kafka
def test_doctor_names_what_is_wrong_and_ends_with_1(
    typed: Typed,
    files: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    broker: Broker,
    topic: Callable[..., Topic],
) -> None:
    config, made = tmp_path / "friction.toml", topic()

    def examined(topics: str) -> int:
        config.write_text(
            f'[kafka]\nbootstrap_servers = "{broker.bootstrap}"\ntopics = "{topics}"\n'
            f'[directory]\npath = "{files[1]}"\n[http]\nport = {free_ports(1)[0]}\n'
            f'[state]\npath = "{tmp_path / "friction.db"}"\n'
        )
        return typed("doctor", "--config", config)

    assert examined(made.name) == 0
    well = capsys.readouterr().out
    assert f"ok     topic {made.name}: 1 partitions" in well
    assert "ok     group friction-monitor: we may ask for it" in well
    assert examined(f"{made.name},{made.name}.missing") == 1
    shown = capsys.readouterr()
    assert f"wrong  topic {made.name}.missing: does not exist" in shown.out
    assert "wrong: 1" in shown.err


def test_teams_resolve_names_the_rule(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teams, config = tmp_path / "teams.yaml", tmp_path / "friction.toml"
    teams.write_text("version: 1\nteams:\n  - {id: a, owns: [{jira: CHK}]}\n")
    config.write_text('[directory]\npath = "teams.yaml"\n')
    at = ("--at", "2026-03-04T17:00:00Z")
    for where in (("--teams", teams), ("--config", config)):
        assert typed("teams", "resolve", "jira:CHK", *at, *where) == 0
        shown = capsys.readouterr().out
        assert f"decides   a: project chk ({teams}:3)" in shown
    assert typed("teams", "resolve", "CHK", "--teams", teams) == 2
    assert "CHK: no reference this file knows" in capsys.readouterr().err
    assert typed("teams", "resolve", "jira:CHK") == 2
    assert "give --teams" in capsys.readouterr().err
    teams.write_text("version: 2\n")
    assert typed("teams", "resolve", "jira:CHK", "--teams", teams) == 2


def test_teams_gaps_lists_the_lines_that_give_the_numbers_of_the_whole_file(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines for pools and groups are taken out; the gaps name each that counts."""
    until = "2026-03-30T00:00:00Z"
    world = ("--teams", "6", "--days", "20", "--seed", "4", "--until", until)
    assert typed("simulate", *world, "--to", tmp_path) == 0
    events, whole = tmp_path / "events.jsonl.gz", tmp_path / "teams.yaml"
    lines = whole.read_text().splitlines(keepends=True)
    taken = [line for line in lines if line.strip().startswith(("- pool:", "- group:"))]
    less = tmp_path / "less.yaml"
    less.write_text("".join(line for line in lines if line not in taken))

    def numbers(teams: Path) -> object:
        asked = ("--teams", teams, "--at", until, "--format", "json")
        assert typed("evaluate", events, *asked) == 0
        return json.loads(capsys.readouterr().out)

    def gaps(teams: Path) -> list[str]:
        assert typed("teams", "gaps", events, "--teams", teams, "--at", until) == 0
        return capsys.readouterr().out.splitlines()

    expected = numbers(whole)
    assert numbers(less) != expected
    found = {line.split("  #")[0].partition("- ")[2] for line in gaps(less)[:-1]}
    claimed = {line.strip().removeprefix("- ").strip() for line in taken}
    assert found
    assert found <= claimed
    less.write_text(
        "".join(
            line
            for line in lines
            if line not in taken or line.strip().removeprefix("- ").strip() in found
        )
    )
    assert gaps(less)[-1].split() == ["0.0", "h", "in", "all"]
    assert numbers(less) == expected


def test_teams_gaps_reads_the_configured_state(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, path = tmp_path / "friction.toml", tmp_path / "friction.db"
    config.write_text(f'[state]\npath = "{path}"\n')
    SqliteState(path).close()
    assert typed("teams", "gaps", "--config", config) == 0
    assert "0.0 h" in capsys.readouterr().out
    assert typed("teams", "gaps") == 2
    assert "give record files, or --config" in capsys.readouterr().err


def test_an_unknown_team_is_told_with_those_there_are(
    typed: Typed, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = files
    where = ["--teams", teams, "--at", scenarios.A.at]
    assert typed("explain", events, *where, "--team", "chekout") == 2
    assert "checkout, platform, search" in capsys.readouterr().err


def test_simulate_troubled_says_how_many_days_it_takes(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("simulate", "--troubled", "--days", 60, "--to", tmp_path) == 2
    assert "--days of 280 at least" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_simulate_writes_a_troubled_world_without_being_told_days(
    typed: Typed, tmp_path: Path
) -> None:
    """Only there somebody promises to be a service, and leads have roles."""
    size = ["--teams", 3, "--troubled", "--until", "2026-03-20T12:00:00Z"]
    assert typed("simulate", *size, "--to", tmp_path) == 0
    teams = (tmp_path / "teams.yaml").read_text(encoding="utf-8")
    assert "as_a_service_to: [{team: checkout, from: 2025-10-03, to: 2025-11-28}" in (
        teams
    )
    assert 'roles: {manager: ["jira:lead-1"]' in teams


def test_simulate_writes_what_evaluate_reads(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    until, folder = "2026-03-20T12:00:00Z", tmp_path / "world"
    size = ["--teams", 4, "--days", 3, "--seed", 5]
    assert typed("simulate", *size, "--to", folder, "--until", until) == 0
    assert "records" in capsys.readouterr().err
    where = ["--teams", folder / "teams.yaml", "--at", until, "--format", "json"]
    assert typed("evaluate", folder / "events.jsonl.gz", *where) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["records"]["rejected"] == 0
    truth = [
        json.loads(line) for line in (folder / "ledger.jsonl").read_text().splitlines()
    ]
    waited: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for line in truth:
        if line["sort"] == "wait":
            waited[tuple(line[name] for name in WAIT)] += line["seconds"]
    measured = {
        tuple(wait[name] for name in WAIT): wait["seconds"]
        for wait in document["waits"]
    }
    assert measured == pytest.approx(waited, abs=1e-6)
    with gzip.open(folder / "events.jsonl.gz", "rt", encoding="utf-8") as events:
        assert any('"webhookEvent":"jira:issue_updated"' in line for line in events)


def test_the_demo_serves_numbers_and_says_what_it_is(
    program: Callable[..., Program],
) -> None:
    (port,) = free_ports(1)
    run = program("demo", "--port", port, "--teams", 4, "--days", 7)
    url = f"http://127.0.0.1:{port}"

    def numbers() -> bool:
        status, body = fetch(f"{url}/metrics")
        return status == 200 and "friction_window_wait_seconds{" in body

    eventually(numbers, 60, "the demo's numbers")
    page = fetch(f"{url}/")[1]
    assert "simulated" in page
    run.terminate()
    assert run.exit_code(10) == 0


@pytest.mark.kafka
def test_simulated_records_reach_a_real_kafka(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    place = topic(partitions=2)
    world = simulate(Simulation(teams=4, days=2))
    records = [record._replace(topic=place.name) for record in world.records()]
    written = write_records(Connection(bootstrap_servers=broker.bootstrap), records)
    assert written == len(records)
    found = [*place.read(0), *place.read(1)]
    assert sorted(record.value or b"" for record in found) == sorted(
        record.value or b"" for record in records
    )
