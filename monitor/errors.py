"""The errors of the program: what stops it, and what it waits for.

::

    FrictionError
    ├── ConfigError          configuration or teams file wrong: every mistake, exit 2
    ├── SchemaError          a stored or generated format is not the one expected: stop
    ├── SourceUnavailable    broker away: retried with bounded backoff
    ├── StateCorrupt         the store contradicts itself: stop, nothing written
    └── of the ports (monitor/pipeline/ports.py)
        ├── StateUnavailable the store is locked, full or failing: stop
        ├── FencedError      another writer moved an offset: stop
        └── LogTruncated     records after the stored offset are gone: stop

Bad input is no error but a value: a record ends as a rejection with its reasons.
"""

from __future__ import annotations

from collections.abc import Iterable


class FrictionError(Exception):
    """What the program raises itself. The message says what to do."""


class ConfigError(FrictionError):
    """The configuration or the teams file is wrong; ``mistakes`` holds every one."""

    def __init__(self, mistakes: Iterable[object]) -> None:
        """Keep all mistakes, each as a line ready to print."""
        self.mistakes = tuple(str(mistake) for mistake in mistakes)
        super().__init__("\n".join(self.mistakes))


class SchemaError(FrictionError):
    """A stored or generated format is not the one this version reads."""


class SourceUnavailable(FrictionError):  # noqa: N818 - the condition is the name
    """The broker cannot be read now; worth trying again."""


class StateCorrupt(FrictionError):  # noqa: N818 - the condition is the name
    """The store contradicts itself. Going on would make numbers wrong."""
