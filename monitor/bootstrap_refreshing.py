"""Joins what is refreshed now and then to the runner: which jobs there are."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from monitor.adapters.prometheus.limits import Limits, Names
from monitor.adapters.prometheus.shown_teams import ShownTeams
from monitor.adapters.refresh_thread import RefreshThread
from monitor.config.sections import Config
from monitor.config.signals import signal_rules
from monitor.config.values import retention_of
from monitor.domain.model import Model
from monitor.domain.signal_rules import USUAL_RULES, SignalRules
from monitor.domain.teams import Directory
from monitor.pipeline.ports import State
from monitor.pipeline.runner import Runner
from monitor.pipeline.sealing import Sealing
from monitor.pipeline.showing.readings import Reader
from monitor.pipeline.showing.refreshing import Job, Refresher
from monitor.pipeline.showing.signal_job import SignalJob


def jobs_of(
    runner: Runner, teams: ShownTeams, rules: SignalRules = USUAL_RULES
) -> Sequence[Job]:
    """Everything that is worked out aside."""

    def names() -> Names:
        return teams.names(), teams.at(runner.clock.now_ms()).merged

    return (
        Limits(runner.directory, runner.model, names),
        SignalJob(runner.directory, runner.model, rules),
    )


def refresher_of(
    runner: Runner, config: Config, reader: Reader, teams: ShownTeams
) -> RefreshThread:
    """The thread that will refresh, with all jobs; it is not started."""
    stopping = threading.Event()
    jobs = jobs_of(runner, teams, signal_rules(config.signals))
    every = float(config.refresh.every_seconds)
    return RefreshThread(
        Refresher(runner, reader, jobs, every, stopping.wait), stopping
    )


def sealing_of(
    config: Config, state: State, directory: Directory, model: Model
) -> Sealing | None:
    """Who drops what is long closed; nobody, where the configuration wants all kept."""
    kept = retention_of(config)
    if kept is None:
        return None
    return Sealing(state, directory, model, kept, signal_rules(config.signals))
