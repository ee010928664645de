"""Which labels of a tracker mean something to the signals; all others are dropped.

Labels are free text, many, and on every body: only the words of ``domain.labels`` are
kept. A value after a prefix has to look like a name of a thing, not like a sentence, an
address or a handle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.labels import (
    COMPONENT,
    DEPENDENCY,
    FINDING,
    HOW_TO,
    ID,
    INFRA,
    PLATFORM,
    TOOLING,
    TRIAGED,
    USES,
)
from monitor.domain.memos import Memo

_WORDS: Final[Mapping[str, str]] = {
    "tooling": TOOLING,
    "tools": TOOLING,
    "developer experience": TOOLING,
    "devex": TOOLING,
    "infra": INFRA,
    "infrastructure": INFRA,
    "dependency": DEPENDENCY,
    "external dependency": DEPENDENCY,
    "how-to": HOW_TO,
    "how to": HOW_TO,
    "howto": HOW_TO,
    "question": HOW_TO,
    "platform": PLATFORM,
    "triaged": TRIAGED,
    "triage/accepted": TRIAGED,
}
_PREFIXES: Final[Mapping[str, str]] = {
    "component": COMPONENT,
    "area": COMPONENT,
    "uses": USES,
    "control": FINDING,
    "budget": FINDING,
}
_CLASS: Final = re.compile(r"cwe-\d{1,6}")
_NUMBER: Final = re.compile(r"cve-\d{4}-\d{4,19}|ghsa(?:-[a-z0-9]{4}){3}")
# What begins a label that names the team that is waited for.
BLOCKED_ON: Final = (
    "blocked-by:",
    "blocked-by/",
    "blocked by:",
    "waiting-for:",
    "waiting-for/",
    "waiting-on:",
    "waiting for:",
    "waiting for ",
    "waiting on ",
)
_SPLIT: Final = re.compile("[:/]")
_VALUE: Final = re.compile(r"[a-z0-9][a-z0-9._/ -]{0,59}")


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Words and prefixes, lower case, and which word of the signals each one means.

    ``type: tooling`` and ``kind/tooling`` are read as ``tooling``; ``area/ci`` as
    ``component:ci``, which is kept beside ``platform`` only, where it is asked for.
    What begins with one of ``blocked_on`` names a team, whatever that is called.
    """

    words: Mapping[str, str] = field(default_factory=lambda: dict(_WORDS))
    prefixes: Mapping[str, str] = field(default_factory=lambda: dict(_PREFIXES))
    blocked_on: tuple[str, ...] = BLOCKED_ON
    # What was made of labels; those of an organisation are few, and on every body.
    _seen: Memo[tuple[str, ...], list[str]] = field(
        default_factory=Memo, init=False, repr=False, compare=False
    )

    def known(self, names: Iterable[str], components: Iterable[str] = ()) -> list[str]:
        """What the labels say, sorted; ``components`` are names a tracker has."""
        key = (*names, *(f"{COMPONENT}:{name}" for name in components))
        if not key:
            return []
        if key in self._seen:
            return self._seen[key]
        return self._seen.keep(key, self._known(key))

    def _known(self, names: Iterable[str]) -> list[str]:
        found = {meaning for name in names if (meaning := self._meaning(name))}
        if PLATFORM not in found:
            found = {one for one in found if not one.startswith(f"{COMPONENT}:")}
        return sorted(found)

    def _meaning(self, name: str) -> str:
        word = name.strip().lower()
        if word in self.words:
            return self.words[word]
        if word.startswith(self.blocked_on):
            return ""
        if _CLASS.fullmatch(word):
            return f"{FINDING}:{word}"
        if _NUMBER.fullmatch(word):
            return f"{ID}:{word}"
        # Blanks go afterwards: a pattern for them would try each anew at every place.
        prefix, *rest = (one.strip() for one in _SPLIT.split(word, maxsplit=1))
        value = rest[0] if rest else ""
        meaning = self.prefixes.get(prefix, "")
        if meaning and _VALUE.fullmatch(value):
            # A control keeps its prefix: it is a part of the name of its class.
            return f"{meaning}:{word if meaning == FINDING else value}"
        return self.words.get(value, "")
