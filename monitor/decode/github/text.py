"""What texts say: the tickets a change is for, and the class of its work."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from monitor.decode.github.markdown import without_code
from monitor.decode.settings import DecodeSettings
from monitor.decode.ticket_keys import read_both_ways, ticket_keys

# GitHub's nine closing keywords, a colon if any, and one reference. A tracker's key
# may stand in brackets, as the text of a link, or at the end of its page's address.
_CLOSING: Final = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?[ \t]+"
    r"(?:"
    r"https?://([^\s/]+)/([\w.-]+/[\w.-]+)/issues/(\d{1,9})"
    r"|([\w.-]+/[\w.-]+)?#(\d{1,9})"
    r"|(?:\[|https?://[^\s()\[\]]+/(?:browse|issue)/)?"
    r"([A-Za-z][A-Za-z0-9_]{1,19}-\d{1,9})"
    r")(?![\w-])",
    re.IGNORECASE | re.ASCII,
)
_CONVENTIONAL: Final = re.compile(r"\s*([A-Za-z]+)(?:\([^()]*\))?!?:", re.ASCII)

# GitHub cuts bodies at 65,536 characters; others need not be searched further.
_SEARCHED: Final = 65_536
_OWN_ISSUE: Final = "GH-"


def closed_by(body: str | None, prefix: str, repo: str) -> list[str]:
    """The tickets that closing keywords of a body name, in its order.

    An issue of the same repository gets its key (``<prefix>#12``), one of another
    stays by name (``owner/name#12``), a tracker's key is upper case. A link to an
    issue on another host names none.
    """
    if not body or ("#" not in body and "-" not in body and "/issues/" not in body):
        return []
    text = body[:_SEARCHED]
    if "<!--" in text:
        # "Fixes #(issue)" of a template stands in a comment, which names nothing.
        text = without_code(text)
    elif "`" in text or "~~~" in text:
        # Nor does code. Most texts with code name nothing beside it either.
        if _CLOSING.search(text) is None:
            return []
        text = without_code(text)
    found: dict[str, None] = {}
    for match in _CLOSING.finditer(text):
        host, by_link, link_number, by_name, number, key = match.groups()
        if host and host.lower() != prefix.rpartition(":")[0]:
            continue
        if key and not key.upper().startswith(_OWN_ISSUE):
            found[key.upper()] = None
            continue
        number = key[len(_OWN_ISSUE) :] if key else number
        name = (by_link or by_name or repo).lower()
        place = prefix if name == repo else name
        found[f"{place}#{int(link_number or number)}"] = None
    return list(found)


def tickets_named(
    branch: str | None,
    title: str | None,
    body: str | None,
    settings: DecodeSettings,
    place: tuple[str, str],
) -> list[str]:
    """The tickets a change is for, best first: branch, title, closing keywords.

    Tracker keys count only for known projects. ``place`` is the key prefix and
    the name of the change's own repository.
    """
    texts: list[str] = []
    for text in (branch, title):
        if text and "-" in text:
            texts += read_both_ways(text)
    found = dict.fromkeys(ticket_keys(texts, settings.projects)) if texts else {}
    for key in closed_by(body, *place):
        if "#" in key or key.rpartition("-")[0] in settings.projects:
            found[key] = None
    return list(found)


def work_class(
    issue_type: str | None,
    labels: Iterable[str],
    title: str | None,
    settings: DecodeSettings,
) -> str | None:
    """The class of the work: by issue type, else label, else the title's prefix."""
    classes = settings.classes
    found = classes.of_type(issue_type) if issue_type else None
    found = found or classes.of_labels(labels)
    if found is None and title:
        prefix = _CONVENTIONAL.match(title)
        found = classes.of_prefix(prefix[1]) if prefix is not None else None
    return found
