import datetime as dt

import pytest

from monitor.directory.file_directory import FileDirectory
from monitor.directory.mistakes import Mistake
from monitor.directory.teams_file import hash_of, parse
from monitor.domain.teams import BEGINNING, team_at
from monitor.domain.working_time import Hours, to_ms


def ms(text: str) -> int:
    return to_ms(dt.datetime.fromisoformat(text))


def read(text: str) -> FileDirectory:
    found = parse(text)
    assert isinstance(found, FileDirectory), found
    return found


def wrong(text: str) -> list[tuple[int, str, str]]:
    found = parse(text)
    assert isinstance(found, tuple), "no mistake was found"
    return [(mistake.line, mistake.path, mistake.text) for mistake in found]


def one_team(rest: str) -> str:
    return f"version: 1\nteams:\n  - id: checkout\n{rest}"


HEADCOUNT = "should be a number, or a list of {from, value}"
FULL = """\
version: 1
organisation:
  name: Acme
  engineer_cost_per_hour: 100
  currency: USD
  budget: 0.15
  platform: {pms: 1, domains: [developer-platform, data]}
  calendar: {zone: UTC, days: [fri, mon], hours: ["08:00", "24:00"], holidays: []}
  roles: {manager: ["github:Boss"], staff: []}
teams:
  - id: checkout
    kind: stream
    domain: commerce
    headcount: 4
    calendar: {zone: Europe/Berlin, holidays: [2026-12-24]}
    owns:
      - jira: CHK
  - id: Platform
    headcount: [{from: 2026-03-01, value: 2.5}, {value: 5}]
    owns:
"""


def test_a_whole_file_becomes_teams_and_an_organisation() -> None:
    directory = read(FULL)
    organisation = directory.organisation
    assert organisation.name == "Acme"
    assert organisation.engineer_cost_per_hour == 100
    assert organisation.currency == "USD"
    assert organisation.budget == 0.15
    assert organisation.platform_pms == 1
    assert organisation.platform_domains == ("developer-platform", "data")
    assert organisation.calendar.hours == Hours("UTC", (0, 4), 480, 1440)
    assert list(directory.teams) == ["checkout", "Platform"]
    checkout, platform = directory.teams.values()
    assert (checkout.kind, checkout.kind_defaulted) == ("stream", False)
    assert checkout.domain == "commerce"
    assert (platform.kind, platform.kind_defaulted) == ("stream", True)
    assert not directory.provisional


def test_a_calendar_is_overridden_key_by_key() -> None:
    hours = read(FULL).teams["checkout"].calendar.hours
    holiday = frozenset({dt.date(2026, 12, 24)})
    assert hours == Hours("Europe/Berlin", (0, 4), 480, 1440, holiday)


def test_the_calendar_of_a_team_that_is_not_there_is_the_organisations() -> None:
    directory = read(FULL)
    assert directory.calendar("unknown") is directory.organisation.calendar
    assert directory.calendar("checkout") is directory.teams["checkout"].calendar


def test_a_headcount_is_a_number_or_dated_in_order_of_time() -> None:
    teams = read(FULL).teams
    assert teams["checkout"].headcount == ((BEGINNING, 4.0),)
    march = ms("2026-03-01T00:00:00+00:00")
    assert teams["Platform"].headcount == ((BEGINNING, 5.0), (march, 2.5))
    assert read(one_team("")).teams["checkout"].headcount is None


def test_a_team_is_absent_as_the_organisation_unless_it_says_otherwise() -> None:
    text = """
version: 1
organisation: {absence_share: 0.15}
teams: [{id: a}, {id: b, absence_share: 0}, {id: c, absence_share: 0.3}]
"""
    shares = [str(team.absence_share) for team in read(text).teams.values()]
    # Exactly as written, in tenths and hundredths.
    assert shares == ["3/20", "0", "3/10"]
    assert read(one_team("")).teams["checkout"].absence_share == 0


def test_defaults_are_those_of_the_design() -> None:
    organisation = read(one_team("")).organisation
    assert organisation.engineer_cost_per_hour is None
    assert organisation.budget == 0.20
    assert organisation.calendar.hours == Hours()


