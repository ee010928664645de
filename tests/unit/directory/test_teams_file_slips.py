"""Slips of a teams file that look right: what is told, and what to write instead."""

import pytest

from monitor.adapters.terminal.resolutions import claim_line
from monitor.decode.github.reading import handle_of
from monitor.decode.jira import reading as jira
from monitor.directory.attribute import handles_of
from monitor.directory.file_directory import FileDirectory
from monitor.directory.ids import claimed_repository
from monitor.directory.resolving import Reference
from monitor.directory.teams_file import parse
from monitor.directory.teams_values import PERSONS_OF
from monitor.domain.teams import always

BOARD = "https://acme.atlassian.net/jira/software/projects/CHK/boards/3"
TICKET = "'{0}' is a ticket in Jira: write {1}, or project: {0} if it is none"
HEADCOUNT = "should be a number, or a list of {from, value}"


def wrong(rest: str) -> list[tuple[str, str]]:
    found = parse(f"version: 1\nteams:\n  - id: checkout\n    {rest}\n")
    if isinstance(found, FileDirectory):
        return []
    return [(mistake.path, mistake.text) for mistake in found]


@pytest.mark.parametrize(
    ("repo", "text"),
    [
        ("/xy", "'/xy' is no owner/name: put the owner before it"),
        ("/acme/xy", "'/acme/xy' is no owner/name: write acme/xy"),
        ("acme/", "'acme/' is no owner/name: write acme/*"),
        ("https://github.com/x/y", "'https://github.com/x/y' is an address: write x/y"),
        (
            "http://git.acme/a/b/c/",
            "'http://git.acme/a/b/c/' is an address: write a/b/c",
        ),
        (
            "https://github.com/",
            "'https://github.com/' is an address: write owner/name",
        ),
        ("github.com/acme/*", "'github.com/acme/*' is an address: write acme/*"),
        ("git@github.com:x/y.git", "'git@github.com:x/y.git' is an address: write x/y"),
        ("acme/xy.git", "'acme/xy.git' is the end of an address: write acme/xy"),
        ("/.git", "'/.git' is the end of an address: write owner/name"),
        ("xy.git", "'xy.git' is the end of an address: write owner/xy"),
    ],
)
@pytest.mark.parametrize("entry", ["repo: %s", 'path: {repo: "%s", pattern: /a}'])
def test_a_repository_is_called_by_no_address(entry: str, repo: str, text: str) -> None:
    quoted = entry % (repo if "path" in entry else f'"{repo}"')
    ((path, told),) = wrong(f"owns: [{{{quoted}}}]")
    assert path.startswith("teams[0].owns[0].")
    assert path.endswith("repo")
    assert told.startswith(text)


@pytest.mark.parametrize(
    "repo", ["*", "acme/*", "a/b", "a/b/c", "xy", "*xy", "a/.github"]
)
def test_patterns_and_names_are_repositories(repo: str) -> None:
    assert wrong(f'owns: [{{repo: "{repo}"}}]') == []


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("CHK-12", TICKET.format("CHK-12", "CHK")),
        ("chk_2-1", TICKET.format("chk_2-1", "chk_2")),
        (
            "https://acme.atlassian.net/browse/CHK",
            "'https://acme.atlassian.net/browse/CHK' is an address: write CHK",
        ),
        (
            "https://jira.acme.example/browse/CHK-12",
            "'https://jira.acme.example/browse/CHK-12' is an address: write CHK",
        ),
        (BOARD, f"'{BOARD}' is an address: write CHK"),
        (
            "https://acme.atlassian.net/",
            "'https://acme.atlassian.net/' is an address: write a key, as CHK",
        ),
    ],
)
def test_a_project_of_jira_is_called_by_its_key(key: str, text: str) -> None:
    assert wrong(f'owns: [{{jira: "{key}"}}]') == [("teams[0].owns[0].jira", text)]


@pytest.mark.parametrize("key", ["CHK", "chk", "C2", "A_B", "WEB-SHOP"])
def test_keys_are_projects(key: str) -> None:
    assert wrong(f"owns: [{{jira: {key}}}]") == []


@pytest.mark.parametrize("name", ["web-2", "CHK", "https://redmine.example/web"])
def test_a_project_of_another_tracker_may_be_called_anything(name: str) -> None:
    """A native event states it as it likes, and the line proposed for it is allowed."""
    line = claim_line(Reference("project", name.upper()))
    found = parse(f"version: 1\nteams: [{{id: a, owns: [{{{line}}}]}}]\n")
    assert isinstance(found, FileDirectory), found
    assert found.project(name.upper()) == always("a")


@pytest.mark.parametrize(
    "name", ["acme/shop/ci/test", "acme/shop/ci.yml", "acme/shop/build", "nightly"]
)
def test_a_pipeline_has_as_many_parts_as_its_tool_gives_it(name: str) -> None:
    """A commit status has three, as has a run that CDviz tells; a native event any."""
    assert wrong(f"owns: [{{pipeline: {name}}}]") == []


