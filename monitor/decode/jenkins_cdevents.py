"""What the Jenkins plugin for CDEvents means, where it differs from the format.

It sends FAILURE as ``error``, ABORTED and NOT_BUILT as ``failure`` and UNSTABLE as
``success``; and it names a queued run by its queue item but a started one by its
build number. The raw result and the queue's number are in its ``customData``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.decode.native_fields import Said
from monitor.decode.references import repository_of

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


def jenkins_run(
    source: str, custom: Mapping[str, object]
) -> tuple[str, Mapping[str, object]] | None:
    """The run's entity and its build, when the event is the plugin's.

    Queued, started and finished of one run get one entity: job and queue number.
    """
    build = custom.get("build")
    if isinstance(build, dict) and type(build.get("queueId")) is int:
        return f"{_job(source)}#queue/{build['queueId']}", build
    queued = "id" in custom and "name" in custom and custom.keys() <= _QUEUE_ITEM
    if queued and type(custom["id"]) is int and "job/" in source:
        return f"{_job(source)}#queue/{custom['id']}", {}
    return None


def jenkins_fields(build: Mapping[str, object], outcome: object) -> Said:
    """Outcome, commit, branch and repository of the build, as far as it says."""
    said: Said = {}
    result = build.get("status")
    if isinstance(result, str) and result in _RESULTS:
        said["outcome"] = _RESULTS[result]
    elif isinstance(outcome, str) and outcome in _OUTCOMES:
        said["outcome"] = _OUTCOMES[outcome]
    scm = build.get("scmState")
    if isinstance(scm, dict):
        for name, key in (("sha", "commit"), ("branch", "branch")):
            if isinstance(scm.get(key), str) and scm[key].strip():
                said[name] = scm[key].strip()
        repo = repository_of(scm["url"]) if isinstance(scm.get("url"), str) else None
        if repo is not None:
            said["repo"] = repo
    return said


def _job(source: str) -> str:
    return _BUILD.sub("", source.strip()).rstrip("/")
