"""Joins record files, and a state that is only read, to the pipeline: for commands.

What needs Kafka, pages or metrics is in the modules beside this one, because loading
those takes longer than most commands do.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Callable, Iterator
from pathlib import Path

from monitor.adapters.state.memory import MemoryState
from monitor.adapters.state.sqlite import SqliteReader
from monitor.clock import SystemClock
from monitor.config.sections import Config
from monitor.config.values import decode_settings, topic_hints
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.model import Model
from monitor.domain.signal_rules import USUAL_RULES, SignalRules
from monitor.domain.teams import Directory
from monitor.pipeline.batch import Batch
from monitor.pipeline.decoding import Hints
from monitor.pipeline.ports import StateReader
from monitor.pipeline.surveying import Survey
from monitor.provisional import Sample


def version() -> str:
    """The version of this program."""
    try:
        return importlib.metadata.version("friction-monitor")
    except importlib.metadata.PackageNotFoundError:
        return "unpackaged"


def now_ms() -> int:
    """The present, for commands that are not told an instant."""
    return SystemClock().now_ms()


def hints_of(config: Config) -> Hints:
    """What the configuration says of a topic."""
    return Hints(topic_hints(config))


def empty_sample(config: Config) -> Sample:
    """A sample to be taken of records, read as this configuration says."""
    return Sample(Survey(decode_settings(config, frozenset()), hints_of(config)))


def memory_batch(
    directory: Directory,
    settings: DecodeSettings,
    model: Model,
    at: int,
    hints: Callable[[str], TopicHint],
    rules: SignalRules = USUAL_RULES,
) -> Batch:
    """The pipeline over a store in memory."""
    return Batch(MemoryState(), directory, settings, model, at, hints, rules)


@contextlib.contextmanager
def stored_items(path: Path) -> Iterator[StateReader]:
    """The configured state, read without the lock."""
    reader = SqliteReader(path)
    try:
        yield reader
    finally:
        reader.close()
