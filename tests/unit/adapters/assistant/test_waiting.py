"""Messages between one thread that makes and one that sends, bounded by bytes."""

from __future__ import annotations

import threading

from monitor.adapters.assistant.waiting import Waiting
from tests.harness.waiting import eventually


def test_messages_are_taken_in_their_order_until_it_is_closed() -> None:
    waiting = Waiting(1_000)
    for message in (b"one", b"two", b"three"):
        waiting.put(message)
    waiting.close()
    assert list(waiting) == [b"one", b"two", b"three"]


def test_who_puts_waits_until_there_is_room() -> None:
    waiting = Waiting(10)
    waiting.put(b"x" * 100)  # one message always fits
    added = threading.Event()

    def put() -> None:
        waiting.put(b"y")
        added.set()

    thread = threading.Thread(target=put)
    thread.start()
    assert not added.wait(0.05)
    taken = iter(waiting)
    assert next(taken) == b"x" * 100
    thread.join(10)
    assert added.is_set()
    assert next(taken) == b"y"


def test_it_is_short_after_somebody_waited_and_until_there_is_enough() -> None:
    waiting = Waiting(1_000)
    taken: list[bytes] = []
    assert not waiting.is_short()  # nobody waits yet
    thread = threading.Thread(target=lambda: taken.append(next(iter(waiting))))
    thread.start()
    eventually(waiting.is_short, 10, "somebody waits")
    waiting.put(b"first")
    thread.join(10)
    assert taken == [b"first"]
    assert waiting.is_short()  # and soon would again
    for _ in range(2):
        waiting.put(b"more")
    assert not waiting.is_short()
    for _ in range(3):
        waiting.put(b"enough")
    for _ in range(5):
        next(iter(waiting))
    assert not waiting.is_short()  # all are taken, but nobody had to wait


def test_who_takes_waits_for_a_message_or_the_end() -> None:
    waiting = Waiting(10)
    taken: list[bytes] = []
    thread = threading.Thread(target=lambda: taken.extend(waiting))
    thread.start()
    eventually(waiting.is_short, 10, "somebody waits")
    waiting.put(b"late")
    eventually(lambda: taken, 10, "the message to be taken")
    waiting.close()
    thread.join(10)
    assert taken == [b"late"]
