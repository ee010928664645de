"""What decoding needs to know beside the record itself, as plain frozen data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from monitor.decode.hosts import ServerHosts
from monitor.decode.jira.rules import JiraRules
from monitor.decode.label_table import BLOCKED_ON, LabelTable
from monitor.domain.memos import Memo

MEGABYTE: Final = 1_000_000
MINUTE: Final = 60_000

# The JSON parser stops at this depth, whatever the interpreter's stack allows.
MAX_DEPTH: Final = 200
_BOT_SUFFIX: Final = "[bot]"

_TYPES: Final = {
    "bug": "defect",
    "defect": "defect",
    "incident": "defect",
    "story": "feature",
    "user story": "feature",
    "task": "feature",
    "feature": "feature",
    "new feature": "feature",
    "enhancement": "feature",
    "improvement": "feature",
    "chore": "debt",
    "technical debt": "debt",
    "refactoring": "debt",
    "security": "risk",
    "vulnerability": "risk",
    "compliance": "risk",
    "service request": "request",
    "support": "request",
    "question": "request",
}
_LABELS: Final = {
    "bug": "defect",
    "defect": "defect",
    "regression": "defect",
    "feature": "feature",
    "enhancement": "feature",
    "chore": "debt",
    "refactor": "debt",
    "refactoring": "debt",
    "tech-debt": "debt",
    "technical-debt": "debt",
    "dependencies": "debt",
    "deps": "debt",
    "security": "risk",
    "compliance": "risk",
    "request": "request",
    "support": "request",
}
_PREFIXES: Final = {
    "fix": "defect",
    "hotfix": "defect",
    "revert": "defect",
    "feat": "feature",
    "feature": "feature",
    "chore": "debt",
    "refactor": "debt",
    "deps": "debt",
    "build": "debt",
    "ci": "debt",
    "security": "risk",
    "compliance": "risk",
}


@dataclass(frozen=True, slots=True)
class WorkClassTable:
    """Which words of a tracker mean which work class. Keys are lower case.

    A word the table does not know has no class: the time is unclassified, shown
    as such, and counts as feature for stream teams.
    """

    types: Mapping[str, str] = field(default_factory=lambda: dict(_TYPES))
    labels: Mapping[str, str] = field(default_factory=lambda: dict(_LABELS))
    prefixes: Mapping[str, str] = field(default_factory=lambda: dict(_PREFIXES))
    blocked_on: tuple[str, ...] = BLOCKED_ON
    # What was made of labels; those of an organisation are few, and on every body.
    _seen: Memo[tuple[str, ...], str | None] = field(
        default_factory=Memo, init=False, repr=False, compare=False
    )

    def of_type(self, name: str) -> str | None:
        """The class of an issue type such as ``Bug``."""
        return self.types.get(name.strip().lower())

    def of_labels(self, names: Iterable[str]) -> str | None:
        """The class of the first label, in alphabetical order, that has one.

        A label's own order says nothing, so it must not decide.
        ``type: bug`` and ``kind/bug`` are read as ``bug``; ``blocked-by:security``
        names a team and no class.
        """
        key = tuple(names)
        if not key or key in self._seen:
            return self._seen.get(key)
        return self._seen.keep(key, self._of_labels(key))

    def _of_labels(self, names: Iterable[str]) -> str | None:
        for name in sorted(name.strip().lower() for name in names):
            word = name.replace("/", ":").rpartition(":")[2].strip()
            if name.startswith(self.blocked_on):
                word = ""
            found = self.labels.get(name) or self.labels.get(word)
            if found is not None:
                return found
        return None

    def of_prefix(self, word: str) -> str | None:
        """The class of a conventional-commit type such as ``feat``."""
        return self.prefixes.get(word.strip().lower())


class LabelMeaning(NamedTuple):
    """What a label or board status says; ``team`` only where it names one."""

    state: Literal["blocked", "started", "parked", "done"]
    team: str = ""


@dataclass(frozen=True, slots=True)
class LabelRules:
    """Which labels and board statuses mean blocked, in progress, parked, done.

    A label that starts with one of ``blocked_on`` means blocked, and the rest of
    it names the team: ``blocked-by:platform``. All words are lower case.
    """

    blocked: frozenset[str] = frozenset({"blocked", "on hold", "impeded"})
    blocked_on: tuple[str, ...] = BLOCKED_ON
    in_progress: frozenset[str] = frozenset(
        {"in progress", "in-progress", "wip", "doing", "in development", "started"}
    )
    parked: frozenset[str] = frozenset(
        {"backlog", "todo", "to do", "parked", "icebox", "no status"}
    )
    done: frozenset[str] = frozenset({"done", "closed", "complete", "completed"})

    def meaning(self, name: str) -> LabelMeaning | None:
        """What the label or status says about the ticket; ``None``: nothing."""
        word = name.strip().lower()
        for prefix in self.blocked_on:
            if word.startswith(prefix) and len(word) > len(prefix):
                return LabelMeaning("blocked", word[len(prefix) :].strip())
        if word in self.blocked:
            return LabelMeaning("blocked")
        if word in self.in_progress:
            return LabelMeaning("started")
        if word in self.parked:
            return LabelMeaning("parked")
        return LabelMeaning("done") if word in self.done else None


def is_program(login: str, bots: Collection[str]) -> bool:
    """Whether an account is no person's: by its name, or as configured (lower case)."""
    name = login.strip().lower()
    return name.endswith(_BOT_SUFFIX) or name in bots


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """What holds for all topics.

    ``projects`` are the tracker keys a text may name (``CHK``), upper case.
    ``bots`` are logins, lower case, that are automation although the provider
    does not say so. ``header_prefixes`` are what bridges put before a header's
    name. ``hosts`` are GitHub's servers. Sizes are in bytes, spans in milliseconds.
    """

    projects: frozenset[str] = frozenset()
    classes: WorkClassTable = field(default_factory=WorkClassTable)
    labels: LabelRules = field(default_factory=LabelRules)
    jira: JiraRules = field(default_factory=JiraRules)
    hosts: ServerHosts = field(default_factory=ServerHosts)
    signals: LabelTable = field(default_factory=LabelTable)
    bots: frozenset[str] = frozenset()
    header_prefixes: tuple[str, ...] = ("http_", "http-", "http.", "headers.")
    max_body_bytes: int = 25 * MEGABYTE
    future_limit_ms: int = 5 * MINUTE

    def is_bot(self, login: str) -> bool:
        """Whether an account is a program's: by its name, or as configured."""
        return is_program(login, self.bots)


@dataclass(frozen=True, slots=True)
class TopicHint:
    """What the configuration says of a topic; every part may be absent.

    ``unwrap`` is the path of the body inside the record's value, ``event_path``
    that of the provider's event name (``("headers", "X-GitHub-Event")``).
    """

    provider: str | None = None
    unwrap: tuple[str, ...] | None = None
    event_path: tuple[str, ...] | None = None


NO_HINT: Final = TopicHint()
