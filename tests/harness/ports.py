"""Free ports on loopback for the servers that tests start."""

import random
import socket
from contextlib import ExitStack

# Below the range that outgoing connections take their ports from, so that no
# client of another test can take a port between here and the server's start.
_FIRST, _LAST = 20_000, 29_999
# Test processes are given equal seeds; their ports must still differ.
_RANDOM = random.SystemRandom()


def free_ports(count: int) -> tuple[int, ...]:
    """Return ``count`` different TCP ports on which nothing listens now.

    Raises:
        OSError: no free port after many tries.
    """
    found: list[int] = []
    with ExitStack() as held:
        for _ in range(1000):
            if len(found) == count:
                return tuple(found)
            holder = held.enter_context(socket.socket())
            port = _RANDOM.randint(_FIRST, _LAST)
            try:
                holder.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    raise OSError(f"no {count} free ports between {_FIRST} and {_LAST}")


def free_port() -> int:
    """Return one TCP port on which nothing listens now."""
    return free_ports(1)[0]
