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
# What anybody may add to any event.
_ADDED: Final = frozenset({"friction"})
_NUMBER: Final = re.compile(r"0|[1-9]\d{0,17}", re.ASCII)


def jenkins_run(
    predicate: str, id_: str, source: str, custom: Mapping[str, object]
) -> tuple[str, Mapping[str, object]] | None:
    """The run's entity and its build, when the event is the plugin's.

    Queued, started and finished of one run get one entity: job and queue number.
    """
    build = custom.get("build")
    if isinstance(build, dict) and type(build.get("queueId")) is int:
        return f"{_job(source)}#queue/{build['queueId']}", build
    number = _queue_item(id_, custom) if predicate == "queued" else None
    if number is not None and "job/" in source:
        return f"{_job(source)}#queue/{number}", {}
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
