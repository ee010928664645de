"""Whose a reference is at an instant, and which line of the file says so."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.adapters.terminal.resolutions import (
    claim_line,
    gap_lines,
    resolution_lines,
)
from monitor.directory.dates import Span
from monitor.directory.file_directory import FileDirectory
from monitor.directory.resolving import Reference, Resolution, reference_of, resolve
from monitor.directory.teams_file import parse
from monitor.directory.yaml_tree import read_tree
from monitor.domain.named_by_branch import hidden_last, hidden_pipeline
from monitor.indicators.explaining.gaps import Gap
from tests.harness.plain_calendar import instant

TILL = "till \u00bb till-build"
TEAMS = """\
version: 1
teams:
  - id: checkout
    owns:
      - repo: acme/checkout
      - repo: acme/*
      - path: {repo: acme/mono, pattern: /checkout/**}
      - jira: CHK
      - {service: billing, from: 2026-02-01}
      - group: "@acme/checkout"
      - repo: two/x*
  - id: platform
    owns:
      - repo: acme/check*
      - repo: acme/mono
      - {service: billing, to: 2026-02-01}
      - {service: old, to: 2026-02-01}
      - pool: large
      - pipeline: acme/*/integration/*
      - {pipeline: acme/checkout/nightly/*, to: 2026-02-01}
      - repo: two/*y
      - path: {repo: acme/mono, pattern: NOTE.md}
      - path: {repo: acme/mono, pattern: /packages/*/**}
      - path: {repo: acme/*, pattern: /checkout/}
      - pipeline: till \u00bb till-build
"""
MARCH, JANUARY = instant("2026-03-01T00:00:00Z"), instant("2026-01-15T00:00:00Z")


def asked(text: str, at: int = MARCH) -> tuple[Reference, Resolution]:
    reference, directory = reference_of(text), parse(TEAMS)
    assert reference is not None
    assert isinstance(directory, FileDirectory)
    return reference, resolve(reference, directory, read_tree(TEAMS), at)


def lines(text: str, at: int = MARCH) -> list[str]:
    reference, found = asked(text, at)
    return list(resolution_lines(reference, found, "t.yaml", at))


@pytest.mark.parametrize(
    ("text", "team", "line"),
    [
        ("repo:acme/checkout", "checkout", 5),
        ("repo:Acme/Checkout ", "checkout", 5),
        ("repo:acme/checkmate", "platform", 14),
        ("repo:acme/other", "checkout", 6),
        ("path:acme/mono:/checkout/a.py", "checkout", 7),
        ("path:acme/mono:checkout/a.py", "checkout", 7),
        # A name at any depth is a pattern: the longer directory beats it.
        ("path:acme/mono:/checkout/NOTE.md", "checkout", 7),
        ("path:acme/mono:/docs/NOTE.md", "platform", 22),
        ("path:acme/mono:/docs/a.md", "platform", 15),
        ("jira:CHK", "checkout", 8),
        ("project:chk", "checkout", 8),
        ("group:acme/checkout", "checkout", 10),
        ("pool:Large", "platform", 18),
        ("pipeline:acme/x/integration/build", "platform", 19),
        # A pipeline that no line claims itself is its repository's (design 11.10).
        ("pipeline:acme/checkout/ci/build/linux", "checkout", 5),
        ("pipeline:Acme/Checkmate/ci", "platform", 14),
        ("service:billing", "checkout", 9),
        (f"pipeline:{TILL}", "platform", 25),
        # As facts have it, where its last part may be the name of a branch.
        (f"pipeline:{hidden_last(TILL)}", "platform", 25),
        (f"pipeline:{hidden_pipeline(TILL, 'till', '')}", "platform", 25),
    ],
)
def test_the_team_comes_with_the_line_that_decides(
    text: str, team: str, line: int
) -> None:
    _, found = asked(text)
    assert found.team == team
    assert found.decided_by is not None
    assert (found.decided_by.team, found.decided_by.line) == (team, line)


def test_a_claim_on_a_pipeline_leaves_nothing_to_its_repository() -> None:
    """As of any other reference, what no claim holds then belongs to nobody."""
    assert lines("pipeline:acme/checkout/nightly/x", JANUARY) == [
        "pipeline acme/checkout/nightly/x  at 2026-01-15T00:00:00Z  is  platform",
        (
            "  decides   platform: pipeline acme/checkout/nightly/*, to "
            "2026-02-01T00:00:00Z (t.yaml:20)"
        ),
    ]
    assert lines("pipeline:acme/checkout/nightly/x")[0].endswith("is  unknown")
    assert lines("pipeline:acme/checkout/nightly/x")[3:] == [
        (
            "  not then  platform: pipeline acme/checkout/nightly/*, to "
            "2026-02-01T00:00:00Z (t.yaml:20)"
        ),
    ]


def test_what_is_overruled_and_what_holds_at_other_times_is_told() -> None:
    assert lines("repo:acme/checkout") == [
        "repo acme/checkout  at 2026-03-01T00:00:00Z  is  checkout",
        "  decides   checkout: repo acme/checkout (t.yaml:5)",
        "  overruled platform: repo acme/check* (t.yaml:14)",
        "  overruled checkout: repo acme/* (t.yaml:6)",
    ]
    assert lines("service:billing", JANUARY) == [
        "service billing  at 2026-01-15T00:00:00Z  is  platform",
        "  decides   platform: service billing, to 2026-02-01T00:00:00Z (t.yaml:16)",
        "  not then  checkout: service billing, from 2026-02-01T00:00:00Z (t.yaml:9)",
    ]


def test_everything_below_directories_is_told_as_such() -> None:
    assert lines("path:acme/mono:/packages/p1/a.ts")[1:] == [
        "  decides   platform: path /packages/*/ of acme/mono (t.yaml:23)",
        "  overruled platform: repo acme/mono (t.yaml:15)",
        "  overruled checkout: repo acme/* (t.yaml:6)",
    ]