@pytest.mark.parametrize(
    "name",
    ["shop", "https://github.com/acme/shop", "acme/shop", "acme/shop.git"],
)
def test_what_an_event_called_otherwise_can_still_be_claimed(name: str) -> None:
    """A native event may state any repository; the line proposed for it is allowed."""
    claimed = claimed_repository(name)
    found = parse(f'version: 1\nteams: [{{id: a, owns: [{{repo: "{claimed}"}}]}}]\n')
    assert isinstance(found, FileDirectory)
    schedule = found.repository(name)
    assert schedule is not None
    assert [since.team for since in schedule] == ["a"]
    assert claimed in claim_line(Reference("repo", name))


@pytest.mark.parametrize(
    ("rest", "path", "text"),
    [
        (
            'headcount: "4"',
            "headcount",
            f"{HEADCOUNT}, not '4'; write it without quotes",
        ),
        ("headcount: true", "headcount", f"{HEADCOUNT}, not true"),
        ("headcount: .nan", "headcount", f"{HEADCOUNT}, not '.nan'"),
        ("headcount: {value: 4}", "headcount", HEADCOUNT),
        (
            'headcount: [{value: "4"}]',
            "headcount[0].value",
            "should be a number, not '4'; write it without quotes",
        ),
        (
            "headcount: [{value: true}]",
            "headcount[0].value",
            "should be a number, not true",
        ),
        (
            "members: [3]",
            "members[0]",
            "should be provider:id as in github:octocat, or {person, from, to}",
        ),
        (
            "as_a_service_to: [3]",
            "as_a_service_to[0]",
            "should be the id of a team, or {team, from, to}, not 3",
        ),
    ],
)
def test_of_two_forms_both_are_told(rest: str, path: str, text: str) -> None:
    assert wrong(rest) == [(f"teams[0].{path}", text)]


@pytest.mark.parametrize(
    ("rest", "path", "text"),
    [
        (
            "owns: [{jira: A, from: 20260305}]",
            "owns[0].from",
            "should be a date, written as 2026-03-05, not 20260305",
        ),
        (
            "owns: [{jira: A, to: 2026}]",
            "owns[0].to",
            "should be a date, written as 2026-01-31, not 2026",
        ),
        (
            "owns: [{jira: A, to: true}]",
            "owns[0].to",
            "should be a date, written as 2026-01-31, not true",
        ),
        (
            "calendar: {holidays: [20261225]}",
            "calendar.holidays[0]",
            "should be a date, written as 2026-12-25, not 20261225",
        ),
        # Whichever zone the machine has: numbers would depend on it.
        (
            "calendar: {zone: localtime}",
            "calendar.zone",
            "'localtime' is no time zone (as in Europe/Berlin)",
        ),
        (
            "calendar: {zone: posixrules}",
            "calendar.zone",
            "'posixrules' is no time zone (as in Europe/Berlin)",
        ),
        (
            "calendar: {zone: Factory}",
            "calendar.zone",
            "'Factory' is no time zone (as in Europe/Berlin)",
        ),
    ],
)
def test_a_mistake_says_what_would_be_right(rest: str, path: str, text: str) -> None:
    assert wrong(rest) == [(f"teams[0].{path}", text)]


@pytest.mark.parametrize(
    ("head", "line", "text"),
    [
        ("kind: stream", 3, "is missing"),
        ("id: 7", 3, "should be text, not 7; write it in quotes"),
        ("id: [a]", 3, "should be text"),
    ],
)
def test_a_team_without_an_id_hides_no_other_mistake(
    head: str, line: int, text: str
) -> None:
    found = parse(f"""\
version: 1
teams:
  - {head}
    headcount: [{{value: 1}}, {{value: 2}}]
    formerly: [x, x]
    owns:
      - {{jira: X, from: 2026-02-01, to: 2026-01-01}}
      - service: s
    members: ["github:a", "github:a"]
    as_a_service_to: [nobody]
  - id: q
    owns: [{{service: s}}]
""")
    assert isinstance(found, tuple)
    dates = "keep one, or give both dates that do not overlap"
    assert [(one.line, one.path, one.text) for one in found] == [
        (line, "teams[0].id", text),
        (4, "teams[0].headcount[1]", "begins when headcount[0] begins"),
        (5, "teams[0].formerly[1]", "is or was a team's id (line 5)"),
        (7, "teams[0].owns[0]", "from 2026-02-01 is not before to 2026-01-01"),
        (
            9,
            "teams[0].members[1]",
            "the person is in this team already at that time (line 9)",
        ),
        (10, "teams[0].as_a_service_to[0]", "'nobody' is no team of this file"),
        (
            12,
            "teams[1].owns[0]",
            f"service 's' is claimed by teams[0] at the same time (line 8): {dates}",
        ),
    ]


@pytest.mark.parametrize("currency", ["€", "eur", "EURO"])
def test_a_currency_is_its_three_letters(currency: str) -> None:
    text = f"version: 1\norganisation: {{currency: {currency}}}\nteams: [{{id: a}}]\n"
    found = parse(text)
    assert isinstance(found, tuple)
    letters = "should be three capital letters (ISO 4217), as EUR"
    assert [(one.path, one.text) for one in found] == [
        ("organisation.currency", f"{letters}, not '{currency}'")
    ]


