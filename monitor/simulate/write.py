"""Writes a world: a record file, a teams file, and the true ledger beside them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from monitor.decode.times import write_time
from monitor.domain.outcomes import Record
from monitor.simulate.truth import Entry
from monitor.simulate.world import SimulatedWorld


def write_directory(world: SimulatedWorld, folder: Path) -> int:
    """Write ``events.jsonl.gz``, ``teams.yaml`` and ``ledger.jsonl``.

    Returns how many records were written. The folder is made when it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "teams.yaml").write_text(world.teams_yaml, encoding="utf-8")
    written = 0
    with gzip.open(folder / "events.jsonl.gz", "wb", compresslevel=3) as file:
        for line in record_lines(world.records()):
            file.write(line)
            written += 1
    with (folder / "ledger.jsonl").open("w", encoding="utf-8") as ledger:
        for entry in world.ledger():
            ledger.write(json.dumps(ledger_line(entry)) + "\n")
    return written


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
