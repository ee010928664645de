"""What a text of GitHub's says beside comments and code.

Blocks come before spans, as in GitHub's Markdown: a fence ends a paragraph, and a
span of code lies within one. Every step looks at a place of the text once, because
anybody may write any text.
"""

from __future__ import annotations

import re
from typing import Final

# A fence may stand in a quotation or a list, and may have words after it; those of
# backticks hold no backtick, or it is a span.
_BLOCK: Final = re.compile(
    r"<!--|^[ \t>]*+(?:(?:[-*+]|\d{1,9}+[.)])[ \t]++)?(`{3,}+(?=[^`\n]*$)|~{3,}+)",
    re.MULTILINE | re.ASCII,
)
# Found much faster, in the many texts that have a template's comments and no fence.
_COMMENT: Final = re.compile("<!--")
_FENCE_END: Final = re.compile(r"^[ \t>]*+(`{3,}+|~{3,}+)[ \t\r]*$", re.MULTILINE)
_COMMENT_END: Final = "-->"
_BETWEEN_PARAGRAPHS: Final = re.compile(r"\n[ \t\r>]*+\n")
_TICKS: Final = re.compile(r"`++")
# No space, because words before and after code are not beside each other.
_SPAN: Final = "`"


def without_code(text: str) -> str:
    """The text without comments, fenced blocks and spans of code.

    What is never closed goes on to the end of the text, if it begins a line.
    """
    shown = _without_blocks(text)
    if _SPAN not in shown:
        return shown
    return "\n\n".join(map(_without_spans, _BETWEEN_PARAGRAPHS.split(shown)))


def _without_blocks(text: str) -> str:
    block = _BLOCK if "```" in text or "~~~" in text else _COMMENT
    last = text.rfind(_COMMENT_END)
    kept: list[str] = []
    at = 0
    while (opening := block.search(text, at)) is not None:
        kept.append(text[at : opening.start()])
        if opening[0] == _COMMENT.pattern:
            at = _end_of_comment(text, opening.start(), last)
            kept.append(" ")
        else:
            at = _end_of_fence(text, opening.end(), opening[1])
            kept.append("\n\n")
    kept.append(text[at:])
    return "".join(kept)


def _end_of_comment(text: str, start: int, last: int) -> int:
    """Where the comment ends; ``last`` is the last end of any, which one may lack."""
    inside = start + len(_COMMENT.pattern)
    if inside <= last:
        return text.index(_COMMENT_END, inside) + len(_COMMENT_END)
    begins_a_line = start == 0 or text[start - 1] == "\n"
    return len(text) if begins_a_line else inside


def _end_of_fence(text: str, at: int, fence: str) -> int:
    """Where the block ends: after a fence of the same kind that is as long."""
    for ending in _FENCE_END.finditer(text, at):
        if ending[1].startswith(fence):
            return ending.end()
    return len(text)


def _without_spans(paragraph: str) -> str:
    """A span goes from backticks to the next that are as many; others are text."""
    runs = list(_TICKS.finditer(paragraph))
    closing: list[int | None] = [None] * len(runs)
    last: dict[int, int] = {}
    for index in range(len(runs) - 1, -1, -1):
        length = len(runs[index][0])
        closing[index] = last.get(length)
        last[length] = index
    kept: list[str] = []
    at = index = 0
    while index < len(runs):
        end = closing[index]
        if end is not None:
            kept += (paragraph[at : runs[index].start()], _SPAN)
            at, index = runs[end].end(), end
        index += 1
    kept.append(paragraph[at:])
    return "".join(kept)
