"""What the process knows of itself: readiness, times, and what became of records."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import structlog

from monitor.decode.times import write_time
from monitor.domain.facts import Kind
from monitor.domain.outcomes import Decoded
from monitor.domain.snapshot import Condition
from monitor.pipeline.ports import DeadLetter
from monitor.pipeline.relating.relate import Related

_LOG = structlog.get_logger()

# Smaller steps of a clock are over before anybody asks.
_AHEAD_MS: Final = 60_000

Counted = Literal[
    "friction_events_total",
    "friction_late_dropped_total",
    "friction_rejected_total",
    "friction_rejected_records_total",
    "friction_unknown_fields_total",
    "friction_refresh_failures_total",
    "friction_dead_letter_publish_failures_total",
    "friction_dead_letters_given_up_total",
]
Timed = Literal[
    "friction_poll_seconds",
    "friction_batch_seconds",
    "friction_commit_seconds",
    "friction_refresh_seconds",
]


class Meter(Protocol):
    """Adds up events and durations of the service itself."""

    def count(self, name: Counted, *labels: str, amount: float = 1) -> None:
        """Add to a counter."""

    def took(self, name: Timed, seconds: float) -> None:
        """Note how long a piece of work took."""


@dataclass(slots=True)
class Watch:
    """The process's own state, written by the consumer loop, read by any thread."""

    meter: Meter
    monotonic: Callable[[], float]
    ready: bool = False
    poll_ms: int | None = None
    commit_ms: int | None = None
    problem: str | None = "starting"
    dead_letters: int = 0
    ahead: str | None = None
    # Why it is not ready, as long as it is not.
    unready: str = "catching up"
    _turned: float | None = None

    def turn(self) -> None:
        """The loop begins a turn."""
        self._turned = self.monotonic()

    @contextlib.contextmanager
    def timing(self, name: Timed) -> Iterator[None]:
        """Note how long the block takes."""
        began = self.monotonic()
        yield
        self.meter.took(name, self.monotonic() - began)

    def polled(self, now_ms: int, problem: str | None, *, silent: bool) -> None:
        """The source was asked: what is wrong with it, and whether it has no news."""
        self.problem = problem
        if not silent:
            self.poll_ms = now_ms

    def committed(self, now_ms: int) -> None:
        """Progress is stored: in the topics, or, while catching up, in evaluating."""
        self.commit_ms = now_ms

    def rejected(
        self,
        dead_letters: Sequence[DeadLetter],
        kept: int,
        *,
        publishing: bool = False,
    ) -> None:
        """Of a batch's rejections the first is told; so many are kept now.

        While ``publishing``, one that was kept without its body never will be.
        """
        self.dead_letters = kept
        first = dead_letters[0]
        more: dict[str, int] = {}
        given_up = sum(each.body is None for each in dead_letters) if publishing else 0
        if given_up:
            self.meter.count("friction_dead_letters_given_up_total", amount=given_up)
            more["too_large_to_publish"] = given_up
        _LOG.warning(
            "records were rejected",
            records=len(dead_letters),
            first=f"{first.topic}/{first.partition}/{first.offset}",
            reasons=first.reasons,
            listed_by="friction dead-letters list",
            **more,
        )

    def caught_up(self) -> None:
        """Everything that was in the log at the start is accounted for."""
        self.ready = True
        _LOG.info("caught up: the numbers are served")

    def not_stored(self) -> None:
        """The numbers tell of what could not be stored: nobody is shown them again."""
        self.ready, self.unready = False, "what was read last could not be stored"

    def stands_at(self, instant: int, settled: int) -> None:
        """The numbers are of an instant; by the clock they would be of ``settled``.

        Ahead of it they stand still: told when it begins, and when it is over.
        """
        if instant - settled <= _AHEAD_MS:
            if self.ahead is not None:
                self.ahead = None
                _LOG.info("the clock is where the numbers are: they go on")
            return
        if self.ahead is None:
            self.ahead = (
                f"the numbers are of {write_time(instant)} and this machine's clock, "
                f"less settle_seconds, is behind that: it is wrong now (then correct "
                f"it), or it was set forward, and back again, or settle_seconds was "
                f"raised. They stand still until it gets there, because what was shown "
                f"may not fall. If it is right now, and that is too long: stop, move "
                f"the state file away and start anew from the oldest record (the "
                f"numbers then begin there)."
            )
            _LOG.warning("the numbers stand still", problem=self.ahead)

    def decoded(self, decoded: Decoded) -> None:
        """Count one record by what became of it."""
        source, count = decoded.provider, self.meter.count
        refused_as = decoded.refused_as or source
        for fact in decoded.facts:
            count("friction_events_total", source, fact.kind, "fact")
        for reason in decoded.reasons:
            count("friction_rejected_total", refused_as, reason.code)
        kind = decoded.raw_kind or "unknown"
        if decoded.reasons:
            count("friction_events_total", refused_as, kind, "rejected")
            count("friction_rejected_records_total", refused_as)
        if decoded.ignored:
            count("friction_events_total", source, kind, "ignored")
        if decoded.unknown_fields:
            amount = decoded.unknown_fields
            count("friction_unknown_fields_total", source, amount=amount)

    def became_facts(
        self, source: str, kinds: Mapping[Kind, int], unknown_fields: int
    ) -> None:
        """Count what came of many records at once; a meter is asked once a kind."""
        for kind, amount in kinds.items():
            self.meter.count(
                "friction_events_total", source, kind, "fact", amount=amount
            )
        if unknown_fields:
            self.meter.count(
                "friction_unknown_fields_total", source, amount=unknown_fields
            )

    def related(self, related: Related) -> None:
        """Count the facts that were known already, and those that came too late."""
        self.late(related.late)
        if related.duplicates:
            amount = related.duplicates
            self.meter.count(
                "friction_events_total", "any", "any", "duplicate", amount=amount
            )

    def late(self, amount: int) -> None:
        """Count what came after its item was sealed."""
        if amount:
            self.meter.count("friction_late_dropped_total", amount=amount)

    def condition(self) -> Condition:
        """How the process is now, for the probes."""
        reasons: list[str] = []
        if self.problem is not None:
            reasons.append(self.problem)
        if self.ahead is not None:
            reasons.append(self.ahead)
        if not self.ready:
            reasons.append(self.unready)
        age = None if self._turned is None else self.monotonic() - self._turned
        return Condition(tuple(reasons), age)


def silent_meter() -> Meter:
    """A meter nobody reads."""
    return _Silent()


class _Silent:
    def count(self, name: Counted, *labels: str, amount: float = 1) -> None:
        """Count nothing."""

    def took(self, name: Timed, seconds: float) -> None:
        """Note nothing."""


def silent_watch() -> Watch:
    """A watch without meters, for batch work and tests."""
    return Watch(silent_meter(), time.monotonic)