def test_the_hash_is_twelve_digits_of_the_text() -> None:
    # printf abc | sha256sum
    assert hash_of("abc") == "ba7816bf8f01"
    assert read(FULL).hash != read(FULL + "\n").hash


def test_a_date_is_local_midnight_of_the_organisations_zone() -> None:
    text = """\
version: 1
organisation: {calendar: {zone: Europe/Berlin}}
teams:
  - id: a
    owns:
      - {service: shop, from: 2026-01-10, to: 2026-07-10}
      - {service: till, from: "2026-01-10T12:00:00Z"}
"""
    directory = read(text)
    shop, till = directory.service("shop"), directory.service("till")
    assert shop is not None
    assert till is not None
    assert [entry.start for entry in shop[1:]] == [
        ms("2026-01-09T23:00:00+00:00"),  # winter: UTC+1
        ms("2026-07-09T22:00:00+00:00"),  # summer: UTC+2
    ]
    assert till[1].start == ms("2026-01-10T12:00:00+00:00")


def test_values_without_quotes_mean_what_they_look_like() -> None:
    text = one_team(
        "    calendar: {hours: [09:00, 17:00]}\n"
        "    owns: [{service: no}, {service: 2026-01-01}, {service: 12:30}]\n"
    )
    directory = read(text)
    assert directory.teams["checkout"].calendar.hours.closes == 17 * 60
    for service in ("no", "2026-01-01", "12:30"):
        schedule = directory.service(service)
        assert schedule is not None
        assert team_at(schedule, 0) == "checkout"


def test_every_mistake_is_reported_at_once_with_its_line() -> None:
    text = """\
version: 2
organisaton: {}
teams:
  - id: a
    hedcount: 3
    kind: strem
    owns:
      - repo: a/b
      - {repo: a/c, from: 2026-02-01, to: 2026-01-01}
      - {repos: a/c}
      - {repo: a/d, service: d}
    calendar: {days: [Mon], hours: ["17:00", "09:00"], zone: Mars/X}
  - id: A
    owns:
      - repo: A/B
    headcount: -1
  - id: external
  - domain: x
"""
    kinds = "should be 'stream', 'platform', 'enabling' or 'subsystem', not 'strem'"
    days = "should be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun', not 'Mon'"
    named = "names one of repo, path, jira, project, service, pool, group, pipeline"
    assert wrong(text) == [
        (1, "version", "should be 1, not 2"),
        (2, "organisaton", "unknown key; did you mean 'organisation'?"),
        (5, "teams[0].hedcount", "unknown key; did you mean 'headcount'?"),
        (6, "teams[0].kind", kinds),
        (9, "teams[0].owns[1]", "from 2026-02-01 is not before to 2026-01-01"),
        (10, "teams[0].owns[2].repos", "unknown key; did you mean 'repo'?"),
        (11, "teams[0].owns[3]", f"{named}; not repo, service"),
        (12, "teams[0].calendar.days[0]", days),
        (12, "teams[0].calendar.hours", "17:00 is not before 09:00"),
        (
            12,
            "teams[0].calendar.zone",
            "'Mars/X' is no time zone (as in Europe/Berlin)",
        ),
        (13, "teams[1].id", "another team has this id (line 4)"),
        (
            15,
            "teams[1].owns[0]",
            (
                "repo 'a/b' is claimed by a at the same time (line 8): keep one, or "
                "give both dates that do not overlap"
            ),
        ),
        (16, "teams[1].headcount", "should be greater than or equal to 0, not -1"),
        (17, "teams[2].id", "'external' is a reserved id: choose another"),
        (18, "teams[3].id", "is missing"),
    ]


@pytest.mark.parametrize("name", ["external", "unknown", "other", "Other", "wall"])
def test_reserved_ids_are_refused(name: str) -> None:
    (found,) = wrong(f"version: 1\nteams: [{{id: {name}}}]")
    assert found == (2, "teams[0].id", f"'{name}' is a reserved id: choose another")


