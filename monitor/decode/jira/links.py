"""Links between issues: who blocks whom, by the words of the link's type.

A link's own event has numbers only, a changelog a sentence, an issue both ends'
words and the other end's key. Each is read as "this issue <words> that one".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.decode.jira.fields import Side, number_at, text_at
from monitor.decode.jira.life import Life
from monitor.decode.jira.looks import meanings_of
from monitor.decode.jira.models import AppLinkBody, Item, Link, LinkBody, LinkType
from monitor.decode.jira.reading import Mark, Reading, Ref, ref_of
from monitor.decode.jira.rules import JiraRules, LinkEnd, word
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.items import SEEN_RESOLVED

_OPPOSITE: Final[dict[LinkEnd, LinkEnd]] = {
    "blocks": "blocked",
    "blocked": "blocks",
    "none": "none",
}
# What Jira calls an issue in its changelogs, before and since Cloud renamed it. Behind
# these, all the words are the link's; a site may have yet another term.
_THIS: Final = ("this issue ", "this work item ")


def end_of(type_: LinkType, rules: JiraRules, *, outward: bool) -> LinkEnd:
    """What the issue at the outward or inward end is: words first, then the name."""
    ends = (
        word(type_.get("outward") or type_.get("outwardName")),
        word(type_.get("inward") or type_.get("inwardName")),
    )
    own, other = ends if outward else (ends[1], ends[0])
    if own in rules.links:
        return rules.links[own]
    if other in rules.links:
        return _OPPOSITE[rules.links[other]]
    by_name = rules.links.get(word(type_.get("name")), "none")
    return by_name if outward else _OPPOSITE[by_name]


def linked(
    kind: Kind,
    mark: Mark,
    end: LinkEnd,
    this: Ref,
    that: Ref,
    reading: Reading,
    fields: Fields,
    people: People | None = None,
) -> Fact | None:
    """The link as a fact of the blocked issue; ``None`` where nobody is."""
    if end == "none":
        return None
    blocked, blocker = (this, that) if end == "blocked" else (that, this)
    fields["blocker"] = blocker.entity
    return reading.fact(kind, mark, blocked, fields, people)


def read_link(body: LinkBody, kind: Kind, reading: Reading) -> list[Fact]:
    """``issuelink_created`` and ``issuelink_deleted``: both ends by number.

    The issues themselves tell their keys, before or after.
    """
    link = body["issueLink"]
    end = end_of(link["issueLinkType"], reading.rules, outward=True)
    mark = reading.mark(body.get("timestamp"))
    source = _numbered_end("sourceIssueId", link["sourceIssueId"], reading)
    that = _numbered_end("destinationIssueId", link["destinationIssueId"], reading)
    if mark is None or source is None or that is None:
        return []
    said = _of_link(link.get("id"))
    fact = linked(kind, mark, end, source, that, reading, said)
    return [] if fact is None else [fact]


def read_app_link(body: AppLinkBody, kind: Kind, reading: Reading) -> list[Fact]:
    """The same events of a Forge app, whose bodies are the link itself."""
    whole: LinkBody = {"timestamp": body.get("timestamp"), "issueLink": body}
    return read_link(whole, kind, reading)


def _numbered_end(name: str, number: str | int, reading: Reading) -> Ref | None:
    text = str(number).strip()
    if text:
        return Ref("", text)
    reading.missing(f"issueLink.{name}")
    return None


def _of_link(number: str | int | None) -> Fields:
    """Which of the links of one pair it is: only changelogs do not tell."""
    return {} if number is None else {"request": f"link:{number}"}


def links_shown(life: Life, seen: Mark, written: Mark | None) -> Iterator[Fact]:
    """The links an issue shows: each there at the latest since it was first seen.

    A link to what is done already holds nobody up, at the latest since the body was
    ``written``, where that is known. The number of a link stands for its time, and of
    several times the earliest counts.
    """
    for link in life.fields.get("issuelinks") or ():
        outward = link.get("outwardIssue")
        stub = outward or link.get("inwardIssue")
        type_ = link.get("type")
        if stub is None or type_ is None:
            continue
        end = end_of(type_, life.reading.rules, outward=outward is not None)
        kind, at = Kind.LINK_ADDED, seen
        said: Fields = {"receipt": True, **_of_link(link.get("id"))}
        if _is_over(link, life):
            if written is None or end == "blocks":
                continue
            # Nobody's doing on this issue: the other one was finished.
            kind, at = Kind.LINK_REMOVED, written
            said |= {"how": SEEN_RESOLVED, "automation": True}
        that = ref_of(stub)
        mark = at._replace(number=_numbered(link, that))
        fact = linked(kind, mark, end, life.ref, that, life.reading, said)
        if fact is not None:
            yield fact


def _numbered(link: Link, that: Ref) -> str:
    number = link.get("id")
    return f"link:{that.lasting if number is None else number}"


def _is_over(link: Link, life: Life) -> bool:
    """Whether the link's blocker was done when the body was written."""
    rules = life.reading.rules
    inward = link.get("inwardIssue")
    stub = link.get("outwardIssue") or inward or {}
    end = end_of(link.get("type") or {}, rules, outward=inward is None)
    theirs = meanings_of(stub.get("fields") or {}, rules)
    blocker = theirs if end == "blocked" else life.meanings
    return blocker.of_own == "done"


def links_changed(
    item: Item, mark: Mark, user_fields: tuple[Fields, People], life: Life
) -> Fact | None:
    """What a changelog says of a link: "This issue is blocked by CHK-1"."""
    added = bool(text_at(item, "to"))
    side: Side = "to" if added else "from"
    key = number_at(item, side).upper()
    text = word(text_at(item, side)).removesuffix(word(key)).strip()
    end = _end_told(text, life.reading.rules)
    kind = Kind.LINK_ADDED if added else Kind.LINK_REMOVED
    fields, people = user_fields
    said: Fields = {**fields}
    return linked(
        kind, mark, end, life.ref, Ref(key, ""), life.reading, said, {**people}
    )


def _end_told(text: str, rules: JiraRules) -> LinkEnd:
    """What this issue is by a sentence without the other key, whatever it is called.

    A term that is not Jira's own is one word behind the first ("this ticket"): more may
    be of a link's own words ("this ticket softly blocks").
    """
    for this in _THIS:
        if text.startswith(this):
            return rules.links.get(text.removeprefix(this), "none")
    return rules.links.get(" ".join(text.split(" ")[2:]), "none")
