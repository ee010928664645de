"""Cards of GitHub's project boards: a status says what an open issue cannot.

An issue has one card on a board at most, and the card one status. So what a card said
before is over with each change of its status, and when it is made or taken off. An
archived card keeps its status, and has it when it comes back.
"""

from __future__ import annotations

from typing import Final

from monitor.decode.github.ci_models import FieldChange, ProjectItem, ProjectItemBody
from monitor.decode.github.models import About, Named
from monitor.decode.github.reading import Ignored, Moment, Read, Reading
from monitor.decode.settings import LabelMeaning
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.flags import on_card

_STATUS: Final = "status"
_KINDS: Final = {
    "blocked": Kind.TICKET_BLOCKED,
    "started": Kind.TICKET_STARTED,
    "parked": Kind.TICKET_PARKED,
    "done": Kind.TICKET_DONE,
}

# Of a card, beside the change of its status: it has none yet, and none any more.
_MADE: Final = "created"
_WITHOUT_STATUS: Final = (_MADE, "deleted")
_CREATED: Final = "projects_v2_item.created_at"
_UPDATED: Final = "projects_v2_item.updated_at"

_NO_STATUS: Final = Ignored("no change of a board's status")
_NO_ISSUE: Final = Ignored("a card of a draft or a pull request is no ticket")
_NO_NAMES: Final = Ignored("a change of a board that names no status")


def about_card(body: ProjectItemBody) -> About:
    """Its repository, which it hardly has, and the address of whoever moved the card.

    Of an organisation it has only that of the interface, which is on another host.
    """
    sender = body.get("sender")
    link = sender.get("html_url") if sender is not None else None
    return body.get("repository"), link


def read_project_item(body: ProjectItemBody, reading: Reading) -> Read:
    """What the new status says of the issue on the card, and what the old one said.

    A status that is not in the configured words says that somebody moved the card.
    The issue is named by its node id, an alias that its own bodies carry.
    """
    item, changes = body["projects_v2_item"], body.get("changes")
    if item.get("content_type") != "Issue" or not item.get("content_node_id"):
        return _NO_ISSUE
    if body.get("action") in _WITHOUT_STATUS:
        return _without_status(item, reading, is_made=body.get("action") == _MADE)
    change = changes.get("field_value") if changes is not None else None
    if body.get("action") != "edited" or change is None or not _is_status(change):
        return _NO_STATUS
    if change.get("from") is None and change.get("to") is None:
        return _NO_NAMES
    moment = reading.moment(_UPDATED, reading.instant(_UPDATED, item.get("updated_at")))
    return [] if moment is None else _moved(change, body, moment, reading)


def _moved(
    change: FieldChange, body: ProjectItemBody, moment: Moment, reading: Reading
) -> list[Fact]:
    before = _meaning(change.get("from"), reading)
    after = _meaning(change.get("to"), reading)
    facts: list[Fact] = []
    if before is not None and before.state == "blocked" and before != after:
        facts.append(_said(Kind.TICKET_UNBLOCKED, before, body, moment, reading))
    if after is not None:
        facts.append(_said(_KINDS[after.state], after, body, moment, reading))
    if facts:
        return facts
    fact = _said(Kind.TICKET_UPDATED, None, body, moment, reading)
    if not change.get("field_name"):
        # It may be another field than the status, so what the card says goes on.
        del fact.fields["how"]
    return [fact]


def _without_status(
    item: ProjectItem, reading: Reading, *, is_made: bool
) -> list[Fact]:
    """The card has no status: what it said is over, and nobody worked on the issue.

    No body tells when a card was taken off: it still shows when it was last changed,
    which may be when it was blocked. So this is when the word of it came.
    """
    updated = reading.instant(_UPDATED, item.get("updated_at"))
    if is_made:
        made = reading.instant(_CREATED, item.get("created_at"))
        moment = reading.told(_CREATED, made, updated)
    else:
        moment = reading.received() or reading.moment(_UPDATED, updated)
    if moment is None:
        return []
    nobody: Fields = {"automation": True}
    return [_of_card(Kind.TICKET_UPDATED, item, moment, nobody, {}, reading)]


def _is_status(change: FieldChange) -> bool:
    """Whether it is the board's own status; old bodies do not name the field."""
    return (change.get("field_name") or _STATUS).strip().lower() == _STATUS


def _meaning(
    option: Named | str | float | None, reading: Reading
) -> LabelMeaning | None:
    """By the status as it is written, else by its words alone: "✅ Done"."""
    name = option.get("name") if isinstance(option, dict) else None
    if not name:
        return None
    rules = reading.settings.labels
    return rules.meaning(name) or rules.meaning(_undecorated(name))


def _undecorated(name: str) -> str:
    """Without the pictures that GitHub's templates have, and signs, around the words.

    A question mark behind them changes their sense, so it stays.
    """
    letters = [at for at, one in enumerate(name) if one.isalnum()]
    if not letters:
        return ""
    last = max(letters[-1], name.rfind("?"))
    return name[letters[0] : last + 1]


def _said(
    kind: Kind,
    meaning: LabelMeaning | None,
    body: ProjectItemBody,
    moment: Moment,
    reading: Reading,
) -> Fact:
    """What a status says, by whoever changed it."""
    fields: Fields = {}
    people = reading.acted(fields, body.get("sender"))
    if meaning is not None and meaning.state == "blocked" and meaning.team:
        people["named"] = meaning.team
    return _of_card(kind, body["projects_v2_item"], moment, fields, people, reading)


def _of_card(
    kind: Kind,
    item: ProjectItem,
    moment: Moment,
    fields: Fields,
    people: People,
    reading: Reading,
) -> Fact:
    """A fact of the issue on the card; what another card says is another fact."""
    board = item.get("project_node_id") or ""
    # The wait that begins with the new status must not be lifted with the old.
    fields["how"] = on_card(board)
    (entity,) = reading.node_keys(item.get("content_node_id"))
    return reading.fact(
        kind, moment, entity, fields, people, revision=moment.time, what=board
    )
