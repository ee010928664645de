"""What counts as a password in a file that holds nothing else."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 10_000


def secret_in(text: str) -> str | None:
    """The password of a file's text, without the end of its line; None for none."""
    secret = text.rstrip("\r\n")
    return secret if 0 < len(secret) <= _LONGEST else None
