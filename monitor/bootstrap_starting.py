"""A start without a teams file: probes are answered while teams are made from data."""

from __future__ import annotations

import contextlib
import threading

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.web.server import WebServer
from monitor.adapters.web.starting import starting_app
from monitor.bootstrap import empty_sample
from monitor.config.sections import Config
from monitor.directory.provisional import ProvisionalDirectory
from monitor.pipeline.ports import State
from monitor.provisional import SAMPLE, Sample, read_broker, started_directory, until


def teams_while_serving(
    config: Config, connection: Connection, state: State, stop: threading.Event
) -> tuple[ProvisionalDirectory, WebServer]:
    """The teams to start with, and the server that tells what they wait for.

    A first start waits a minute for the broker; nobody should take it for dead.
    Raises ListenError.
    """
    topics = [topic.name for topic in config.kafka.topics]

    def take() -> Sample:
        sample = empty_sample(config)
        read_broker(sample, connection, topics, SAMPLE, lambda it, _: until(stop, it))
        return sample

    reasons = ["starting: a sample of the topics is read, to make teams from"]
    app = starting_app(lambda: reasons[-1])
    server = WebServer(app, config.http.host, config.http.port)
    with contextlib.ExitStack() as undo:
        undo.callback(server.stop)
        server.start()
        directory = started_directory(state, take, stop, reasons.append)
        undo.pop_all()
    return directory, server
