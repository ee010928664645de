"""What the Jenkins plugin for CDEvents means, where it differs from the format.

It sends FAILURE as ``error``, ABORTED and NOT_BUILT as ``failure`` and UNSTABLE as
``success``; and it names a queued run by its queue item but a started one by its
build number. The raw result and the queue's number are in its ``customData``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.decode.cdevents.content import text_of
from monitor.decode.github.branches import merge_queue_number
from monitor.decode.native.fields import Said
from monitor.decode.native.model import LONGEST_NAME
from monitor.decode.references import is_on_github, repository_of

_RESULTS: Final = {
    "SUCCESS": "success",
    "UNSTABLE": "failure",
    "FAILURE": "failure",
    "ABORTED": "cancelled",
    "NOT_BUILT": "skipped",
}
# When the raw result is missing: what its outcome must have been made from.
_OUTCOMES: Final = {"error": "failure", "failure": "cancelled"}
_BUILD: Final = re.compile(r"/\d+/?$")
_QUEUE_ITEM: Final = frozenset({"name", "url", "userId", "userName", "causes", "id"})
# The git plugin writes a branch as the remote has it: ``origin/topic``. Of any other
# remote nobody tells that it is one, and not a part of the branch's name.
_REMOTE: Final = re.compile(r"refs/heads/|(?:refs/remotes/[^/]+|origin)/")
# What multibranch jobs build for a pull or merge request, whatever its branch is.
_PULL: Final = re.compile(r"(?:PR|MR)-(\d{1,9})(?:-head|-merge)?", re.ASCII)
# What anybody may add to any event.
_ADDED: Final = frozenset({"friction"})
_NUMBER: Final = re.compile(r"0|[1-9]\d{0,17}", re.ASCII)


def jenkins_run(
    predicate: str, id_: str, source: str, custom: Mapping[str, object]
) -> tuple[str, Mapping[str, object]] | None:
    """The run's entity and its build, when the event is the plugin's.

    Queued, started and finished of one run get one entity: controller, job and queue
    number. All name the controller by the address that is configured there, or by none.
    """
    build = custom.get("build")
    if isinstance(build, dict) and type(build.get("queueId")) is int:
        job = _job(source, build.get("fullUrl"))
        return f"{job}#queue/{build['queueId']}", build
    number = _queue_item(id_, custom) if predicate == "queued" else None
    if number is not None and "job/" in source:
        return f"{_job(source, custom.get('url'))}#queue/{number}", {}
    return None


def _queue_item(id_: str, custom: Mapping[str, object]) -> int | None:
    """The number of a queue item: its own, else its subject's, which is the same."""
    if "name" not in custom or not custom.keys() <= _QUEUE_ITEM | _ADDED:
        return None
    number = custom.get("id")
    if number is None and _NUMBER.fullmatch(id_):
        return int(id_)
    return number if type(number) is int else None


def jenkins_fields(build: Mapping[str, object], outcome: object) -> Said:
    """Outcome, commit, branch or change, and repository, as far as the build says."""
    said: Said = {}
    result = outcome_of_result(build.get("status"))
    if result is not None:
        said["outcome"] = result
    elif isinstance(outcome, str) and outcome.lower() in _OUTCOMES:
        said["outcome"] = _OUTCOMES[outcome.lower()]
    scm = build.get("scmState")
    if isinstance(scm, dict):
        commit, branch, url = map(text_of, map(scm.get, ("commit", "branch", "url")))
        repo = repository_of(url) if url is not None else None
        said |= _built(branch or "", repo, url or "")
        said |= {"sha": commit} if commit is not None else {}
        said |= {"repo": repo} if repo is not None else {}
    return said


def outcome_of_result(result: object) -> str | None:
    """Our outcome of Jenkins' own result; ``None`` for what is none."""
    return _RESULTS.get(result) if isinstance(result, str) else None


def is_of_remote(written: str) -> bool:
    """Whether a branch is written with its remote, as no job of a branch's has it."""
    return _REMOTE.match(written) is not None


def _built(name: str, repo: str | None, url: str) -> Said:
    """The branch that was built, and the pull request, as far as its host is known.

    One of a merge queue is on a branch of its own, one of a multibranch job on none.
    """
    pull = _PULL.fullmatch(name)
    if pull is None:
        remote = _REMOTE.match(name)
        branch = name[remote.end() :] if remote is not None else name
        said: Said = {"branch": branch} if branch else {}
        number = merge_queue_number(branch)
    else:
        said, number = {}, int(pull[1])
    if number is None or repo is None or not is_on_github(url):
        return said
    return {**said, "change": f"{repo}#{number}"}


def _job(source: str, page: object) -> str:
    """The job below its controller's address, as far as the page of the run tells it.

    The source has none, and every controller counts its queue from one. Without an
    address the plugin writes ``null`` before the job.
    """
    job = _BUILD.sub("", source.strip()).rstrip("/")
    told = text_of(page) or ""
    controller = told.rpartition(f"/{job}/")[0]
    is_address = "://" in controller and len(controller) <= LONGEST_NAME
    return f"{controller}/{job}" if is_address else job
