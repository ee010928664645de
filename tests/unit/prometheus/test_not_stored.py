"""Numbers of a batch that could not be stored are shown to nobody.

They are read again at the next start, and may then come to less: a counter would
have fallen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import cast

import pytest

from monitor.domain.pages import Question
from monitor.pipeline.ports import Changes, StateUnavailable
from tests.unit.prometheus.serving import EVENTS, Serving, on_monday

_PATIENCE_SECONDS = 60


class TellingLock:
    """A lock that tells when somebody waits for it."""

    def __init__(self) -> None:
        self.awaited = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self.awaited.set()
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def shown_by_scrape(serving: Serving) -> object:
    """What a scrape shows but for the process's own health; None for nothing."""
    snapshot = serving.snapshots.snapshot()
    return snapshot.business or (snapshot if snapshot.ready else None)


def shown_by_page(serving: Serving) -> object:
    return serving.snapshots.page()


def shown_by_team(serving: Serving) -> object:
    return serving.ledger.team("checkout")


def shown_by_list(serving: Serving) -> object:
    return serving.ledger.listing(Question("checkout", None, None))


ASKING = (shown_by_scrape, shown_by_page, shown_by_team, shown_by_list)


@pytest.mark.parametrize("ask", ASKING)
def test_who_waits_while_a_commit_fails_is_shown_nothing(
    ask: Callable[[Serving], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = Serving()
    serving.send(*EVENTS)
    serving.caught_up()
    assert ask(serving)
    runner, lock = serving.process.runner, TellingLock()
    runner.lock = cast("threading.Lock", lock)
    asked: list[Future[object]] = []
    # The page is kept for a second.
    serving.process.clock.ms += 2_000
    with ThreadPoolExecutor(1) as reader:

        def fail(_: Changes) -> None:
            asked.append(reader.submit(ask, serving))
            assert lock.awaited.wait(_PATIENCE_SECONDS)
            raise StateUnavailable("the disk is full")

        monkeypatch.setattr(serving.process.state, "commit", fail)
        with pytest.raises(StateUnavailable):
            serving.send(on_monday("ticket.done", 7, "CHK-1"))
        assert asked[0].result(_PATIENCE_SECONDS) is None
    assert ask(serving) is None
    reasons = runner.watch.condition().not_ready
    assert reasons == ("what was read last could not be stored",)
