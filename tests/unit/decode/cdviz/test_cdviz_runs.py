"""CDviz's CDEvents say of a run what GitHub's own bodies say of it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fields, Kind
from monitor.domain.opaque import branch_word
from tests.unit.decode.github.github_records import REPOSITORY
from tests.unit.decode.records import SETTINGS, cdevent, codes, of, only_fact

API = "https://api.github.com/repos/Acme/Shop"
RUN = f"{API}/actions/runs/55"
HERE = {"id": 77}
FORK = {"id": 78}
# Of a pull request from a branch of the repository itself.
OWN = {
    "head_repository": HERE,
    "pull_requests": [{"number": 7, "url": f"{API}/pulls/7"}],
}
TOPIC = {"sha": "ab12cd3", "changes": ["acme/shop#7"]}
ON_TOPIC = {**TOPIC, "branch": branch_word("topic"), "default_branch": False}


def event(
    predicate: str = "started", github: object = None, **content: Any
) -> dict[str, Any]:
    """What CDviz makes of a body of GitHub's about attempt 2 of a run."""
    custom = {} if github is None else {"github": github}
    made: dict[str, Any] = cdevent(f"pipelinerun.{predicate}", customData=custom)
    content = {"pipelineName": "Acme/Shop/CI", **content}
    made["subject"] = {"id": f"{RUN}/attempts/2", "content": content}
    return made


def body(**run: Any) -> dict[str, Any]:
    """GitHub's body, as spec 0.5 has it."""
    shown = {
        "head_sha": "ab12cd3",
        "head_branch": "topic",
        "repository": HERE,
        **OWN,
        **run,
    }
    workflow = {"name": "CI"}
    return {"repository": REPOSITORY, "workflow": workflow, "workflow_run": shown}


def beside(made: dict[str, Any]) -> Fields:
    """What the run says beside its own name, which every CDEvent of it tells."""
    found = only_fact(of(made, settings=SETTINGS)).fields
    own = {"repo": "acme/shop", "pipeline": "Acme/Shop/CI", "attempt": 2}
    assert own.items() <= found.items()
    told = own.keys() | {"repo_id"}
    return {name: value for name, value in found.items() if name not in told}  # type: ignore[return-value]


@pytest.mark.parametrize("predicate", ["queued", "started"])
def test_a_run_is_of_its_commit_branch_and_pull_requests(predicate: str) -> None:
    assert beside(event(predicate, body())) == ON_TOPIC


@pytest.mark.parametrize(
    ("repository", "repo_id"),
    [
        (REPOSITORY, "github.com:77"),
        ({**REPOSITORY, "html_url": "https://ghe.example/x"}, "ghe.example:77"),
        # The body is of another repository than the run, or tells no id.
        ({**REPOSITORY, "full_name": "acme/other"}, None),
        ({"url": API}, None),
    ],
)
def test_a_run_tells_its_repository_by_its_id(
    repository: dict[str, Any], repo_id: str | None
) -> None:
    """Formats 4: "repos by full path and numeric id (renames)"."""
    made = event(github={**body(), "repository": repository})

    assert only_fact(of(made)).fields.get("repo_id") == repo_id


def test_a_repository_that_is_stated_is_none_of_the_bodys() -> None:
    made = event(github=body())
    made["customData"]["friction"] = {"repo": "acme/other"}
    found = only_fact(of(made)).fields

    assert (found["repo"], found.get("repo_id")) == ("acme/other", None)


def test_a_run_of_the_default_branch_says_so() -> None:
    found = beside(event(github=body(head_branch="main", pull_requests=[])))

    main = branch_word("main")
    assert found == {"sha": "ab12cd3", "branch": main, "default_branch": True}


REVIEWERS = [{"type": "Team", "reviewer": {"slug": "platform"}}]


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-03-02T10:00:00Z"},
        {"workflow_job_run": {"id": 5, "status": "waiting"}, "reviewers": REVIEWERS},
    ],
)
def test_a_run_of_which_an_approval_is_asked_is_held(asked: dict[str, Any]) -> None:
    """CDviz calls it queued, as all that is requested; GitHub's own body does not."""
    held = only_fact(of(event("queued", body() | asked), settings=SETTINGS))

    assert held.kind is Kind.RUN_HELD
    assert ON_TOPIC.items() <= held.fields.items()
    queued = only_fact(of(event("queued", body()), settings=SETTINGS))
    assert queued.kind is Kind.RUN_QUEUED


