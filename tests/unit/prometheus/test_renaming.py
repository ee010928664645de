"""A counter of a name is what was added under it: it neither falls nor jumps.

All of a team's work waits since Monday 2 March, 10:00, until it pauses after ten
working days, 80 hours: Monday 16 March, 10:00. By 10 March that are 47 hours, 169,200
seconds, by 20 March all 288,000.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from monitor.adapters.prometheus.books_snapshots import BooksSnapshots
from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.shown_teams import ShownTeams
from monitor.domain.snapshot import Family
from tests.unit.pipeline.running import HOUR, MONDAY, Process, event

GROWS = "[{value: 2}, {from: 2026-03-10, value: 5}, {from: 2026-03-20, value: 2}]"
WAIT = "friction_wait_seconds_total"
WAITS = "friction_waits_total"
CAPACITY = "friction_capacity_seconds_total"
LENGTHS = "friction_wait_duration_seconds"
WINDOW = "friction_window_wait_seconds"
DAY = 24 * HOUR
# 00:10 of days of March, which is Tuesday the 10th at 00:05 once it has settled.
NINTH, TENTH, ELEVENTH, NINETEENTH, TWENTIETH = (
    MONDAY + (day - 2) * DAY - 9 * HOUR + HOUR // 6 for day in (9, 10, 11, 19, 20)
)
DAY_OF_WORK = 28_800


def teams(a: str = "2", b: str = "2", more: str = "") -> str:
    return f"""
