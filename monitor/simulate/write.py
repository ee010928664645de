"""Writes a world: a record file, a teams file, and beside them what is true."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from monitor.decode.times import write_time
from monitor.domain.outcomes import Record
from monitor.simulate.truth.costs import Entry
from monitor.simulate.truth.true_days import ItemTruth, date_of, history_of
from monitor.simulate.truth.true_signals import TrueStanding, signals_by_day
from monitor.simulate.world import SimulatedWorld


def write_directory(world: SimulatedWorld, folder: Path) -> int:
    """Write ``events.jsonl.gz``, ``teams.yaml``, ``ledger.jsonl``, ``signals.jsonl``.

    Returns how many records were written. The folder is made when it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "teams.yaml").write_text(world.teams_yaml, encoding="utf-8")
    written = 0
    with gzip.open(folder / "events.jsonl.gz", "wb", compresslevel=3) as file:
        for line in record_lines(world.records()):
            file.write(line)
            written += 1
    write_truth(world, folder)
    return written


def write_truth(world: SimulatedWorld, folder: Path) -> None:
    """Write ``ledger.jsonl`` and ``signals.jsonl``, drawing the plan once for both."""
    with (folder / "ledger.jsonl").open("w", encoding="utf-8") as ledger:
        told = _written(world.truths(), ledger)
        history = history_of(told, world.organisation)
    with (folder / "signals.jsonl").open("w", encoding="utf-8") as signals:
        for standing in signals_by_day(history, world.config.until_ms):
            if standing.is_known:
                signals.write(json.dumps(signal_line(standing)) + "\n")


def _written(truths: Iterator[ItemTruth], ledger: TextIO) -> Iterator[ItemTruth]:
    """The same, once its entries are in the ledger."""
    for told in truths:
        ledger.writelines(
            json.dumps(ledger_line(entry)) + "\n" for entry in told.entries
        )
        yield told


def record_lines(records: Iterator[Record]) -> Iterator[bytes]:
    """Records as the lines of a record file; values stand as they were sent."""
    for record in records:
        head = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "timestamp": record.timestamp,
            "key": record.key.decode() if record.key is not None else None,
            "headers": {name: value.decode() for name, value in record.headers},
        }
        text = json.dumps(head, separators=(",", ":"))
        yield text[:-1].encode() + b',"value":' + (record.value or b"null") + b"}\n"


def ledger_line(entry: Entry) -> dict[str, object]:
    """An entry of the ledger as plain JSON: seconds are exact, the share a fraction."""
    return {
        "item": entry.item,
        "sort": entry.sort,
        "team": entry.team,
        "on_team": entry.on_team or None,
        "component": entry.component or None,
        "phase": entry.phase,
        "from": write_time(entry.start),
        "to": write_time(entry.end),
        "seconds": float(entry.milliseconds * entry.share / 1_000),
        "share": str(entry.share),
    }


def signal_line(standing: TrueStanding) -> dict[str, object]:
    """A signal after a day as plain JSON: the day is a date, ``since`` a time."""
    since = standing.since
    return {
        "signal": standing.signal,
        "day": date_of(standing.day).isoformat(),
        "ratio": None if standing.ratio is None else float(standing.ratio),
        "above": standing.above,
        "active": standing.active,
        "since": None if since is None else write_time(since),
    }
