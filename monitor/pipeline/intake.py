"""Intake: records to facts without people, and every rejection to its place."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from monitor.decode.decode import decode
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Decoded, Record
from monitor.domain.teams import UNKNOWN, Directory
from monitor.errors import FrictionError
from monitor.pipeline.ports import MAX_PUBLISHED_BYTES, DeadLetter

# References remembered as unresolved; more are only known to be too many.
_MOST_UNKNOWN = 10_000


# What a fact names that a directory may not know; pools are lists, and asked anew.
_REFERENCES = (
    "team",
    "on_team",
    "to_team",
    "requester_team",
    "repo",
    "service",
    "group",
)
_NAMING = frozenset((*_REFERENCES, "pool"))


class TopicInvalid(FrictionError):  # noqa: N818 - a condition, as in errors.py
    """Every one of the last records of a topic was rejected: stop, do not reroute."""


class Observer(Protocol):
    """Hears what became of records; counts it."""

    def decoded(self, decoded: Decoded) -> None:
        """One record was read."""


@dataclass(slots=True)
class Intake:
    """Turns records into facts and keeps what cannot be.

    ``stop_after`` invalid records in a row on one topic stop the program: then it
    is the topic that is wrong, not the records.
    """

    directory: Directory
    settings: DecodeSettings
    hints: Callable[[str], TopicHint]
    observer: Observer
    stop_after: int
    publish_bodies: bool = False
    watermarks: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    _invalid: Counter[str] = field(default_factory=Counter)
    _resolved: set[tuple[object, ...]] = field(default_factory=set)

    def take(
        self, records: Iterable[Record], letters: list[DeadLetter]
    ) -> Iterator[Fact]:
        """The facts of the records; rejections are added to ``letters``."""
        directory, settings = self.directory, self.settings
        for record in records:
            decoded = decode(record, self.hints(record.topic), settings)
            self.observer.decoded(decoded)
            if decoded.reasons:
                letters.append(self._letter(record, decoded))
                self._judge_topic(record.topic, decoded)
            elif self._invalid:
                self._invalid.pop(record.topic, None)
            for fact in decoded.facts:
                self._note(fact, decoded.provider)
                yield attribute(fact, directory) if fact.people else fact

    def _letter(self, record: Record, decoded: Decoded) -> DeadLetter:
        value = record.value or b""
        body = value if self.publish_bodies else None
        if body is not None and len(body) > MAX_PUBLISHED_BYTES:
            body = None
        return DeadLetter(
            record.topic,
            record.partition,
            record.offset,
            record.timestamp,
            tuple(str(reason) for reason in decoded.reasons),
            hashlib.sha256(value).hexdigest(),
            body,
        )

    def _judge_topic(self, topic: str, decoded: Decoded) -> None:
        if decoded.facts:
            self._invalid[topic] = 0
            return
        self._invalid[topic] += 1
        if self._invalid[topic] >= self.stop_after:
            raise TopicInvalid(
                f"topic {topic}: the last {self.stop_after} records were all rejected, "
                f"the newest because: {decoded.reasons[0]}. Is it the right topic, and "
                "does it need a provider or an unwrap rule in [kafka] topics?"
            )

    def _note(self, fact: Fact, provider: str) -> None:
        if fact.time > self.watermarks.get(provider, 0):
            self.watermarks[provider] = fact.time
        fields = fact.fields
        if _NAMING.isdisjoint(fields) or len(self.unknown) >= _MOST_UNKNOWN:
            return
        # Facts name the same few things again and again.
        named = tuple([fields.get(name) for name in _REFERENCES])
        if named not in self._resolved or "pool" in fields:
            missing = set(unresolved(fact, self.directory))
            self.unknown |= missing
            if not missing and len(self._resolved) < _MOST_UNKNOWN:
                self._resolved.add(named)


def unresolved(fact: Fact, directory: Directory) -> Iterator[str]:
    """References of the fact that no rule of the directory resolves, by name."""
    fields = fact.fields
    for name in ("team", "on_team", "to_team", "requester_team"):
        stated = fields.get(name)
        if not isinstance(stated, str) or stated == UNKNOWN:
            continue
        if directory.named(stated) == UNKNOWN:
            yield f"team:{stated}"
    repo, service, group = (
        fields.get("repo"),
        fields.get("service"),
        fields.get("group"),
    )
    if repo is not None and directory.repository(repo) is None:
        yield f"repo:{repo}"
    if service is not None and directory.service(service) is None:
        yield f"service:{service}"
    if group is not None and directory.group(group) is None:
        yield f"group:{group}"
    pool = fields.get("pool")
    if pool and not fields.get("hosted") and directory.pool(tuple(pool)) is None:
        yield f"pool:{pool[0]}"
