"""Intake: records to facts without people, and every rejection to its place."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Decoded, Record, told_at
from monitor.domain.provenance import fact_of, record_word
from monitor.domain.stored_values import reading_stored, refuse_fractions
from monitor.domain.working_time import FOREVER
from monitor.errors import FrictionError
from monitor.pipeline.broker_time import BrokerTimes, times_of
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.ports import (
    MAX_PUBLISHED_BYTES,
    Changes,
    DeadLetter,
    StateReader,
)
from monitor.pipeline.remembered import MOST_REFERENCES, Remembered
from monitor.pipeline.unclaimed import Asking

# Where the store keeps how many records in a row were rejected.
_INVALID: Final = "rejected_in_a_row"


class TopicInvalid(FrictionError):  # noqa: N818 - a condition, as in errors.py
    """Every one of the last records of a topic was rejected: stop, do not reroute."""


class Observer(Protocol):
    """Hears what became of records; counts it."""

    def decoded(self, decoded: Decoded) -> None:
        """One record was read, and not only facts came of it."""

    def became_facts(
        self, source: str, kinds: Mapping[Kind, int], unknown_fields: int
    ) -> None:
        """So many facts of each kind came of records of which nothing else came."""


@dataclass(slots=True)
class _Tally:
    """What came of one source's records, kept to be told once for many of them."""

    newest: int = 0
    unknown_fields: int = 0
    kinds: list[Kind] = field(default_factory=list)


class Told(NamedTuple):
    """Of one source's facts the newest time, how many of each kind, unknown fields."""

    newest: int
    kinds: Mapping[Kind, int]
    unknown_fields: int


@dataclass(slots=True)
class Taken:
    """What some records came to: plain data, which another process may have made.

    ``others`` are the outcomes of records that were rejected or ignored, without
    facts; ``unknown`` references that nobody claims, each told at least once;
    ``invalid`` the topics of which the last record was rejected. With
    ``given_up`` the topic is wrong, and the records after are not taken.
    ``told_since`` is the earliest instant that any of them was ``told_at``.
    """

    records: int = 0
    facts: list[Fact] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    others: list[Decoded] = field(default_factory=list)
    sources: dict[str, Told] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    times: dict[tuple[str, int], int] = field(default_factory=dict)
    invalid: frozenset[str] = frozenset()
    given_up: str = ""
    told_since: int = FOREVER


@dataclass(slots=True)
class Taking:
    """Turns records into facts and keeps what cannot be; tells nobody.

    ``stop_after`` invalid records in a row on one topic give it up: then it is the
    topic that is wrong, not the records; ``invalid`` counts them by topic. Records
    without a value, by which compacted topics delete, say nothing of that.
    """

    decoding: Decoding
    stop_after: int
    publish_bodies: bool = False
    invalid: Counter[str] = field(default_factory=Counter)
    _asking: Asking = field(init=False)

    def __post_init__(self) -> None:
        """Ask the directory that the records are attributed by."""
        self._asking = Asking(self.decoding.directory)

    def take(self, records: Sequence[Record]) -> Taken:
        """What the records come to, up to where a topic is given up."""
        taken = Taken(times=times_of(records))
        tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
        decoded = self.decoding.each(records)
        for record, one in zip(records, decoded, strict=True):
            if one.reasons or one.ignored:
                self._set_apart(record, one, taken)
            elif self.invalid:
                self.invalid.pop(record.topic, None)
            self._keep(record, one, tallies[one.provider], taken)
            taken.records += 1
            if taken.given_up:
                break
        for source, tally in tallies.items():
            kinds = Counter(tally.kinds)
            taken.sources[source] = Told(tally.newest, kinds, tally.unknown_fields)
        taken.invalid = frozenset(self.invalid)
        return taken

    def _set_apart(self, record: Record, decoded: Decoded, taken: Taken) -> None:
        """Note what else than facts came of a record, and keep what is rejected."""
        taken.others.append(decoded._replace(facts=(), unknown_fields=0))
        if decoded.reasons:
            taken.letters.append(self._letter(record, decoded))
            if record.value is not None:  # else it was deleted, whatever it was
                self._judge_topic(record.topic, decoded, taken)
        elif self.invalid:
            self.invalid.pop(record.topic, None)

    def _keep(
        self, record: Record, decoded: Decoded, tally: _Tally, taken: Taken
    ) -> None:
        """Remember what the facts say of their source, and take them."""
        topic, partition, offset, *_ = record
        word = record_word(topic, partition, offset)
        take = taken.facts.append
        tally.unknown_fields += decoded.unknown_fields
        for fact in decoded.facts:
            take(fact_of(word, fact))
            time = fact.time
            tally.kinds.append(fact.kind)
            if time > tally.newest:  # noqa: PLR1730 - max() costs a call
                tally.newest = time
        # No event is older than any of its facts: mostly a look at one is enough.
        facts = decoded.facts
        if facts and (decoded.told_since or facts[-1].time) < taken.told_since:
            taken.told_since = min(taken.told_since, told_at(decoded))
        self._asking.add(decoded.facts, taken.unknown)

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

    def _judge_topic(self, topic: str, decoded: Decoded, taken: Taken) -> None:
        if decoded.facts:
            self.invalid[topic] = 0
            return
        self.invalid[topic] += 1
        if self.invalid[topic] >= self.stop_after:
            taken.given_up = (
                f"topic {topic}: the last {self.stop_after} records were all rejected "
                f"(dead_letters.stop_after_invalid = {self.stop_after}), the newest "
                f"because: {decoded.reasons[0]}. Is it the right topic, and does it "
                "need a provider or an unwrap rule in [kafka] topics? After correcting "
                "that start again. What was stored as rejected before is "
                "passed over, then as now: to have it read again, move the state file "
                "away, and everything is read anew from the oldest records kept."
            )


