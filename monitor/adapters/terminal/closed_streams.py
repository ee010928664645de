"""Standard streams that whoever started the program has closed.

Python then has None in their places, which every use would have to ask for.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO, cast


def replace_closed() -> None:
    """Put a file wherever there is none.

    Nothing comes in, and what is said beside the answer is lost. An answer must not
    be: writing it fails, and is told as it is on a full disk.
    """
    # In this order each gets its own number, the lowest that is free: no file that is
    # opened later is then taken for a standard stream.
    if sys.stdin is None:
        sys.stdin = _nowhere(os.O_RDONLY, "r")
    if sys.stdout is None:
        sys.stdout = _nowhere(os.O_RDONLY, "w")
    if sys.stderr is None:
        sys.stderr = _nowhere(os.O_WRONLY, "w")


def _nowhere(flags: int, mode: str) -> TextIO:
    # The descriptor may forbid what the mode promises: then each write fails.
    opened = os.open(os.devnull, flags)
    return cast("TextIO", os.fdopen(opened, mode, encoding="utf-8"))