def test_of_two_lines_on_one_path_the_one_on_the_repository_itself_decides() -> None:
    assert lines("path:acme/mono:/checkout/a.py")[:3] == [
        "path acme/mono, file /checkout/a.py  at 2026-03-01T00:00:00Z  is  checkout",
        "  decides   checkout: path /checkout of acme/mono (t.yaml:7)",
        "  overruled platform: path /checkout of acme/* (t.yaml:24)",
    ]


def test_equally_strong_patterns_of_two_teams_leave_it_unknown() -> None:
    reference, found = asked("repo:two/xy")
    assert (found.team, found.decided_by) == ("unknown", None)
    shown = list(resolution_lines(reference, found, "t.yaml", MARCH))
    assert "equally strong" in shown[1]
    assert [line.split()[0] for line in shown[2:]] == ["equal", "equal"]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("repo:other/x", "repo: other/x"),
        ("jira:OPS", "jira: OPS"),
        ("group:@other/x", 'group: "@other/x"'),
        ("pool:4x large", 'pool: "4x large"'),
        ("path:other/x:/a b/c", 'path: {repo: other/x, pattern: "/a b/c"}'),
    ],
)
def test_an_unclaimed_reference_comes_with_a_line_that_claims_it(
    text: str, claim: str
) -> None:
    reference, found = asked(text)
    assert found.team == "unknown"
    assert lines(text)[1:] == [
        "  no line of t.yaml claims it. Under a team's `owns`, write:",
        f"      - {claim}",
    ]
    # The file with that line does claim it.
    more = parse(f"{TEAMS}  - id: new\n    owns:\n      - {claim_line(reference)}\n")
    assert isinstance(more, FileDirectory)
    assert resolve(reference, more, read_tree(TEAMS), MARCH).team == "new"


@pytest.mark.parametrize("word", ["jira", "project"])
def test_a_ticket_is_told_from_its_project(word: str) -> None:
    """It may be a project of another tracker, so there is a line for it, too."""
    assert lines(f"{word}:OPS-12")[1:] == [
        "  no line of t.yaml claims it. Under a team's `owns`, write:",
        "      - project: OPS-12",
        "  'OPS-12' is a ticket in Jira: write OPS, or project: OPS-12 if it is none",
    ]