@pytest.mark.parametrize(
    ("rest", "path", "text"),
    [
        ("    owns: 3", "teams[0].owns", "should be a list, not 3"),
        ("    owns: [3]", "teams[0].owns[0]", "should be a mapping, not 3"),
        (
            "    owns: [{service: 12}]",
            "teams[0].owns[0].service",
            "should be text, not 12; write it in quotes",
        ),
        (
            "    owns: [{jira: CH*}]",
            "teams[0].owns[0].jira",
            "a project key has no wildcard",
        ),
        (
            "    owns: [{from: 2026-01-01}]",
            "teams[0].owns[0]",
            (
                "names one of repo, path, jira, project, service, pool, group, "
                "pipeline; here is none"
            ),
        ),
        (
            "    owns: [{repo: a/b, from: 2026-02-30}]",
            "teams[0].owns[0].from",
            "'2026-02-30' is no day of the calendar, or no time of the day",
        ),
        (
            "    owns: [{repo: a/b, from: 2026-02-01T10:00:00}]",
            "teams[0].owns[0].from",
            (
                "'2026-02-01T10:00:00' should be a date (2026-01-31) or an instant "
                "with its zone"
            ),
        ),
        (
            "    owns: [{repo: a/b, from: 0001-01-01}]",
            "teams[0].owns[0].from",
            "'0001-01-01' should be between 1970 and 2199",
        ),
        (
            "    owns: [{path: {repo: a/b}}]",
            "teams[0].owns[0].path.pattern",
            "is missing",
        ),
        ("    headcount: yes", "teams[0].headcount", f"{HEADCOUNT}, not 'yes'"),
        (
            "    headcount: [{value: 1}, {value: 2}]",
            "teams[0].headcount[1]",
            "begins when headcount[0] begins",
        ),
        (
            "    headcount: [{value: many}]",
            "teams[0].headcount[0].value",
            "should be a number, not 'many'",
        ),
        ("    headcount: []", "teams[0].headcount", "is empty"),
        (
            "    absence_share: 1",
            "teams[0].absence_share",
            "should be less than 1, not 1",
        ),
        (
            "    absence_share: -0.1",
            "teams[0].absence_share",
            "should be greater than or equal to 0, not -0.1",
        ),
        (
            "    absence_share: 15 %",
            "teams[0].absence_share",
            "should be a number, not '15 %'",
        ),
        (
            "    absence: 0.15",
            "teams[0].absence",
            "unknown key; did you mean 'absence_share'?",
        ),
        ("    calendar: {days: []}", "teams[0].calendar.days", "is empty"),
        (
            '    calendar: {hours: ["9:00", "17:00"]}',
            "teams[0].calendar.hours[0]",
            "'9:00' is no time of the day: write it as \"09:00\"",
        ),
        (
            '    calendar: {hours: ["09:00"]}',
            "teams[0].calendar.hours",
            'should be two times: ["09:00", "17:00"]',
        ),
        (
            "    calendar: {holidays: [25.12.2026]}",
            "teams[0].calendar.holidays[0]",
            "'25.12.2026' is no date (as in 2026-12-25)",
        ),
        (
            "    calendar: {zone: Europe}",
            "teams[0].calendar.zone",
            "'Europe' is no time zone (as in Europe/Berlin)",
        ),
        (
            "    calendar: {zone: ../../etc/passwd}",
            "teams[0].calendar.zone",
            "'../../etc/passwd' is no time zone (as in Europe/Berlin)",
        ),
        (
            "    members: [github:a, {person: github:A, from: 2026-01-01}]",
            "teams[0].members[1]",
            "the person is in this team already at that time (line 4)",
        ),
        (
            "    calendar: {holidays: [2026-02-30]}",
            "teams[0].calendar.holidays[0]",
            "'2026-02-30' is no day of the calendar",
        ),
        (
            "    members: [{person: github:a, from: 2026-02-02, to: 2026-02-01}]",
            "teams[0].members[0]",
            "from 2026-02-02 is not before to 2026-02-01",
        ),
        (
            "    owns: [{service: true}]",
            "teams[0].owns[0].service",
            "should be text, not true; write it in quotes",
        ),
        (
            "    owns: [{path: {repo: a/b, pattern: }}]",
            "teams[0].owns[0].path.pattern",
            "should be text, not empty",
        ),
        (
            '    domain: " x"',
            "teams[0].domain",
            "should not be empty, nor begin or end with a blank",
        ),
        (
            '    domain: "a\\u0007"',
            "teams[0].domain",
            "should not contain control characters",
        ),
    ],
)
def test_each_mistake_of_a_team(rest: str, path: str, text: str) -> None:
    assert wrong(one_team(rest)) == [(4, path, text)]


