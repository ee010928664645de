"""The command ``friction``, before all that it needs is loaded, which takes a second.

Told to stop meanwhile, a command ends as it does later. A service that is the first
process of a container would not even hear of it.
"""

from __future__ import annotations

import gc
import sys

from monitor.adapters.terminal.stopping import leave_while_loading


def main() -> None:
    """Run the command."""
    leave_while_loading(sys.argv[1:])
    # What takes the second. Nothing that is loaded is ever garbage, so nobody need look
    # through it, neither meanwhile nor at the end.
    gc.disable()
    from monitor.__main__ import main as run_command  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    run_command()


if __name__ == "__main__":
    main()
