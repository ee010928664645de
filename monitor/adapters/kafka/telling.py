"""What keeps a source from reading: counted each time, told when it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

SILENT: Final = "the broker does not answer requests in time"


class Telling:
    """The problem of a source at present; ``tell`` hears when it is another one.

    ``failed`` hears of every attempt that failed, also for the same reason again;
    ``throttled`` once that a quota holds us back, which is no problem.
    """

    def __init__(
        self,
        tell: Callable[[str | None], None],
        failed: Callable[[], None],
        throttled: Callable[[], None] = lambda: None,
    ) -> None:
        """Nothing is amiss yet, and nobody is told so."""
        self._tell = tell
        self._failed = failed
        self._throttled = throttled
        self._is_throttling_told = False
        self.problem: str | None = None

    def failed(self, problem: str) -> None:
        """An attempt to reach the broker or to read failed."""
        self._failed()
        self.note(problem)

    def note(self, problem: str | None) -> None:
        """This is the problem now; None when well."""
        if problem != self.problem:
            self.problem = problem
            self._tell(problem)

    def throttled(self) -> None:
        """The broker answers, and gives us no more than a quota allows."""
        if not self._is_throttling_told:
            self._is_throttling_told = True
            self._throttled()
