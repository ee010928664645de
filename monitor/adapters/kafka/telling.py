"""What keeps a source from reading: counted each time, told when it changes."""

from __future__ import annotations

from collections.abc import Callable


class Telling:
    """The problem of a source at present; ``tell`` hears when it is another one.

    ``failed`` hears of every attempt that failed, also for the same reason again.
    """

    def __init__(
        self, tell: Callable[[str | None], None], failed: Callable[[], None]
    ) -> None:
        """Nothing is amiss yet, and nobody is told so."""
        self._tell = tell
        self._failed = failed
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
