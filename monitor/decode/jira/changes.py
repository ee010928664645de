"""What one change of an issue means: its items together, each field by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from monitor.decode.jira.fields import Side, number_at, text_at, what
from monitor.decode.jira.life import Life, ending
from monitor.decode.jira.links import links_changed
from monitor.decode.jira.looks import CATEGORIES, Look, Status, named, seen_from
from monitor.decode.jira.models import Item, User
from monitor.decode.jira.reading import Mark, names_of
from monitor.decode.jira.rules import StatusClass
from monitor.domain.facts import (
    PUT_BACK,
    UNASSIGNED,
    UNNAMED,
    Fact,
    Fields,
    Kind,
    People,
)

_NAMELESS: Final = ""
_LOWER: Final = "ranked lower"


class Change(NamedTuple):
    """One change, with how the issue looked before and after it."""

    mark: Mark
    user: User | None
    items: Sequence[Item]
    before: Look
    after: Look


def change_of(
    life: Life, look: Look, mark: Mark, user: User | None, items: Sequence[Item]
) -> Change:
    """The change, from how the issue looks near it."""
    rules = life.reading.rules
    items = [named(item, life.fields, life.shown, rules) for item in items]
    before = seen_from(look, items, rules, "from")
    after = seen_from(look, items, rules, "to")
    return Change(mark, user, items, before, after)


def facts_of(change: Change, life: Life) -> list[Fact]:
    """Every fact of the change; one that means nothing else is an activity.

    Whoever does something on a ticket takes it on, but not who gives it up.
    """
    facts = [
        *_moved(change, life),
        *_held_up(change, life),
        *_handed_over(change, life),
    ]
    for item in change.items:
        facts += _of_item(item, change, life)
    if all(_only_hands(fact) for fact in facts):
        facts.append(_said(Kind.TICKET_UPDATED, change, life))
    return facts


def _only_hands(fact: Fact) -> bool:
    given_up = fact.fields.get("how") == UNASSIGNED
    return fact.kind is Kind.TICKET_ASSIGNED and not given_up


def _said(kind: Kind, change: Change, life: Life, more: Fields | None = None) -> Fact:
    """A fact of the change, by whom it was made, with the class as of then."""
    fields: Fields = {**life.said(change.after), **(more or {})}
    people = life.reading.acted(fields, change.user)
    return life.fact(kind, change.mark, fields, people)


def _moved(change: Change, life: Life) -> list[Fact]:
    """What a transition means, by the classes of both statuses.

    Back from done to a list of things to do, the issue is open again but in nobody's
    hands: reopened and parked at once. A status that holds it up does not take it
    out of flight, whatever its category.
    """
    before, after = change.before, change.after
    if before.status == after.status:
        return []
    was, now = (_class_of(look.status, change.mark, life) for look in (before, after))
    is_held = life.meanings.holds(after.status) is not None
    kinds: list[Kind] = []
    if now is None and not is_held:
        life.reading.unknown += 1
    elif now == "done":
        kinds = [] if was == "done" else [ending(life, after)]
    elif was == "done":
        parked = now == "todo" and not is_held
        kinds = [Kind.TICKET_REOPENED, *([Kind.TICKET_PARKED] if parked else [])]
    elif now == "in_progress":
        kinds = [Kind.TICKET_STARTED]
    elif not is_held and (was != "todo" or _is_held(before, life)):
        kinds = [Kind.TICKET_PARKED]
    # Only who begins takes on what the areas own; who goes on has had it.
    begun: Fields = {} if was == "in_progress" else {"areas": after.areas}
    more: dict[Kind, Fields] = {Kind.TICKET_STARTED: begun}
    if Kind.TICKET_PARKED in kinds:
        more[Kind.TICKET_REOPENED] = {"how": PUT_BACK}
    return [_said(kind, change, life, more.get(kind)) for kind in kinds]


def _class_of(status: Status, mark: Mark, life: Life) -> StatusClass | None:
    """What a status means; of a change inside of a category, what that means."""
    known = life.meanings.of(status)
    if known is None and life.stayed(mark.time):
        return CATEGORIES.get(life.meanings.category)
    return known


def _is_held(look: Look, life: Life) -> bool:
    return life.meanings.holds(look.status) is not None


def _held_up(change: Change, life: Life) -> list[Fact]:
    """Blocks that began or ended, of the status and of the flag.

    Lifting a block that names nobody lifts them all, so what still holds is said
    again at the same instant; not where another begins then, which would be lifted
    with it.
    """
    before = life.meanings.reasons(change.before)
    after = life.meanings.reasons(change.after)
    facts: list[Fact] = []
    begun = after - before
    alone: Fields = {"how": UNNAMED} if begun else {}
    for team in sorted(before - after):
        more: Fields = {"on_team": team} if team != _NAMELESS else alone
        facts.append(_said(Kind.TICKET_UNBLOCKED, change, life, more))
        if team == _NAMELESS:
            begun = begun or after
    for team in sorted(begun):
        more = {"on_team": team} if team != _NAMELESS else {}
        facts.append(_said(Kind.TICKET_BLOCKED, change, life, more))
    return facts


def _handed_over(change: Change, life: Life) -> list[Fact]:
    """A change of what may own the issue: whose it is, the directory knows."""
    before, after = change.before, change.after
    if (before.areas, before.project) == (after.areas, after.project):
        return []
    return [
        _said(
            Kind.TICKET_ASSIGNED,
            change,
            life,
            {
                "areas": after.areas,
                "areas_before": before.areas,
                "project_before": before.project,
            },
        )
    ]


def _of_item(  # noqa: PLR0911 - one a field
    item: Item, change: Change, life: Life
) -> list[Fact]:
    """What a single field's change says by itself."""
    rules = life.reading.rules
    match what(item, rules):
        case "assignee":
            return _assigned(item, change, life)
        case "link":
            return _linked(item, change, life)
        case "key":
            key = text_at(item, "from").upper()
            aliases = [*life.ref.aliases, *([key] if key != life.ref.key else [])]
            more: Fields = {"aliases": aliases}
            if keyed := life.keyed(change.mark.time):
                more["keyed"] = keyed
            return [_said(Kind.TICKET_UPDATED, change, life, more)]
        case "parent" | "type":
            # An empty parent takes an earlier one back, and so does being no epic.
            parent: Fields = {"parent": life.parent or ""}
            parent["epic"] = life.is_epic(change.after)
            return [_said(Kind.TICKET_UPDATED, change, life, parent)]
        case "sprint" if _is_later_sprint(item):
            return [_said(Kind.TICKET_POSTPONED, change, life, {"how": "sprint"})]
        case "rank" if text_at(item, "to").lower() == _LOWER:
            return [_said(Kind.TICKET_POSTPONED, change, life, {"how": "rank"})]
        case "due" if number_at(item, "from") and _is_later_date(item):
            return [_said(Kind.TICKET_POSTPONED, change, life, {"how": "date"})]
        case _:
            return []