def test_a_claim_that_has_ended_claims_nothing_now() -> None:
    assert lines("service:old")[1:] == [
        ("  no line of t.yaml claims it at that time. Under a team's `owns`, write:"),
        "      - {service: old, from: 2026-02-01}",
        "  not then  platform: service old, to 2026-02-01T00:00:00Z (t.yaml:17)",
    ]


# All of it but two months, of which a line of another team begins where one ends.
HELD = """\
version: 1
organisation: {name: Acme, calendar: {zone: Europe/Berlin}}
teams:
  - id: checkout
    owns:
      - {SUBJECT, from: 2026-02-01, to: 2026-03-01}
  - id: platform
    owns:
      - {SUBJECT, from: "2026-04-01T09:30:00+02:00", to: 2026-05-01}
      - {SUBJECT, from: 2026-05-01, to: 2026-06-01}
"""
FREE = (
    ("2026-01-31T22:59:59Z", "to: 2026-02-01"),
    ("2026-02-28T23:00:00Z", "from: 2026-03-01, to: 2026-04-01T09:30:00+02:00"),
    ("2026-05-31T22:00:00Z", "from: 2026-06-01"),
)
NAMED = (
    ("group:@acme/Payments", 'group: "@acme/payments"'),
    ("path:acme/mono:/till", "path: {repo: acme/mono, pattern: /till/}"),
    ("jira:CHK", "project: chk"),
    ("repo:acme//x", 'repo: "*acme//x"'),
    ("pipeline:acme/shop/ci/build", "pipeline: acme/shop/ci/build"),
)


@pytest.mark.parametrize(("at", "dates"), FREE)
@pytest.mark.parametrize(("text", "claimed"), NAMED)
def test_the_line_to_write_holds_where_no_other_line_on_it_does(
    text: str, claimed: str, at: str, dates: str
) -> None:
    held = HELD.replace("SUBJECT", claimed)
    reference, directory = reference_of(text), parse(held)
    assert reference is not None
    assert isinstance(directory, FileDirectory)
    then = instant(at)
    found = resolve(reference, directory, read_tree(held), then)
    (line,) = (
        shown.strip()
        for shown in resolution_lines(reference, found, "t.yaml", then)
        if shown.strip().startswith("- ")
    )
    assert line.endswith(f", {dates}}}")
    # The file with that line is sound, and claims it then.
    more = parse(f"{held}  - id: new\n    owns:\n      {line}\n")
    assert isinstance(more, FileDirectory), more
    assert resolve(reference, more, read_tree(held), then).team == "new"


@pytest.mark.parametrize(
    ("window", "left"),
    [
        (Span(), [0, 1, 2]),
        (Span(instant("2026-03-10T00:00:00Z"), instant("2026-04-10T00:00:00Z")), [1]),
    ],
)
def test_a_gap_comes_with_a_line_for_each_time_that_is_left(
    window: Span, left: list[int]
) -> None:
    tree = read_tree(HELD.replace("SUBJECT", 'group: "@acme/payments"'))
    gap = Gap("group:@acme/payments", ("review_wait",), Fraction(3_600), 1)
    row, _ = gap_lines([gap], tree, window)
    lines = (f'- {{group: "@acme/payments", {FREE[at][1]}}}' for at in left)
    assert row == f"       1.0 h       1  {'  and  '.join(lines)}  # review_wait"


@pytest.mark.parametrize(
    "text", ["", "checkout", "repo:", "person:x", "path:acme/mono", "path::/x"]
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert reference_of(text) is None


@pytest.mark.parametrize("name", ["\x9b31m", "a\u202eb", "a\u200bb", "a\x7fb", "\x1bc"])
@pytest.mark.parametrize("subject", ["service", "repo", "pool", "group", "pipeline"])
def test_a_line_that_claims_what_a_file_may_not_hold_claims_it_by_a_pattern(
    subject: str, name: str
) -> None:
    reference = reference_of(f"{subject}:acme/{name}")
    assert reference is not None
    line = claim_line(reference)
    assert line.isprintable()
    text = f"version: 1\nteams:\n  - id: a\n    owns:\n      - {line}\n"
    known = parse(text)
    assert isinstance(known, FileDirectory)
    assert resolve(reference, known, read_tree(text), MARCH).team == "a"
