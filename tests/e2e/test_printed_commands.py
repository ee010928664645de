"""The commands that pages print can be typed as they stand there."""

from __future__ import annotations

import gzip
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final, cast

import pytest
import typer

from monitor.__main__ import app
from monitor.adapters.state.sqlite import SqliteState
from tests.harness import scenarios
from tests.harness.reference_data import REPOSITORY
from tests.harness.sources import committed_files, shown
from tests.unit.pipeline.running import CountingState, Process, event

Typed = Callable[..., int]

# The changelog also tells of what was once.
PAGES: Final = [
    path
    for path in committed_files()
    if path.suffix == ".md" and path.name != "CHANGELOG.md"
]
_FENCE: Final = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_INLINE: Final = re.compile(r"`(friction [^`]+)`")
_LINE: Final = re.compile(r"(?: {4}|\.venv/bin/)?(friction .+)")
# A command, or an option of it, that is only spoken of.
_NAME: Final = re.compile(r"friction( [a-z][a-z-]*)*( --[a-z-]+)?")
# What stands for something of the reader's.
_MEANT: Final = {
    "FILE...": "events.jsonl.gz",
    "FILE": "events.jsonl.gz",
    "TIME": "2026-03-04T17:00:00Z",
    "REF": "jira:CHK",
    "T": "checkout",
    "U": "platform",
    "K": "review_wait",
    "I": "CHK-1",
    "N": "12",
    "D": "60",
}
# These need nothing but files; the others need a broker, or serve, or take long.
_OFFLINE: Final = {"check", "dead-letters", "decode", "evaluate", "explain", "teams"}


def printed_in(text: str) -> Iterator[str]:
    """Each command of a page: in blocks, indented, and in the middle of a sentence."""
    prose = _FENCE.sub("", text)
    blocks = "\n".join(_FENCE.findall(text)).replace("\\\n", " ")
    for line in f"{blocks}\n{prose}".splitlines():
        if found := _LINE.fullmatch(line.partition("  #")[0].rstrip()):
            yield found[1]
    for inline in _INLINE.findall(prose):
        yield " ".join(inline.split())


def words_of(command: str) -> list[str]:
    """What is typed after ``friction``, with all that may be left out."""
    words = shlex.split(command.replace("[", "").replace("]", ""))
    return [_MEANT.get(word, word) for word in words[1:]]


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the first words name, and what is given to it."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands") and not words[0].startswith("-"):
        first, *words = words
        command = command.commands[first]
    return command, words


COMMANDS: Final = [
    pytest.param(command, id=f"{shown(page)}: {command}")
    for page in PAGES
    for command in dict.fromkeys(printed_in(page.read_text("utf-8")))
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_printed_command_exists_with_its_options(command: str) -> None:
    found, given = command_of(words_of(command))

    if _NAME.fullmatch(command):
        assert {*given} <= {name for one in found.params for name in one.opts}
    else:
        assert found.make_context(found.name, given).params


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the pages speak of, and a state with CHK-1."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("friction.toml", "teams.yaml"):
        shutil.copy(REPOSITORY / "examples" / name, folder)
    bodies = [
        event("ticket.started", 0, "CHK-1", project="CHK", work_class="feature"),
        event("ticket.blocked", 1, "CHK-1", on_team="platform"),
        event("ticket.done", 3, "CHK-1"),
    ]
    text = "".join(f"{line}\n" for line in scenarios.lines(bodies))
    (folder / "first-bodies.jsonl").write_text(text)
    for name in ("events.jsonl.gz", "friction.ci.jsonl.gz"):
        with gzip.open(folder / name, "wt") as file:
            file.write(text)
    state = SqliteState(folder / "friction.db")
    process = Process(
        state=cast("CountingState", state), teams=(folder / "teams.yaml").read_text()
    )
    process.send(*bodies)
    process.caught_up()
    state.close()
    return folder


@pytest.mark.parametrize(
    "command",
    [
        one
        for one in COMMANDS
        if not _NAME.fullmatch(str(one.values[0]))
        and words_of(str(one.values[0]))[0] in _OFFLINE
    ],
)
def test_a_printed_command_does_what_it_is_printed_for(
    command: str, typed: Typed, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    # As a shell gives them: a pattern is the files that it names.
    words = (
        sorted(map(str, Path().glob(word))) if "*" in word else [word]
        for word in words_of(command)
    )

    assert typed(*chain.from_iterable(words)) == 0
