"""What a user may not do with a state file, and who has to let them, in words.

SQLite says of a file that may not be opened, and of a process that has no file
descriptor left, the same.
"""

from __future__ import annotations

import os
from pathlib import Path

from monitor.adapters.state.place import located


def unreadable(path: Path) -> str:
    """Said to who may not read the file itself, or what is beside it."""
    return (
        f"this user may not read state file {path}: run the command as the user of the "
        f"service, or let that user's group read it (chmod 640, and 750 its folder)"
    )


def unwritable(path: Path, said: str) -> str:
    """Said to the service; ``said`` is SQLite's own word."""
    return (
        f"state file {path} may not be read and written by this user: {said}. Give "
        f"it, {path}-wal and their directory to the user of the service, on a file "
        f"system that is not mounted read-only."
    )


def unindexed(path: Path, said: str) -> str:
    """Said to who reads a file whose log has no index that they may use, or make."""
    return (
        f"to read state file {path} with its log, this user has to be allowed to make "
        f"and write {path}-shm: {said}. Run the command as the user of the service, or "
        f"copy the file and {path}-wal into a folder of this user's"
    )


def forbidden_to_write(path: Path, said: str) -> str | None:
    """What the writer may not do that it has to; None where it may do all of it."""
    everything = os.R_OK | os.W_OK
    if _allows(path, everything) and os.access(_folder(path), os.W_OK | os.X_OK):
        return None
    return unwritable(path, said)


def forbidden_to_read(path: Path, said: str) -> str | None:
    """What a reader may not do that it has to; None where it may do all of it."""
    if not _allows(path, os.R_OK):
        return unreadable(path)
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    if not log.exists() or index.exists():
        return None
    if os.access(_folder(path), os.W_OK | os.X_OK):
        return None
    return unindexed(path, said)


def _allows(path: Path, right: int) -> bool:
    """Whether the file, its log and its index, as far as they are there, allow it."""
    files = (path.with_name(path.name + end) for end in ("", "-wal", "-shm"))
    return all(os.access(one, right) for one in files if os.path.exists(one))  # noqa: PTH110 - no error of a folder that is shut


def _folder(path: Path) -> Path:
    return located(path).parent
