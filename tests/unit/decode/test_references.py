"""Repositories, numbers and keys inside URLs, ids and branches."""

from __future__ import annotations

import pytest

from monitor.decode.references import (
    artifact_source,
    attempt_of,
    commit_type,
    named_thing,
    number_of,
    numbered_name,
    page_of,
    project_key,
    repository_around,
    repository_of,
)
from monitor.decode.ticket_keys import ticket_keys

PROJECTS = frozenset({"CHK", "PLAT"})


@pytest.mark.parametrize(
    ("reference", "repository"),
    [
        ("Acme/Shop", "acme/shop"),
        ("group/sub/shop", "group/sub/shop"),
        ("https://api.github.com/repos/Acme/Shop/pulls/7", "acme/shop"),
        ("https://ghe.example/api/v3/repos/acme/shop", "acme/shop"),
        ("https://github.com/acme/shop/issues/7", "acme/shop"),
        ("https://github.com/acme/shop.git", "acme/shop"),
        ("git@gitlab.example:group/sub/shop.git", "group/sub/shop"),
        ("https://gitlab.example/group/sub/shop/-/merge_requests/5", "group/sub/shop"),
        ("https://gitlab.example/group/shop?x=1#y", "group/shop"),
        ("https://gitea.example/acme/shop/pulls/7", "acme/shop"),
        ("https://bitbucket.example/acme/shop/pull-requests/7/diff", "acme/shop"),
        ("https://gitlab.example/acme/issues", "acme/issues"),
        ("https://gitea.example/acme/shop/pulls/7/any\nthing", "acme/shop"),
        ("https://gitea.example/acme/shop\n/pulls/7", None),
        ("https://bitbucket.example/projects/ACME/repos/shop/browse", "acme/shop"),
        (
            "https://bitbucket.example/projects/ACME/repos/shop/pull-requests/7",
            "acme/shop",
        ),
        (
            "https://bitbucket.example/rest/api/1.0/projects/ACME/repos/shop/commits",
            "acme/shop",
        ),
        ("https://git.example/stash/projects/ACME/repos/shop/browse", "acme/shop"),
        ("https://bitbucket.example/scm/ACME/shop.git", "acme/shop"),
        ("HTTPS://BITBUCKET.EXAMPLE/scm/ACME/shop.git", "acme/shop"),
        ("https://git.example/bitbucket/scm/acme/shop.git", "acme/shop"),
        ("ssh://git@bitbucket.example:7999/acme/shop.git", "acme/shop"),
        # As git reads it, no port stands without a scheme.
        ("git@git.example:7999/acme/shop.git", "7999/acme/shop"),
        # Elsewhere it is a group, or an owner, of that name.
        ("https://gitlab.example/scm/web/shop.git", "scm/web/shop"),
        ("https://gitlab.example/scm/web/shop/-/issues/7", "scm/web/shop"),
        ("https://github.com/scm/shop/actions", "scm/shop"),
        ("https://git.example/scm/shop.git", "scm/shop"),
        ("https://git.example/scm/web/shop/-/issues/7", "scm/web/shop"),
        # A group is no repository; without ``/-/`` it may be the name of an owner.
        ("https://gitlab.example/groups/acme/-/epics/3", None),
        ("https://gitlab.example/groups/acme/web/-/work_items/3", None),
        ("https://gitea.example/groups/shop", "groups/shop"),
        ("git@git.example:scm/web/shop.git", "scm/web/shop"),
        (
            "https://dev.azure.com/acme/web/_git/shop/pullrequest/7",
            "acme/web/_git/shop",
        ),
        ("https://acme@dev.azure.com/acme/web/_git/shop", "acme/web/_git/shop"),
        ("shop", None),
        ("https://github.com/acme", None),
        ("https://github.com", None),
        ("two words/shop", None),
        ("", None),
        ("://", None),
    ],
)
def test_repository_of_a_reference(reference: str, repository: str | None) -> None:
    assert repository_of(reference) == repository


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ("https://api.github.com/repos/a/b/pulls/97", 97),
        ("https://github.com/a/b/pull/97", 97),
        ("https://github.com/a/b/issues/8/", 8),
        ("https://gitlab.example/a/b/-/merge_requests/5", 5),
        ("https://gitlab.example/a/b/-/work_items/5", 5),
        ("https://gitlab.example/a/b/-/issues/incident/5", 5),
        ("https://gitlab.example/a/b/-/incident/5", None),
        ("https://github.com/a/b/issues/8/comments", None),
        ("97", None),
    ],
)
def test_number_of_a_change_or_issue(reference: str, number: int | None) -> None:
    assert number_of(reference) == number


