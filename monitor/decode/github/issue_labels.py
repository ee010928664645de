"""What labels say of GitHub's issues: blocked, in progress, parked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from monitor.decode.github.issue_life import IssueLife
from monitor.decode.github.models import IssueBody, User
from monitor.decode.github.reading import Moment, Reading, label_names
from monitor.decode.settings import LabelMeaning
from monitor.domain.facts import (
    LABELLED,
    UNLABELLED,
    Fact,
    Fields,
    Kind,
    People,
)


def labelled(
    body: IssueBody, life: IssueLife, moment: Moment, reading: Reading
) -> list[Fact]:
    """What the label says, put on or taken off: an activity, but for a deletion."""
    label, sender = body.get("label"), body.get("sender")
    on = body.get("action") == "labeled"
    name = label.get("name") if label is not None else None
    if not name and not on:
        return _deleted(life, moment, reading)
    left = _blocking(life, reading, but=name or "")
    meaning = reading.settings.labels.meaning(name) if name else None
    if on and meaning is not None and meaning.state == "blocked":
        left = [meaning.team, *(left or ())]
    facts = [_touched(life, moment, sender, left)]
    said = None if meaning is None else _said(meaning, left or (), on=on)
    if meaning is None or said is None:
        return facts
    kind, fields = said
    people = reading.acted(fields, sender)
    if meaning.state == "blocked" and meaning.team:
        people["named"] = meaning.team
    return [*facts, life.fact(kind, moment, fields, people)]


def _said(
    meaning: LabelMeaning, left: Collection[str], *, on: bool
) -> tuple[Kind, Fields] | None:
    """What a label says by being put on or taken off, where it says anything.

    It lifts what labels say of whom it names, or of nobody; that not while another
    label that names the same is ``left``.
    """
    match meaning.state:
        case "blocked" if on:
            return Kind.TICKET_BLOCKED, {"how": LABELLED}
        case "blocked" if meaning.team not in left:
            return Kind.TICKET_UNBLOCKED, {"how": LABELLED}
        case "started" if on:
            return Kind.TICKET_STARTED, {}
        case "parked" if on:
            return Kind.TICKET_PARKED, {}
        case _:
            return None


def _touched(
    life: IssueLife, moment: Moment, sender: User | None, left: Sequence[str] | None
) -> Fact:
    """Somebody changed the labels; whether none blocks any more, if the body knows.

    That outranks what else the same person did to the issue in that second.
    """
    if left != [] or life.shown_last < moment.time:
        return life.acted(Kind.TICKET_UPDATED, moment, {}, sender)
    fields: Fields = {"how": UNLABELLED}
    fact = life.acted(Kind.TICKET_UPDATED, moment, fields, sender)
    return fact._replace(revision=life.shown_last)


def _deleted(life: IssueLife, moment: Moment, reading: Reading) -> list[Fact]:
    """What is left where a label was deleted, of which GitHub does not tell the name.

    It may have blocked: only the labels that the body shows still do. Nobody worked on
    this issue by it, and a body without labels does not say which ones stay.
    """
    left = _blocking(life, reading)
    if left is None:
        return []
    nobody: Fields = {"automation": True}
    gone: Fields = {"how": UNLABELLED, **nobody}
    facts = [life.fact(Kind.TICKET_UPDATED, moment, gone, what="label deleted")]
    for team in left:
        people: People = {"named": team} if team else {}
        stays: Fields = {"how": LABELLED, **nobody}
        facts.append(life.fact(Kind.TICKET_BLOCKED, moment, stays, people))
    return facts


def _blocking(life: IssueLife, reading: Reading, *, but: str = "") -> list[str] | None:
    """Whom the labels that the body shows wait for, empty where one names nobody.

    ``None`` where it shows no labels. Old bodies still show the one taken off.
    """
    labels = life.issue.get("labels")
    if labels is None:
        return None
    names = [name for name in label_names(labels) if name != but]
    meanings = map(reading.settings.labels.meaning, names)
    return [one.team for one in meanings if one is not None and one.state == "blocked"]
