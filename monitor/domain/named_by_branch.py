"""Names of jobs, runs, pages and services that hold the name of a branch. Pure.

Jenkins makes a job for each branch and calls it, its page and its pipeline after it
(``shop » dev-a-patch-1``), and whoever writes a job may put the branch into its name.
A branch may be called after a person, so a word takes its place here, too. Names are
ordinary, and stay, where those of environments do (``domain.environments``).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from monitor.domain.branch_forms import (
    HEADS,
    LONGEST_NAME,
    forms_in,
    held_by_every_form,
)
from monitor.domain.environments import is_ordinary
from monitor.domain.opaque import environment_word, job_word
from monitor.domain.told_pipelines import repository_before

# Between the display names of Jenkins' folders and jobs.
ARROW: Final = " \u00bb "
_SLASH: Final = "/"
_ESCAPED: Final = "surrogateescape"
# The last job of a page, below another: a folder, or a project of many branches.
_IN_FOLDER: Final = re.compile(
    r"(?<![^/#])(job/[^/?#]+/(?:(?:job|view)/[^/?#]+/)*job/)([^/?#]+)"
)
# How what is there to look at a branch is called, before the branch.
_LOOKED_AT: Final = re.compile(
    r"(?<![^\W_])((?:p?review|ephemeral|[pm]r)[-_.]+)([^/]+)", re.IGNORECASE
)
# What jobs are called everywhere; a branch of such a name is called after a job.
_JOBS: Final = (
    "analysis analyze benchmark benchmarks bench build builds check checks codeql "
    "compile container coverage deploy deployment docker e2e fmt format image lint "
    "linter linux macos package publish scan security smoke style unit upload verify "
    "windows wheels"
)
_STEPS: Final = frozenset(_JOBS.split())
_WORDS: Final = re.compile(r"[^\W_]+")


def jobs_branch(page: str) -> str | None:
    """What the job of a page may call its branch; ``None``: it is in no folder.

    >>> jobs_branch("https://ci.example/job/shop/job/fix%252Fcart/12/")
    'fix/cart'
    """
    match = _IN_FOLDER.search(page)
    return decoded(match[2]) if match is not None else None


def hidden_page(page: str) -> str:
    """A page, or the name made of one, without what may be a branch's.

    Each job below another is known by a word, whoever names it: what is queued does
    not tell its branch, and has to be one with what was built.
    """
    return _IN_FOLDER.sub(_hidden_job, page)


def hidden_last(name: str) -> str:
    """The name of a pipeline without its last part, which may be a branch's.

    Parts are between arrows, else between slashes. Equal for names that are equal
    without case, as claims on pipelines are.
    """
    separator = ARROW if ARROW in name else _SLASH
    before, found, last = name.rpartition(separator)
    word = environment_word(decoded(last))
    return name if word == decoded(last) else f"{before}{found}{word}"


def hidden_pipeline(name: str, branch: str, repo: str) -> str:
    """The name of a pipeline without that of its run's branch, where it stands in it.

    In whatever form tools write it (``domain.branch_forms``). The repository's name,
    which pipelines begin with, is none of it.
    """
    branch = branch.removeprefix(HEADS)[: LONGEST_NAME + 1]
    # Nearly always it does not, and all that follows takes longer.
    if held_by_every_form(branch) not in name.casefold():
        return name
    if is_ordinary(branch) or _is_step(branch):
        return name
    start = len(repository_before(name, repo))
    rest = name[start:]
    if len(rest) > LONGEST_NAME:
        return name[:start] + environment_word(rest)
    for begin, end in reversed(forms_in(rest, branch)):
        # Whoever has in mind what stands there can make its word.
        word = environment_word(decoded(rest[begin:end]))
        rest = f"{rest[:begin]}{word}{rest[end:]}"
    return name[:start] + rest


def hidden_service(name: str) -> str:
    """The name of a service, which is a path, without what may be a branch's.

    What is there to look at a branch is called after it, in whatever step: a namespace,
    an application. A name that is no path was given to a service.

    >>> hidden_service("/review-fix-till/web/app").partition("~")[0]
    '/review-'
    """
    return _LOOKED_AT.sub(_hidden_rest, name) if _SLASH in name else name


def decoded(step: str) -> str:
    """A name as it was: Jenkins encodes a branch for its job, and that for the page."""
    if "%" not in step:
        return step
    # What is no text then stays apart from other such.
    return unquote(unquote(step, errors=_ESCAPED), errors=_ESCAPED)


def _hidden_rest(match: re.Match[str]) -> str:
    return match[1] + environment_word(match[2])


def _hidden_job(match: re.Match[str]) -> str:
    before, step = match.groups()
    name = decoded(step)
    word = job_word(name)
    return f"{before}{step if word == name else word}"


def _is_step(branch: str) -> bool:
    words = _WORDS.findall(branch.casefold())
    return all(word in _STEPS or is_ordinary(word) for word in words)
