"""References a claim may name, exactly or by a pattern; compared without case."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_WILD: Final = re.compile(r"[*?]")
# Between names ``**`` is any number of names, elsewhere any run of characters.
_NAMES: Final = "/**/"
_ANY_DEPTH: Final = re.compile(r"(/\*\*/|\*\*)")
# As one of them: each is any number of names.
_REPEATED: Final = re.compile(r"(?<![^/])\*\*(?:/\*\*)+(?![^/])")
# Of a run of characters: as short as can be, or as long.
_SHORT, _LONG = "?", ""


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
    return re.compile(_of_stars(pattern, ".", _LONG), re.DOTALL)


def _of_stars(pattern: str, any_one: str, last: str) -> str:
    """The meaning of stars and question marks, of a kind of characters."""
    first, *rest = (_literal(part, any_one) for part in re.split(r"\*+", pattern))
    between = "".join(f"(?>{any_one}*?{part})" for part in rest[:-1])
    end = f"{any_one}*{last}{rest[-1]}" if rest else ""
    return first + between + end


def _literal(text: str, any_one: str) -> str:
    return "".join(any_one if part == "?" else re.escape(part) for part in text)


def path_key(pattern: str) -> str:
    """A CODEOWNERS-like pattern in one spelling, so that equal ones compare equal.

    It begins with a slash when it is tied to the root, which a leading or an inner
    slash does. What means "everything below" at its end is left out, but behind a
    last name with a wildcard, which does not mean it by itself: there it is a slash.
    """
    rooted = "/" in pattern.rstrip("/")
    core = _REPEATED.sub("**", pattern.strip("/"))
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
    else; without a leading slash it matches at any depth. As in ``glob``, what stands
    between two of ``**`` is taken where it comes first, for good.
    """
    text = key if key.startswith("/") else f"/**/{key}"
    told = _ANY_DEPTH.split(text)
    depths, parts = ["", *told[1::2]], told[::2]
    steps = zip(depths, parts, [*depths[1:], None], strict=True)
    meaning = "".join(_step(*one) for one in steps)
    return re.compile(meaning + _below(text), re.DOTALL)


def _below(key: str) -> str:
    if key.endswith("/"):
        return ".*"
    return "" if _ends_in_glob(key) else "(?:/.*)?"


def _step(depth: str, part: str, after: str | None) -> str:
    """The meaning of ``**`` and of what comes after it, up to the next one, if any."""
    run = _LONG if after is None else _SHORT
    meaning = "/".join(_of_stars(name, "[^/]", run) for name in part.split("/"))
    if depth:
        below = f"/(?:.*{run}/)?{run}" if depth == _NAMES else f".*{run}"
        meaning = below + meaning
    if after is None:
        return meaning
    return f"(?>{meaning}(?=/))" if after == _NAMES else f"(?>{meaning})"
