"""What ``friction doctor`` found at one step: well, worth knowing, or wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    """How a step went. Only what is wrong makes the command fail."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


class Check(NamedTuple):
    """One line: what was looked at, how it is, and what to do where it is wrong."""

    mark: Mark
    what: str
    said: str

    def __str__(self) -> str:
        """The line as it is printed."""
        return f"{self.mark:5}  {self.what}: {self.said}"


def ok(what: str, said: str) -> Check:
    """Nothing has to be done."""
    return Check(Mark.OK, what, said)


def note(what: str, said: str) -> Check:
    """Nothing is broken, but whoever asks will want to know it."""
    return Check(Mark.NOTE, what, said)


def wrong(what: str, said: str) -> Check:
    """This keeps the service from its work; the text says what to do."""
    return Check(Mark.WRONG, what, said)
