"""What two processes say to each other arrives whole, or somebody has had enough."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from monitor.adapters.assistant.line import Line

LARGE = 2_000_000  # bytes: more than a line holds

Pair = tuple[Line, socket.socket]


def no_patience() -> float:
    return 0.0


@pytest.fixture
def pair() -> Iterator[Callable[[Callable[[], float]], Pair]]:
    """A line of that patience, and its other end as it is."""
    ends: list[socket.socket] = []

    def made(patience: Callable[[], float]) -> Pair:
        ours, theirs = socket.socketpair()
        ends.extend((ours, theirs))
        return Line(ours, patience), theirs

    yield made
    for end in ends:
        end.close()


def test_messages_arrive_whole_and_in_order() -> None:
    ours, theirs = map(Line, socket.socketpair())
    sent = [b"", b"a", bytes(range(256)) * (LARGE // 256)]

    def send() -> None:
        for each in sent:
            ours.send(each)

    sender = threading.Thread(target=send)
    sender.start()
    assert [theirs.receive() for _ in sent] == sent
    sender.join()
    ours.close()
    with pytest.raises(EOFError):
        theirs.receive()
    theirs.close()


def test_whether_something_is_said_is_told_without_waiting() -> None:
    ours, theirs = map(Line, socket.socketpair())
    assert not ours.speaks(0)
    theirs.send(b"a")
    assert ours.speaks(0)
    ours.receive()
    theirs.close()
    assert ours.speaks(0)  # that nobody is there
    ours.close()


def test_who_takes_nothing_is_not_waited_for(
    pair: Callable[[Callable[[], float]], Pair],
) -> None:
    ours, _ = pair(no_patience)
    with pytest.raises(TimeoutError):
        ours.send(b"x" * LARGE)


@pytest.mark.parametrize("said", [b"", b"\0\0", b"\0\0\0\0\0\0\0\x05half"])
def test_who_stops_in_the_middle_of_a_message_is_not_waited_for(
    pair: Callable[[Callable[[], float]], Pair], said: bytes
) -> None:
    ours, theirs = pair(no_patience)
    theirs.sendall(said)
    with pytest.raises(TimeoutError):
        ours.receive()


def test_patience_may_end_while_somebody_waits(
    pair: Callable[[Callable[[], float]], Pair],
) -> None:
    left = iter([120.0, 120.0, 0.0])
    ours, _ = pair(left.__next__)
    with pytest.raises(TimeoutError):
        ours.receive()
    assert list(left) == []
