"""Open files: of them the system gives a process, and all together, only so many.

Sockets and pipes are files, too, so whatever needs one may meet the limit: what it was
about to open or to reach is not at fault.
"""

from __future__ import annotations

import errno
from typing import Final

_TO_DO: Final = {
    errno.EMFILE: "The process may open no more files: allow it more (`ulimit -n`; "
    "systemd's LimitNOFILE=, a container's --ulimit nofile=), and start it again.",
    errno.ENFILE: "All processes together may open no more files: see which has so "
    "many open, or allow more (`sysctl fs.file-max`).",
}


def shortage_of_files(problem: BaseException | None) -> str | None:
    """That there were none left and what to do, if a failure comes from that."""
    while problem is not None:
        if isinstance(problem, OSError) and problem.errno in _TO_DO:
            return f"{problem.strerror}. {_TO_DO[problem.errno]}"
        problem = problem.__cause__
    return None
