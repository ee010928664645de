"""From a simulated organisation's records, without any file, to its true numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.first_files import (
    claims_in,
    ids_in,
    lines_of_gaps,
    with_claims,
    without_untold,
)

pytestmark = pytest.mark.slow

Typed = Callable[..., int]
UNTIL = "2026-03-27T12:00:00Z"
# Steps of "add the lines that the gaps print": each may show what it hid.
ROUNDS = 3


class World:
    """A simulated organisation's records, and what the commands say of them."""

    def __init__(
        self, typed: Typed, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Write its records and its true files."""
        self.typed, self.folder, self.capsys = typed, folder, capsys
        self.events = folder / "events.jsonl.gz"
        size = ("--teams", "7", "--days", "15", "--seed", "11")
        assert typed("simulate", *size, "--until", UNTIL, "--to", folder) == 0
        self.truth = (folder / "teams.yaml").read_text()

    def proposed(self, *options: object) -> str:
        """The teams file that ``friction init`` writes; it passes the check."""
        to = self.folder / "first"
        assert self.typed("init", self.events, "--to", to, *options) == 0
        config = to / "friction.toml"
        assert self.typed("check", "--config", config) == 0
        return (to / "teams.yaml").read_text()

    def numbers(self, teams_yaml: str) -> Any:
        """What ``friction evaluate`` prints with a teams file."""
        return json.loads(self._said("evaluate", teams_yaml, "--format", "json"))

    def gaps(self, teams_yaml: str) -> str:
        """What ``friction teams gaps`` prints with a teams file."""
        return self._said("teams gaps", teams_yaml)

    def _said(self, command: str, teams_yaml: str, *options: str) -> str:
        path = self.folder / "asked.yaml"
        path.write_text(teams_yaml)
        where = ("--teams", path, "--at", UNTIL, *options)
        self.capsys.readouterr()
        assert self.typed(*command.split(), self.events, *where) == 0
        return self.capsys.readouterr().out


@pytest.fixture
def world(typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    """One organisation, written anew."""
    return World(typed, tmp_path, capsys)


def unknown_hours(document: Any) -> float:
    """All hours that are unknown's, or wait for it, from the printed numbers."""
    waits = [w for w in document["waits"] if "unknown" in (w["team"], w["on_team"])]
    active = document["teams"].get("unknown", {}).get("active_seconds", {})
    seconds = sum(wait["seconds"] for wait in waits) + sum(active.values())
    return float(seconds) / 3_600


def hours_in_all(gaps: str) -> float:
    """The sum that the list of gaps ends with."""
    *_, last = gaps.splitlines()
    assert last.endswith("in all")
    return float(last.split()[0].replace(",", ""))


@pytest.mark.parametrize("records", [300, 20_000])
def test_a_sample_and_the_lines_of_its_gaps_give_the_numbers_of_the_true_file(
    world: World, records: int
) -> None:
    """Equal but for what no event tells, which both files then leave out.

    Headcounts, calendars, members and who owns a pipeline are in no record; kinds and
    domains are taken from the true file, as its ids are.
    """
    proposed = world.proposed("--records", records)
    document, gaps = world.numbers(proposed), world.gaps(proposed)
    assert hours_in_all(gaps) == pytest.approx(unknown_hours(document), abs=0.051)
    # The sample of 300 leaves something to be found by its gaps.
    assert (hours_in_all(gaps) > 0) == (records == 300)

    true = without_untold(world.truth)
    claimed = claims_in(true)
    claims = set(claims_in(proposed))
    assert claims <= set(claimed)
    # Every team is there, under its own id or by something it owns.
    found = ids_in(proposed) | {claimed[claim] for claim in claims}
    assert found >= ids_in(true)
    # The whole of the records leaves nothing to be added, team fields included.
    by_itself = world.numbers(with_claims(true, claims))
    assert (by_itself == world.numbers(true)) == (records == 20_000)
    for _ in range(ROUNDS):
        claims |= lines_of_gaps(world.gaps(with_claims(true, claims)))
    assert claims <= set(claimed)
    edited = with_claims(true, claims)
    assert hours_in_all(world.gaps(edited)) == 0
    assert world.numbers(edited) == world.numbers(true)


def differences(one: Any, other: Any) -> tuple[set[str], set[str]]:
    """The components whose waits differ, and the numbers of teams that do."""
    names = ("team", "on_team", "component", "phase")
    waits = [
        {tuple(wait[k] for k in names): wait["seconds"] for wait in document["waits"]}
        for document in (one, other)
    ]
    cells = waits[0].keys() | waits[1].keys()
    teams = one["teams"].keys() | other["teams"].keys()
    pairs = [(one["teams"].get(t, {}), other["teams"].get(t, {})) for t in teams]
    return (
        {cell[2] for cell in cells if waits[0].get(cell) != waits[1].get(cell)},
        {k for a, b in pairs for k in a.keys() | b.keys() if a.get(k) != b.get(k)},
    )


def test_a_guess_taken_out_of_its_comment_is_read_and_not_guessed_again(
    world: World,
) -> None:
    world.proposed()
    written = world.folder / "first" / "friction.toml"
    guess = '# team_fields = ["team", "customfield_10001"]\n'
    text = written.read_text()
    assert guess in text
    taken = text.replace("# [decode.jira]", "[decode.jira]").replace(guess, guess[2:])
    written.write_text(taken)
    world.capsys.readouterr()
    assert 'group: "jira:team:' in world.proposed("--config", written, "--force")
    assert written.read_text() == taken
    shown = world.capsys.readouterr()
    assert '#   customfield_10001 "Team"' in shown.err
    assert "# team_fields" not in shown.err


def test_values_of_team_fields_move_handovers(world: World) -> None:
    """What the claims on them are worth, in the file the sample comes to."""
    claims = set(claims_in(without_untold(world.truth)))
    areas = {claim for claim in claims if "jira:team:" in claim}
    proposed = set(claims_in(world.proposed()))
    assert areas & proposed
    without = with_claims(without_untold(world.truth), claims - areas)
    with_them = world.numbers(without_untold(world.truth))
    components, _ = differences(world.numbers(without), with_them)
    assert "handoff" in components
    # They hide no hours, and are in the list of gaps all the same.
    assert areas & lines_of_gaps(world.gaps(without)) == areas & proposed
    assert hours_in_all(world.gaps(without)) == 0


def test_what_no_event_tells_is_what_still_differs(world: World) -> None:
    """Each thing a person has to add, and the numbers that it changes.

    A wait that comes, goes or moves takes its share of what overlaps it, so beside
    the rule's own components those of the same item's queues may differ.
    """
    base = world.numbers(without_untold(world.truth))

    def changed(untold: str) -> tuple[set[str], set[str]]:
        with_it = world.numbers(without_untold(world.truth, but=untold))
        return differences(base, with_it)

    components, numbers = changed("    headcount:")
    assert components == set()
    money = {"capacity_seconds", "payroll_scale", "budget_burn", "cost", "verdict"}
    assert "capacity_seconds" in numbers <= money
    components, _ = changed("      - pipeline:")
    failures = {"ci_shared_failure", "ci_flaky"}
    assert components & failures
    assert components <= failures | {"ci_queue"}
    components, _ = changed("    members:")
    # Of a handover by assignee nobody knows between which teams it is.
    # Nor of a job that fails on main by whose commit.
    beside = {"handoff", "ci_queue", "ci_shared_failure"}
    assert "review_wait" in components <= {"review_wait", *beside}
    components, _ = changed("    calendar:")
    assert len(components) > 3


def test_nothing_is_overwritten_without_force(typed: Typed, tmp_path: Path) -> None:
    events, teams = tmp_path / "e.jsonl", tmp_path / "teams.yaml"
    ticket = {"schema": "friction.event.v1", "id": "1", "source": "tracker.example"}
    ticket |= {"kind": "ticket.created", "time": "2026-03-02T10:00:00Z"}
    events.write_text(json.dumps(ticket | {"entity": "CHK-1"}) + "\n")
    teams.write_text("mine")
    assert typed("init", events, "--to", tmp_path) == 2
    assert teams.read_text() == "mine"
    assert not (tmp_path / "friction.toml").exists()
    assert typed("init", events, "--to", tmp_path, "--force") == 0
    assert "- jira: CHK" in teams.read_text()
    config = tmp_path / "friction.toml"
    config.write_text("[http]\nport = 1\n")
    assert typed("init", events, "--to", tmp_path, "--config", config, "--force") == 0
    assert config.read_text() == "[http]\nport = 1\n"


def test_a_sample_without_a_team_writes_nothing(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = tmp_path / "e.jsonl"
    events.write_text("no json\n")
    assert typed("init", events, "--to", tmp_path / "new") == 1
    shown = capsys.readouterr()
    assert "e.jsonl: 1 records; all rejected (1 not_json)" in shown.out
    assert "names no team: nothing is written" in shown.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "give --bootstrap and --topics, or --config, or record files"),
        (["--bootstrap", "a:1"], "--topics is missing"),
        (["--bootstrap", "a:1", "e.jsonl"], "--bootstrap stands alone"),
        (["--bootstrap", "a:x", "--topics", "t"], "--bootstrap: 'a:x' has no port"),
        (["--topics", "t", "e.jsonl"], "--topics is for brokers"),
    ],
)
def test_unclear_options_are_refused(
    typed: Typed,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    assert typed("init", *options) == 2
    assert said in capsys.readouterr().err
