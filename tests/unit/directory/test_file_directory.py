import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.directory.dates import Held, Span, to_schedule
from monitor.directory.file_directory import FileDirectory
from monitor.directory.patterns import path_glob, path_key
from monitor.directory.teams_file import parse
from monitor.domain.facts import Fields
from monitor.domain.named_by_branch import hidden_last, hidden_pipeline
from monitor.domain.teams import Directory, Schedule, always, team_at
from monitor.domain.working_time import to_ms


def day(text: str) -> int:
    return to_ms(dt.datetime.fromisoformat(f"{text}T00:00:00+00:00"))


def directory(**owns: str) -> FileDirectory:
    """Teams by name with the flow-style content of their ``owns``."""
    teams = "".join(f"  - id: {team}\n    owns: [{o}]\n" for team, o in owns.items())
    found = parse(f"version: 1\nteams:\n{teams}")
    assert isinstance(found, FileDirectory), found
    return found


def teams_of(schedule: Schedule | None) -> list[str]:
    assert schedule is not None
    return [entry.team for entry in schedule]


def test_an_exact_claim_beats_a_glob_and_a_longer_glob_a_shorter() -> None:
    found = directory(
        a="{repo: acme/*}", b="{repo: acme/shop-*}", c="{repo: acme/shop-web}"
    )
    assert found.repository("acme/site") == always("a")
    assert found.repository("acme/shop-api") == always("b")
    assert found.repository("acme/shop-web") == always("c")
    assert found.repository("other/site") is None


def test_equally_long_globs_of_two_teams_leave_what_both_match_unknown() -> None:
    found = directory(a="{repo: acme/pay-*}", b="{repo: acme/*-api}")
    assert found.repository("acme/pay-web") == always("a")
    assert found.repository("acme/log-api") == always("b")
    assert found.repository("acme/pay-api") == always("unknown")


def test_references_are_compared_without_case() -> None:
    found = directory(
        a="{repo: Acme/Shop}, {service: Till}, {jira: chk}, {group: '@Acme/Pay'}"
    )
    assert found.repository("acme/shop") == always("a")
    assert found.service("TILL") == always("a")
    assert found.project("CHK") == always("a")
    assert found.group("@acme/pay") == always("a")
    assert found.group("acme/PAY") == always("a")


def test_characters_other_than_star_and_question_mark_are_literal() -> None:
    found = directory(a="{pipeline: 'acme/shop/ci/test [3.1?]'}")
    assert found.pipeline("acme/shop/ci/test [3.11]") == always("a")
    assert found.pipeline("acme/shop/ci/test 3") is None


def test_a_star_of_a_pipeline_spans_slashes() -> None:
    found = directory(a="{pipeline: acme/*/integration/*}")
    assert found.pipeline("acme/shop/integration/build / test") == always("a")
    assert found.pipeline("acme/shop/unit/build") is None


@pytest.mark.parametrize(
    "named", ["team \u00bb Till-Deploy", "acme/till/till-deploy", "till-deploy"]
)
def test_a_pipeline_is_found_where_its_last_part_is_hidden(named: str) -> None:
    """Where nobody tells whether that is a branch's, facts have a word of it."""
    found = directory(a=f"{{pipeline: '{named}'}}", b="{pipeline: '*'}")
    assert found.pipeline(named) == always("a")
    assert found.pipeline(hidden_last(named)) == always("a")
    assert found.pipeline(hidden_last(f"{named}-2")) == always("b")


@pytest.mark.parametrize(
    ("claim", "branch"),
    [
        ("acme/shop/Search e2e/run", "search"),
        ("acme/shop/search e2e/*", "search"),
        ("acme/*/search e2e/run", "Search"),
        ("acme/shop/*/run", "search"),
        ("*e2e/run", "search"),
        ("acme/shop/search ?2e/run", "search"),
        ("acme/shop/search e2e/run", "search e2e"),
    ],
)
def test_a_pipeline_is_found_wherever_in_it_a_branch_is_hidden(
    claim: str, branch: str
) -> None:
    """Facts have a word of the branch, with which no claim's text can be compared."""
    found = directory(a=f"{{pipeline: '{claim}'}}", b="{pipeline: '*'}")
    name = "acme/shop/search e2e/run"
    shown = hidden_pipeline(name, branch, "acme/shop")
    assert found.pipeline(shown) == found.pipeline(name) == always("a")
    other = hidden_pipeline("acme/shop/till e2e/no", "till", "acme/shop")
    assert found.pipeline(other) == always("b")


