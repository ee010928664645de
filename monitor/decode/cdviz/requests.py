"""Requests for reviews that CDviz tells of: who is asked, and which one is answered.

For spec 0.5 ``customData.github`` is GitHub's whole body, which names the person or
the team. They are told apart as in GitHub's own bodies, so that what its hook sends
beside CDviz is the same request.
"""

from __future__ import annotations

from typing import Final

from monitor.decode.cdviz.body import (
    Custom,
    number_in,
    part,
    person,
    place_in,
    text_in,
)
from monitor.decode.github.asked import request_key, request_number, still_asked
from monitor.decode.github.changes import ASKED
from monitor.decode.github.models import Team
from monitor.decode.github.reading import (
    group_named,
    handle_of,
)
from monitor.decode.references import number_of
from monitor.decode.settings import DecodeSettings
from monitor.decode.times import read_time
from monitor.domain.facts import Fields, Kind, People

REQUESTS: Final = frozenset(ASKED.values())


def request_made(action: str, custom: Custom, settings: DecodeSettings) -> Kind | None:
    """What was asked, or taken back; ``None`` where it was of a program, or of nobody.

    Where the body does not say of whom, all that is left is that somebody asked.
    """
    github = part(custom, "github")
    if not {"requested_team", "requested_reviewer"} & github.keys():
        return Kind.TICKET_UPDATED
    asks = _group(github) or asked(custom, settings)
    return ASKED[action] if asks else None


def asked(custom: Custom, settings: DecodeSettings) -> People:
    """The person who was asked; nobody where it was a team, or a program."""
    github = part(custom, "github")
    if part(github, "requested_team"):
        return {}
    handle = person(part(github, "requested_reviewer"), settings)
    return {} if handle is None else {"asked": handle}


def request_of(
    kind: Kind, time: int, id_: str, custom: Custom, people: People
) -> Fields:
    """What is asked, or answered, and of a review whose is still asked as of then."""
    still = _shown(time, id_, custom) if kind is Kind.CHANGE_REVIEWED else {}
    return {**_request(kind, id_, custom, people), **still}


def _request(kind: Kind, id_: str, custom: Custom, people: People) -> Fields:
    """The group that was asked, and the key of the request, also of its answer."""
    github, key = part(custom, "github"), _key(id_, custom)
    group = _group(github) if kind in REQUESTS else None
    if group is not None:
        number = number_in(part(github, "requested_team"), "id")
        return {"group": group, "request": group, **request_number(key, "team", number)}
    handle = people.get("asked") or people.get("reviewer")
    if handle is None:
        return {}
    number = _number_of(handle, github)
    return {"request": request_key(key, handle), **request_number(key, "user", number)}


def _shown(time: int, id_: str, custom: Custom) -> Fields:
    """The teams that the pull request shows, if its body is of the review or later."""
    github = part(custom, "github")
    pull = part(github, "pull_request")
    teams, updated = pull.get("requested_teams"), read_time(pull.get("updated_at"))
    if not isinstance(teams, list) or isinstance(updated, str) or updated < time:
        return {}
    found = [team for team in teams if isinstance(team, dict)]
    told = ((_named(team, github), number_in(team, "id")) for team in found)
    return still_asked(_key(id_, custom), told)


def _number_of(handle: str, github: Custom) -> int | None:
    """The number of whoever was asked or reviewed, where an account tells it."""
    told = part(github, "requested_reviewer"), part(part(github, "review"), "user")
    for account in (*told, part(github, "sender")):
        if handle_of(text_in(account, "login")) == handle:
            return number_in(account, "id")
    return None


def _group(github: Custom) -> str | None:
    return _named(part(github, "requested_team"), github)


def _named(told: Custom, github: Custom) -> str | None:
    team: Team = {"slug": text_in(told, "slug"), "html_url": text_in(told, "html_url")}
    organization = text_in(part(github, "organization"), "login")
    return group_named(team, organization, place_in(github))


def _key(id_: str, custom: Custom) -> str:
    """The change's key in GitHub's own bodies; its id where its place is not told."""
    place, number = place_in(part(custom, "github")), number_of(id_)
    return id_ if place is None or number is None else f"{place.prefix}#{number}"
