"""The Jenkins plugin for CDEvents: one run, one entity, and the raw result."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact, Fields
from monitor.domain.opaque import branch_word, job_word
from tests.unit.decode.records import cdevent, of, only_fact


def jenkins(
    predicate: str, subject: str, source: str, custom: object, **content: object
) -> Fact:
    event: dict[str, Any] = cdevent(f"pipelinerun.{predicate}", dict(content))
    event["context"]["source"] = source
    event["subject"]["id"] = subject
    return only_fact(of({**event, "customData": custom}))


def finished(status: object, outcome: str) -> Fact:
    build = {"number": 12, "queueId": 991, "status": status}
    return jenkins(
        "finished",
        "12",
        "job/shop/12/",
        {"name": "shop", "build": build},
        outcome=outcome,
    )


def test_queued_started_and_finished_are_one_run() -> None:
    item = {"name": "shop", "url": "job/shop/", "causes": ["push"], "id": 991}
    build = {"name": "shop", "build": {"number": 12, "queueId": 991}}

    queued = jenkins("queued", "991", "job/shop/", item)
    started = jenkins("started", "12", "job/shop/12/", build)

    assert queued.entity == started.entity == "job/shop#queue/991"
    assert finished("SUCCESS", "success").entity == "job/shop#queue/991"


def entities(controller: str) -> list[str]:
    """Of the three events of one run: their source does not tell the controller."""
    page = f"{controller}job/team/job/shop/"
    item = {"name": "shop", "url": f"{page}991/"}
    build = {"name": "shop", "build": {"queueId": 991, "fullUrl": f"{page}12/"}}
    job = "job/team/job/shop/"
    return [
        jenkins("queued", "991", job, item).entity,
        jenkins("started", "12", f"{job}12/", build).entity,
        jenkins("finished", "12", f"{job}12/", build, outcome="success").entity,
    ]


@pytest.mark.parametrize(
    ("controller", "before"),
    [
        ("https://ci-a.example/", "https://ci-a.example/"),
        ("https://ci.example:8443/jenkins/", "https://ci.example:8443/jenkins/"),
        # A job called like a part of the address.
        ("https://ci.example/job/team/", "https://ci.example/job/team/"),
        # None is configured.
        ("null", ""),
        ("", ""),
    ],
)
def test_one_run_is_of_one_controller(controller: str, before: str) -> None:
    # A job in a folder may be called like a branch.
    shop = job_word("shop")
    assert entities(controller) == [f"{before}job/team/job/{shop}#queue/991"] * 3


def test_runs_of_one_number_on_two_controllers_are_two() -> None:
    first, second = map(entities, ("https://ci-a.example/", "https://ci-b.example/"))
    assert not {*first} & {*second}


@pytest.mark.parametrize("page", [None, 7, "https://ci.example/", "job/shop/12/"])
def test_page_that_is_no_address_of_the_job_tells_no_controller(page: object) -> None:
    build = {"build": {"queueId": 991, "fullUrl": page}}
    assert jenkins("started", "12", "job/shop/12/", build).entity == (
        "job/shop#queue/991"
    )
    assert jenkins("started", "12", "/12/", build).entity == "#queue/991"


def test_native_fields_beside_a_queue_item_do_not_part_it_from_its_run() -> None:
    item = {"name": "shop", "causes": ["push"], "id": 991, "friction": {"item": "C-1"}}

    assert jenkins("queued", "991", "job/shop/", item).entity == "job/shop#queue/991"


def test_queue_item_without_number_has_that_of_its_subject() -> None:
    item = {"name": "shop", "url": "job/shop/", "causes": ["push"]}

    assert jenkins("queued", "991", "job/shop/", item).entity == "job/shop#queue/991"


@pytest.mark.parametrize(
    ("predicate", "subject", "source", "custom"),
    [
        ("started", "12", "job/shop/", {"name": "shop"}),
        ("queued", "q-12", "job/shop/", {"name": "shop"}),
        ("queued", "9" * 1000, "job/shop/", {"name": "shop"}),
        ("queued", "12", "https://ci.example", {"name": "shop"}),
        ("queued", "12", "job/shop/", {"friction": {"item": "C-1"}}),
        ("queued", "12", "job/shop/", {"name": "shop", "id": "12"}),
        ("queued", "12", "job/shop/", {"name": "shop", "colour": "red"}),
    ],
)
def test_subject_of_anything_else_is_no_queue_item(
    predicate: str, subject: str, source: str, custom: object
) -> None:
    fact = jenkins(predicate, subject, source, custom)

    assert fact.entity == f"{source}#{subject}"


@pytest.mark.parametrize(
    ("status", "sent", "outcome"),
    [
        ("SUCCESS", "success", "success"),
        ("UNSTABLE", "success", "failure"),
        ("FAILURE", "error", "failure"),
        ("ABORTED", "failure", "cancelled"),
        ("NOT_BUILT", "failure", "skipped"),
        (None, "success", "success"),
        (None, "error", "failure"),
        (None, "failure", "cancelled"),
        (None, "ERROR", "failure"),
        (None, "Failure", "cancelled"),
    ],
)
def test_raw_result_wins_over_the_plugins_outcome(
    status: object, sent: str, outcome: str
) -> None:
    assert finished(status, sent).fields == {"outcome": outcome}


def test_commit_branch_and_repository_of_the_build_are_carried() -> None:
    scm = {"url": "git@github.com:Acme/Shop.git", "branch": "CHK-1", "commit": "abc"}
    build = {"build": {"queueId": 991, "scmState": scm}}

    assert jenkins("started", "12", "job/shop/12/", build).fields == {
        "sha": "abc",
        "branch": branch_word("CHK-1"),
        "repo": "acme/shop",
        "tickets": ["CHK-1"],
    }


def built(branch: str, url: str = "https://github.com/acme/shop.git") -> Fields:
    scm = {"url": url, "branch": branch, "commit": None}
    build = {"build": {"queueId": 991, "scmState": scm}}
    said = jenkins("started", "12", "job/shop/12/", build).fields
    assert said.pop("repo") in url.lower()
    return said


@pytest.mark.parametrize(
    ("written", "branch"),
    [
        ("topic", "topic"),
        ("origin/topic", "topic"),
        ("origin/feature/topic", "feature/topic"),
        ("refs/heads/topic", "topic"),
        ("refs/heads/origin/topic", "origin/topic"),
        ("refs/remotes/origin/topic", "topic"),
        ("refs/remotes/upstream/feature/topic", "feature/topic"),
        # What might be a remote is a part of the name.
        ("upstream/topic", "upstream/topic"),
        ("feature/topic", "feature/topic"),
        ("originals/topic", "originals/topic"),
        # A branch of a plain job, which is called like a pull request.
        ("origin/PR-7", "PR-7"),
        ("PR-7-fix", "PR-7-fix"),
    ],
)
def test_branch_is_called_as_its_repository_has_it(written: str, branch: str) -> None:
    assert built(written) == {"branch": branch_word(branch)}


@pytest.mark.parametrize("written", ["PR-7", "PR-7-head", "PR-7-merge", "PR-07"])
@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/Acme/Shop.git",
        "git@github.com:acme/shop.git",
        "ssh://git@github.example/acme/shop.git",
    ],
)
def test_multibranch_build_is_of_its_pull_request(written: str, url: str) -> None:
    assert built(written, url) == {"change": "acme/shop#7"}


QUEUE = "gh-readonly-queue/main/pr-7-0123abc"


@pytest.mark.parametrize("written", [QUEUE, f"origin/{QUEUE}"])
def test_build_of_the_merge_queue_is_of_its_pull_request_too(written: str) -> None:
    assert built(written) == {"branch": branch_word(QUEUE), "change": "acme/shop#7"}
    elsewhere = "https://git.example/acme/shop.git"
    assert built(written, elsewhere) == {"branch": branch_word(QUEUE)}


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("PR-7", "https://bitbucket.example/acme/shop.git"),
        ("MR-7", "https://gitlab.example/acme/shop.git"),
    ],
)
def test_pull_request_of_another_host_is_neither_known_nor_a_branch(
    written: str, url: str
) -> None:
    assert built(written, url) == {}


def test_failure_of_another_producer_is_a_failure() -> None:
    custom = {"build": {"number": 12}}

    fact = jenkins("finished", "12", "https://ci.example", custom, outcome="failure")

    assert fact.fields == {"outcome": "failure"}
    assert fact.entity == "https://ci.example#12"
