"""What the pipeline of a run is called, whatever branch it runs on.

Jenkins has a job for each branch of a project (``shop » topic``), and CDviz puts the
branch behind GitLab's project (``acme/shop/topic``). The specification asks what the
default branch did on *that job*, so the job is the project's; and who may be in the
name of a branch is not kept. Where nobody tells whether the last part of a name is a
branch's, a word stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.decode.cdevents.content import text_of
from monitor.decode.cdevents.jenkins import is_of_remote
from monitor.decode.cdviz.body import part, text_in
from monitor.decode.references import repository_around
from monitor.domain.named_by_branch import ARROW, hidden_last, jobs_branch
from monitor.domain.opaque import environment_word

_SLASH: Final = "/"
_OF_GITLAB: Final = re.compile(r"/-/pipelines/\d+\Z", re.ASCII)


def pipeline_called(
    name: str, id_: str, source: str, custom: Mapping[str, object], stated: str | None
) -> str:
    """The name of a run's pipeline without its branch's; ``stated`` is for us.

    Of any other producer it is as it is told.
    """
    job = jobs_branch(id_) or jobs_branch(source)
    if job is not None:
        built = text_in(part(part(custom, "build"), "scmState"), "branch")
        return _of_jenkins(name, job, built, stated)
    repo = repository_around(id_) if _OF_GITLAB.search(id_) else None
    if repo is not None and name.lower().startswith(f"{repo}/"):
        told = text_in(part(part(custom, "gitlab"), "object_attributes"), "ref")
        return _of_gitlab(name, len(repo), {told, stated})
    return name


def _of_jenkins(name: str, job: str, built: str | None, stated: str | None) -> str:
    """The job is the last of its page; what is shown of it may be another text."""
    if built is not None and is_of_remote(built):
        return name
    if job not in (built, stated):
        return hidden_last(name)
    before, _, _ = name.rpartition(ARROW if ARROW in name else _SLASH)
    return text_of(before) or name


def _of_gitlab(name: str, end: int, told: set[str | None]) -> str:
    project, behind = name[:end], name[end + 1 :]
    return project if behind in told else f"{project}/{environment_word(behind)}"
