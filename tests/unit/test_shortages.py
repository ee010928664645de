"""What the system has no more of is a sentence, and a mistake of ours a traceback."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable

import pytest

from monitor import __main__ as command_line


def fills_memory(**_: object) -> None:
    raise MemoryError


def opens_a_file(**_: object) -> None:
    raise OSError(errno.EMFILE, "Too many open files", "METADATA")


def starts_a_thread(**_: object) -> None:
    threading.Thread(target=fills_memory).start()


@pytest.fixture
def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a limit of processes is reached."""

    def none(*_: object, **__: object) -> None:
        # As in CPython's Modules/_threadmodule.c.
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none)


@pytest.mark.usefixtures("without_threads")
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (fills_memory, ("too little memory", "`ulimit -v`")),
        (opens_a_file, ("Too many open files", "`ulimit -n`", "LimitNOFILE=")),
        (starts_a_thread, ("no more threads", "`ulimit -u`", "--pids-limit")),
    ],
)
def test_a_shortage_is_told_in_a_line(
    command: Callable[..., None],
    said: tuple[str, ...],
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert command_line._ended(command) == command_line.FAILED
    complaint = capfd.readouterr().err
    assert complaint.startswith("friction: ")
    assert complaint.count("\n") == 1
    assert [each for each in said if each not in complaint] == []


def test_a_file_that_is_not_there_is_a_mistake_of_ours() -> None:
    def opens_none(**_: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    with pytest.raises(FileNotFoundError):
        command_line._ended(opens_none)


def test_any_other_such_error_is_a_mistake_of_ours() -> None:
    def changes_what_it_goes_through(**_: object) -> None:
        numbers = {1: 1}
        for each in numbers:
            numbers[each + 1] = 1

    with pytest.raises(RuntimeError, match="changed size"):
        command_line._ended(changes_what_it_goes_through)
