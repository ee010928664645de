"""One process of a crew: orders come on standard input, answers go to standard output.

Started by ``processes.py`` only. It ends when its input does, so it never outlives
the service, however that ends; signals are the service's to answer.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys

from monitor.pipeline.tasks import Worker


def main() -> None:
    """Learn what there is to know, then do what comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    worker: Worker = pickle.load(orders)  # noqa: S301 - from the service itself
    gc.freeze()
    gc.disable()
    while True:
        try:
            order = pickle.load(orders)  # noqa: S301 - the same
        except EOFError:
            return
        pickle.dump(worker.do(order), answers, protocol=5)
        answers.flush()
        gc.collect(1)


if __name__ == "__main__":
    main()
