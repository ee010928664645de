"""What is kept is given at once, and made anew by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from monitor.adapters.web.kept import Kept, in_background


def test_several_that_find_it_old_make_it_once() -> None:
    now, made, aside = [0.0], [0], list[Callable[[], object]]()

    def make() -> int:
        made[0] += 1
        return made[0]

    kept = Kept(make, lambda: now[0], aside.append)
    assert kept.get() == 1
    now[0] = 10.0
    assert [kept.get(), aside] == [1, []]
    now[0] = 15.0
    assert [kept.get(), kept.get()] == [1, 1]
    for work in aside:
        work()
    assert kept.get() == 2
    assert made == [2]


def test_while_one_is_made_nobody_begins_another() -> None:
    now, aside = [0.0], list[Callable[[], object]]()
    asked_meanwhile: list[str] = []

    def make() -> str:
        if now[0]:
            asked_meanwhile.append(kept.get())
        return f"made at {now[0]}"

    kept = Kept(make, lambda: now[0], aside.append)
    assert kept.get() == "made at 0.0"
    now[0] = 15.0
    kept.get()
    (work,) = aside
    work()
    assert asked_meanwhile == ["made at 0.0"]
    assert len(aside) == 1
    assert kept.get() == "made at 15.0"


def test_what_is_older_than_a_minute_is_given_to_nobody() -> None:
    now, aside = [0.0], list[Callable[[], object]]()
    kept = Kept(lambda: now[0], lambda: now[0], aside.append)
    kept.get()
    now[0] = 60.0
    assert kept.get() == 0.0
    now[0] = 60.1
    assert kept.get() == 60.1


def test_in_the_background_is_another_thread() -> None:
    done = threading.Event()
    found: list[bool] = []

    def work() -> None:
        found.append(threading.current_thread().daemon)
        done.set()

    in_background(work)
    assert done.wait(10)
    assert found == [True]
