"""Issues, their comments, and the changelogs of issues that were asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from monitor.decode.jira.changes import Change, change_of, facts_of
from monitor.decode.jira.life import Life, created, life_of, standing_since
from monitor.decode.jira.links import links_shown
from monitor.decode.jira.looks import Status
from monitor.decode.jira.models import (
    Body,
    Changelog,
    Comment,
    CommentBody,
    History,
    Issue,
    IssueBody,
    User,
)
from monitor.decode.jira.reading import Mark, Reading, Ref
from monitor.domain.facts import Fact, Fields, Kind

_OF_ISSUE: Final = re.compile(r"/issue/(\d{1,18})/comment/", re.ASCII)
# Of 63 bits, as a revision is.
_LONGEST_NUMBER: Final = 18


def read_created(body: IssueBody, reading: Reading) -> list[Fact]:
    """``issue_created``: how it stands at first; what a changelog adds is the same."""
    life = life_of(body["issue"], reading)
    if life is None:
        return []
    time = life.created
    at = body.get("timestamp")
    mark = reading.mark(at, life.updated) if time is None else Mark(time)
    if mark is None:
        return []
    life = replace(life, created=mark.time, receipt=mark.body_hash)
    return [
        *created(life, life.shown, at_first=True),
        *links_shown(life, mark, written=None),
    ]


def read_updated(body: IssueBody, reading: Reading) -> list[Fact]:
    """``issue_updated``: what changed, what was said, and the life so far."""
    life = life_of(body["issue"], reading)
    if life is None:
        return []
    comment = body.get("comment")
    comment = comment if isinstance(comment, dict) else None
    said = None if comment is None else _comment_time(comment, reading)
    mark = reading.mark(body.get("timestamp"), life.updated, said)
    if mark is None:
        return []
    change = _webhook_change(body, mark, life)
    first = life.shown if change is None else change.before
    facts = created(life, first, at_first=False)
    if change is None or change.before.status == change.after.status:
        facts += standing_since(life)
    facts += links_shown(life, mark, written=mark)
    if change is not None:
        facts += facts_of(change, life)
    if comment is not None and said is not None:
        facts.append(
            _commented(comment, said, life.ref, life.said(life.shown), reading)
        )
    elif change is None:
        facts.append(_touched(body, mark, life))
    return facts


def read_deleted(body: IssueBody, reading: Reading) -> list[Fact]:
    """``issue_deleted``: a mistake, taken out of history."""
    life = life_of(body["issue"], reading)
    mark = reading.mark(body.get("timestamp"), life.updated if life else None)
    if life is None or mark is None:
        return []
    fields = life.said(life.shown)
    fields["deleted"] = True
    people = reading.acted(fields, _actor(body))
    return [
        *created(life, life.shown, at_first=False),
        life.fact(Kind.TICKET_CANCELLED, mark, fields, people),
    ]


def read_comment(body: CommentBody, kind: Kind, reading: Reading) -> list[Fact]:
    """A comment's own events; Server sends it with ``issue_updated`` again.

    Cloud embeds a short issue, Server none: the comment's address has its number.
    """
    comment, issue = body["comment"], body.get("issue")
    life = life_of(issue, reading) if issue else None
    ref = life.ref if life is not None else _ref_of_comment(comment)
    if ref is None:
        reading.missing("comment.self")
        return []
    fields: Fields = {} if life is None else life.said(life.shown)
    facts: list[Fact] = []
    if life is not None:
        facts += created(life, life.shown, at_first=False)
    said = _comment_time(comment, reading)
    if kind is Kind.TICKET_COMMENTED and said is not None:
        fields |= _keys(life, said)
        return [*facts, _commented(comment, said, ref, fields, reading)]
    updated = None if life is None else life.updated
    mark = reading.mark(body.get("timestamp"), said, updated)
    if mark is None:
        return []
    fields |= _keys(life, mark.time)
    user = _actor(body) or comment.get("updateAuthor") or comment.get("author")
    people = reading.acted(fields, user)
    return [*facts, reading.fact(Kind.TICKET_UPDATED, mark, ref, fields, people)]


def _keys(life: Life | None, time: int) -> Fields:
    """The issue's keys, in a body that need not tell of its creation."""
    fields: Fields = {}
    if life is not None and life.ref.aliases:
        fields["aliases"] = life.ref.aliases
    if life is not None and (keyed := life.keyed(time)):
        fields["keyed"] = keyed
    return fields


def read_issue(issue: Issue, reading: Reading) -> list[Fact]:
    """An issue as the interface shows it, with its changelog when that was asked for.

    A whole changelog tells how the issue was created and everything since.
    """
    return _as_shown(issue, (), reading.written(), reading)


