"""Joins a source and a store to the pipeline, to pages and to metrics: what serves."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from monitor.adapters.kafka.publisher import DeadLetterPublisher
from monitor.adapters.prometheus.books_ledger import BooksLedger
from monitor.adapters.prometheus.books_snapshots import BooksSnapshots
from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.exposition import Exposition
from monitor.adapters.prometheus.meters import Meters
from monitor.adapters.prometheus.metric import Size
from monitor.adapters.prometheus.shown_teams import ShownTeams
from monitor.adapters.refresh_thread import RefreshThread
from monitor.adapters.web.app import make_app
from monitor.adapters.web.server import WebServer
from monitor.bootstrap import hints_of, version
from monitor.bootstrap_refreshing import refresher_of, sealing_of
from monitor.clock import Clock
from monitor.config.sections import Config
from monitor.config.values import decode_settings, model_of
from monitor.decode.recognise import SOURCES
from monitor.directory.proposing import MOST_TEAMS
from monitor.domain.teams import Directory
from monitor.pipeline.catching_up.assistant import Assistant, Nobody
from monitor.pipeline.collecting import Collecting
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Intake, Taking
from monitor.pipeline.policies import Batching
from monitor.pipeline.ports import Source, State
from monitor.pipeline.reading import Reading
from monitor.pipeline.restating import restated
from monitor.pipeline.runner import Runner
from monitor.pipeline.showing.readings import Reader
from monitor.pipeline.stored_books import load_books
from monitor.pipeline.watching import Watch

_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """A runner with its HTTP server, ready to run."""

    runner: Runner
    server: WebServer
    state: State
    publisher: DeadLetterPublisher | None
    refreshing: RefreshThread

    def run(self, stop: threading.Event) -> None:
        """Serve and consume until told to stop; then everything is closed."""
        _LOG.info(
            "serving",
            url=self.server.url,
            version=version(),
            directory=self.runner.directory.hash,
        )
        letters = [] if self.publisher is None else [self.publisher.close]
        in_turn(
            lambda: self._consume(stop),
            self.refreshing.stop,
            self.server.stop,
            *letters,
            self.state.close,
        )

    def _consume(self, stop: threading.Event) -> None:
        self.refreshing.start(on_failure=stop.set)
        self.runner.run(stop)
        self.refreshing.raise_failure()
        _LOG.info("stopped: everything read is stored")


def in_turn(*steps: Callable[[], object]) -> None:
    """Do each step, also when one before it failed; then raise the first error.

    It is the cause, or nearest to it. Another one is told in the log.
    """
    first: BaseException | None = None
    for step in steps:
        try:
            step()
        except BaseException as error:  # noqa: BLE001 - raised below, or told
            if first is None:
                first = error
            elif str(error) != str(first):
                _LOG.warning("more failed while stopping", problem=str(error))
    if first is not None:
        raise first


def make_service(
    config: Config,
    directory: Directory,
    source: Source,
    state: State,
    clock: Clock,
    instruments: tuple[Watch, Meters],
    *,
    assistant: Callable[[Taking], Assistant] = lambda _: Nobody(),
    publisher: DeadLetterPublisher | None = None,
    notices: tuple[str, ...] = (),
    failures: Callable[[], int] = lambda: 0,
    server: WebServer | None = None,
) -> Service:
    """Join a source and a store to the pipeline and the pages.

    A ``server`` that has been started shows them from now on. Store and server are
    closed where this fails.
    """
    watch, meters = instruments
    with contextlib.ExitStack() as undo:
        undo.callback(state.close)
        if server is not None:
            undo.callback(server.stop)
        runner = _runner(config, directory, source, state, clock, watch, assistant)
        if publisher is not None:
            runner.publish_letters = publisher.step
        teams = ShownTeams(runner.books, directory)
        refreshing = refresher_of(runner, config, reader := Reader(), teams)
        latest = refreshing.refresher.latest
        shown = BooksSnapshots(
            runner, clock, teams, version(), notices, failures, reader, latest
        )
        ledger = BooksLedger(runner, clock, teams, version(), notices, refreshed=latest)
        exposition = Exposition(shown, meters, clock.monotonic)
        app = make_app(shown, shown, exposition, ledger)
        if server is None:
            server = WebServer(app, config.http.host, config.http.port)
            undo.callback(server.stop)
            server.start()
        server.show(app)
        undo.pop_all()
    return Service(runner, server, state, publisher, refreshing)


def _runner(
    config: Config,
    directory: Directory,
    source: Source,
    state: State,
    clock: Clock,
    watch: Watch,
    assistant: Callable[[Taking], Assistant],
) -> Runner:
    model = model_of(config)
    with Collecting(clock.monotonic):
        books = load_books(directory, state, clock.now_ms() - model.settle_ms)
        books = restated(state, books, directory, model)
    intake = Intake(taking := taking_of(config, directory), watch)
    assisting, batching = assistant(taking), batching_of(config)
    return Runner(
        Reading(source, intake, batching, clock, watch, assisting),
        state,
        books,
        directory,
        model,
        clock,
        watch,
        sealing=sealing_of(config, state, directory, model),
    )


def taking_of(config: Config, directory: Directory) -> Taking:
    """What turns records into facts."""
    letters = config.dead_letters
    settings = decode_settings(config, directory.projects)
    return Taking(
        Decoding(directory, settings, hints_of(config)),
        letters.stop_after_invalid,
        publish_bodies=letters.topic is not None,
    )


def batching_of(config: Config) -> Batching:
    """How much is read at once."""
    return Batching(**config.batching.model_dump())


def meters_for(directory: Directory, config: Config) -> Meters:
    """Meters bounded for an organisation of this size."""
    teams = len(directory.teams)
    if directory.provisional:
        teams = max(teams, MOST_TEAMS)
    size = Size(teams=teams, topics=len(config.kafka.topics))
    return Meters(CATALOGUE, size, sources=SOURCES)
