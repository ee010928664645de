"""Teams for want of a file: samples of records, what is stored of them, and both.

What ``friction init`` writes down and what ``friction run`` works with are made here
in one way: the teams stored at an earlier start, grown by what the newest records name.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from monitor.adapters.files.records import read_records
from monitor.directory.growing import NOTHING, grown
from monitor.directory.proposal_rows import packed, unpacked
from monitor.directory.proposing import Proposal, propose
from monitor.directory.provisional import ProvisionalDirectory, directory_of
from monitor.domain.outcomes import Record
from monitor.domain.stored_values import reading_stored
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import Changes, State, StateReader
from monitor.pipeline.surveying import Survey

if TYPE_CHECKING:  # the client of Kafka takes longer to load than most commands
    from monitor.adapters.kafka.connection import Connection

_LOG = structlog.get_logger()
_KEY: Final = "provisional teams"
SAMPLE: Final = 20_000
# A broker that starts beside the service is there by then.
_PATIENCE_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 1.0

Counted = Callable[[Iterable[Record], str], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read, and of topics that could not be read why."""

    survey: Survey
    troubles: dict[str, str] = field(default_factory=dict)


def silently(items: Iterable[Record], what: str) -> Iterable[Record]:
    """The items; nobody is told how many."""
    del what
    return items


def read_files(
    survey: Survey, files: list[str], most: int, counted: Counted = silently
) -> Counter[str]:
    """Survey the first ``most`` records of each topic; gives how many were left out.

    Raises FrictionError for a file that cannot be read.
    """
    passed: Counter[str] = Counter()
    for record in counted(read_records(files, sys.stdin.buffer), "records"):
        if survey.topic(record.topic).read < most:
            survey.add(record)
        else:
            passed[record.topic] += 1
    return passed


def read_broker(
    sample: Sample,
    connection: Connection,
    topics: Iterable[str],
    most: int,
    counted: Counted = silently,
) -> None:
    """Of each topic the newest so many. Raises SourceUnavailable."""
    # Only a broker needs it.
    from monitor.adapters.kafka.sampling import (  # noqa: PLC0415
        TopicUnreadable,
        newest_records,
        reach,
    )

    reach(connection)
    for topic in topics:
        sample.survey.topic(topic)
        newest = newest_records(connection, topic, most)
        try:
            for record in counted(newest, f"records of {topic}"):
                sample.survey.add(record)
        except TopicUnreadable as problem:
            sample.troubles[topic] = str(problem)


def stored_proposal(state: StateReader) -> Proposal:
    """What earlier starts wrote down; of a new state nothing."""
    stored = state.get_many("meta", [_KEY]).get(_KEY)
    with reading_stored("the provisional teams"):
        return NOTHING if stored is None else unpacked(stored)


def stored_directory(state: StateReader) -> ProvisionalDirectory:
    """The teams a service without a teams file has, as of its last start."""
    return directory_of(stored_proposal(state))


def started_directory(
    state: State,
    take: Callable[[], Sample],
    stop: threading.Event,
    tell: Callable[[str], None] = lambda _: None,
) -> ProvisionalDirectory:
    """The teams to start with: those stored, and what is new in a sample. Stored.

    ``take`` takes the sample. Without the broker the stored ones go on alone; where
    there are none either, it is waited for a minute; ``tell`` hears why.
    """
    before = stored_proposal(state)
    later = _sampled(take, stop, tell, patient=not before.teams)
    if stop.is_set():
        later = None  # a part of a sample, taken when told to stop
    proposal = before if later is None else grown(before, later)
    directory = directory_of(proposal)
    if proposal.teams != before.teams:
        changes = Changes()
        changes.put("meta", _KEY, packed(proposal))
        state.commit(changes)
    _tell(before, proposal, directory)
    return directory


def _sampled(
    take: Callable[[], Sample],
    stop: threading.Event,
    tell: Callable[[str], None],
    *,
    patient: bool,
) -> Proposal | None:
    attempts = int(_PATIENCE_SECONDS / _PAUSE_SECONDS) if patient else 1
    told = ""
    for _ in range(attempts):
        try:
            sample = take()
        except SourceUnavailable as problem:
            text = "no sample of records can be had to make teams from"
            if str(problem) != told:
                _LOG.warning(text, problem=str(problem))
                tell(f"{text}: {problem}")
            told = str(problem)
        else:
            for topic, trouble in sample.troubles.items():
                text = "a topic could not be read to make teams from"
                _LOG.warning(text, topic=topic, problem=trouble)
            return propose(sample.survey.sightings)
        if stop.wait(_PAUSE_SECONDS if patient else 0):
            break
    return None


def _tell(before: Proposal, now: Proposal, directory: ProvisionalDirectory) -> None:
    _LOG.warning(
        "no teams file: teams are provisional, made from the data; "
        "`friction init --config friction.toml` writes them down to be edited",
        teams=len(now.teams),
        references=_references(now),
        new_references=_references(now) - _references(before),
        directory=directory.hash,
    )


def _references(proposal: Proposal) -> int:
    return sum(len(team.lines) for team in proposal.teams)


def until(stop: threading.Event, items: Iterable[Record]) -> Iterator[Record]:
    """The items, until told to stop."""
    for item in items:
        if stop.is_set():
            return
        yield item