def read_automation(body: IssueBody, reading: Reading) -> list[Fact]:
    """What an automation rule sends of an issue: how it stands, and a comment.

    A rule may also run by the clock: its time is when the body was written, and not
    that of a change.
    """
    comment = body.get("comment")
    said = (comment,) if isinstance(comment, dict) else ()
    written = reading.told(body.get("timestamp")) or reading.written()
    return _as_shown(body["issue"], said, written, reading)


def _as_shown(
    issue: Issue, said_now: Sequence[Comment], written: Mark | None, reading: Reading
) -> list[Fact]:
    life = life_of(issue, reading)
    if life is None:
        return []
    look, facts = life.shown, []
    changelog = issue.get("changelog")
    for change in _changes(changelog, life):
        facts += facts_of(change, life)
        look = change.before
    if changelog is not None and _is_whole(changelog):
        facts += created(life, look, at_first=True)
    else:
        facts += [*created(life, look, at_first=False), *standing_since(life)]
    seen = life.created if life.updated is None else life.updated
    if seen is not None:
        facts += links_shown(life, Mark(seen), written=written)
    comments = (life.fields.get("comment") or {}).get("comments") or ()
    for comment in (*comments, *said_now):
        said = _comment_time(comment, reading)
        if said is not None:
            facts.append(_commented(comment, said, life.ref, {}, reading))
    if not facts and not reading.reasons:
        reading.missing("issue.fields.created")
    return facts


def _webhook_change(body: IssueBody, mark: Mark, life: Life) -> Change | None:
    changelog, transition = body.get("changelog"), body.get("transition")
    if changelog is not None and changelog.get("items"):
        items = changelog.get("items") or []
        numbered = _numbered(changelog, mark)
        return change_of(life, life.shown, numbered, _actor(body), items)
    if transition is None or not transition.get("to_status"):
        return None
    before = life.shown._replace(status=_status(transition.get("from_status"), life))
    after = life.shown._replace(status=_status(transition.get("to_status"), life))
    return Change(mark, _actor(body), (), before, after)


def _status(name: str | None, life: Life) -> Status:
    """A status by its name alone; the issue's own has its number."""
    shown = life.shown.status
    return shown if name == shown.name else Status("", name or "")


def _numbered(history: History, mark: Mark) -> Mark:
    """The change under its number, by which its interface's twin is known."""
    number = history.get("id")
    if number is None or not str(number):
        return mark
    text = str(number)
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    revision = int(text) if is_number else 0
    return mark._replace(number=f"change:{text}", revision=revision)


def _changes(changelog: Changelog | None, life: Life) -> Iterator[Change]:
    """The changes, newest first, each from how the issue looked after it."""
    look = life.shown
    dated: list[tuple[Mark, History]] = []
    for index, history in enumerate((changelog or {}).get("histories") or ()):
        where = f"changelog.histories[{index}].created"
        time = life.reading.instant(where, history.get("created"))
        if time is not None:
            dated.append((_numbered(history, Mark(time)), history))
    dated.sort(key=lambda one: (one[0].time, one[0].revision), reverse=True)
    for mark, history in dated:
        items = history.get("items") or []
        change = change_of(life, look, mark, history.get("author"), items)
        yield change
        look = change.before


def _is_whole(changelog: Changelog) -> bool:
    """Whether no change is left out; the interface cuts long changelogs off.

    Automation writes one that was not asked for: its histories are ``null``.
    """
    total, histories = changelog.get("total"), changelog.get("histories")
    return histories is not None and (total is None or total <= len(histories))


def _actor(body: Body) -> User | None:
    """Who did it."""
    account = body.get("atlassianId")
    return body.get("user") or ({"accountId": account} if account else None)


def _touched(body: IssueBody, mark: Mark, life: Life) -> Fact:
    fields = life.said(life.shown)
    people = life.reading.acted(fields, _actor(body))
    return life.fact(Kind.TICKET_UPDATED, mark, fields, people)


def _comment_time(comment: Comment, reading: Reading) -> int | None:
    """When it was written, or written anew."""
    at = reading.instant
    made = at("comment.created", comment.get("created"))
    anew = at("comment.updated", comment.get("updated"))
    return made if anew is None else anew


def _commented(
    comment: Comment, said: int, ref: Ref, fields: Fields, reading: Reading
) -> Fact:
    number = comment.get("id")
    mark = Mark(said, "" if number is None else f"comment:{number}:{said}")
    user = comment.get("updateAuthor") or comment.get("author")
    people = reading.acted(fields, user)
    return reading.fact(Kind.TICKET_COMMENTED, mark, ref, fields, people)


def _ref_of_comment(comment: Comment) -> Ref | None:
    match = _OF_ISSUE.search(comment.get("self") or "")
    return Ref("", match[1]) if match is not None else None
