"""The forms in which tools write the name of a branch into other names. Pure.

What is no letter or digit becomes one sign or several: GitLab's ``CI_COMMIT_REF_SLUG``
has a hyphen for each, and for every letter that is not of a to z; Jenkins' workspaces
and Docker's tags have underscores and dots, addresses percent signs. Slugs end after 63
letters, as names of hosts do.
https://docs.gitlab.com/ci/variables/predefined_variables/
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final
from urllib.parse import quote

from monitor.domain.memos import memoised

# What git has before the name of a branch.
HEADS: Final = "refs/heads/"
# No real name is longer, and to look through one takes the more time.
LONGEST_NAME: Final = 1_000
_SLUG_LENGTH: Final = 63
# With fewer letters left than these a slug may be any word, and tells of nobody.
_TELLING: Final = 3
_PLAIN: Final = re.compile(r"[A-Za-z0-9]+")
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9]+")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_FOREIGN: Final = re.compile(r"[^\W_a-zA-Z0-9]")
# What stands for a sign, of several kinds and encoded however often; for several.
_SIGNS: Final = re.compile(r"(?:[-_.+~/ ]|%(?:25)*[0-9a-fA-F]{2})+")
_SIGN: Final = "-"

# From where to where in a text.
Span = tuple[int, int]


@memoised
def held_by_every_form(branch: str) -> str:
    """What every form of the branch holds, without case; empty where nothing is.

    >>> held_by_every_form("Dev-A/patch")
    'patch'
    """
    start = branch[:_SLUG_LENGTH]
    return max(_PLAIN.findall(start), key=len, default="").lower()


def forms_in(text: str, branch: str) -> list[Span]:
    """Where the text has the branch, in whatever form and case; whole words only.

    Neither is longer than a name is.

    >>> forms_in("Review DEV_A_PATCH_1 (linux)", "dev-a/patch_1")
    [(7, 20)]
    """
    plain, places = _with_one_sign(text)
    encoded = _encoded(text, branch) if "%" in text else ()
    spans = [
        (places[start], places[end])
        for form in _forms(branch)
        for start, end in _found(form, plain)
    ]
    return list(_apart(chain(encoded, spans)))


def _forms(branch: str) -> Iterator[str]:
    """All that tools make of a branch, in lower case, with one sign for several."""
    joined = _NOT_PLAIN.sub(_SIGN, branch).strip(_SIGN)
    starts = dict.fromkeys((branch, branch[:_SLUG_LENGTH], joined[:_SLUG_LENGTH]))
    for start in starts if len(branch) > _SLUG_LENGTH else [branch]:
        yield from filter(None, dict.fromkeys(map(_lowered, _slugs(start))))


def _slugs(name: str) -> Iterator[str]:
    yield _SIGNS.sub(_SIGN, name).strip(_SIGN)
    yield _NOT_LETTERS.sub(_SIGN, name).strip(_SIGN)
    if name.isascii():
        return
    apart = unicodedata.normalize("NFKD", name)
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    yield _NOT_LETTERS.sub(_SIGN, bare).strip(_SIGN)
    if sum(map(len, _PLAIN.findall(name))) >= _TELLING:
        yield _NOT_PLAIN.sub(_SIGN, name).strip(_SIGN)
        yield _NOT_LETTERS.sub(_SIGN, _FOREIGN.sub("", name)).strip(_SIGN)


def _with_one_sign(text: str) -> tuple[str, list[int]]:
    """The text in lower case, one sign for several, and where its letters had been."""
    places: list[int] = []
    begin = 0
    for signs in _SIGNS.finditer(text):
        places += range(begin, signs.start() + 1)
        begin = signs.end()
    places += range(begin, len(text) + 1)
    return _lowered(_SIGNS.sub(_SIGN, text)), places


def _lowered(text: str) -> str:
    """In lower case, but for the few letters that become several by that."""
    return "".join(
        small if len(small := letter.lower()) == 1 else letter for letter in text
    )


def _found(form: str, text: str) -> Iterator[Span]:
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not (
            _is_word(text[max(start - 3, 0) : start]) or text[end : end + 1].isalnum()
        ):
            yield start, end
        start = text.find(form, end)


def _is_word(before: str) -> bool:
    """Whether a word goes on behind it; none does behind an encoded sign."""
    return before[-1:].isalnum() and not _SIGNS.fullmatch(before)


def _encoded(text: str, branch: str) -> Iterator[Span]:
    """Where it is encoded, of which nothing but signs is left of foreign letters."""
    once = quote(branch, safe="", errors="surrogatepass")
    for form in (once, quote(once, safe="")):
        yield from _found(_lowered(form), _lowered(text))


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Those that do not overlap: of what does the first, and of these the longest."""
    reached = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= reached:
            yield start, end
            reached = end