def test_attempt_of_a_run() -> None:
    assert attempt_of("https://x/runs/1/attempts/2") == 2
    assert attempt_of("https://x/runs/1") is None


def test_source_of_a_package() -> None:
    assert artifact_source("pkg:github/A/B@0123abc") == ("a/b", "0123abc")
    assert artifact_source("pkg:github/a/b@0123ABC") == ("a/b", "0123abc")
    assert artifact_source("pkg:github/a/b@v1.2?x=1") == ("a/b", None)
    assert artifact_source(f"pkg:github/{'a' * 101}/b") is None
    assert artifact_source(f"pkg:github/a/{'b' * 101}@0123abc") is None
    assert artifact_source("pkg:oci/app@sha256%3A00") is None


def test_key_of_a_known_project_at_the_end_of_an_id() -> None:
    assert project_key("CHK-7", PROJECTS) == "CHK-7"
    assert project_key("https://j/browse/CHK-7", PROJECTS) == "CHK-7"
    assert project_key("https://j/browse/chk-7", PROJECTS) == "CHK-7"
    assert project_key("CVE-2026", PROJECTS) is None
    assert project_key("CHK-7/x", PROJECTS) is None


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("https://linear.example/acme/issue/CHK-7/fix-the-till", "CHK-7"),
        ("https://youtrack.example/issue/chk-7/Fix-the-till", "CHK-7"),
        ("https://j.example/browse/CHK-7/", "CHK-7"),
        # The title of a ticket may read like the key of another.
        ("https://linear.example/acme/issue/CHK-7/plat-2", "CHK-7"),
        ("https://linear.example/acme/issue/CVE-2026/plat-2", None),
        ("https://one.example/#/issue/CHK-7/fix-the-till", "CHK-7"),
        # Where a page goes on to is not what it is about.
        ("https://j.example/login?to=/issue/CHK-7/fix-the-till", None),
        ("https://j.example/reissue/CHK-7/x", None),
        ("https://j.example/issue/CHK-7a/x", None),
    ],
)
def test_key_of_a_known_project_on_a_page_that_names_the_title(
    reference: str, key: str | None
) -> None:
    assert project_key(reference, PROJECTS) == key


def test_type_of_a_conventional_commit() -> None:
    assert commit_type("Fix(cart)!: x") == "fix"
    assert commit_type("feat: x") == "feat"
    assert commit_type("a fix: x") is None


@pytest.mark.parametrize(
    ("texts", "keys"),
    [
        (["feature/CHK-12-basket"], ["CHK-12"]),
        (["chk-12"], ["CHK-12"]),
        (["PLAT-2 and CHK-1", "CHK-1"], ["PLAT-2", "CHK-1"]),
        (["XCHK-1 CHK-1a CHK-x UTF-8 CVE-2026"], []),
        (["fix CHK-1, CHK-2."], ["CHK-1", "CHK-2"]),
        (["CHK_1-2"], []),
        ([], []),
    ],
)
def test_keys_of_known_projects_first_named_first(
    texts: list[str], keys: list[str]
) -> None:
    assert ticket_keys(texts, PROJECTS) == keys


def test_without_known_projects_no_text_names_a_ticket() -> None:
    assert ticket_keys(["CHK-1"], frozenset()) == []


