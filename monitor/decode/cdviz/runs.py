"""What CDviz tells of a run of GitHub Actions beside the CDEvent it makes of it.

For spec 0.5 its ``customData.github`` is GitHub's whole body (``workflow_run``): the
commit, the branch, the pull requests. What CDviz asks GitHub for (its pollers) has
the commit and the branch of it. For 0.4 it is only who sent the body and where. Of
other tools' runs only that they were stopped, or skipped, is read; of Jenkins' builds
how they ended (``builds``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from monitor.decode.cdviz.body import Custom, is_elsewhere, part, place_in, text_in
from monitor.decode.cdviz.builds import ended_as
from monitor.decode.cdviz.tools import tool_of
from monitor.decode.github.branches import merge_queue_number
from monitor.decode.native.fields import Said, without_nothing
from monitor.decode.native.model import LONGEST_LIST
from monitor.decode.references import number_of, repository_around

# What is in a body of an approval that is asked, and in none of a run alone.
_OF_REVIEWS: Final = frozenset({"since", "reviewers", "workflow_job_run"})
_WAITING: Final = "waiting"
# What CDviz calls an error, or a failure, and is none, as the tools call it.
_NO_ERRORS: Final[Mapping[str, str]] = {
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "skipped": "skipped",
    "stopped": "cancelled",
}


def github_run(custom: Custom) -> Said:
    """What GitHub's own body says of a run; nothing where it is not there.

    Its repository and its attempt are in its id, which is the subject's.
    """
    github = part(custom, "github")
    run, place = part(github, "workflow_run"), place_in(github)
    repo = place.repo if place is not None else ""
    name = text_in(part(github, "workflow"), "name")
    said: Said = {
        "sha": text_in(run, "head_sha"),
        "pipeline": f"{repo}/{name}" if repo and name else None,
        "changes": list(_changes(run, repo)) or None,
    }
    if not is_elsewhere(run, "head_repository", part(run, "repository")):
        # A branch here that is called like one in a fork is of other work.
        branch = said["branch"] = text_in(run, "head_branch")
        if branch and place is not None and place.default_branch:
            said["default_branch"] = branch == place.default_branch
    return without_nothing(said)


def is_gate(custom: Custom) -> bool:
    """Whether a gate holds the run: of that body, too, CDviz makes a queued run.

    GitHub's ``deployment_review`` shows the run that it holds, and a run that waits
    for an approval its status; spec 0.4 tells no more. Gitea's waits for a runner.
    """
    github = part(custom, "github")
    status = text_in(part(github, "workflow_run"), "status")
    return status == _WAITING or not _OF_REVIEWS.isdisjoint(github)


def conclusion_of(custom: Custom) -> str | None:
    """How the tool says that the run ended; the outcome may have fewer words for it.

    Gitea has GitHub's words.
    """
    built = ended_as(custom)
    if built is not None:
        return built
    tool = tool_of(custom)
    body = part(custom, tool or "github")
    match tool:
        case "gitlab":
            ended = text_in(part(body, "object_attributes"), "status")
        case "bitbucket":
            ended = text_in(part(body, "commit_status"), "state")
        case "forgejo":
            ended = text_in(part(body, "run"), "status")
        case _:
            return text_in(part(body, "workflow_run"), "conclusion")
    return _NO_ERRORS.get((ended or "").lower())


def _changes(run: Custom, repo: str) -> Iterator[str]:
    """The pull requests it names, and the one that a merge queue tries."""
    named = run.get("pull_requests")
    for pull in named[:LONGEST_LIST] if isinstance(named, list) else []:
        page = text_in(pull, "url") if isinstance(pull, dict) else None
        where, number = repository_around(page or ""), number_of(page or "")
        if where is not None and number is not None:
            yield f"{where}#{number}"
    queued = merge_queue_number(text_in(run, "head_branch") or "")
    if queued is not None and repo:
        yield f"{repo}#{queued}"
