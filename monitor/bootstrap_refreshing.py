"""Joins what is refreshed now and then to the runner: which jobs there are."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from monitor.adapters.refresh_thread import RefreshThread
from monitor.config_sections import Config
from monitor.pipeline.readings import Reader
from monitor.pipeline.refreshing import Job, Refresher
from monitor.pipeline.runner import Runner


def jobs_of(runner: Runner) -> Sequence[Job]:
    """Everything that is worked out aside."""
    del runner
    return ()


def refresher_of(runner: Runner, config: Config, reader: Reader) -> RefreshThread:
    """The thread that will refresh, with all jobs; it is not started."""
    stopping, jobs = threading.Event(), jobs_of(runner)
    every = float(config.refresh.every_seconds)
    return RefreshThread(
        Refresher(runner, reader, jobs, every, stopping.wait), stopping
    )
