"""The command ``friction``, before all that it needs is loaded, which takes a second.

Told to stop meanwhile, a service ends as it does later; as the first process of a
container it would not even hear of it.
"""

from __future__ import annotations

import gc
import sys

from monitor.adapters.terminal.stopping import leave_on_signals


def main() -> None:
    """Run the command."""
    if sys.argv[1:2] == ["run"]:
        leave_on_signals()
    # What takes the second. Nothing that is loaded is ever garbage, so nobody need look
    # through it, neither meanwhile nor at the end.
    gc.disable()
    from monitor.__main__ import main as run_command  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    run_command()


if __name__ == "__main__":
    main()