def _assigned(item: Item, change: Change, life: Life) -> list[Fact]:
    """To a person, who becomes a team in attribution; or taken from one."""
    receiver = _person(item, "to", change, life)
    fields = life.said(change.after)
    if receiver is None:
        receiver = _person(item, "from", change, life)
        fields["how"] = UNASSIGNED
    if receiver is None:
        return []
    people: People = life.reading.acted(fields, change.user)
    people["receiver"] = receiver
    return [life.fact(Kind.TICKET_ASSIGNED, change.mark, fields, people)]


def _person(item: Item, side: Side, change: Change, life: Life) -> str | None:
    """The handle of the person on one side of a change, as it is when they act.

    A changelog has the account's id apart, else the name or the key it was kept under;
    the issue and whoever acts show them together.
    """
    after, before = item.get("tmpToAccountId"), item.get("tmpFromAccountId")
    account = (after if side == "to" else before) or number_at(item, side)
    fields = life.fields
    seen = (
        fields.get("assignee"),
        fields.get("creator"),
        fields.get("reporter"),
        change.user,
    )
    for user in seen:
        if user is not None and account.lower() in names_of(user):
            return life.reading.person(user)
    return life.reading.handle(account)


def _linked(item: Item, change: Change, life: Life) -> list[Fact]:
    fields: Fields = {}
    people = life.reading.acted(fields, change.user)
    fact = links_changed(item, change.mark, (fields, people), life)
    return [] if fact is None else [fact]


def _is_later_sprint(item: Item) -> bool:
    """Whether it left its sprint, or went on to one with a higher number.

    The field names every sprint the issue was in.
    """
    if not text_at(item, "from"):
        return False
    if not text_at(item, "to"):
        return True
    before, after = _numbers(item, "from"), _numbers(item, "to")
    if before and after:
        return max(after) > max(before)
    return text_at(item, "from") != text_at(item, "to")


def _numbers(item: Item, side: str) -> list[int]:
    text = number_at(item, "to" if side == "to" else "from")
    parts = (part.strip() for part in text.split(","))
    return [int(part) for part in parts if part.isascii() and part.isdigit()]


def _is_later_date(item: Item) -> bool:
    """Whether the date due became later, or was taken away."""
    after = number_at(item, "to")
    return not after or after > number_at(item, "from")
