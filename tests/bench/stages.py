"""Where the time of catching up goes, stage by stage, without a broker.

``python -m tests.bench.stages [native|github] [RECORDS] [BATCH]`` prints microseconds
of processor time for each record and for each touched item, and the same as multiples
of one round of a calibration loop, which is what to compare between machines and on a
loaded one.
"""

import gc
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from monitor.adapters.state.sqlite import SqliteState
from monitor.clock import SystemClock
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.domain.teams import Directory
from monitor.pipeline.catching_up.assistant import Nobody
from monitor.pipeline.catching_up.deferring import defer_touched, evaluate_deferred
from monitor.pipeline.catching_up.sharing import Sharing
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Intake, Taking
from monitor.pipeline.ports import Changes
from monitor.pipeline.recent import Recent
from monitor.pipeline.relating.relate import relate
from monitor.pipeline.stored_books import load_books
from monitor.pipeline.watching import silent_watch
from monitor.pipeline.working_set import WorkingSet
from tests.bench.github_load import Webhook, github_records
from tests.bench.native_load import native_records
from tests.bench.world import directory_of

_BATCH: Final = 100_000
_TEAMS: Final = 60
_ROUNDS: Final = 300_000
_STOP_AFTER: Final = 1_000


class Laps:
    """Processor time by stage."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._last = time.process_time()

    def start(self) -> None:
        """What happened until now is nobody's."""
        self._last = time.process_time()

    def lap(self, stage: str) -> None:
        """What happened since the last lap is this stage's."""
        now = time.process_time()
        self.seconds[stage] += now - self._last
        self._last = now


def hint_of(topic: str) -> TopicHint:  # noqa: ARG001 - the shape of Hints
    return TopicHint()


def loaded(load: str, events: int, now: int) -> list[Record]:
    """The records of a load, in memory."""
    webhooks: Iterable[Webhook]
    if load == "github":
        webhooks = github_records(events // 12, _TEAMS, now)
    else:
        webhooks = ((body, {}) for body in native_records(events, _TEAMS, now))
    return [
        Record("bench", 0, offset, None, None, tuple(headers.items()), body)
        for offset, (body, headers) in enumerate(webhooks)
    ]


def measured(
    records: Sequence[Record], size: int, directory: Directory, state: SqliteState
) -> tuple[Laps, int]:
    """The stages of the runner over batches in memory, and the items touched."""
    now = SystemClock().now_ms()
    settings = DecodeSettings(projects=directory.projects)
    decoding = Decoding(directory, settings, hint_of)
    intake = Intake(Taking(decoding, _STOP_AFTER), silent_watch())
    books = load_books(directory, state, now)
    laps, touched, recent = Laps(), 0, Recent()
    for first in range(0, len(records), size):
        gc.disable()
        laps.start()
        changes = Changes()
        batch = records[first : first + size]
        facts = intake.take(batch).facts
        laps.lap("decode, attribute")
        working = WorkingSet(state, recent)
        relate(facts, working)
        laps.lap("read, unpack, relate")
        defer_touched(working, changes, recent)
        working.collect(changes)
        laps.lap("pack")
        state.commit(changes)
        recent.keep(working.held())
        laps.lap("commit")
        touched += len(working.touched)
        gc.enable()
    gc.disable()
    now = books.accounts.instants[0]
    laps.start()
    sharing = Sharing(state, directory, DEFAULT_MODEL, Nobody())
    for changes, found, _ in evaluate_deferred(sharing, now):
        laps.lap("evaluate, account; once an item")
        books.enter(found, directory)
        books.collect(changes)
        laps.lap("book; once an item")
        state.commit(changes)
        laps.lap("commit; once an item")
    gc.enable()
    return laps, touched


def calibration() -> float:
    """Seconds of one round of a plain loop: the fastest of five tries."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        total, slots = 0, {}
        for number in range(_ROUNDS):
            total += number * number % 7
            slots[number & 1023] = total
        best = min(best, time.process_time() - began)
    return best / _ROUNDS


def main() -> None:
    load = sys.argv[1] if len(sys.argv) > 1 else "native"
    asked = int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
    size = int(sys.argv[3]) if len(sys.argv) > 3 else _BATCH
    directory = directory_of(_TEAMS)
    records = loaded(load, asked, SystemClock().now_ms())
    events = len(records)
    before = calibration()
    with tempfile.TemporaryDirectory() as folder:
        state = SqliteState(Path(folder) / "friction.db")
        laps, touched = measured(records, size, directory, state)
        state.close()
    unit = min(before, calibration())
    lines = [
        f"{events / touched:.2f} records for each touched item and batch",
        f"{'stage':34}{'us/record':>10}{'us/item':>10}{'loops/item':>12}",
    ]
    whole = sum(laps.seconds.values())
    for stage, seconds in [*laps.seconds.items(), ("all", whole)]:
        event, item = seconds / events * 1e6, seconds / touched * 1e6
        loops = seconds / touched / unit
        lines.append(f"{stage:34}{event:10.1f}{item:9.1f}{loops:12.0f}")
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
