"""Numbers and instants as the page words them: hours, ratios, ages.

Absent numbers are worded as absent; nothing here turns them into 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from monitor.domain.pages import ItemRow, PartRow, Question
from monitor.domain.snapshot import TrendStep
from monitor.domain.working_time import moment_of
from monitor.indicators.explaining.open_now import Effect

ABSENT: Final = "no data"

_SECOND: Final = 1_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_TENTH, _UNIT = Decimal("0.1"), Decimal(1)
# Of such per cents are limits, as far as anybody configured no other.
_ROUND: Final = 5
# What would be rounded to less than a digit of it.
_LEAST_PERCENT: Final = 0.05
# A source that was silent for longer is marked; weekends are marked, too.
_STALE: Final = _DAY
_OF_INCIDENTS: Final = "by the wall clock times those who respond"

# Both ends of the ratio scale; 1 lies in its middle.
_LEAST: Final = 1 / 16
_MOST: Final = 16.0


def hours(seconds: float) -> str:
    """Person-hours: one digit below 100 h, whole hours above, ``< 0.1`` for less.

    Halves are rounded up: 900 s, the acute part of every long wait, are 0.3 h.
    """
    amount = seconds / 3600
    if 0 < amount < 0.05:
        return "< 0.1"
    digit = _TENTH if amount < 99.95 else _UNIT
    # By its shortest decimal: 540 s are 0.15 h there, and less than that in binary.
    return f"{Decimal(repr(amount)).quantize(digit, ROUND_HALF_UP):,}"


def ratio(value: float) -> str:
    """A ratio to two digits; it never shows 1.00 for what is not 1."""
    shown = f"{value:,.2f}"
    if shown == "1.00" and value != 1:
        return "just over 1" if value > 1 else "just under 1"
    return shown


def percent(share: float | None) -> str:
    """A share as per cent to one digit; whole per cents only where it is exactly that.

    So what is not 0, 100 or a limit, mostly a round one, never reads as if it were:
    0.304 is ``30.4 %``, 0.3004 is ``just over 30 %``, 0.0004 is ``< 0.1 %``.
    """
    if share is None:
        return ABSENT
    # Not finer than what floats can hold: 100 times 0.07 is not 7.
    amount = round(100 * share, 9)
    nearest = round(amount)
    if amount == nearest:
        return f"{nearest:,} %"
    if 0 < amount < _LEAST_PERCENT:
        return "< 0.1 %"
    shown = f"{amount:,.1f}"
    if nearest % _ROUND or not shown.endswith(".0"):
        return f"{shown} %"
    return f"just {'over' if amount > nearest else 'under'} {nearest:,} %"


def instant(ms: int | None) -> str:
    """An instant in UTC, to the second."""
    if ms is None:
        return ABSENT
    return moment_of(ms).strftime("%Y-%m-%d %H:%M:%S UTC")


def clock(ms: int) -> str:
    """An instant in UTC to the second, where something else says that it is UTC."""
    return moment_of(ms).strftime("%Y-%m-%d %H:%M:%S")


def machine_instant(ms: int) -> str:
    """An instant as the ``datetime`` of a ``time`` element, to the millisecond.

    As ``friction explain`` takes it, so that its sum is that of the page.
    """
    return moment_of(ms).strftime(f"%Y-%m-%dT%H:%M:%S.{ms % 1_000:03}Z")


def age(now_ms: int, ms: int | None) -> str:
    """How long ago an instant was, in its largest fitting unit."""
    if ms is None:
        return ABSENT
    past = now_ms - ms
    if past < 0:
        return "in the future"
    for unit, word in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if past >= 2 * unit:
            return f"{past // unit} {word} ago"
    return f"{past // _SECOND} s ago"


def lasting(ms: int) -> str:
    """How long something lasts by the wall, in days, below two in hours or minutes."""
    return age(ms, 0).removesuffix(" ago")


_EFFECTS: Final = {
    Effect.COUNTS: "yes",
    Effect.MOVED: "no, for another team since",
    Effect.BESIDE: "no, another wait of the item does",
    Effect.WORKED: "no, the item is worked on",
    Effect.STALE: "no, it is stale: nobody touched it for long",
    Effect.IDLE: "no, it does not halt the item, which is idle",
    Effect.INTERNAL: "no, the item goes back to where it came from",
    Effect.PENDING: "no, whose doing a failure is, is not settled",
    Effect.NOTHING: "no",
}


def effect_words(effect: str) -> str:
    """Whether an open wait adds to a number now, and why not."""
    return _EFFECTS[Effect(effect)]


def words(identifier: str) -> str:
    """A component as words: ``ticket_blocked`` is ``ticket blocked``."""
    named = identifier.replace("_", " ")
    return f"CI{named[2:]}" if named == "ci" or named.startswith("ci ") else named


def scale_position(value: float) -> float:
    """Where a ratio lies on the page's logarithmic scale, 0 to 100; 1 is at 50."""
    if value <= _LEAST:
        return 0.0
    if value >= _MOST:
        return 100.0
    span = math.log(_MOST) - math.log(_LEAST)
    return round(100 * (math.log(value) - math.log(_LEAST)) / span, 2)


def whole(number: int | None) -> str:
    """A count with thousands separated."""
    return ABSENT if number is None else f"{number:,}"


def days(window: str) -> str:
    """A window in words: ``28d`` is ``28 days``."""
    return f"{window[:-1]} days" if window.endswith("d") else window


def machine(value: float | None) -> str:
    """A number as the ``value`` of a ``data`` element, to its last digit."""
    return "" if value is None else repr(float(value))


def exact(seconds: float) -> str:
    """Seconds as exactly as they are known, without digits that say nothing."""
    whole_seconds = round(seconds)
    if abs(seconds - whole_seconds) < 5e-7:
        return f"{whole_seconds:,}"
    return f"{seconds:,.6f}".rstrip("0")


def seconds_words(parts: Sequence[PartRow]) -> str:
    """What the seconds of a number are: those of incidents are not of working time."""
    incidents = {part.what == "incident" for part in parts}
    if incidents == {True}:
        return f"seconds {_OF_INCIDENTS}"
    if True in incidents:
        return f"seconds of working time, and of incidents {_OF_INCIDENTS}"
    return "seconds of working time"


def rate(seconds: float, working_seconds: float) -> str:
    """Hours per working hour; absent where there was no working time."""
    if working_seconds <= 0:
        return ABSENT
    return f"{seconds / working_seconds:,.2f}"


def day(ms: int) -> str:
    """The day of an instant, in UTC."""
    return moment_of(ms).strftime("%-d %b")


def span_words(item: ItemRow) -> str:
    """From when to when an item has segments, shown or not, as days in UTC."""
    first, last = day(item.start_ms), day(item.end_ms)
    return first if first == last else f"{first} to {last}"


def stretch_days(step: TrendStep) -> str:
    """How long a stretch is: ``14 days``."""
    number = round((step.end_ms - step.start_ms) / _DAY)
    return "1 day" if number == 1 else f"{number} days"


def stale(ms: int | None, now_ms: int) -> bool:
    """Whether the newest event of a source is so old that somebody should look."""
    return ms is not None and now_ms - ms > _STALE


def asked_words(question: Question) -> str:
    """What a listing is about: ``checkout waiting on platform: ticket blocked``."""
    about = question.team
    if question.on_team is not None:
        about += f" waiting on {question.on_team}"
    if question.component is None:
        return about if question.on_team is not None else f"{about}: waiting and active"
    return f"{about}: {words(question.component)}"
