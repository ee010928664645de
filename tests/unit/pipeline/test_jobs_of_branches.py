"""A job that its producer makes anew for each branch is one job, red for all of them.

"Default branch was already red on that job, by another owner's commit" (indicators
1.3): a change of checkout's is in platform's repository, whose default branch is red.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.harness.measured import measured
from tests.harness.scenarios import event as native
from tests.unit.decode.records import cdevent
from tests.unit.pipeline.test_cdevents_items import CREATED, MERGED, SETTINGS, TEAMS, at

TUESDAY_EVENING = 1_772_557_200_000  # 2026-03-03T17:00:00Z
NAMED = "dev-a-patch-1"
PROJECT = "https://gitlab.example/acme/platform"


def finished(time: str, name: str, id_: str, **custom: Any) -> dict[str, Any]:
    content = {"pipelineName": name, "outcome": "failure"}
    event: dict[str, Any] = cdevent("pipelinerun.finished", customData=custom)
    event["context"]["timestamp"] = at(time)
    event["subject"] = {"id": id_, "content": content}
    return event


def by_jenkins(
    time: str, branch: str, friction: dict[str, object], number: int
) -> dict[str, Any]:
    scm = {"url": "https://git.example/acme/platform.git", "branch": branch}
    build = {"queueId": number, "status": "FAILURE", "scmState": scm}
    name = f"till \u00bb {branch}"
    event = finished(time, name, "1", build=build, friction=friction)
    event["context"]["source"] = f"job/till/job/{branch}/1/"
    return event


def by_gitlab(
    time: str, branch: str, friction: dict[str, object], number: int
) -> dict[str, Any]:
    body = {"object_attributes": {"ref": branch}}
    name, id_ = f"acme/platform/{branch}", f"{PROJECT}/-/pipelines/{number}"
    return finished(time, name, id_, gitlab=body, friction=friction)


@pytest.mark.parametrize("ran", [by_jenkins, by_gitlab])
def test_a_red_default_branch_explains_a_failure_on_another(ran: Any) -> None:
    """It fails at 10:00 and is merged at 13:00; the owner of what is red is platform.

    By any other pipeline the failure is pending until the merge: nobody is waited for.
    """
    main = ran("09:30", "main", {"default_branch": True}, 1)
    topic = ran("10:00", NAMED, {"change": "https://ci.example#p"}, 2)

    for bodies in permutations([CREATED, main, topic, MERGED]):
        found = measured(bodies, TEAMS, SETTINGS, TUESDAY_EVENING).waits
        spent = {key[:3]: 0 for key in found}
        for key, seconds in found.items():
            spent[key[:3]] += int(seconds)
        assert spent == {("checkout", "platform", "ci_shared_failure"): 10_800}


NATIVE_TEAMS = """
version: 1
teams:
  - {id: checkout, headcount: 4, owns: [{jira: CHK}]}
  - {id: platform, headcount: 5, owns: [{repo: acme/platform}, {jira: PLT}]}
"""
MONDAY_EVENING = 1_772_470_800_000  # 2026-03-02T17:00:00Z


def said(kind: str, entity: str, time: str, **more: Any) -> dict[str, Any]:
    return native(kind, f"2026-03-02 {time}", entity, **more)


def run(entity: str, time: str, outcome: str, **more: Any) -> dict[str, Any]:
    ended = {"repo": "acme/platform", "outcome": outcome, **more}
    return said("run.finished", entity, time, **ended)


def waited(*runs: dict[str, Any]) -> dict[tuple[str, ...], int]:
    """What the ticket waits for, from 09:00 to 14:00, its change open from 09:10 on."""
    bodies = [
        said("ticket.started", "CHK-1", "09:00"),
        said("change.opened", "acme/platform#1", "09:10", item="CHK-1"),
        *runs,
        said("ticket.done", "CHK-1", "14:00"),
    ]
    found = measured(bodies, NATIVE_TEAMS, at=MONDAY_EVENING).waits
    return {key[1:]: int(seconds) for key, seconds in found.items()}


@pytest.mark.parametrize(
    ("default", "pipeline"),
    [
        ("main", "acme/platform/main check/lint"),
        ("trunk", "acme/platform/trunk check/lint"),
        ("next", "acme/platform/ci/next.js build"),
    ],
)
def test_a_job_may_be_called_like_the_default_branch(
    default: str, pipeline: str
) -> None:
    """Red from 09:45, it explains a failure from 10:00 to the success at 12:00."""
    on_default = {"branch": default, "default_branch": True, "pipeline": pipeline}
    on_topic = {"branch": "topic", "change": "acme/platform#1", "pipeline": pipeline}
    runs = [
        run("r-1", "09:45", "failure", **on_default),
        run("r-2", "10:00", "failure", **on_topic),
        run("r-3", "12:00", "success", **on_topic),
    ]

    assert waited(*runs) == {
        ("platform", "ci_shared_failure", "acute"): 900,
        ("platform", "ci_shared_failure", "chronic"): 6_300,
    }


@pytest.mark.parametrize("failed", [{"branch": NAMED}, {}])
@pytest.mark.parametrize("passed", [{"branch": NAMED}, {}])
def test_a_pipeline_is_one_whoever_tells_the_branch_in_its_name(
    failed: dict[str, str], passed: dict[str, str]
) -> None:
    """What fails at 10:00 waits for the next success of that pipeline, at 11:00."""
    known = {"pipeline": f"Deploy {NAMED}", "change": "acme/platform#1"}
    runs = [
        run("r-1", "10:00", "failure", cause_team="platform", **known, **failed),
        run("r-2", "11:00", "success", **known, **passed),
    ]

    assert waited(*runs) == {
        ("platform", "ci_shared_failure", "acute"): 900,
        ("platform", "ci_shared_failure", "chronic"): 2_700,
    }


def test_one_fact_of_a_run_tells_that_its_branch_is_the_default_one() -> None:
    """What ended tells the branch only, and the start that this is the default one."""
    pipeline = "acme/platform/trunk check"
    on_topic = {"branch": "topic", "change": "acme/platform#1", "pipeline": pipeline}
    on_trunk = {"repo": "acme/platform", "pipeline": pipeline, "branch": "trunk"}
    runs = [
        said("run.started", "r-1", "09:30", default_branch=True, **on_trunk),
        said("run.finished", "r-1", "09:45", outcome="failure", **on_trunk),
        run("r-2", "10:00", "failure", **on_topic),
        run("r-3", "11:00", "success", **on_topic),
    ]

    assert waited(*runs) == {
        ("platform", "ci_shared_failure", "acute"): 900,
        ("platform", "ci_shared_failure", "chronic"): 2_700,
    }