def test_a_pattern_as_long_as_another_decides_nothing_of_a_hidden_name() -> None:
    """As of the name itself: an exact line beats both."""
    found = directory(a="{pipeline: 'search/*'}", b="{pipeline: '*/e2e.1'}")
    shown = hidden_pipeline("search/e2e.1", "search", "")
    assert found.pipeline(shown) == found.pipeline("search/e2e.1")
    exact = directory(a="{pipeline: 'search/*'}", b="{pipeline: search/e2e.1}")
    assert exact.pipeline(shown) == always("b")


def test_projects_are_the_keys_of_the_file_in_upper_case() -> None:
    found = directory(a="{jira: chk}, {project: PAY}")
    assert found.projects == {"CHK", "PAY"}


def test_a_gap_between_dates_belongs_to_nobody() -> None:
    found = directory(
        a="{service: shop, from: 2026-01-01, to: 2026-02-01}",
        b="{service: shop, from: 2026-03-01}",
    )
    schedule = found.service("shop")
    assert teams_of(schedule) == ["unknown", "a", "unknown", "b"]
    assert schedule is not None
    assert [entry.start for entry in schedule[1:]] == [
        day("2026-01-01"),
        day("2026-02-01"),
        day("2026-03-01"),
    ]


def test_a_dated_exact_claim_lies_over_an_undated_glob() -> None:
    found = directory(
        a="{repo: acme/*}", b="{repo: acme/shop, from: 2026-01-01, to: 2026-02-01}"
    )
    assert teams_of(found.repository("acme/shop")) == ["a", "b", "a"]


def test_the_owner_is_found_by_service_then_repository_then_project() -> None:
    found = directory(a="{service: till}", b="{repo: acme/shop}", c="{jira: CHK}")
    fields: Fields = {"service": "till", "repo": "acme/shop", "project": "CHK"}
    assert found.owner(fields) == always("a")
    assert found.owner({**fields, "service": "else"}) == always("b")
    assert found.owner({"repo": "acme/else", "project": "CHK"}) == always("c")
    assert found.owner({"repo": "acme/else"}) is None
    assert found.owner({}) is None


MONO = {
    "a": "{repo: acme/mono}",
    "b": "{path: {repo: acme/mono, pattern: /shop/**}}",
    "c": "{path: {repo: acme/mono, pattern: /shop/till/}}",
}


@pytest.mark.parametrize(
    ("paths", "team"),
    [
        (["/shop/x.py"], "b"),
        (["shop/x.py", "/shop/y/z.py"], "b"),
        (["/shop/till/x.py"], "c"),
        (["/shop/till/x.py", "/shop/x.py"], "a"),
        (["/shop/x.py", "/readme"], "a"),
        (["/readme"], "a"),
        ([], "a"),
    ],
)
def test_all_paths_must_agree_or_the_repository_decides(
    paths: list[str], team: str
) -> None:
    fields: Fields = {"repo": "acme/mono", "paths": paths}
    assert directory(**MONO).owner(fields) == always(team)


def test_paths_that_disagree_in_a_repository_nobody_claims_have_no_owner() -> None:
    found = directory(b=MONO["b"], c="{jira: CHK}")
    paths = ["/shop/x", "/readme"]
    assert found.owner({"repo": "acme/mono", "paths": ["/shop/x"]}) == always("b")
    assert found.owner({"repo": "acme/mono", "paths": paths}) is None
    fields: Fields = {"repo": "acme/mono", "paths": paths, "project": "CHK"}
    assert found.owner(fields) == always("c")


def test_paths_agree_or_not_as_of_each_time() -> None:
    found = directory(
        a="{repo: acme/mono}",
        b="{path: {repo: acme/mono, pattern: /x/}}, "
        "{path: {repo: acme/mono, pattern: /y/}, from: 2026-02-01}",
    )
    fields: Fields = {"repo": "acme/mono", "paths": ["/x/1", "/y/1"]}
    assert teams_of(found.owner(fields)) == ["a", "b"]


def test_the_closer_directory_and_the_file_itself_win() -> None:
    rule = "{{path: {{repo: acme/mono, pattern: {}}}}}"
    found = directory(
        a=rule.format("/shop"),
        b=rule.format("/shop/till/**"),
        c=rule.format("/shop/till/x.py"),
        d=rule.format("'/shop/till/*-generated.py'"),
    )
    owners = {
        path: found.owner({"repo": "acme/mono", "paths": [path]})
        for path in (
            "/shop/a",
            "/shop/till/y.py",
            "/shop/till/x.py",
            "/shop/till/z-generated.py",
        )
    }
    assert list(owners.values()) == [always(team) for team in "abcd"]


