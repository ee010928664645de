"""Where the real payloads and the published schemas lie: beside the repository.

They are not part of it: tests read them where they are, and fail loudly when they
are not there, so that a run without them cannot pass for a run with them.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

REPOSITORY = Path(__file__).resolve().parents[2]
# Rows of histories and answers of the REST interface are no webhook bodies.
_NO_WEBHOOK: Final = ("api-", "history")


def _reference_data(name: str) -> Path:
    root = os.environ.get("FRICTION_SHARED") or REPOSITORY.parent / "shared"
    folder = Path(root) / name
    if not folder.is_dir():
        raise FileNotFoundError(
            f"{folder} is not there: these tests read real payloads from a folder"
            " `shared` beside the repository; set FRICTION_SHARED to where it is"
        )
    return folder


def payloads_dir() -> Path:
    """Return the folder of real payloads, one folder per provider.

    Raises:
        FileNotFoundError: it is not there; the message says what to set.
    """
    return _reference_data("payloads")


def schemas_dir() -> Path:
    """Return the folder of the schemas that others published.

    Raises:
        FileNotFoundError: it is not there; the message says what to set.
    """
    return _reference_data("schemas")


def webhook_bodies(provider: str) -> Iterator[tuple[str, Path]]:
    """The kind and the file of every real webhook body of a provider."""
    for path in sorted((payloads_dir() / provider).rglob("*.json")):
        kind = path.parent.name
        if not (path.name.endswith(".headers.json") or kind.startswith(_NO_WEBHOOK)):
            yield kind, path
