"""References a claim may name, exactly or by a pattern; compared without case."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_WILD: Final = re.compile(r"[*?]")
_PATH_PART: Final = re.compile(r"/\*\*/|\*\*|[*?]|[^*?/]+|/")
_PATH_MEANING: Final = {
    "/**/": "/(?:.*/)?",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
}


def folded(reference: str) -> str:
    """The reference as it is compared: no case, no blanks around it."""
    return reference.strip().casefold()


def is_glob(reference: str) -> bool:
    """Whether the reference has ``*`` or ``?``."""
    return _WILD.search(reference) is not None


def strength(reference: str) -> tuple[int, int]:
    """How strong a claim is: exact beats glob, a longer glob beats a shorter."""
    return (0, len(reference)) if is_glob(reference) else (1, 0)


# Patterns are those of teams files, which are asked one after the other: a bounded
# memory of more of them than it holds would forget each before it is asked again.
@cache
def glob(pattern: str) -> re.Pattern[str]:
    """``*`` is any run of characters, slashes too; ``?`` is one; all else literal.

    What stands between two stars is taken where it comes first, for good: another
    place of it makes no match that this one does not, and would be tried for ever.
    """
    first, *rest = (_literal(part) for part in re.split(r"\*+", pattern))
    between = "".join(f"(?>.*?{part})" for part in rest[:-1])
    end = f".*{rest[-1]}" if rest else ""
    return re.compile(first + between + end, re.DOTALL)


def _literal(text: str) -> str:
    return "".join("." if part == "?" else re.escape(part) for part in text)


def path_key(pattern: str) -> str:
    """A CODEOWNERS-like pattern in one spelling, so that equal ones compare equal.

    It begins with a slash when it is tied to the root, which a leading or an inner
    slash does. What means "everything below" at its end is left out, but behind a
    last name with a wildcard, which does not mean it by itself: there it is a slash.
    """
    rooted = "/" in pattern.rstrip("/")
    core = pattern.strip("/")
    while core.endswith("/**"):
        core = core[:-3].rstrip("/")
    if core in {"", "**"}:
        return "/"
    is_below = pattern.endswith(("/", "/**")) and _ends_in_glob(core)
    return f"{'/' if rooted else ''}{core}{'/' if is_below else ''}"


def _ends_in_glob(key: str) -> bool:
    return is_glob(key.rpartition("/")[2])


def path_strength(key: str, repo: str, path: str) -> tuple[int, ...]:
    """How strong a path claim is: the file itself, then the longer, then the exact.

    A pattern without a wildcard stands for all that is below it, so between
    directories it is length that tells the closer one; a slash at the end adds none.
    Equally close ones are told apart by their repositories.
    """
    closer = (int(key == path), len(key.rstrip("/") or key), int(not is_glob(key)))
    return (*closer, *strength(repo))


@cache
def path_glob(key: str) -> re.Pattern[str]:
    """What a key of ``path_key`` matches, against ``/dir/file``.

    ``*`` and ``?`` stay inside one name, ``**`` does not. A key whose last name has
    no wildcard also means everything below it, and one that ends in a slash nothing
    else; without a leading slash it matches at any depth.
    """
    text = key if key.startswith("/") else f"/**/{key}"
    parts = _PATH_PART.findall(text)
    meaning = "".join(_PATH_MEANING.get(part) or re.escape(part) for part in parts)
    return re.compile(meaning + _below(text), re.DOTALL)


def _below(key: str) -> str:
    if key.endswith("/"):
        return ".*"
    return "" if _ends_in_glob(key) else "(?:/.*)?"
