"""Where the state file lies, under which name, and what lies beside it.

Its log, index and lock are found by its name, so it must have one: a symbolic link is
followed to it once, before anything is opened, and of hard links none can be the one.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from monitor.pipeline.ports import StateUnavailable

# The write-ahead log, and the index into it that all connections share.
_LOGS: Final = ("-wal", "-shm")
# All that lies beside the state file under its name.
_BESIDE: Final = (*_LOGS, ".lock")

Inode = tuple[int, int]


def located(path: Path) -> Path:
    """The file itself, where the path is a symbolic link or leads through one."""
    return Path(os.path.realpath(path))


def misplaced(path: Path) -> str | None:
    """Why no state file can be at this path, whoever looks, or None."""
    folder = located(path).parent
    if text := _unfit(path):
        return text
    if not folder.is_dir():
        return f"the folder {folder} is missing: make it, or correct [state] path"
    return None


def refuse_unfit(path: Path) -> None:
    """Raise StateUnavailable where what is at the path can be no state file."""
    if text := _unfit(path):
        raise StateUnavailable(text)


def _unfit(path: Path) -> str | None:
    match _refusal(path):
        case errno.ELOOP:
            return (
                f"{path.absolute()} is a symbolic link that leads back to itself: "
                f"remove it, or let it name the state file"
            )
        case errno.EACCES:
            return _shut(path)
    if path.is_dir():
        return f"{path.absolute()} is a folder: [state] path must name a file in it"
    if text := _no_file(path):
        return text
    names = path.stat().st_nlink if path.is_file() else 1
    if names > 1:
        return (
            f"{path.absolute()} is one of {names} names of the same file (hard links): "
            f"its log and its lock lie beside one name, and who comes by another would "
            f"not see them. Remove the other names, which `find / -xdev -samefile "
            f"{path.absolute()}` lists, or copy the file while nothing runs"
        )
    return None


def _shut(path: Path) -> str:
    """Which folder on the way to the file keeps this user out: the first that does."""
    folder = located(path).parent
    way = (*reversed(folder.parents), folder)
    first = next((one for one in way if not os.access(one, os.X_OK)), folder)
    if first == folder:
        return (
            f"{folder} may not be looked into by this user: give it, and what is in "
            f"it, to the user of the service"
        )
    return (
        f"{first}, in which the state's folder {folder} lies, may not be looked into "
        f"by this user: let the user of the service through (chmod o+x), or choose "
        f"another [state] path"
    )


def refuse_no_file(path: Path) -> None:
    """Raise StateUnavailable where it, or what is beside it, cannot be a file of ours.

    Opening a pipe would wait for ever, and of a folder the system says that the disk
    is failing.
    """
    if text := _no_file(path):
        raise StateUnavailable(text)


def _no_file(path: Path) -> str | None:
    file = located(path)
    beside = (file.with_name(file.name + end) for end in _BESIDE)
    for one in (path.absolute(), *beside):
        if one.exists() and not one.is_file():
            return (
                f"{one} is no ordinary file (a folder, pipe, socket or device): move "
                f"it away, or correct [state] path"
            )
    return None


def _refusal(path: Path) -> int | None:
    """As what error the system refuses to tell of the file, if it does."""
    try:
        path.stat()
    except OSError as problem:
        return problem.errno
    return None


def inode_of(path: Path) -> Inode | None:
    """Which file bears the name now; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def inodes_of_logs(path: Path) -> tuple[Inode | None, ...]:
    """Which files are the log beside it and the log's index now."""
    return tuple(inode_of(path.with_name(path.name + end)) for end in _LOGS)
