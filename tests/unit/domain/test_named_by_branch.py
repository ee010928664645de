"""Names of jobs, runs and pages that hold the name of a branch, which is not kept."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.named_by_branch import (
    decoded,
    hidden_last,
    hidden_page,
    hidden_pipeline,
)
from monitor.domain.opaque import environment_word

NAMED = "dev-a-patch-1"
WORD = environment_word(NAMED)


def test_words_differ_where_names_do() -> None:
    assert WORD.startswith("~")
    assert environment_word("dev-b-patch-1") != WORD


@pytest.mark.parametrize(
    "page",
    [
        f"job/shop/job/{NAMED}",
        f"https://ci.example/job/shop/job/{NAMED}#queue/991",
        f"https://ci.example/jenkins/job/acme/job/shop/job/{NAMED}/12/",
        f"https://ci.example/view/all/job/shop/view/mine/job/{NAMED}/12/",
        f"https://ci.example/job/shop/job/{NAMED}/label=linux/12/",
        f"job/shop/job/{NAMED}/12/#12",
        f"https://x.example#https://ci.example/job/shop/job/{NAMED}/12/",
        f"job/shop/job/{NAMED}/1/#https://ci.example/job/shop/job/{NAMED}/1/",
    ],
)
def test_a_job_in_a_folder_may_be_called_like_a_branch(page: str) -> None:
    """All but the job stays: the word is the only difference, and its own word."""
    hidden = hidden_page(page)
    word = hidden_page(f"job/shop/job/{NAMED}").removeprefix("job/shop/job/")

    assert NAMED not in hidden
    assert hidden == page.replace(NAMED, word)
    assert hidden_page(hidden) == hidden


def test_a_branch_is_one_however_often_it_is_encoded() -> None:
    once, twice = (f"job/shop/job/team{slash}x/12/" for slash in ("%2F", "%252F"))

    assert hidden_page(once) == hidden_page(twice) != once
    assert "team" not in hidden_page(twice)


def test_jobs_that_differ_in_case_are_two() -> None:
    """As their branches are: with one word, builds of one number would be one run."""
    assert hidden_page("job/shop/job/Topic") != hidden_page("job/shop/job/topic")


@pytest.mark.parametrize(
    "page",
    [
        "https://ci.example/job/shop/12/",
        "job/shop#queue/991",
        "https://ci.example/job/shop/job/main/12/",
        "job/shop/job/release%252F1.4/12/",
        "job/shop/job/PR-7#queue/991",
        "github.com:job/4000",
        "https://ci.example/jobs/a/jobs/b",
        "https://github.com/acme/job/tree/job",
        "CHK-1",
    ],
)
def test_any_other_page_stays(page: str) -> None:
    assert hidden_page(page) == page


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        (f"shop \u00bb {NAMED}", f"shop \u00bb {WORD}"),
        (f"acme \u00bb shop \u00bb {NAMED}", f"acme \u00bb shop \u00bb {WORD}"),
        # What is between signs of this kind may hold anything.
        ("shop \u00bb team/x", f"shop \u00bb {environment_word('team/x')}"),
        (f"acme/shop/{NAMED}", f"acme/shop/{WORD}"),
        (NAMED, WORD),
        ("shop \u00bb main", "shop \u00bb main"),
        ("shop/release%2F1.4", "shop/release%2F1.4"),
        ("shop/team%252Fx", f"shop/{environment_word('team/x')}"),
        (f"shop \u00bb {WORD}", f"shop \u00bb {WORD}"),
    ],
)
def test_the_last_part_of_a_name_is_hidden(name: str, hidden: str) -> None:
    assert hidden_last(name) == hidden


@pytest.mark.parametrize(
    ("name", "branch", "repo", "hidden"),
    [
        (f"shop/{NAMED}", NAMED, "", f"shop/{WORD}"),
        (
            f"acme/shop/ci/Deploy {NAMED}",
            NAMED,
            "acme/shop",
            f"acme/shop/ci/Deploy {WORD}",
        ),
        (f"Build ({NAMED}, linux)", NAMED, "", f"Build ({WORD}, linux)"),
        (f"deploy-{NAMED}", NAMED, "", f"deploy-{WORD}"),
        ("shop/team%2Fx", "team/x", "", f"shop/{environment_word('team/x')}"),
        ("shop/team%252Fx", "team/x", "", f"shop/{environment_word('team/x')}"),
        ("shop/team/x", "team/x", "", f"shop/{environment_word('team/x')}"),
        (
            "acme/shop/deploy/team-x",
            "Team-X",
            "",
            f"acme/shop/deploy/{environment_word('team-x')}",
        ),
        # As a slug: what is neither letter nor digit is a hyphen.
        (f"Review {NAMED}", "dev-a/patch-1", "", f"Review {WORD}"),
        (f"Review {NAMED}", "_Dev-A//patch_1", "", f"Review {WORD}"),
        (
            f"dev-a/patch-1 ({NAMED})",
            "dev-a/patch-1",
            "",
            f"{environment_word('dev-a/patch-1')} ({WORD})",
        ),
        # Git has this before the name of a branch, whichever of the two tells it.
        (f"Review {NAMED}", f"refs/heads/{NAMED}", "", f"Review {WORD}"),
        (f"Review refs/heads/{NAMED}", NAMED, "", f"Review refs/heads/{WORD}"),
        ("shop/main", "refs/heads/main", "", "shop/main"),
        ("ci/build-docs", "build/docs", "", "ci/build-docs"),
        ("ci/unit-tests", "///", "", "ci/unit-tests"),
        # A part of a word is another word.
        ("acme/shop/tillage", "till", "", "acme/shop/tillage"),
        ("acme/shop/build-x", "topic", "", "acme/shop/build-x"),
        # The repository is what it is called.
        ("acme/shop/ci/test", "shop", "acme/shop", "acme/shop/ci/test"),
        ("Acme/Shop/ci", "Shop", "acme/shop", "Acme/Shop/ci"),
        ("acme/shop", "shop", "acme/shop", "acme/shop"),
        # Ordinary names, and what jobs are called everywhere.
        ("shop/main", "main", "", "shop/main"),
        ("shop/release/1.4", "release/1.4", "", "shop/release/1.4"),
        ("acme/shop/ci/lint", "lint", "acme/shop", "acme/shop/ci/lint"),
        ("acme/shop/ci/build", "deploy-build", "acme/shop", "acme/shop/ci/build"),
    ],
)
def test_a_pipeline_does_not_tell_its_branch(
    name: str, branch: str, repo: str, hidden: str
) -> None:
    assert hidden_pipeline(name, branch, repo) == hidden


LONG = f"dev-a/{'x' * 70}"


@pytest.mark.parametrize(
    ("branch", "form"),
    [
        # CI_COMMIT_REF_SLUG: all but a to z and digits is a hyphen, each of them; no
        # more than 63, and none of them at either end.
        ("dev.a__fix", "dev-a--fix"),
        ("Dev.A/-Fix", "dev-a--fix"),
        ("dévà/fix", "d-v--fix"),
        ("éva/dev-a", "va-dev-a"),
        (LONG, f"dev-a-{'x' * 57}"),
        (f"dev-a/{'x' * 56}/z", f"dev-a-{'x' * 56}"),
        # With one hyphen for several the 63 go further.
        (f"dev--a/{'x' * 70}", f"dev-a-{'x' * 57}"),
        # Docker's tags, and the workspaces of Jenkins.
        ("dev-a/fix", "dev_a_fix"),
        ("dev-a/fix", "dev.a-fix"),
        # In addresses: encoded as much as need be, or more; once or twice.
        ("dev.a/fix", "dev.a%2ffix"),
        ("dev.a/fix", "dev%2Ea%2Ffix"),
        ("dev.a/fix", "dev.a%252Ffix"),
        ("dev-a fix", "dev-a+fix"),
        ("dévà/fix", "d%C3%A9v%C3%A0%2Ffix"),
        ("дев", "%D0%B4%D0%B5%D0%B2"),
        # Letters without what is above them, and left out.
        ("dévà/fix", "deva-fix"),
        ("dévà/fix", "dv-fix"),
        ("dévà/fix", "Dévà-Fix"),
        ("fix(dev-a)", "fix(dev-a)"),
        ("fix(dev-a)", "fix-dev-a"),
    ],
)
def test_in_no_form_that_tools_make_does_a_pipeline_tell_its_branch(
    branch: str, form: str
) -> None:
    """The word is that of what stood there, as everywhere."""
    word = environment_word(decoded(form))
    for before, after in (("Review ", ""), ("shop%2F", " (x)"), ("shop_", ".y")):
        hidden = hidden_pipeline(f"{before}{form}{after}", branch, "")

        assert hidden == f"{before}{word}{after}"


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        # A letter is all that is left, which may be any.
        ("test x", "дев/x"),
        ("test x-y", "é/x"),
        # The beginning of a branch is not its slug, nor is what the slug leaves out.
        ("test dev-a", LONG),
        (f"test dev-a-{'x' * 50}", LONG),
        # Other signs than slugs have: words of a matrix, not of the branch.
        ("test (dev, a)", "dev-a"),
        ("test deva", "dev-a"),
    ],
)
def test_what_is_no_form_of_the_branch_stays(name: str, branch: str) -> None:
    assert hidden_pipeline(name, branch, "") == name


def test_a_branch_is_hidden_wherever_it_stands() -> None:
    name = f"dev-a/patch-1 of dev_a_patch_1, {NAMED}; {NAMED}-2"
    words = [environment_word(one) for one in ("dev-a/patch-1", "dev_a_patch_1")]

    hidden = hidden_pipeline(name, "dev-a/patch-1", "")

    assert hidden == f"{words[0]} of {words[1]}, {WORD}; {WORD}-2"


def test_a_name_that_is_none_is_not_looked_through() -> None:
    """A body of a tool is not rejected for it; to search it would take seconds."""
    endless = f"acme/shop/{'a-' * 1_000}{NAMED}"

    hidden = hidden_pipeline(endless, NAMED, "acme/shop")

    assert hidden.startswith("acme/shop~")
    assert hidden != hidden_pipeline(f"{endless}b", NAMED, "acme/shop")


def test_a_fact_keeps_the_branch_in_none_of_its_names() -> None:
    """Wherever a source has it; what makes the fact one with another stays the same."""
    page = f"https://ci.example/job/shop/job/{NAMED}/12/"
    fact = make_fact(
        Kind.RUN_STARTED,
        1,
        page,
        page,
        {"branch": NAMED, "pipeline": f"shop/{NAMED}", "url": page},
    )

    assert NAMED not in repr(fact)
    assert fact.fields["pipeline"] == f"shop/{WORD}"
    assert fact.identity == make_fact(Kind.RUN_STARTED, 1, page, page).identity


def test_what_tells_no_branch_is_known_by_the_same_name() -> None:
    page = f"job/shop/job/{NAMED}#queue/991"
    silent = make_fact(Kind.RUN_QUEUED, 1, page, "ci")
    told = make_fact(Kind.RUN_STARTED, 2, page, "ci", {"branch": NAMED})

    assert silent.entity == told.entity
    assert NAMED not in silent.entity


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"default_branch": True}, "trunk check"),
        ({"default_branch": False}, f"{environment_word('trunk')} check"),
        ({}, f"{environment_word('trunk')} check"),
    ],
)
def test_the_default_branch_stays_in_the_name_of_a_pipeline(
    told: dict[str, bool], name: str
) -> None:
    """It is no person's, and runs on other branches are compared with its own."""
    fields: Fields = {"branch": "trunk", "pipeline": "trunk check", **told}  # type: ignore[typeddict-item]
    fact = make_fact(Kind.RUN_FINISHED, 1, "r-1", "ci", fields)

    assert fact.fields["pipeline"] == name
    assert fact.fields["branch"] != "trunk"
