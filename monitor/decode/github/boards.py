"""Cards of GitHub's project boards: a status says what an open issue cannot."""

from __future__ import annotations

from typing import Final

from monitor.decode.github.ci_models import FieldChange, ProjectItemBody
from monitor.decode.github.models import About, Named
from monitor.decode.github.reading import Ignored, Moment, Read, Reading
from monitor.decode.settings import LabelMeaning
from monitor.domain.facts import ON_CARD, Fact, Fields, Kind

_STATUS: Final = "status"
_KINDS: Final = {
    "blocked": Kind.TICKET_BLOCKED,
    "started": Kind.TICKET_STARTED,
    "parked": Kind.TICKET_PARKED,
    "done": Kind.TICKET_DONE,
}

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
    change = changes.get("field_value") if changes is not None else None
    if body.get("action") != "edited" or change is None or not _is_status(change):
        return _NO_STATUS
    if change.get("from") is None and change.get("to") is None:
        return _NO_NAMES
    before = _meaning(change.get("from"), reading)
    after = _meaning(change.get("to"), reading)
    updated = reading.instant("projects_v2_item.updated_at", item.get("updated_at"))
    moment = reading.moment("projects_v2_item.updated_at", updated)
    if moment is None:
        return []
    facts: list[Fact] = []
    if before is not None and before.state == "blocked" and before != after:
        facts.append(_said(Kind.TICKET_UNBLOCKED, before, body, moment, reading))
    if after is not None:
        facts.append(_said(_KINDS[after.state], after, body, moment, reading))
    return facts or [_said(Kind.TICKET_UPDATED, None, body, moment, reading)]


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
    fields: Fields = {}
    people = reading.acted(fields, body.get("sender"))
    if meaning is not None and meaning.state == "blocked":
        # The wait that begins with the new status must not be lifted with the old.
        fields["how"] = ON_CARD
        if meaning.team:
            people["named"] = meaning.team
    (entity,) = reading.node_keys(body["projects_v2_item"].get("content_node_id"))
    return reading.fact(kind, moment, entity, fields, people, revision=moment.time)
