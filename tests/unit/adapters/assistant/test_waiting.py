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
    # The last is taken, but nobody waits for another yet.
    assert not waiting.is_empty()


def test_who_takes_waits_for_a_message_or_the_end() -> None:
    waiting = Waiting(10)
    taken: list[bytes] = []
    thread = threading.Thread(target=lambda: taken.extend(waiting))
    thread.start()
    eventually(waiting.is_empty, 10, "somebody waits")
    waiting.put(b"late")
    eventually(waiting.is_empty, 10, "the message to be taken")
    waiting.close()
    thread.join(10)
    assert taken == [b"late"]
