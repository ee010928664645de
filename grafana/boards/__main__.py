"""Write every board as JSON: ``python -m grafana.boards``.

``grafana/dashboards`` holds what this writes; a test holds the committed files to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana.boards.platform_pm import board as platform_pm

FOLDER: Final = Path(__file__).resolve().parents[1] / "dashboards"


def board_files() -> Mapping[str, str]:
    """The name and the text of every board's file.

    The text is Classic JSON, bare: what Grafana's file provisioning takes.
    """
    boards = {platform_pm.UID: platform_pm.board()}
    return {
        f"{uid}.json": f"{json.dumps(made.build(), cls=JSONEncoder, indent=2)}\n"
        for uid, made in boards.items()
    }


def main() -> None:
    """Write them all, and nothing else into the folder."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in board_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