version: 1
organisation: {{name: Acme}}
teams:
  - {{id: a, domain: x, headcount: {a}}}
  - {{id: b, domain: x, headcount: {b}}}
  - {{id: c, domain: z, headcount: 5}}
{more}
"""


def blocked(entity: str, team: str, on_team: str = "c") -> list[dict[str, object]]:
    return [
        event("ticket.started", 0, entity, team=team, work_class="feature"),
        event("ticket.blocked", 1, entity, on_team=on_team),
    ]


BOTH = [*blocked("A-1", "a"), *blocked("B-1", "b")]


@dataclass
class Scraped:
    """Processes over one store, scraped; nothing but scrapes is seen of them."""

    process: Process
    _snapshots: BooksSnapshots | None = field(default=None, init=False)

    @property
    def snapshots(self) -> BooksSnapshots:
        runner = self.process.runner
        if self._snapshots is None or self._snapshots.runner is not runner:
            teams = ShownTeams(runner.books, runner.directory)
            self._snapshots = BooksSnapshots(runner, self.process.clock, teams, "1")
        return self._snapshots

    def families(self) -> dict[str, Family]:
        return {one.name: one for one in self.snapshots.snapshot().business}

    def by_team(self, name: str = WAIT) -> dict[str, float]:
        """What is shown of each team, whatever the other labels say."""
        at, found = CATALOGUE[name].label_names.index("team"), dict[str, float]()
        for labels, value in self.families()[name].samples:
            found[labels[at]] = found.get(labels[at], 0) + value
        return found

    def at(self, instant: int) -> Scraped:
        """The same later, with what was scraped before stored."""
        self.process.runner.turn()
        self.process.clock.ms = instant
        self.process.runner.turn()
        return self

    def restarted(self, text: str) -> Scraped:
        """Killed without a word, and started with another teams file."""
        self.process.start(text)
        self.process.caught_up()
        return self


def scraped(text: str, *bodies: dict[str, object]) -> Scraped:
    """Caught up with these events, on Monday 9 March, and seen by stored names."""
    found = Scraped(Process(teams=text))
    found.process.clock.ms = NINTH
    found.process.send(*bodies)
    found.process.caught_up()
    found.families()
    return found.at(NINTH)


def named_first(shown: Scraped) -> Scraped:
    """On the day on which `a` has grown, after it was seen by the new names."""
    shown.at(TENTH).families()
    return shown.at(TENTH + HOUR // 60)


def test_a_team_that_grows_leaves_to_its_domain_what_it_added_there() -> None:
    shown = scraped(teams(GROWS), *BOTH)
    assert shown.at(TENTH - HOUR // 2).by_team() == {"domain:x": 2 * 169_200}
    assert shown.at(TENTH).by_team() == {"domain:x": 2 * 169_200, "a": 0}
    shown.at(ELEVENTH)
    assert shown.by_team() == {"domain:x": 2 * 169_200 + DAY_OF_WORK, "a": DAY_OF_WORK}


def test_a_team_that_shrinks_takes_nothing_along_and_is_named_no_more() -> None:
    shown = named_first(scraped(teams(GROWS), *BOTH))
    own, of_domain = 288_000 - 169_200, 169_200 + 288_000
    assert shown.at(NINETEENTH).by_team() == {"domain:x": of_domain, "a": own}
    assert shown.at(TWENTIETH).by_team() == {"domain:x": of_domain}
    # Told later, it goes on where its name was shown last.
    grown = shown.at(TWENTIETH + HOUR).restarted(teams("5"))
    assert grown.by_team() == {"domain:x": of_domain, "a": own}


def test_a_domain_that_nobody_is_merged_into_any_more_stands_still() -> None:
    shown = named_first(scraped(teams(GROWS, GROWS), *BOTH))
    assert shown.at(ELEVENTH).by_team() == {
        "domain:x": 2 * 169_200,
        "a": DAY_OF_WORK,
        "b": DAY_OF_WORK,
    }


def test_windows_are_those_of_the_names_of_now() -> None:
    shown = named_first(scraped(teams(GROWS), *BOTH))
    seconds = {
        (window, team): 0.0 for window in ("3d", "28d") for team in ("a", "domain:x")
    }
    for labels, value in shown.at(ELEVENTH).families()[WINDOW].samples:
        if labels[:2] in seconds:
            seconds[labels[0], labels[1]] += value
    both = 169_200 + DAY_OF_WORK
    assert seconds["28d", "a"] == seconds["28d", "domain:x"] == both


def test_counts_lengths_and_capacity_are_split_alike() -> None:
    ended = [
        {**event("ticket.unblocked", 2, one, on_team="c"), "id": one} for one in "AB"
    ]
    ended = [one | {"entity": f"{one['entity']}-1"} for one in ended]
    shown = named_first(scraped(teams(GROWS), *BOTH, *ended))
    later = event("ticket.blocked", 24 * 8 + 1, "A-1", on_team="c")
    lifted = event("ticket.unblocked", 24 * 8 + 2, "A-1", on_team="c")
    shown.process.send(later, lifted)
    families = shown.at(ELEVENTH).families()
    assert shown.by_team(WAITS) == {"domain:x": 2, "a": 1}
    # Two engineers each for six days, since Monday; then two, and five for themselves.
    assert shown.by_team(CAPACITY) == {
        "domain:x": 2 * 2 * 6 * DAY_OF_WORK + 2 * DAY_OF_WORK,
        "a": 5 * DAY_OF_WORK,
        "c": 5 * 7 * DAY_OF_WORK,
    }
    lengths = {
        one.labels[0]: (one.buckets, one.total, one.observations)
        for one in families[LENGTHS].histograms
    }
    hour = (0, 0, 1, 1, 1, 1, 1, 1)
    assert lengths["a"] == (hour, 3_600, 1)
    assert lengths["domain:x"] == (tuple(2 * one for one in hour), 7_200, 2)


def killed(shown: Scraped) -> None:
    """Gone before what was scraped last is stored."""


def stored(shown: Scraped) -> None:
    shown.process.runner.turn()


@pytest.mark.parametrize("ended", [killed, stored])
def test_what_was_shown_under_new_names_holds_after_a_kill(
    ended: Callable[[Scraped], None],
) -> None:
    shown = scraped(teams(), *BOTH).at(NINTH + 10 * HOUR).restarted(teams("5"))
    # 09:05 to 10:05 on Monday, after the 39 hours of the week before.
    first = shown.by_team()
    assert first == {"domain:x": 2 * (40 * 3_600 + 300), "a": 0}
    # Seen again half a minute later, while a turn still goes on.
    books = shown.process.runner.books
    books.advance(books.accounts.instants[0] + 30_000)
    again = shown.by_team()
    assert again == {"domain:x": first["domain:x"] + 60, "a": 0}
    ended(shown)
    later = shown.at(NINTH + 11 * HOUR).restarted(teams("5")).by_team()
    assert later["domain:x"] >= again["domain:x"]
    assert later["a"] >= again["a"]


class Loop(threading.Event):
    """Lets a turn of the loop pass, or time alone, while somebody waits for it."""

    def __init__(self, process: Process, *, turns: bool) -> None:
        super().__init__()
        self._process, self._turns, self.waited = process, turns, 0
        process.runner.stop, process.runner.running = self, True

    def wait(self, timeout: float | None = None) -> bool:
        del timeout
        self.waited += 1
        self._process.clock.ms += 0 if self._turns else 800
        if self._turns:
            self._process.runner.turn()
        return False


def first_seen(*, turns: bool) -> tuple[Scraped, Loop]:
    """Seen for the first time, with a loop that turns, or stands."""
    process = Process(teams=teams())
    process.send(*BOTH)
    process.caught_up()
    loop, shown = Loop(process, turns=turns), Scraped(process)
    assert shown.by_team()["domain:x"] > 0
    return shown, loop


def test_names_are_stored_before_they_are_shown() -> None:
    shown, _ = first_seen(turns=True)
    seats = shown.process.runner.books.seats
    assert seats["domain:x"] == {"c"}
    shown.process.start()
    books = shown.process.runner.books
    assert books.seats == seats
    assert books.named.merged == {"a": "domain:x", "b": "domain:x"}


def test_nobody_waits_when_no_name_is_new() -> None:
    shown, loop = first_seen(turns=True)
    waited = loop.waited
    shown.families()
    assert loop.waited == waited


def test_no_scrape_waits_for_long_for_a_loop_that_stands() -> None:
    _, loop = first_seen(turns=False)
    assert loop.waited == 3


def test_a_team_that_the_file_names_no_more_stays_what_it_was_shown_as() -> None:
    shown = scraped(teams(), *BOTH)
    alone = teams().replace("- {id: a, domain: x, headcount: 2}", "- {id: d}")
    before = shown.at(TENTH).by_team()
    capacity = shown.by_team(CAPACITY)
    after = shown.restarted(alone).by_team()
    assert "a" not in after
    assert after["domain:x"] >= before["domain:x"]
    assert shown.by_team(CAPACITY)["domain:x"] >= capacity["domain:x"]


def test_the_other_counterparts_do_not_fall_when_a_team_gets_its_own() -> None:
    """`a` alone waits for few, together with `b` for more than fifteen."""
    names = [f"c{number:02}" for number in range(20)]
    more = "".join(f"  - {{id: {name}, headcount: 4}}\n" for name in names)
    waits = [
        one
        for number, name in enumerate(names)
        for one in blocked(f"W-{number}", "a" if number % 2 else "b", name)
    ]
    shown = scraped(teams(GROWS, more=more), *waits)

    def others() -> float:
        waited = shown.families()[WAITS].samples
        return sum(value for labels, value in waited if labels[:2] == pair)

    pair = ("domain:x", "other")
    assert others() == 5
    named_first(shown)
    assert others() == 5
