"""The pages behind a number are true: on a real broker, under load, after kills."""

import json
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from math import fsum

import pytest

from tests.e2e.load import Load
from tests.e2e.pages import Answer, Listed, asked, listed, pair
from tests.e2e.recent import encoded, now_seconds, recent_scenarios
from tests.e2e.service import EVALUATED_AT, Service, by_label
from tests.harness.broker import Broker
from tests.harness.scenarios import WORLD, teams_yaml
from tests.harness.topics import Record, Topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

MakeService = Callable[..., Service]
MakeTopic = Callable[..., Topic]
Explained = Callable[[Service, str, str, Listed], float]
Waits = dict[tuple[str, ...], float]
WAIT = ("window", "team", "on_team", "component")
# A rate at which a cause of a pair has at most one page of items.
SLOWLY = 60
READERS = 4
KILLS = 5


@pytest.fixture
def explained(
    typed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> Explained:
    """The sum that `friction explain` prints on the state for a page's instants."""

    def run(running: Service, team: str, on_team: str, page: Listed) -> float:
        capsys.readouterr()
        where = ("--config", running.config_path, "--format", "json")
        whose = ("--team", team, "--on-team", on_team)
        span = ("--from", page.start.isoformat(), "--to", page.instant.isoformat())
        assert typed("explain", *where, *whose, *span) == 0
        document = json.loads(capsys.readouterr().out)
        return fsum(line["seconds"] for line in document)

    return run


def together(
    running: Service, path: str
) -> tuple[Listed, dict[tuple[str, ...], float]]:
    """A list, and the window's waits by team, both of the same instant."""

    def both() -> tuple[Listed, dict[tuple[str, ...], float]]:
        page, numbers = listed(asked(running, path)), running.numbers()
        assert page.instant.timestamp() == pytest.approx(
            numbers[EVALUATED_AT], abs=1e-4
        )
        found: dict[tuple[str, ...], float] = {}
        for (window, *key), value in by_label(
            numbers, "friction_window_wait_seconds", *WAIT, "phase"
        ).items():
            if window == "28d":
                for wanted in (tuple(key[:2]), tuple(key[:3])):
                    found[wanted] = found.get(wanted, 0.0) + value
        return page, found

    return eventually(both, 60, "a page and a scrape of one instant")


def check_pairs(running: Service, explained: Explained) -> int:
    """Every pair's list against the metrics and the command; how many there were."""
    _, waits = together(running, pair("checkout", "platform"))
    pairs = [key for key in waits if len(key) == 2]
    for team, on_team in pairs:
        page, shown = together(running, pair(team, on_team))
        assert page.is_consistent
        assert page.total == pytest.approx(shown[team, on_team], abs=1e-6)
        assert explained(running, team, on_team, page) == pytest.approx(
            page.total, abs=1e-6
        )
    return len(pairs)


def test_a_pairs_list_is_the_metric_and_what_explain_prints(
    broker: Broker, topic: MakeTopic, service: MakeService, explained: Explained
) -> None:
    log = topic(partitions=2)
    log.produce(
        Record(value, partition=number % 2)
        for number, value in enumerate(encoded(recent_scenarios(now_seconds())))
    )
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD))
    running.start_ready()
    running.settled(0)
    assert check_pairs(running, explained) == 3
    _, waits = together(running, pair("checkout", "platform"))
    causes = [key for key in waits if len(key) == 3]
    whole = 0
    for key in causes:
        page, shown = together(running, pair(*key))
        whole += not page.goes_on
        assert page.is_consistent
        assert page.total == pytest.approx(shown[key], abs=1e-6)
    assert len(causes) > 5
    assert whole >= len(causes) - 1


def test_pages_say_that_they_wait_while_catching_up(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values(encoded(recent_scenarios(now_seconds())))
    # One record a batch makes catching up last long enough to be looked at.
    small = "[batching]\ncatch_up_records = 1\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=small)
    running.start()
    paths = ("/team/checkout", "/team/checkout/items", pair("checkout", "platform"))
    early: list[Answer] = []
    while not running.is_ready():
        early += [asked(running, path) for path in paths]
    refused = [answer for answer in early if answer.status == 503]
    assert len(refused) > len(paths)
    assert {answer.status for answer in early} <= {0, 200, 503}
    for answer in refused:
        assert int(answer.headers["retry-after"]) > 0
        assert 'class="figure"' not in answer.text
    assert all("catching up" in answer.text for answer in refused)
    assert {asked(running, path).status for path in paths} == {200}


class Readers:
    """Ask for pages from several threads at once; every answer is checked alone."""

    def __init__(self, running: Service, paths: list[str]) -> None:
        """Nobody reads yet."""
        self.whole = 0
        self.refused = 0
        self.wrong: list[tuple[str, object]] = []
        self._running = running
        self._paths = paths
        self._stop = threading.Event()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read until the block ends."""
        with ThreadPoolExecutor(READERS) as pool:
            done = [pool.submit(self._read, number) for number in range(READERS)]
            try:
                yield
            finally:
                self._stop.set()
            for one in done:
                one.result()

    def _read(self, number: int) -> None:
        chance = random.Random(number)
        while not self._stop.wait(0.01):
            path = chance.choice(self._paths)
            answer = asked(self._running, path)
            if answer.status == 200:
                page = listed(answer)
                self.whole += bool(page.items) and not page.goes_on
                if not page.is_consistent:
                    self.wrong.append((path, page))
            elif answer.status == 503:
                self.refused += 1
                if "retry-after" not in answer.headers:
                    self.wrong.append((path, answer))
            elif answer.status:
                self.wrong.append((path, answer))


@pytest.mark.slow
def test_every_answer_is_consistent_under_load_and_between_kills(
    broker: Broker, topic: MakeTopic, service: MakeService, explained: Explained
) -> None:
    log = topic(partitions=3)
    load = Load(log, seed=3, rate=SLOWLY)
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD))
    teams = sorted(WORLD.teams)
    paths = [
        pair(team, on_team, cause)
        for team in teams
        for on_team in teams
        if team != on_team
        for cause in ("ticket_blocked", "review_wait", "")
    ]
    readers = Readers(running, paths)
    chance = random.Random(5)
    with load.running():
        running.start_ready()
        with readers.reading():
            for _ in range(KILLS):
                sent = len(load.sent)
                eventually(lambda sent=sent: len(load.sent) > sent + SLOWLY, 60)  # type: ignore[misc]
                threading.Event().wait(chance.uniform(0, 1))
                running.run.kill()
                running.start_ready()
            enough = max(100, readers.whole + 20)
            eventually(lambda: readers.whole > enough, 60, "pages after the kills")
    assert readers.wrong == []
    running.settled(now_seconds())
    assert check_pairs(running, explained) >= 6
