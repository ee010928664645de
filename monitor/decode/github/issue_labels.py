"""What labels say of GitHub's issues: blocked, in progress, parked."""

from __future__ import annotations

from monitor.decode.github.issue_life import IssueLife
from monitor.decode.github.models import IssueBody
from monitor.decode.github.reading import Moment, Reading, label_names
from monitor.domain.facts import UNNAMED, Fact, Fields, Kind, People


def labelled(
    body: IssueBody, life: IssueLife, moment: Moment, reading: Reading
) -> list[Fact]:
    """What the label says, put on or taken off: an activity, but for a deletion."""
    label, sender = body.get("label"), body.get("sender")
    on = body.get("action") == "labeled"
    name = label.get("name") if label is not None else None
    if not name and not on:
        return _deleted(life, moment, reading)
    facts = [life.acted(Kind.TICKET_UPDATED, moment, {}, sender)]
    if not name:
        return facts
    meaning = reading.settings.labels.meaning(name)
    if meaning is None:
        return facts
    fields: Fields = {}
    people = reading.acted(fields, sender)
    match meaning.state:
        case "blocked":
            kind = Kind.TICKET_BLOCKED if on else Kind.TICKET_UNBLOCKED
            if meaning.team:
                people["named"] = meaning.team
            elif not on:
                if "" in _blocking(life, reading, but=name):
                    return facts
                fields["how"] = UNNAMED
        case "started" if on:
            kind = Kind.TICKET_STARTED
        case "parked" if on:
            kind = Kind.TICKET_PARKED
        case _:
            return facts
    facts.append(life.fact(kind, moment, fields, people))
    return facts


def _deleted(life: IssueLife, moment: Moment, reading: Reading) -> list[Fact]:
    """What is left where a label was deleted, of which GitHub does not tell the name.

    It may have blocked. Nobody worked on this issue by it, and a body without labels
    does not say which ones stay.
    """
    if life.issue.get("labels") is None:
        return []
    nobody: Fields = {"automation": True}
    lifted = life.fact(Kind.TICKET_UNBLOCKED, moment, {**nobody})
    return [lifted, *_still_blocked(life, moment, reading, nobody)]


def _still_blocked(
    life: IssueLife, moment: Moment, reading: Reading, doing: Fields
) -> list[Fact]:
    """The blocks of the labels that stay: unblocking without a team lifts them all."""
    facts: list[Fact] = []
    for team in _blocking(life, reading):
        people: People = {"named": team} if team else {}
        facts.append(life.fact(Kind.TICKET_BLOCKED, moment, {**doing}, people))
    return facts


def _blocking(life: IssueLife, reading: Reading, *, but: str = "") -> list[str]:
    """Whom the labels that the body shows wait for, empty where one names nobody.

    Old bodies still show the one that was taken off.
    """
    names = label_names(life.issue.get("labels"))
    meanings = [reading.settings.labels.meaning(name) for name in names if name != but]
    return [one.team for one in meanings if one is not None and one.state == "blocked"]