def status(tool: str, shown: object) -> Kind:
    """What a run is that CDviz calls queued, and the tool by a word of its own."""
    made = event("queued")
    made["customData"] = {tool: {"workflow_run": {"status": shown}}}
    return only_fact(of(made)).kind


def test_a_run_that_waits_by_githubs_word_is_held() -> None:
    """CDviz asks GitHub for runs, and calls queued what waits for an approval, too.

    Formats 2.1: `waiting` is an approval, the others are before a runner.
    """
    assert status("github", "waiting") is Kind.RUN_HELD
    for shown in ("queued", "requested", "pending", None, ["waiting"]):
        assert status("github", shown) is Kind.RUN_QUEUED
    # Gitea's word for what waits for a runner.
    assert status("gitea", "waiting") is Kind.RUN_QUEUED


@pytest.mark.parametrize("source", [FORK, None])
def test_a_branch_of_a_fork_is_none_here(source: object) -> None:
    run = body(head_branch="main", head_repository=source, pull_requests=[])

    assert beside(event(github=run)) == {"sha": "ab12cd3"}


def test_a_run_may_be_of_a_pull_request_elsewhere() -> None:
    page = "https://github.example/api/v3/repos/acme/upstream/pulls/3"
    found = beside(event(github=body(pull_requests=[{"number": 3, "url": page}])))

    assert found == {**ON_TOPIC, "changes": ["acme/upstream#3"]}


def test_a_run_of_a_merge_queue_is_of_the_pull_request_it_tries() -> None:
    queue = "gh-readonly-queue/main/pr-9-0a1b2c"
    found = beside(event(github=body(head_branch=queue, pull_requests=[])))

    assert found == {
        **ON_TOPIC,
        "branch": branch_word(queue),
        "changes": ["acme/shop#9"],
    }


def test_the_workflow_is_the_pipeline_where_the_event_names_none() -> None:
    """CDviz writes none where the run has no name."""
    found = only_fact(of(event(github=body(), pipelineName="")))

    assert found.fields["pipeline"] == "acme/shop/CI"


def test_what_the_event_itself_states_wins() -> None:
    made = event(github=body(head_branch="main"))
    stated = {"sha": "cd", "branch": "other", "change": "acme/shop#8"}
    made["customData"]["friction"] = stated

    assert beside(made) == {**stated, "branch": branch_word("other")}


@pytest.mark.parametrize(
    "github",
    [
        None,
        "x",
        {"repository": {"url": API}, "sender": {"login": "ada"}},
        {"repository": [], "workflow": 5, "workflow_run": "x"},
        body(
            head_sha=5,
            head_branch=[],
            pull_requests=[None, 7, {"url": 7}, {"url": RUN}],
        ),
        body(head_sha="", head_branch=None, pull_requests={"number": 7}),
    ],
)
def test_what_is_no_run_of_githubs_says_nothing(github: object) -> None:
    """Spec 0.4 has the sender and the repository, and nothing of the run."""
    assert beside(event(github=github)) == {}


def test_a_repository_without_a_default_branch_has_no_run_of_it() -> None:
    nameless = {**body(), "repository": {"id": 77}}

    assert beside(event(github=nameless)) == {
        **TOPIC,
        "branch": branch_word("topic"),
    }


@pytest.mark.parametrize("name", ["head_sha", "head_branch"])
def test_a_name_is_no_longer_than_any_real_one(name: str) -> None:
    wrong = of(event(github=body(**{name: "x" * 1_001})))

    where = f"customData.github.workflow_run.{name}"
    assert codes(wrong) == [("bad_value", where)]


@pytest.mark.parametrize(
    ("conclusion", "outcome", "ended"),
    [
        ("action_required", "error", "neutral"),
        ("timed_out", "error", "timed_out"),
        ("skipped", "cancel", "skipped"),
        ("neutral", "success", "neutral"),
        ("failure", "failure", "failure"),
        (None, "timed_out", "timed_out"),
        (5, "success", "success"),
    ],
)
def test_an_end_is_what_github_calls_it(
    conclusion: object, outcome: str, ended: str
) -> None:
    """CDviz may have CDEvents' four words for GitHub's nine, and these beside them."""
    made = event("finished", body(conclusion=conclusion), outcome=outcome)

    assert only_fact(of(made)).fields["outcome"] == ended


def test_an_outcome_that_is_stated_wins() -> None:
    made = event("finished", body(conclusion="failure"), outcome="failure")
    made["customData"]["friction"] = {"outcome": "error"}

    assert only_fact(of(made)).fields["outcome"] == "error"
