"""What ``friction dead-letters`` prints: where rejected records are, and why."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from monitor.adapters.terminal.printable import written_out
from monitor.adapters.terminal.tables import cell
from monitor.adapters.terminal.whole_tables import columns_of, print_whole
from monitor.domain.outcomes import record_time
from monitor.indicators.totals.report import rfc3339
from monitor.pipeline.dead_letters import DeadLetter, KeptLetter


def print_letters(kept: Iterable[KeptLetter], console: Console) -> None:
    """A row for each: its record, when that was written, and every reason."""
    rows = (
        (
            cell(f"{letter.topic}/{letter.partition}/{letter.offset}"),
            _time(letter) or "-",
            Text("\n".join(map(written_out, letter.reasons))),
            "waits" if waits else "",
        )
        for letter, waits in kept
    )
    columns = columns_of(("record", "time", "reasons", "to publish"), times=("time",))
    print_whole("Rejected records, the newest first", columns, rows, console)


def letter_documents(kept: Iterable[KeptLetter]) -> list[dict[str, object]]:
    """The same as JSON objects, with the hash of each body."""
    return [
        {
            "topic": letter.topic,
            "partition": letter.partition,
            "offset": letter.offset,
            "time": _time(letter),
            "reasons": list(letter.reasons),
            "sha256": letter.sha256,
            "waits_to_be_published": waits,
        }
        for letter, waits in kept
    ]


def _time(letter: DeadLetter) -> str | None:
    # A state from before may hold what is no time of a record.
    time = record_time(letter.timestamp)
    return None if time is None else rfc3339(time)
