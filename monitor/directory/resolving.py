"""Which team a reference means at an instant, and which line of the file says so.

The answer is the directory's own; the rules beside it are the claims that match,
strongest first, so that one sees what decides and what it overrules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from monitor.directory.claims import Claim, Subject, claims_of, group_key
from monitor.directory.dates import ALWAYS, Span
from monitor.directory.file_directory import FileDirectory
from monitor.directory.ids import claimed_repository
from monitor.directory.mistakes import line_of
from monitor.directory.patterns import (
    folded,
    glob,
    path_glob,
    path_key,
    path_strength,
    strength,
)
from monitor.directory.register import is_meant
from monitor.directory.yaml_tree import Tree
from monitor.domain.teams import UNKNOWN, Schedule, team_at

# The words before the colon: as unknown references are named on the page and in logs.
_SUBJECTS: Final[Mapping[str, Subject]] = {
    "repo": "repo",
    "path": "path",
    "project": "project",
    "jira": "project",
    "service": "service",
    "pool": "pool",
    "group": "group",
    "pipeline": "pipeline",
}
FORMS: Final = (
    "repo:OWNER/NAME, path:OWNER/NAME:/FILE, project:KEY, service:NAME, pool:LABEL, "
    "group:@ORG/TEAM, pipeline:OWNER/NAME/WORKFLOW/JOB"
)


class Reference(NamedTuple):
    """What is asked about; ``file`` only of a path."""

    subject: Subject
    name: str
    file: str = ""


class Rule(NamedTuple):
    """A claim on the reference, with the line of the file that makes it."""

    team: str
    text: str
    line: int
    span: Span
    strength: tuple[int, ...]


class Free(NamedTuple):
    """A span in which a line of its own may claim a reference: no such line does.

    ``since`` and ``until`` are the dates of the lines beside it, as these write them.
    """

    span: Span = ALWAYS
    since: str = ""
    until: str = ""


ALWAYS_FREE: Final = Free()


class Resolution(NamedTuple):
    """The team, and the rules on the reference: in force then, and at other times.

    ``free`` is when another line for it would be in the way of none.
    """

    team: str
    rules: tuple[Rule, ...]
    elsewhen: tuple[Rule, ...]
    free: Free = ALWAYS_FREE

    @property
    def decided_by(self) -> Rule | None:
        """The rule that decides; None where there is none, or equally strong ones."""
        best = [one for one in self.rules if one.strength == self.rules[0].strength]
        return best[0] if len({one.team for one in best}) == 1 else None


def reference_of(text: str) -> Reference | None:
    """The reference a text such as ``repo:acme/checkout`` names, None for no form."""
    word, _, name = text.strip().partition(":")
    subject = _SUBJECTS.get(word.lower())
    if subject is None or not name:
        return None
    if subject != "path":
        return Reference(subject, name)
    repo, _, file = name.partition(":")
    if not repo or not file:
        return None
    return Reference(subject, repo, file if file.startswith("/") else f"/{file}")


def resolve(
    reference: Reference, directory: FileDirectory, tree: Tree, instant: int
) -> Resolution:
    """Who it is at the instant (ms); the tree is the directory's own file."""
    schedule = _schedule(reference, directory)
    claims, _ = claims_of(tree)
    on_it = list(_on(reference, claims))
    if reference.subject == "pipeline" and schedule is None:
        # A pipeline that no line claims itself is its repository's (design 11.10).
        repository = Reference("repo", _repository_of(reference.name))
        schedule = _schedule(repository, directory)
        on_it = list(_on(repository, claims))
    found = [_rule(claim, weight, tree) for claim, weight in on_it]
    found.sort(key=lambda rule: rule.strength, reverse=True)
    free = free_for(reference, claims, tree)
    return Resolution(
        team_at(schedule, instant) if schedule is not None else UNKNOWN,
        tuple(rule for rule in found if rule.span.covers(instant)),
        tuple(rule for rule in found if not rule.span.covers(instant)),
        next((one for one in free if one.span.covers(instant)), ALWAYS_FREE),
    )


def free_for(reference: Reference, claims: Iterable[Claim], tree: Tree) -> list[Free]:
    """When none of the tree's claims is of just this reference, in order of time.

    A pattern that matches it is in nobody's way: the exact line beats it.
    """
    key = _key_of(claimable(reference))
    held = (one for one in claims if (one.subject, one.reference, one.repo) == key)
    found: list[Free] = []
    start, since = ALWAYS.start, ""
    for claim in sorted(held, key=lambda claim: claim.span):
        if start < claim.span.start:
            until = _written(claim, "from", tree)
            found.append(Free(Span(start, claim.span.start), since, until))
        start, since = claim.span.end, _written(claim, "to", tree)
    if start < ALWAYS.end:
        found.append(Free(Span(start, ALWAYS.end), since))
    return found


def _written(claim: Claim, key: str, tree: Tree) -> str:
    """What the claim's entry says there; nothing where it does not."""
    entry: Any = tree.value
    for step in claim.at:
        entry = entry[step]
    return str(entry.get(key, ""))


def claimable(reference: Reference) -> Reference:
    """The reference as a line can name it.

    By a pattern where its name has what a teams file may not hold.
    """
    subject, *names = reference
    name, file = ("".join(map(_held, each)) for each in names)
    if subject in ("repo", "path"):
        name = claimed_repository(name)
    return Reference(subject, name, file)


def _held(character: str) -> str:
    return character if character.isprintable() else "?"


def _key_of(reference: Reference) -> tuple[Subject, str, str]:
    """How a claim on it is compared."""
    subject, name, file = reference
    if subject == "path":
        return subject, path_key(file), folded(name)
    return subject, group_key(name) if subject == "group" else folded(name), ""


def _repository_of(pipeline: str) -> str:
    """``owner/name`` of ``owner/name/workflow/job``."""
    return "/".join(pipeline.split("/", 2)[:2])


def _schedule(reference: Reference, directory: FileDirectory) -> Schedule | None:
    subject, name, file = reference
    if subject == "path":
        return directory.owner({"repo": name, "paths": [file]})
    if subject == "pool":
        return directory.pool((name,))
    ask = {
        "repo": directory.repository,
        "project": directory.project,
        "service": directory.service,
        "group": directory.group,
        "pipeline": directory.pipeline,
    }
    return ask[subject](name)


def _on(
    reference: Reference, claims: tuple[Claim, ...]
) -> Iterator[tuple[Claim, tuple[int, ...]]]:
    """The claims on the reference, each with its strength among them."""
    subject, name, file = reference
    key = group_key(name) if subject == "group" else folded(name)
    for claim in claims:
        if claim.subject == "path":
            is_here = subject == "path" and glob(claim.repo).fullmatch(key)
            if is_here and path_glob(claim.reference).fullmatch(file):
                weight = path_strength(claim.reference, claim.repo, file)
                yield claim, (1, *weight)
        elif claim.subject != ("repo" if subject == "path" else subject):
            continue
        elif is_meant(key, claim):
            yield claim, (0, *strength(claim.reference))


def _rule(claim: Claim, weight: tuple[int, ...], tree: Tree) -> Rule:
    text = f"{claim.subject} {claim.reference}"
    if claim.subject == "path":
        text = f"path {claim.reference} of {claim.repo}"
    return Rule(claim.team, text, line_of(claim.at, tree.lines), claim.span, weight)