@pytest.mark.parametrize(
    ("reference", "repository"),
    [
        ("https://api.github.com/repos/Acme/Shop/actions/runs/5", "acme/shop"),
        ("https://ghe.example/api/v3/repos/acme/shop/issues/7", "acme/shop"),
        ("https://github.com/acme/shop/actions/runs/5/attempts/1", "acme/shop"),
        ("https://github.acme.example/acme/shop/issues/7", "acme/shop"),
        ("https://gitlab.example/group/sub/shop/-/pipelines/5", "group/sub/shop"),
        ("https://api.acme.ghe.com/repos/acme/shop/actions/runs/5", "acme/shop"),
        ("https://gitea.example/api/v1/repos/acme/shop/actions/runs/5", "acme/shop"),
        ("https://gitlab.example/groups/acme/-/epics/3", None),
        ("https://github.com/orgs/acme/projects/1", None),
        ("https://bitbucket.example/projects/ACME/repos/shop/builds/12", None),
        ("https://artifactory.example/repos/docker/builds/12", None),
        ("https://ci.example/a/b/repos/docker/builds/12", None),
        ("https://api.github.com/repositories/11/issues/7", None),
        ("https://ci.example/job/acme/job/shop/12/", None),
        ("https://sentry.example/organizations/acme/issues/7/", None),
        ("acme/shop", None),
    ],
)
def test_repository_around_a_page(reference: str, repository: str | None) -> None:
    assert repository_around(reference) == repository


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("https://github.com/acme/shop/pull/7", "acme/shop#7"),
        ("https://api.github.com/repos/acme/shop/issues/7", "acme/shop#7"),
        (
            "https://gitlab.example/Acme/Shop/-/merge_requests/7",
            "gitlab.example/acme/shop!7",
        ),
        ("https://gitlab.example/acme/shop/-/issues/7/", "gitlab.example/acme/shop#7"),
        (
            "https://gitlab.example/acme/shop/merge_requests/7",
            "gitlab.example/acme/shop!7",
        ),
        # Tasks and incidents are counted with the issues.
        (
            "https://gitlab.example/acme/shop/-/work_items/7",
            "gitlab.example/acme/shop#7",
        ),
        (
            "https://gitlab.example/acme/shop/-/issues/incident/7",
            "gitlab.example/acme/shop#7",
        ),
        ("acme/shop/-/merge_requests/7", None),
        ("https://gitlab.example/acme/shop?x/-/merge_requests/7", None),
    ],
)
def test_name_of_a_change_or_issue(reference: str, name: str | None) -> None:
    assert numbered_name("acme/shop", 7, reference) == name


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("Acme/Shop#7", ("acme/shop", 7, "acme/shop#7")),
        (
            "GitLab.example/Acme/Shop!07",
            ("acme/shop", 7, "gitlab.example/acme/shop!7"),
        ),
        ("gitlab.example/a/b/shop#7", ("a/b/shop", 7, "gitlab.example/a/b/shop#7")),
        ("git:8080/acme/shop!7", ("acme/shop", 7, "git:8080/acme/shop!7")),
        # Whether the first word is a host or a group is told by nobody.
        ("acme/web/shop!7", None),
        ("acme/shop!7", None),
        ("gitlab.example/shop!7", None),
        ("https://gitlab.example/acme/shop!7", None),
        ("gitlab.example/acme/shop!", None),
        ("7", None),
    ],
)
def test_name_tells_the_change_or_issue(
    reference: str, named: tuple[str, int, str] | None
) -> None:
    assert named_thing(reference) == named


@pytest.mark.parametrize(
    ("reference", "page"),
    [
        (
            "https://j.example/browse/CHK-1?focusedId=7",
            "https://j.example/browse/CHK-1",
        ),
        (
            "https://gitlab.example/acme/shop/-/issues/7?x=1#note_1",
            "https://gitlab.example/acme/shop/-/issues/7",
        ),
        ("https://j.example/browse/CHK-1", "https://j.example/browse/CHK-1"),
        # A name is no page.
        ("acme/shop#7", "acme/shop#7"),
    ],
)
def test_page_is_the_same_wherever_on_it(reference: str, page: str) -> None:
    assert page_of(reference) == page


@pytest.mark.parametrize(
    "hostile",
    [
        "https://" + "github" * 150_000,
        "https://" + "github" * 150_000 + "/orgs/acme/projects/1",
        "https://gitea.example/a" + "/pulls/1" * 100_000 + "\nx",
        "https://gitea.example/a" + "/pulls/1x" * 100_000,
        "https://gitlab.example/a" + "/-/issues/1" * 80_000 + "x",
        "a/" * 450_000 + "!",
        "a.b/" * 220_000 + "c!",
        "a" * 900_000 + "/b/c!7",
        "https://" + "git" * 300_000 + "/scm/a/b",
        "https://git.example/scm/a/" + ".git" * 220_000 + "/x",
        "https://j.example" + "/issue/CHK-1a" * 70_000,
    ],
)
@pytest.mark.timeout(60)
def test_no_reference_takes_for_ever(hostile: str) -> None:
    """As large as a record may be, with what used to be looked for at every place."""
    assert repository_around(hostile) is None
    repository_of(hostile)
    numbered_name("acme/shop", 7, hostile)
    number_of(hostile)
    named_thing(hostile)
    project_key(hostile, PROJECTS)
