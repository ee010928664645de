"""A survey: a sample of records decoded, counted by topic, and what its facts name.

Nobody has said yet which tracker projects exist, so every key that looks like one
(``CHK-1``, but also ``UTF-8``) is read as one; what has no tickets is sorted out when
teams are proposed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Self

from monitor.decode.cdevents.events import NAME as CDEVENTS
from monitor.decode.decode import decode
from monitor.decode.github.sample import GithubSample
from monitor.decode.github.webhooks import NAME as GITHUB
from monitor.decode.jira.reading import NAME as JIRA
from monitor.decode.jira.sample import JiraSample
from monitor.decode.json_text import parse, plain_text
from monitor.decode.recognise import BY_NAME, SELF_DESCRIBING
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.directory.sightings import Sightings
from monitor.domain.outcomes import Decoded, ReasonCode, Record

_STATING: Final = frozenset(provider.name for provider in SELF_DESCRIBING)
# Providers that a hint may help to recognise: the others always say what they are.
_HINTED: Final = tuple(name for name in BY_NAME if name not in _STATING)
# CDviz has GitHub's bodies in its events.
_ABOUT_GITHUB: Final = (GITHUB, CDEVENTS)


class AnyProject(frozenset[str]):
    """Every tracker key counts as one of a project."""

    __slots__ = ()

    def __new__(cls) -> Self:
        """Not empty: decoding looks for no keys where there is no project."""
        return super().__new__(cls, ("ANY",))

    def __contains__(self, project: object, /) -> bool:
        """Yes."""
        return True


@dataclass(slots=True)
class TopicSeen:
    """What a topic's records came to. ``helped``: refused without that hint."""

    read: int = 0
    facts: int = 0
    rejected: int = 0
    ignored: int = 0
    providers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    helped: Counter[str] = field(default_factory=Counter)

    @property
    def hint(self) -> str | None:
        """The provider to write beside the topic, where a hint is needed at all.

        A hint speaks for every record that does not say itself whose it is, so there
        is none where such records are recognised as somebody else's.
        """
        best = max(self.helped, key=lambda name: (self.helped[name], name), default="")
        others = set(self.providers) - _STATING - {best, "unknown"}
        return best if best and not others else None


@dataclass(slots=True)
class Survey:
    """Grows by records; nothing of a body is kept but the names facts have.

    And of Jira's what its site calls fields, statuses and links, of GitHub's, also
    inside CDEvents, at which addresses repositories are.
    """

    settings: DecodeSettings
    hints: Callable[[str], TopicHint]
    topics: dict[str, TopicSeen] = field(default_factory=dict)
    sightings: Sightings = field(default_factory=Sightings)
    jira: JiraSample = field(default_factory=JiraSample)
    github: GithubSample = field(default_factory=GithubSample)

    def __post_init__(self) -> None:
        """Look for keys of all projects."""
        self.settings = replace(self.settings, projects=AnyProject())

    def topic(self, name: str) -> TopicSeen:
        """The topic's counts, empty at first."""
        return self.topics.setdefault(name, TopicSeen())

    def add(self, record: Record) -> None:
        """Count one record and what its facts name."""
        seen = self.topic(record.topic)
        decoded = decode(record, self.hints(record.topic), self.settings)
        if _unrecognised(decoded):
            helped = self._with_hint(record)
            if helped is not None:
                decoded = helped
                seen.helped[decoded.provider] += 1
        seen.read += 1
        seen.facts += len(decoded.facts)
        seen.rejected += bool(decoded.reasons)
        seen.ignored += bool(decoded.ignored)
        seen.providers[decoded.provider] += 1
        seen.reasons.update({str(reason.code) for reason in decoded.reasons})
        if record.value is not None:
            if decoded.provider == JIRA:
                self._name_things(self.jira, record.value)
            elif decoded.provider in _ABOUT_GITHUB:
                self._name_things(self.github, record.value)
        explicit = decoded.provider in _STATING
        for fact in decoded.facts:
            self.sightings.add(fact, explicit=explicit)

    def _name_things(self, sample: JiraSample | GithubSample, value: bytes) -> None:
        text = plain_text(value, self.settings.max_body_bytes)
        if isinstance(text, bytes):
            sample.add(parse(text))

    def _with_hint(self, record: Record) -> Decoded | None:
        """What the record is under the first hint that recognises it."""
        configured = self.hints(record.topic)
        if configured.provider is not None:
            return None
        for name in _HINTED:
            hint = replace(configured, provider=name)
            decoded = decode(record, hint, self.settings)
            if decoded.facts and not decoded.reasons:
                return decoded
        return None


def _unrecognised(decoded: Decoded) -> bool:
    return any(reason.code is ReasonCode.UNRECOGNISED for reason in decoded.reasons)