@pytest.mark.parametrize(
    ("entry", "key", "meant"),
    [
        ("owns: [{repo: a/b, since: 2026-01-01}]", "owns[0].since", "from"),
        ("owns: [{repo: a/b, until: 2026-01-01}]", "owns[0].until", "to"),
        ("owns: [{repo: a/b, form: 2026-01-01}]", "owns[0].form", "from"),
        ("headcount: [{since: 2026-01-01, value: 3}]", "headcount[0].since", "from"),
    ],
)
def test_another_word_for_a_date_is_told(entry: str, key: str, meant: str) -> None:
    assert wrong(entry) == [
        (f"teams[0].{key}", f"unknown key; did you mean '{meant}'?")
    ]


def test_a_domain_counts_once_so_it_is_named_once() -> None:
    """Their number is that of the product managers usually recommended."""
    found = parse("""\
version: 1
organisation:
  platform:
    domains:
      - data
      - developer-platform
      - Data
teams: [{id: a}]
""")
    assert isinstance(found, tuple)
    assert [(one.line, one.path, one.text) for one in found] == [
        (
            7,
            "organisation.platform.domains[2]",
            "this domain is named already (line 5)",
        )
    ]


def test_a_person_may_be_written_with_an_at_as_on_labels() -> None:
    found = parse("""\
version: 1
organisation: {roles: {staff: ["github:@Lead"]}}
teams:
  - id: web
    members: ["github:@mia", {person: "jira:@mia@acme.example"}]
""")
    assert isinstance(found, FileDirectory)
    assert found.memberships("github:mia", 0) == ("web",)
    assert found.memberships("jira:mia@acme.example", 0) == ("web",)
    assert found.role("github:lead") == "staff"
    assert handles_of("@mia", found) == ("github:mia",)


def test_a_person_with_an_at_and_without_is_one() -> None:
    found = parse("""\
version: 1
organisation: {roles: {staff: ["github:lead"], manager: ["github:@lead"]}}
teams:
  - id: web
    members: ["github:mia", "github:@mia"]
""")
    assert isinstance(found, tuple)
    assert [(one.path, one.text) for one in found] == [
        ("organisation.roles.staff[0]", "this person has a role already (line 2)"),
        (
            "teams[0].members[1]",
            "the person is in this team already at that time (line 5)",
        ),
    ]


@pytest.mark.parametrize(
    ("handle", "meant"),
    [
        ("gihub:mia", "github"),
        ("GitHubs:mia", "github"),
        ("github.com:mia", "github"),
        ("github-enterprise:mia", "github"),
        ("jra:5b10", "jira"),
        ("jira-cloud:5b10", "jira"),
    ],
)
def test_a_provider_that_is_called_otherwise_is_told(handle: str, meant: str) -> None:
    """And no more of it: what is before the colon may be a person's name."""
    text = f"no event names persons of this provider; did you mean '{meant}'?"
    assert wrong(f'members: ["{handle}"]') == [("teams[0].members[0]", text)]


def test_one_at_is_the_most() -> None:
    text = "should be provider:id, as in github:octocat"
    assert wrong('members: ["github:@@mia"]') == [("teams[0].members[0]", text)]


@pytest.mark.parametrize("provider", ["GitHub", "jira", "gitlab", "slack", "pagerduty"])
def test_other_providers_are_nobodys_slip(provider: str) -> None:
    """A label names persons wherever they have that name (decisions.md)."""
    assert wrong(f'members: ["{provider}:mia"]') == []


def test_providers_of_persons_are_called_as_in_decoding() -> None:
    told = handle_of("mia")
    assert told is not None
    assert (told.partition(":")[0], jira.NAME) == PERSONS_OF


@pytest.mark.parametrize("handle", ["github:@", "@mia", "github: @mia"])
def test_an_at_is_no_name(handle: str) -> None:
    text = "should be provider:id, as in github:octocat"
    assert wrong(f'members: ["{handle}"]') == [("teams[0].members[0]", text)]


@pytest.mark.parametrize("version", ["true", "1.0", '"1"'])
def test_the_version_is_the_number_one(version: str) -> None:
    found = parse(f"version: {version}\nteams: [{{id: a}}]\n")
    assert isinstance(found, tuple)
    (mistake,) = found
    assert (mistake.path, mistake.text.split(",")[0]) == ("version", "should be 1")


def test_a_wrong_reference_hides_neither_another_nor_the_dates() -> None:
    found = wrong(
        "owns: [{repo: acme/, service: 12, from: 2026-02-01, to: 2026-01-01}]"
    )
    assert [path for path, _ in found] == [
        "teams[0].owns[0]",
        "teams[0].owns[0]",
        "teams[0].owns[0].repo",
        "teams[0].owns[0].service",
    ]
    texts = [text for _, text in found]
    assert "from 2026-02-01 is not before to 2026-01-01" in texts
    assert any(text.endswith("not repo, service") for text in texts)
