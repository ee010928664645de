"""GitHub pushes to facts: commits on a branch, and the files they touched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from monitor.decode.github.branches import is_of_queue, say_tickets
from monitor.decode.github.ci_models import Commit, PushBody
from monitor.decode.github.models import Repository
from monitor.decode.github.reading import Ignored, Read, Reading
from monitor.decode.times import write_time
from monitor.domain.facts import Fields, Kind

_HEADS: Final = "refs/heads/"
_LAST_SECOND: Final = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())
# Whoever touches more touches everybody's; such a push says nothing of owners.
_MOST_PATHS: Final = 1_000

_TAG: Final = Ignored("a pushed tag changes no branch")
_DELETED: Final = Ignored("a deleted branch; the pull request says if it was closed")
_IN_QUEUE: Final = Ignored("a branch of the merge queue; its jobs name the change")


def read_push(body: PushBody, reading: Reading) -> Read:
    """A push to a branch, by whom, and which files it touched.

    The change is not named: the branch is, and by it a ticket. The entity is the
    branch itself.
    """
    ref = body["ref"]
    if not ref.startswith(_HEADS):
        return _TAG
    if body.get("deleted"):
        return _DELETED
    branch = ref[len(_HEADS) :]
    if is_of_queue(branch):
        return _IN_QUEUE
    place = reading.home()
    commits, sha = body.get("commits") or [], body.get("after")
    pushed = _pushed_at(body.get("repository"), reading)
    committed = [] if pushed is not None else _committed_at(body, reading)
    moment = reading.moment("repository.pushed_at", pushed, *committed)
    if moment is None:
        return []
    fields: Fields = {"branch": branch}
    if sha:
        fields["sha"] = sha
    if branch == place.default_branch:
        fields["default_branch"] = True
    say_tickets(fields, branch, place, reading.settings.projects)
    paths = _paths(commits)
    if 0 < len(paths) <= _MOST_PATHS:
        fields["paths"] = paths
    people = reading.acted(fields, body.get("sender"))
    entity = f"{place.prefix}@{branch}"
    return [reading.fact(Kind.CHANGE_PUSHED, moment, entity, fields, people)]


def _pushed_at(repository: Repository | None, reading: Reading) -> int | None:
    """When the repository took the push: a number here, text in other bodies."""
    at = repository.get("pushed_at") if repository is not None else None
    if isinstance(at, int):
        known = 0 <= at < _LAST_SECOND
        text = write_time(at * 1_000) if known else "out of range"
        return reading.instant("repository.pushed_at", text)
    return reading.instant("repository.pushed_at", at)


def _committed_at(body: PushBody, reading: Reading) -> list[int | None]:
    """The commits' times: an author's clock, and older than the push."""
    head = body.get("head_commit")
    stated = head.get("timestamp") if head is not None else None
    times = [reading.instant("head_commit.timestamp", stated)]
    for index, commit in enumerate(body.get("commits") or ()):
        where = f"commits[{index}].timestamp"
        times.append(reading.instant(where, commit.get("timestamp")))
    return times


def _paths(commits: list[Commit]) -> list[str]:
    """The files of the commits that are new here, as ``/dir/file``, sorted.

    Commits that were elsewhere before came by a merge and are others' work.
    """
    found = {
        path
        for commit in commits
        if commit.get("distinct") is not False
        for paths in (
            commit.get("added"),
            commit.get("modified"),
            commit.get("removed"),
        )
        for path in paths or ()
    }
    return sorted(f"/{path}" for path in found)
