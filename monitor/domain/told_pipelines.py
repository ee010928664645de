"""One name for a pipeline of which some facts hide a part. Pure.

A fact that tells its branch has a word where the pipeline's name holds that
(``domain.named_by_branch``), and ``pipeline_told``, a word of the whole name. By that
it is one pipeline with what others tell who name no branch, or another one. Facts
stored before have no such word: they are compared by what they show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from monitor.domain.facts import Fact
from monitor.domain.opaque import pipeline_word


def repository_before(name: str, repo: str) -> str:
    """What a pipeline's name begins with of its repository's; empty for nothing."""
    return name[: len(repo)] if name[: len(repo)].lower() == repo else ""


def shown_alike(runs: Sequence[Fact]) -> Sequence[Fact]:
    """The runs, with one name for each pipeline; as they are where none hides a part.

    Whatever its repository was called, and where one does not tell it.
    """
    hiding = [run for run in runs if "pipeline_told" in run.fields]
    if not hiding:
        return runs
    shown: dict[str, str] = {}
    for run in hiding:
        fields = run.fields
        before = repository_before(fields["pipeline"], fields.get("repo", ""))
        name, told = fields["pipeline"][len(before) :], fields["pipeline_told"]
        shown[told] = min(shown.get(told, name), name)
    repos = sorted({run.fields.get("repo", "") for run in hiding})
    return [_shown(run, shown, repos) for run in runs]


def names_in_full(facts: Iterable[Fact]) -> dict[str, str]:
    """By the words of whole names, those which some fact tells; of one run's facts."""
    told = [fact.fields for fact in facts if "pipeline" in fact.fields]
    repos = sorted({fields.get("repo", "") for fields in told})
    return {
        word: fields["pipeline"]
        for fields in told
        if "pipeline_told" not in fields
        for word, _ in _words(fields["pipeline"], repos)
    }


def _shown(run: Fact, shown: dict[str, str], repos: Sequence[str]) -> Fact:
    fields = run.fields
    if "pipeline" not in fields:
        return run
    name, own = fields["pipeline"], fields.get("repo")
    if "pipeline_told" in fields:
        before = repository_before(name, own or "")
        found = f"{before}{shown[fields['pipeline_told']]}"
    else:
        words = _words(name, repos if own is None else [own])
        found = next((f"{b}{shown[word]}" for word, b in words if word in shown), name)
    if found == name:
        return run
    return run._replace(fields={**fields, "pipeline": found})


def _words(name: str, repos: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The words a whole name may have, each with what it leaves out before."""
    for before in dict.fromkeys(("", *(repository_before(name, r) for r in repos))):
        yield pipeline_word(name[len(before) :]), before