def test_a_long_value_is_shown_in_part() -> None:
    ((_, _, text),) = wrong(one_team(f"    kind: {'x' * 80}"))
    assert text.endswith(f"not '{'x' * 59}...")


def test_an_id_has_no_colon() -> None:
    found = wrong('version: 1\nteams: [{id: "domain:x"}]')
    assert found == [(2, "teams[0].id", "should not contain a colon")]


@pytest.mark.parametrize(
    ("rest", "path", "text"),
    [
        (
            "{budget: 2}",
            "organisation.budget",
            "should be less than or equal to 1, not 2",
        ),
        (
            "{currency: euro}",
            "organisation.currency",
            "should be three capital letters (ISO 4217), as EUR, not 'euro'",
        ),
        ("{platform: {pms: 1.5}}", "organisation.platform.pms", None),
        (
            "{roles: {maneger: []}}",
            "organisation.roles.maneger",
            "unknown key; did you mean 'manager'?",
        ),
        (
            "{roles: {manager: [github:a], staff: [github:A]}}",
            "organisation.roles.staff[0]",
            "this person has a role already (line 3)",
        ),
    ],
)
def test_each_mistake_of_the_organisation(
    rest: str, path: str, text: str | None
) -> None:
    ((line, where, what),) = wrong(
        f"version: 1\nteams: [{{id: a}}]\norganisation: {rest}"
    )
    assert (line, where) == (3, path)
    assert text is None or what == text


def test_a_mistake_never_shows_a_person() -> None:
    text = "    members: [somebody, {person: 5}]\n"
    found = wrong(one_team(text))
    assert [line for line, _, _ in found] == [4, 4]
    assert "somebody" not in str(found)


def test_dates_that_do_not_overlap_may_claim_the_same() -> None:
    text = """\
version: 1
teams:
  - id: a
    owns: [{service: shop, to: 2026-02-01}]
  - id: b
    owns: [{service: Shop, from: 2026-02-01, to: 2026-03-01}]
"""
    schedule = read(text).service("shop")
    assert schedule is not None
    assert [entry.team for entry in schedule] == ["a", "b", "unknown"]


def test_overlapping_dates_may_not_claim_the_same() -> None:
    text = """\
version: 1
teams:
  - id: a
    owns:
      - {jira: CHK, to: 2026-02-02}
  - id: b
    owns:
      - {project: chk, from: 2026-02-01}
"""
    (found,) = wrong(text)
    assert found[:2] == (8, "teams[1].owns[0]")
    assert found[2].startswith("project 'chk' is claimed by a at the same time")


def test_paths_of_different_repositories_are_different_claims() -> None:
    text = """\
version: 1
teams:
  - id: a
    owns: [{path: {repo: a/one, pattern: /docs/}}]
  - id: b
    owns: [{path: {repo: a/two, pattern: /docs/}}]
"""
    assert read(text).projects == frozenset()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "should be a mapping with the keys version, organisation and teams"),
        ("- a", 1, "should be a mapping with the keys version, organisation and teams"),
        (
            "version: 1\nteams: [{id: a}]\n---\nx: 1",
            3,
            "a second document: keep one in the file",
        ),
    ],
)
def test_what_is_no_teams_file_is_refused(text: str, line: int, what: str) -> None:
    found = wrong(text)
    assert (line, "", what) in found


def test_a_file_without_teams_is_refused() -> None:
    assert wrong("version: 1") == [(1, "teams", "is missing")]
    assert wrong("version: 1\nteams: []") == [(2, "teams", "is empty")]


def test_a_mistake_prints_with_its_place() -> None:
    mistake = Mistake(3, "teams[0].id", "is missing", "teams.yaml")
    assert str(mistake) == "teams.yaml:3: teams[0].id: is missing"
    assert str(mistake._replace(file="")) == "line 3: teams[0].id: is missing"
    assert str(Mistake(0, "", "cannot be read", "x")) == "x: cannot be read"