@dataclass(slots=True)
class Intake:
    """Takes records, or what was taken elsewhere, and tells what became of them."""

    taking: Taking
    observer: Observer
    watermarks: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    broker: BrokerTimes = field(default_factory=BrokerTimes)
    _stored: dict[str, int] = field(default_factory=dict)
    _remembered: Remembered = field(default_factory=Remembered)

    def load(self, state: StateReader) -> None:
        """Go on from what was seen before the last stop.

        Rejected records count on: a supervisor that starts the program again and
        again would else have a wrong topic passed over, piece by piece. Raises
        StateCorrupt.
        """
        with reading_stored("what was read"):
            self.broker.load(state)
            found = self._remembered.load(state, self.taking.decoding.directory)
            # One that is no time any more would never be passed by an event's.
            self.watermarks = {
                source: newest
                for source, newest in found[0].items()
                if newest < FOREVER
            }
            self.unknown = set(found[1])
            packed = state.get_many("meta", [_INVALID]).get(_INVALID)
            if packed is not None:
                self._stored = json.loads(packed)
                self.taking.invalid.update(self._stored)
            refuse_fractions((*self._stored.values(), *self.watermarks.values()))
            refuse_fractions(self.broker.newest.values())

    def collect(self, changes: Changes) -> None:
        """Store what ``load`` finds, where it changed."""
        self.broker.collect(changes)
        self._remembered.collect(changes, self.watermarks, self.unknown)
        counts = dict(self.taking.invalid)
        if counts != self._stored:
            self._stored = counts
            changes.put("meta", _INVALID, json.dumps(counts).encode())

    def take(self, records: Sequence[Record]) -> Taken:
        """What the records come to, told and remembered. Raises TopicInvalid."""
        taken = self.taking.take(records)
        self.adopt(taken)
        return taken

    def adopt(self, taken: Taken) -> None:
        """Tell and remember what was taken. Raises TopicInvalid."""
        for decoded in taken.others:
            self.observer.decoded(decoded)
        for source, (newest, kinds, unknown_fields) in taken.sources.items():
            if newest > self.watermarks.get(source, 0):
                self.watermarks[source] = newest
            if kinds or unknown_fields:
                self.observer.became_facts(source, kinds, unknown_fields)
        for topic in self.taking.invalid.keys() - taken.invalid:
            del self.taking.invalid[topic]
        self.broker.saw(taken.times)
        if len(self.unknown) < MOST_REFERENCES:
            self.unknown |= taken.unknown
        if taken.given_up:
            raise TopicInvalid(taken.given_up)
