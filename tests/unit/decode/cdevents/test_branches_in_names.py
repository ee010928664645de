"""A pipeline that its producer calls after the branch is called without it.

Red is a job's default branch, so the name of a job must not be another on each branch.
"""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.opaque import environment_word
from tests.unit.decode.records import cdevent, of, only_fact

NAMED = "dev-a-patch-1"
WORD = environment_word(NAMED)
JENKINS = "https://ci.example"
PROJECT = "https://gitlab.example/acme/tills/shop"
# A build whose plugin tells no branch: Pipeline jobs have none in their environment.
SILENT: dict[str, Any] = {}


def told(
    predicate: str,
    id_: str,
    name: str,
    custom: dict[str, object],
    source: str = "https://cdviz.example",
) -> Fact:
    event: dict[str, Any] = cdevent(f"pipelinerun.{predicate}", {"pipelineName": name})
    event["context"]["source"] = source
    event["subject"]["id"] = id_
    fact = only_fact(of({**event, "customData": custom}))
    assert NAMED not in repr(fact)
    return fact


def by_plugin(job: str, name: str, scm: dict[str, Any], **friction: str) -> list[Fact]:
    """The run as it is queued and as it is built, by the plugin."""
    page = f"{JENKINS}/{job}"
    item = {"name": name, "url": f"{page}991/", "causes": [], "id": 991}
    build = {"queueId": 991, "fullUrl": f"{page}12/", "scmState": scm}
    built: dict[str, object] = {"build": build, "friction": friction}
    return [
        told("queued", "991", name, item, job),
        told("started", "12", name, built, f"{job}12/"),
    ]


def built_by_plugin(job: str, name: str, scm: dict[str, Any], **friction: str) -> str:
    return by_plugin(job, name, scm, **friction)[1].fields["pipeline"]


@pytest.mark.parametrize(
    ("branch", "step"),
    [
        (NAMED, NAMED),
        ("main", "main"),
        ("PR-7", "PR-7"),
        ("feature/dev-a", "feature%252Fdev-a"),
        ("feature/dev-a", "feature%2Fdev-a"),
    ],
)
def test_jobs_of_all_branches_have_the_name_of_their_project(
    branch: str, step: str
) -> None:
    job = f"job/acme/job/shop/job/{step}/"
    name = f"acme \u00bb shop \u00bb {branch}"

    assert built_by_plugin(job, name, {"branch": branch}) == "acme \u00bb shop"


def test_what_is_shown_of_a_branch_may_be_a_title() -> None:
    """Projects may show the title of the pull request; the page has the job's name."""
    name = f"shop \u00bb Fixes of {NAMED}"

    assert built_by_plugin("job/shop/job/PR-7/", name, {"branch": "PR-7"}) == "shop"


def test_a_branch_that_is_stated_counts_too() -> None:
    job, name = f"job/shop/job/{NAMED}/", f"shop \u00bb {NAMED}"

    assert built_by_plugin(job, name, SILENT, branch=NAMED) == "shop"


def test_where_nobody_tells_the_branch_a_word_stands_for_the_last_job() -> None:
    queued, started = by_plugin(
        f"job/shop/job/{NAMED}/", f"shop \u00bb {NAMED}", SILENT
    )

    assert queued.entity == started.entity
    assert queued.fields["pipeline"] == f"shop \u00bb {WORD}"
    assert started.fields["pipeline"] == f"shop \u00bb {WORD}"


@pytest.mark.parametrize("written", ["origin/main", "refs/remotes/origin/build"])
@pytest.mark.parametrize(
    ("job", "name"),
    [
        ("job/team/job/till-build/", "team \u00bb till-build"),
        ("job/team/job/build/", "team \u00bb build"),
        ("job/till-build/", "till-build"),
    ],
)
def test_a_job_that_is_not_called_after_its_branch_keeps_its_name(
    job: str, name: str, written: str
) -> None:
    """Plain jobs have the remote before the branch, those of a project have not."""
    assert built_by_plugin(job, name, {"branch": written}) == name


def test_a_pipeline_that_is_stated_keeps_its_name() -> None:
    job, name = f"job/shop/job/{NAMED}/", f"shop \u00bb {NAMED}"

    assert built_by_plugin(job, name, SILENT, pipeline="till-build") == "till-build"


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (NAMED, f"shop/{WORD}"),
        ("main", "shop/main"),
        ("feature%252Fdev-a", f"shop/{environment_word('feature/dev-a')}"),
    ],
)
def test_cdviz_tells_a_build_by_its_page(step: str, name: str) -> None:
    """Its poller of Jenkins joins the jobs of the page, and tells no branch."""
    id_ = f"{JENKINS}/job/shop/job/{step}/12/"
    fact = told("started", id_, f"shop/{step}", {"jenkins": {"build": {}}})

    assert fact.fields["pipeline"] == name
    stated = {"branch": step.replace("%252F", "/")}
    known = told("started", id_, f"shop/{step}", {"friction": stated})
    assert known.fields["pipeline"] == "shop"
    assert known.entity == fact.entity


def gitlab(ref: object, name: str, **friction: object) -> str:
    """CDviz has the whole body of GitLab's beside the event."""
    body: dict[str, object] = {"object_attributes": {"ref": ref}}
    event = told(
        "started",
        f"{PROJECT}/-/pipelines/31",
        f"Acme/tills/Shop/{name}",
        {"gitlab": body, "friction": friction},
    )
    assert event.fields["repo"] == "acme/tills/shop"
    return event.fields["pipeline"]


@pytest.mark.parametrize("ref", [NAMED, "main", "team/x", "refs/merge-requests/1/head"])
def test_pipelines_of_all_branches_have_the_name_of_their_project(ref: str) -> None:
    assert gitlab(ref, ref) == "Acme/tills/Shop"
    assert gitlab(None, ref, branch=ref) == "Acme/tills/Shop"


@pytest.mark.parametrize("ref", [None, 7, "other", ["x"]])
def test_what_is_behind_a_project_may_be_a_branch(ref: object) -> None:
    assert gitlab(ref, NAMED) == f"Acme/tills/Shop/{WORD}"
    team = environment_word("team/x")
    assert gitlab(ref, "team/x") == f"Acme/tills/Shop/{team}"
    assert gitlab(ref, "nightly") == "Acme/tills/Shop/nightly"


def test_a_pipeline_of_gitlabs_by_another_name_keeps_it() -> None:
    fact = told("started", f"{PROJECT}/-/pipelines/31", "tills of today", {})

    assert fact.fields["pipeline"] == "tills of today"
