"""Joins the simulator to the pipeline: ``friction demo`` and ``friction simulate``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from monitor.adapters.files.replay import ReplaySource
from monitor.adapters.kafka.writer import refuse_missing, write_records
from monitor.adapters.state.memory import MemoryState
from monitor.bootstrap_connection import connection_of
from monitor.bootstrap_service import Service, make_service, meters_for
from monitor.clock import SystemClock
from monitor.config.sections import Config, HttpSection
from monitor.directory.teams_file import parse
from monitor.domain.outcomes import Record
from monitor.domain.teams import Directory
from monitor.errors import ConfigError, SchemaError
from monitor.pipeline.watching import Watch
from monitor.simulate.records import TOPICS
from monitor.simulate.settings import Simulation
from monitor.simulate.world import SimulatedWorld, simulate
from monitor.simulate.write import write_directory

_NOTICE = (
    "This is a demonstration: a simulated organisation of {teams} teams over {days} "
    "days. No team and no number is real."
)
_HOUR = 3_600_000
Say = Callable[[str], None]


def demo_service(
    teams: int, days: int, port: int, stop: threading.Event, say: Say
) -> Service:
    """A simulated organisation up to this hour, through the same pipeline, served."""
    clock = SystemClock()
    until = clock.now_ms() - clock.now_ms() % _HOUR
    world = simulate(Simulation(teams=teams, days=days, until_ms=until))
    say(f"simulating {teams} teams over {days} days ...")
    records = list(world.records())
    say(f"{len(records):,} records as tools would send them")
    config = Config(http=HttpSection(port=port))
    directory = _directory(world)
    meters = meters_for(directory, config)
    return make_service(
        config,
        directory,
        ReplaySource(records, stop.wait),
        MemoryState(),
        clock,
        (Watch(meters, clock.monotonic), meters),
        notices=(_NOTICE.format(teams=teams, days=days),),
    )


def _directory(world: SimulatedWorld) -> Directory:
    found = parse(world.teams_yaml)
    if isinstance(found, tuple):
        raise SchemaError(f"the simulator's teams file is wrong: {found[0]}")
    return found


def write_simulation(
    world: Simulation, to: str, folder: Path, config: Config, say: Say
) -> None:
    """Write a world's records, teams file and what is true into the folder.

    To ``kafka`` go the records as well. Raises OSError where the folder cannot be
    written, and before anything is, ConfigError where the configuration does not name
    the topics that the records are in, SourceUnavailable where the brokers lack one.
    """
    if to == "kafka":
        _refuse_unnamed(config)
        refuse_missing(connection_of(config), TOPICS)
    made = simulate(world)
    written = write_directory(made, folder)
    if to != "kafka":
        say(f"{to}: {written:,} records, teams.yaml, ledger.jsonl, signals.jsonl")
        return
    records: Iterable[Record] = made.records()
    write_records(connection_of(config), records)
    say(
        f"{written:,} records written to Kafka ({', '.join(TOPICS)}); "
        f"ledger in {folder}/"
    )


def _refuse_unnamed(config: Config) -> None:
    """What nobody named may be read by another service, as true."""
    named = {topic.name for topic in config.kafka.topics}
    if missing := [topic for topic in TOPICS if topic not in named]:
        text = (
            f"kafka.topics does not name {', '.join(missing)}: --to kafka writes to "
            f"{', '.join(TOPICS)}, and to no topic that is not named there"
        )
        raise ConfigError([text])
