"""The names that may stand behind words, by what whoever claims them has written. Pure.

Facts keep a word where a pipeline's name holds a branch's (``domain.named_by_branch``).
A line of the teams file has the name itself, or a pattern: of each piece of its text a
word can be made, and where that is the word of a fact, the piece stood there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Final

from monitor.domain.named_by_branch import decoded
from monitor.domain.opaque import WORD, WORD_BEGINS, environment_word

_WILD: Final = re.compile(r"[*?]+")
# Words take the place of whole words only: where a piece may begin, and where end.
_BEGINS: Final = re.compile(r"(?<![^\W_])(?=\S)")
_ENDS: Final = re.compile(r"(?<=\S)(?![^\W_])")
# A branch has 255 letters at most. A longer text, which has the square of its words in
# pieces, is looked through for the words of ends alone.
_LONGEST: Final = 500


def names_behind(shown: str, line: str) -> Iterator[str]:
    """What a shown name may be in full, as far as the line's text tells; if it does.

    A word that stands for nothing in the line stays, as what a star is for.

    >>> word = environment_word("search")
    >>> list(names_behind(f"acme/{word} e2e/run", "acme/search e2e/*"))
    ['acme/search e2e/run']
    """
    if WORD_BEGINS not in shown:
        return
    pieces = pieces_of(line)
    words = [word for word in dict.fromkeys(WORD.findall(shown)) if word in pieces]
    for chosen in product(*(pieces[word] for word in words)) if words else ():
        name = shown
        for word, piece in zip(words, chosen, strict=True):
            name = name.replace(word, piece)
        yield name


# Lines are those of files, and asked one after the other, as patterns are.
@cache
def pieces_of(line: str) -> Mapping[str, Sequence[str]]:
    """The pieces of a line's text that facts may have a word of, by these words."""
    found: dict[str, dict[str, None]] = {}
    for text in _WILD.split(line):
        begins = [match.start() for match in _BEGINS.finditer(text)]
        ends = [match.start() for match in _ENDS.finditer(text)]
        if len(text) > _LONGEST:
            ends = ends[-1:]
        for begin, end in product(begins, ends):
            piece = text[begin:end]
            for name in {piece, decoded(piece)} - {""}:
                word = environment_word(name)
                if word != name:
                    found.setdefault(word, {})[piece] = None
    return {word: tuple(pieces) for word, pieces in found.items()}
