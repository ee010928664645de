"""Progress on a terminal: nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_Thing = TypeVar("_Thing")
_EVERY = 1_000


def counted(things: Iterable[_Thing], noun: str) -> Iterator[_Thing]:
    """The same things, counted before the eyes of a person at a terminal."""
    if not sys.stderr.isatty():
        yield from things
        return
    text = TextColumn("{task.completed:,.0f} " + noun)
    columns = (SpinnerColumn(), text, TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(noun, total=None)
        for index, thing in enumerate(things):
            if index % _EVERY == 0:
                progress.update(task, completed=index)
            yield thing
