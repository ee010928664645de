"""Which events make one attempt of a run, where some of them name none."""

from __future__ import annotations

from collections.abc import Iterator

from tests.harness.plain_events import Event

BEGINNING = ("run.started", "run.finished")


def attempts(runs: list[Event]) -> Iterator[list[Event]]:
    """The events of each attempt of each run, by time."""
    for entity in sorted({run.entity for run in runs}):
        of_run = [run for run in runs if run.entity == entity]
        named = sorted({number_in(run) for run in of_run} - {0})
        numbers = [number_in(run) or _of(run, named, of_run) for run in of_run]
        pairs = list(zip(numbers, of_run, strict=True))
        opened = any(n == 0 and run.kind == "run.queued" for n, run in pairs)
        if named and not opened:
            # An attempt that nobody opened is none.
            pairs = [(number or named[0], run) for number, run in pairs]
        for number in sorted({number for number, _ in pairs}):
            yield [run for of, run in pairs if of == number]


def number_in(run: Event) -> int:
    """The number that an event states; 0 for none."""
    return int(run.get("attempt") or 0)


def _of(event: Event, named: list[int], of_run: list[Event]) -> int:
    """The first attempt that may have it, or the one before if it is too early."""
    if not named:
        return 0
    going_on = [n for n in named if not _is_over(n, event, of_run)]
    number = min(going_on, default=named[-1])
    opened = [
        run.time
        for run in of_run
        if run.kind == "run.queued" and number_in(run) == number
    ]
    if not opened or min(opened) <= event.time:
        return number
    # The first attempt of all has none before it.
    return max([n for n in named if n < number], default=0 if number > 1 else number)


def _is_over(number: int, event: Event, of_run: list[Event]) -> bool:
    """Whether that attempt had gone beyond this stage, or the next had begun."""
    stages = BEGINNING[1:] if event.kind == "run.finished" else BEGINNING
    before = [run for run in of_run if run.time < event.time and number_in(run)]
    return any(
        number_in(run) > number or (number_in(run) == number and run.kind in stages)
        for run in before
    )
