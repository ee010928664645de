"""``friction dead-letters``: the records that were rejected."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from monitor import bootstrap
from monitor.adapters.terminal import tables
from monitor.adapters.terminal.dead_letters import letter_documents, print_letters
from monitor.adapters.terminal.printable import json_text, written_out
from monitor.commands.inputs import ConfigPath, Form, refuse, settings_of

# More than anybody keeps.
_MOST: Final = 100_000_000

app = typer.Typer(
    help="The records that were rejected.", no_args_is_help=True, add_completion=False
)


@app.callback()
def rejected() -> None:
    """The records that were rejected."""


@app.command("list")
def list_letters(
    config_path: ConfigPath = None,
    state: Annotated[
        Path | None, typer.Option("--state", help="friction.db", readable=False)
    ] = None,
    topic: Annotated[
        str | None, typer.Option(help="Of this topic only, as Kafka has its name.")
    ] = None,
    last: Annotated[
        int, typer.Option(min=1, max=_MOST, help="At most, the newest.")
    ] = 50,
    form: Annotated[Form, typer.Option("--format")] = Form.TABLE,
) -> None:
    """List rejected records, the newest first: where each is, and every reason.

    Beside the running service or without it; nothing is changed.
    """
    path = _state_path(config_path, state)
    with bootstrap.stored_items(path) as stored:
        kept = stored.dead_letters(last + 1, topic)
        others = stored.letters_kept() if not kept else 0
    if form is Form.JSON:
        documents = letter_documents(kept[:last])
        sys.stdout.write(json_text(documents) + "\n")
    elif kept:
        print_letters(kept[:last], tables.console())
    else:
        tables.show(_none(topic, others))
    if len(kept) > last:
        tables.say(f"friction: the newest {last:,}; --last N shows more")


def _state_path(config_path: Path | None, state: Path | None) -> Path:
    if (config_path is None) == (state is None):
        refuse(["give --config for the configured state, or --state for its file"])
    if state is None:
        return settings_of(config_path).state.path
    # Not Path's own question, which raises for a name that is too long.
    if not os.path.isfile(state):  # noqa: PTH113
        refuse([f"--state {state}: is no file; friction run makes it"])
    return state


def _none(topic: str | None, others: int) -> str:
    if topic is None:
        return "no rejected records are kept"
    of_topic = f"no rejected records of topic {written_out(topic)} are kept"
    return f"{of_topic}; of other topics there are {others:,}" if others else of_topic
