"""The true readings of counts: signals 1, 3, 4, 5 and 7, by indicators 3.

They count what happened or was open in a window of whole UTC days, and are read of
however little there is, but for what they need at the least.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from monitor.domain.working_time import DAY
from monitor.simulate.notes import Note, NoteSort
from monitor.simulate.truth.true_days import TrueHistory
from monitor.simulate.truth.true_judging import TrueReading, at_least, both, either

# The days that anything is kept for: a year, and the longest window before it.
KEPT_DAYS: Final = 365 + 112
LEADERS: Final = ("manager", "director", "architect", "staff")
DECISIONS: Final = ("prioriti", "approv", "accept", "reject", "unblock")
FEWEST_DECISIONS: Final = 20
FEWEST_ITEMS: Final = 10
FEWEST_SERVICE_SECONDS: Final = 4 * 3_600


def _ever(history: TrueHistory, day: int, *sorts: NoteSort) -> bool:
    """Whether anything of the sorts was told by then: else nothing is known."""
    kept = range(day - KEPT_DAYS, day + 1)
    return any(history.began(sort, kept) for sort in sorts)


def different_ways(history: TrueHistory, day: int) -> TrueReading:
    """Signal 1: how differently stream teams do the same, the mean over capabilities.

    On at a half, or with three components for which three teams each asked.
    """
    window = range(day - 89, day + 1)
    ways: dict[str, dict[str, set[str]]] = {}
    for note in history.until("uses", window):
        # A use lasts to its last telling, which is a use as well.
        is_over = 0 < note.until < window.start * DAY and note.time < window.start * DAY
        if history.is_stream(note.team) and not is_over:
            by_team = ways.setdefault(note.what, {})
            by_team.setdefault(note.team, set()).add(note.detail)
    found = [difference(by_team) for by_team in ways.values() if len(by_team) >= 3]
    mean = sum(found, Fraction(0)) / len(found) if found else None
    clusters = _clusters(history, window) if _ever(history, day, "asked") else None
    judged = either(at_least(mean, Fraction(1, 2)), at_least(clusters, Fraction(3)))
    return TrueReading(mean, judged)


def difference(by_team: dict[str, set[str]]) -> Fraction:
    """``(1 / sum p^2 - 1) / (T - 1)``, a team with several ways split between them."""
    shares: dict[str, Fraction] = {}
    for ways in by_team.values():
        for way in ways:
            part = Fraction(1, len(by_team)) / len(ways)
            shares[way] = shares.get(way, Fraction(0)) + part
    squares = sum((share * share for share in shares.values()), Fraction(0))
    return (1 / squares - 1) / (len(by_team) - 1)


def _clusters(history: TrueHistory, window: range) -> int:
    teams: dict[str, set[str]] = {}
    for note in history.began("asked", window):
        teams.setdefault(note.what, set()).add(note.team)
    return sum(len(asking) >= 3 for asking in teams.values())


def hard_interfaces(history: TrueHistory, day: int) -> TrueReading:
    """Signal 3: how many troubles each of three consumers of one provider had.

    On at two, or where 0.3 of the cost that names a provider, and four hours, is of
    teams that were promised a service.
    """
    window = range(day - 27, day + 1)
    troubles: dict[str, dict[str, int]] = {}
    for note in (*history.began("how_to", window), *history.began("trouble", window)):
        consumers = troubles.setdefault(note.on_team, {})
        consumers[note.team] = consumers.get(note.team, 0) + 1
    worst = None
    if _ever(history, day, "how_to", "trouble"):
        worst = max((_third(of.values()) for of in troubles.values()), default=0)
    share = max(_service_shares(history, window), default=None)
    judged = either(at_least(worst, Fraction(2)), at_least(share, Fraction(3, 10)))
    return TrueReading(None if worst is None else Fraction(worst), judged)


def _third(counts: Iterable[int]) -> int:
    """The third-largest: what three consumers had at least."""
    return ([*sorted(counts, reverse=True), 0, 0, 0])[2]


def _service_shares(history: TrueHistory, window: range) -> list[Fraction]:
    named: dict[str, Fraction] = {}
    promised: dict[str, Fraction] = {}
    for day in history.each(window):
        for sums, found in ((named, day.named), (promised, day.promised)):
            for provider, cost in found.items():
                sums[provider] = sums.get(provider, Fraction(0)) + cost
    return [
        cost / named[provider]
        for provider, cost in promised.items()
        if cost >= FEWEST_SERVICE_SECONDS
    ]


def leaders_decide(history: TrueHistory, day: int) -> TrueReading:
    """Signal 4: the share of decisions on platform items that leaders made.

    Of twenty at least, and where any has a role. On at a half.
    """
    roles = [
        note.detail.strip().lower()
        for note in history.began("decided", range(day - 83, day + 1))
        if note.what.strip().lower().startswith(DECISIONS)
    ]
    share = None
    if len(roles) >= FEWEST_DECISIONS and any(roles):
        share = Fraction(sum(role in LEADERS for role in roles), len(roles))
    return TrueReading(share, at_least(share, Fraction(1, 2)))


def platform_postponed(history: TrueHistory, day: int) -> TrueReading:
    """Signal 5: how much oftener platform items are put off than feature items.

    Per open item-month. On at 1.5, or where of platform items a share smaller by 0.25
    is finished within 28 days; with ten items on each side.
    """
    window = range(day - 83, day + 1)
    triaged = history.lasting("triaged", window)
    platform = [note for note in triaged if note.what == "platform"]
    feature = [note for note in triaged if note.what == "feature"]
    ratio = gap = None
    if len(platform) >= FEWEST_ITEMS and len(feature) >= FEWEST_ITEMS:
        put_off = [note.what for note in history.began("postponed", window)]
        # Where no feature was put off, as if one had been: so the index is finite.
        usual = _per_month(max(1, put_off.count("feature")), feature, window)
        often = _per_month(put_off.count("platform"), platform, window)
        ratio = often / usual if often is not None and usual else None
        gap = _gap(platform, feature, window)
    judged = either(at_least(ratio, Fraction(3, 2)), at_least(gap, Fraction(1, 4)))
    return TrueReading(ratio, judged)


def _per_month(count: int, items: Sequence[Note], window: range) -> Fraction | None:
    """So many per month (30 days) that one of the items was open in the window."""
    start, end = window.start * DAY, window.stop * DAY
    open_for = sum(
        min(note.until or end, end) - max(note.time, start) for note in items
    )
    return Fraction(count * 30 * DAY, open_for) if open_for else None


def _gap(
    platform: Sequence[Note], feature: Sequence[Note], window: range
) -> Fraction | None:
    """Of the items triaged in the window: features finished less platform finished."""
    start, end = window.start * DAY, window.stop * DAY
    ages = [
        [_age(note, end) for note in items if note.time >= start]
        for items in (feature, platform)
    ]
    if min(map(len, ages)) < FEWEST_ITEMS:
        return None
    return finished(ages[0]) - finished(ages[1])


def _age(note: Note, end: int) -> tuple[int, bool]:
    """The days begun until an item ended or the window did, and if it was done then."""
    over = bool(note.until) and note.until <= end
    whole, rest = divmod((note.until if over else end) - note.time, DAY)
    return whole + bool(rest), over and note.detail == "done"


def finished(ages: Sequence[tuple[int, bool]], within: int = 28) -> Fraction:
    """The probability of being done within so many days, by Kaplan and Meier.

    Each day those done are taken out of all that were still there, censored ones of
    that day among them.
    """
    left = Fraction(1)
    for day in range(within + 1):
        there = sum(age >= day for age, _ in ages)
        done = sum(age == day and was_done for age, was_done in ages)
        if done:
            left *= 1 - Fraction(done, there)
    return 1 - left


def systemic_findings(history: TrueHistory, day: int) -> TrueReading:
    """Signal 7: the share of open findings whose class comes back in three teams.

    As two distinct findings at least. On at 0.3 with three such classes. A finding of
    a team counts once, however often it was opened.
    """
    window = range(day - 89, day + 1)
    found = {
        (note.what.lower(), note.detail, note.team)
        for note in history.lasting("found", window)
    }
    if not found:
        return TrueReading(None, None)
    systemic = [
        one
        for one in {class_ for class_, _, _ in found}
        if len({team for class_, _, team in found if class_ == one}) >= 3
        and len({what for class_, what, _ in found if class_ == one}) >= 2
    ]
    share = Fraction(sum(class_ in systemic for class_, _, _ in found), len(found))
    judged = both(
        at_least(share, Fraction(3, 10)), at_least(len(systemic), Fraction(3))
    )
    return TrueReading(share, judged)
