"""All of ``friction doctor``, in the order in which things depend on each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from monitor.adapters.doctor.broker import broker_checks
from monitor.adapters.doctor.check import Check
from monitor.adapters.doctor.scrape import scrape_checks
from monitor.adapters.doctor.state import state_checks
from monitor.adapters.kafka.connection import Connection
from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.teams import Directory


def examine(
    connection: Connection,
    topics: Collection[str],
    state: Path,
    http: tuple[str, int],
    letters: str | None = None,
    group: str | None = None,
    directory: Directory | None = None,
    model: Model = DEFAULT_MODEL,
) -> Iterator[Check]:
    """The state, the broker and its topics, the scrape; changes nothing anywhere."""
    found, offsets, is_running = state_checks(state, directory, model)
    yield from found
    yield from broker_checks(connection, topics, offsets, letters, group)
    yield from scrape_checks(*http, is_running=is_running)