@pytest.mark.parametrize("directories", ["/packages/*/**", "/packages/*/"])
def test_a_directory_by_its_name_beats_all_directories(directories: str) -> None:
    """That a pattern says "below" makes it no longer, so no closer."""
    rule = "{{path: {{repo: acme/mono, pattern: '{}'}}}}"
    found = directory(
        a="{repo: acme/mono}",
        b=rule.format(directories),
        c=rule.format("/packages/x/"),
        d=rule.format("/packages/*"),
    )
    owners = {
        path: found.owner({"repo": "acme/mono", "paths": [path]})
        for path in ("/a.ts", "/packages/y/src/a.ts", "/packages/x/a.ts", "/packages/y")
    }
    assert list(owners.values()) == [always(team) for team in "abcd"]


def test_of_equally_close_paths_the_closer_repository_decides() -> None:
    """As of any reference: exact beats glob, a longer glob a shorter."""
    rule = "{{path: {{repo: '{}', pattern: '{}'}}}}"
    found = directory(
        a="{repo: acme/mono}",
        b=rule.format("acme/*", "/.ci/"),
        c=rule.format("acme/mo*", "/.ci/"),
        d=rule.format("acme/mono", "/.ci/"),
        e=rule.format("acme/*", "/.ci/deep/"),
        f=rule.format("acme/*ss", "/.ci/"),
    )
    owners = [
        found.owner({"repo": f"acme/{repo}", "paths": [path]})
        for repo, path in (
            ("mono", "/a"),
            ("shop", "/.ci/a"),
            ("moon", "/.ci/a"),
            ("mono", "/.ci/a"),
            ("mono", "/.ci/deep/a"),
            ("less", "/.ci/a"),
        )
    ]
    assert owners == [always(team) for team in "abcdef"]


def test_equally_long_repositories_of_one_path_leave_it_unknown() -> None:
    rule = "{{path: {{repo: '{}', pattern: /.ci/}}}}"
    found = directory(
        a="{repo: acme/moss}", b=rule.format("acme/m*"), c=rule.format("acme/*s")
    )
    fields: Fields = {"repo": "acme/moss", "paths": ["/.ci/a"]}
    assert found.owner(fields) == always("unknown")


@pytest.mark.parametrize(
    ("one", "other"),
    [("/shop/**", "/shop/"), ("/shop-*/**", "/shop-*/"), ("/shop-*/**/", "shop-*/**")],
)
def test_two_spellings_of_one_path_are_one_claim(one: str, other: str) -> None:
    found = parse(f"""\
version: 1
teams:
  - id: a
    owns: [{{path: {{repo: acme/mono, pattern: {one}}}}}]
  - id: b
    owns: [{{path: {{repo: acme/mono, pattern: {other}}}}}]
""")
    assert isinstance(found, tuple)
    assert [mistake.line for mistake in found] == [6]


def test_a_service_outranks_the_paths() -> None:
    found = directory(**MONO, d="{service: till}")
    fields: Fields = {"repo": "acme/mono", "paths": ["/shop/x"], "service": "till"}
    assert found.owner(fields) == always("d")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/shop/**", "/shop/a/b", True),
        ("/shop/**", "/shops/a", False),
        ("/shop", "/shop/a/b", True),
        ("/shop", "/shop", True),
        ("/shop", "/x/shop", False),
        ("/shop/*", "/shop/a", True),
        ("/shop/*", "/shop/a/b", False),
        ("shop/", "/x/shop/a", True),
        ("*.py", "/x/y.py", True),
        ("/a/**/z", "/a/z", True),
        ("/a/**/z", "/a/b/c/z", True),
        ("a/b", "/a/b/c", True),
        ("a/b", "/x/a/b", False),
        ("/", "/anything", True),
        ("/a?c", "/abc", True),
        ("/a?c", "/a/c", False),
        ("/A", "/a", False),
        ("/apps/web-*/**", "/apps/web-shop/src/a.ts", True),
        ("/apps/web-*/**/", "/apps/web-shop/src/a.ts", True),
        ("/apps/web-*/**", "/apps/web-shop", False),
        ("/apps/web-*/**", "/x/apps/web-shop/a.ts", False),
        ("/apps/web-*", "/apps/web-shop/a.ts", False),
        ("/apps/*/", "/apps/shop/src/a.ts", True),
        ("/apps/*/", "/apps/README.md", False),
        ("web-*/", "/apps/web-shop/src/a.ts", True),
        ("**/**/a.ts", "/a.ts", True),
        ("**/**/a.ts", "/apps/web-shop/a.ts", True),
        ("/apps/**/**/a.ts", "/apps/a.ts", True),
        ("web-*/", "/web-shop", False),
        ("web-*/**", "/apps/web-shop/src/a.ts", False),
        ("/v?/", "/v1/a", True),
        ("/apps/**/*/", "/apps/a", False),
        ("/apps/**/*/", "/apps/a/b", True),
        ("/apps/web-*/src/", "/apps/web-shop/src/a.ts", True),
    ],
)
def test_path_patterns_read_as_in_codeowners(
    pattern: str, path: str, matches: bool
) -> None:
    assert (path_glob(path_key(pattern)).fullmatch(path) is not None) is matches


