"""Records to what they say, without people: for the service and for batch work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.decode.decode import decode
from monitor.decode.recognise import SELF_DESCRIBING
from monitor.decode.settings import NO_HINT, DecodeSettings, TopicHint
from monitor.directory.attribute import (
    Clear,
    attribute,
    states_person,
    without_stated_persons,
)
from monitor.domain.outcomes import Decoded, Record
from monitor.domain.teams import Directory

# Whose events state teams in fields of their own, where a person may stand.
_STATING: Final = frozenset(provider.name for provider in SELF_DESCRIBING)


@dataclass(frozen=True, slots=True)
class Hints:
    """What is configured of topics; unlike a function, processes can pass it on."""

    by_topic: Mapping[str, TopicHint]

    def __call__(self, topic: str) -> TopicHint:
        """The topic's hint; one that says nothing for any other."""
        return self.by_topic.get(topic, NO_HINT)


@dataclass(frozen=True, slots=True)
class Decoding:
    """What decoding and attribution need to know."""

    directory: Directory
    settings: DecodeSettings
    hints: Callable[[str], TopicHint]

    def each(self, records: Iterable[Record]) -> Iterator[Decoded]:
        """What each record says, its people replaced by their teams. Never raises."""
        topic, hint, directory = None, NO_HINT, self.directory
        has_persons, clear = bool(directory.persons), Clear()
        for record in records:
            if record.topic != topic:
                topic = record.topic
                hint = self.hints(topic)
            decoded = decode(record, hint, self.settings)
            may_state = has_persons and decoded.provider in _STATING
            for fact in decoded.facts:
                if fact[7] or (may_state and states_person(fact[6], directory, clear)):
                    decoded = self._without_people(decoded)
                    break
            yield decoded

    def _without_people(self, decoded: Decoded) -> Decoded:
        facts = [attribute(fact, self.directory) for fact in decoded.facts]
        if decoded.provider in _STATING:
            facts = [without_stated_persons(fact, self.directory) for fact in facts]
        return Decoded._make((tuple(facts), *decoded[1:]))
