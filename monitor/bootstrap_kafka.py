"""Joins the service of ``friction run``: Kafka in, SQLite under it, HTTP out."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import structlog

from monitor.adapters.assistant.process import AssistantProcess, cores
from monitor.adapters.assistant.wire import Errand
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.publisher import DeadLetterPublisher
from monitor.adapters.kafka.source import KafkaSource
from monitor.adapters.kafka.trouble import throttled
from monitor.adapters.prometheus.meters import Meters
from monitor.adapters.state.place import misplaced
from monitor.adapters.state.sqlite import SqliteState
from monitor.adapters.web.server import WebServer
from monitor.bootstrap_connection import connection_of
from monitor.bootstrap_service import (
    Service,
    batching_of,
    make_service,
    meters_for,
)
from monitor.bootstrap_starting import teams_while_serving
from monitor.clock import Clock, SystemClock
from monitor.config.sections import Config
from monitor.config.values import model_of
from monitor.domain.teams import Directory
from monitor.errors import ConfigError
from monitor.pipeline.catching_up.assistant import Assistant, Nobody
from monitor.pipeline.intake import Taking
from monitor.pipeline.watching import Watch

_LOG = structlog.get_logger()


def kafka_service(
    config: Config, directory: Directory | None, stop: threading.Event
) -> Service:
    """``friction run``: Kafka in, SQLite under it, HTTP out.

    Without a directory the teams are provisional, made from the data. Raises
    ConfigError where no state file can be at the configured path.
    """
    if text := misplaced(config.state.path):
        raise ConfigError([f"state.path: {text}"])
    clock = SystemClock()
    connection = connection_of(config)
    state = SqliteState(config.state.path, keep_letters=config.dead_letters.keep)
    with contextlib.ExitStack() as undo:
        undo.callback(state.close)
        server: WebServer | None = None
        if directory is None:
            directory, server = teams_while_serving(config, connection, state, stop)
            undo.callback(server.stop)
        meters = meters_for(directory, config)
        watch = Watch(meters, clock.monotonic)
        source = _kafka_source(config, connection, stop, clock, (watch, meters))
        topic, publisher = config.dead_letters.topic, None
        if topic is not None:
            publisher = DeadLetterPublisher(connection, topic, state, watch)
        undo.pop_all()  # from here on the service closes them
    return make_service(
        config,
        directory,
        source,
        state,
        clock,
        (watch, meters),
        assistant=lambda taking: assistant_of(config, connection, taking, stop.is_set),
        publisher=publisher,
        failures=lambda: source.publish_failures,
        server=server,
    )


def _kafka_source(
    config: Config,
    connection: Connection,
    stop: threading.Event,
    clock: Clock,
    instruments: tuple[Watch, Meters],
) -> KafkaSource:
    watch, meters = instruments

    def tell(problem: str | None) -> None:
        watch.problem = problem
        if problem is None:
            _LOG.info("the broker answers")
        else:
            _LOG.warning("the broker cannot be read", problem=problem)

    return KafkaSource(
        connection,
        [topic.name for topic in config.kafka.topics],
        config.kafka.group_id,
        monotonic=clock.monotonic,
        wait=stop.wait,
        tell=tell,
        failed=lambda: meters.count("friction_source_failures_total"),
        throttled=lambda: _LOG.warning("reading is throttled", problem=throttled()),
    )


def assistant_of(
    config: Config,
    connection: Connection,
    taking: Taking,
    is_told_to_stop: Callable[[], bool],
) -> Assistant:
    """Another process that helps to catch up, where there is a core for it."""
    if cores() == 1:
        return Nobody()
    limits = batching_of(config).limits(live=False)
    topics = tuple(topic.name for topic in config.kafka.topics)
    size, pause = limits.max_bytes, limits.timeout_ms
    model = model_of(config)
    errand = Errand(connection, topics, taking, model, size, pause)
    return AssistantProcess(errand, is_told_to_stop)