def test_a_pool_is_found_by_its_group_or_any_label() -> None:
    found = directory(a="{pool: self-hosted}", b="{pool: gpu}", c="{pool: large-*}")
    assert found.pool(("self-hosted", "linux")) == always("a")
    assert found.pool(("self-hosted", "linux", "gpu")) == always("b")
    assert found.pool(("large-arm", "self-hosted")) == always("c")
    assert found.pool(("ubuntu-latest",)) is None
    assert found.pool(()) is None


def test_an_explicit_team_is_its_id_or_unknown() -> None:
    found = directory(Checkout="{service: a}")
    assert found.named("Checkout") == "Checkout"
    assert found.named(" checkout") == "Checkout"
    assert found.named("chekout") == "unknown"
    assert found.named("external") == "external"
    assert found.named("unknown") == "unknown"


def test_memberships_are_those_of_the_instant_sorted() -> None:
    found = parse("""\
version: 1
organisation: {roles: {manager: ["github:Lead"]}}
teams:
  - id: z
    members: [github:One]
  - id: a
    members: [{person: github:one, from: 2026-01-01, to: 2026-02-01}]
""")
    assert isinstance(found, FileDirectory)
    assert found.memberships("github:one", day("2025-12-31")) == ("z",)
    assert found.memberships("github:ONE", day("2026-01-01")) == ("a", "z")
    assert found.memberships("github:one", day("2026-02-01")) == ("z",)
    assert found.memberships("github:two", 0) == ()
    assert found.role("github:lead") == "manager"
    assert found.role("github:one") is None


def test_the_resolver_keeps_the_directory_protocol() -> None:
    kept: Directory = directory(a="{repo: acme/*}")
    assert len(kept.hash) == 12


def test_made_up_references_do_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("register", "file_directory"):
        monkeypatch.setattr(f"monitor.directory.{module}.MOST_REMEMBERED", 2_000)
    found = directory(a="{repo: acme/*}")
    for number in range(100):
        assert found.owner({"repo": f"acme/{number}"}) == always("a")
    assert 0 < len(found._owners) <= 10
    assert 0 < len(found._registers["repo"]._seen) <= 10


def test_a_reference_is_resolved_the_first_time_it_is_seen_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = directory(a="{repo: acme/*}")
    fields: Fields = {"repo": "acme/shop", "project": "CHK"}
    first = found.owner(fields)
    monkeypatch.delattr("monitor.directory.register.to_schedule")
    assert found.owner(fields) is first


_DAYS = st.integers(min_value=0, max_value=30)
_CLAIMS = st.lists(
    st.builds(
        lambda strength, start, length, team: Held(
            (strength,), Span(start, start + length), team
        ),
        st.integers(0, 2),
        _DAYS,
        st.integers(1, 20),
        st.sampled_from("abc"),
    ),
    min_size=1,
    max_size=8,
)


@given(_CLAIMS)
def test_a_schedule_names_the_strongest_claim_of_every_instant(
    claims: list[Held],
) -> None:
    schedule = to_schedule(claims)
    assert schedule is not None
    for instant in range(-1, 52):
        expected = "unknown"
        for strength in range(3):
            teams = {
                claim.team
                for claim in claims
                if claim.strength == (strength,)
                and claim.span.start <= instant < claim.span.end
            }
            if teams:
                expected = teams.pop() if len(teams) == 1 else "unknown"
        assert team_at(schedule, instant) == expected


@given(_CLAIMS)
def test_a_schedule_starts_at_the_beginning_and_its_neighbours_differ(
    claims: list[Held],
) -> None:
    schedule = to_schedule(claims)
    assert schedule is not None
    assert schedule[0].start == always("a")[0].start
    for one, next_one in itertools.pairwise(schedule):
        assert one.start < next_one.start
        assert one.team != next_one.team


def test_no_claims_make_no_schedule() -> None:
    assert to_schedule([]) is None
