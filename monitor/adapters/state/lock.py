"""One writer for one state file: an exclusive lock held for the process's life."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import struct
from pathlib import Path
from typing import Final

from monitor.pipeline.ports import StateUnavailable

# Linux's struct flock, and the byte of the log's index that is locked by who writes
# (WAL_WRITE_LOCK in https://www.sqlite.org/walformat.html).
_LOCK: Final = struct.Struct("hhqqi")
_WRITER: Final = 120


def _way_out(name: Path, problem: OSError) -> str:
    """What to do where the lock cannot be opened; whoever made it may be another."""
    # Not Path.exists, which fails where the directory is another user's, too.
    if problem.errno == errno.EACCES and os.access(name, os.F_OK):
        return (
            "Another user has made it, or its rights were changed: give it, and the "
            "state file, to the user of the service."
        )
    return "The directory of the state file must exist and be writable."


class FileLock:
    """An exclusive ``flock`` on ``<path>.lock``, from construction to ``release``.

    The kernel lets go of it when the process dies, however it dies, so nothing
    stale is ever left. The file itself stays: removing it would let two processes
    hold locks on two files of one name. Raises StateUnavailable when it is taken.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock beside ``path``, at once or not at all."""
        name = path.with_name(path.name + ".lock")
        # Anybody may ask who has the file: there is nothing else in it.
        try:
            self._handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as problem:
            raise StateUnavailable(
                f"cannot open {name}: {problem.strerror}. {_way_out(name, problem)}"
            ) from problem
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            holder = _holder(self._handle)
            os.close(self._handle)
            raise _refusal(path, holder, problem) from problem
        # Only for the message of the one who comes second; a full disk loses it.
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, str(os.getpid()).encode(), 0)

    @property
    def is_held(self) -> bool:
        """Whether it was not let go yet."""
        return self._handle >= 0

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def holder_of(path: Path) -> str | None:
    """Who has the state file now, in words; ``None`` when nobody has it.

    Looks without writing: a shared lock, for the moment of looking.
    """
    name = path.with_name(path.name + ".lock")
    try:
        handle = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None  # whoever had the file would have made it
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as problem:
        return str(_refusal(path, _holder(handle), problem)).partition(". ")[0]
    finally:
        os.close(handle)
    return None


def writer_of(path: Path) -> str | None:
    """Who keeps the state file from its one writer with SQL tools, or ``None``.

    Looks without writing, and needs nobody to have the file: it asks the kernel for the
    lock by which SQLite knows the writer of a write-ahead log.
    """
    try:
        handle = os.open(path.with_name(path.name + "-shm"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None  # whoever has the file open would have made it
    try:
        asked = _LOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, _WRITER, 1, 0)
        kind, *_, process = _LOCK.unpack(fcntl.fcntl(handle, fcntl.F_GETLK, asked))
    finally:
        os.close(handle)
    return None if kind == fcntl.F_UNLCK else f"process {process}"


def _holder(handle: int) -> str:
    text = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
    return f" (process {text})" if text.isdigit() else ""


def _refusal(path: Path, holder: str, problem: OSError) -> StateUnavailable:
    if problem.errno in (errno.EWOULDBLOCK, errno.EACCES):
        return StateUnavailable(
            f"state file {path} is in use by another friction process{holder}. "
            f"Stop that one, or give this one its own [state] path."
        )
    return StateUnavailable(
        f"cannot lock {path}.lock: {problem.strerror}. The state file must be on a "
        f"file system with flock (a local disk)."
    )
