"""GitHub's body, or a part of it, as CDviz has it in ``customData.github``.

Nothing of it is checked before it is read: what has the wrong type is as if it were
not there.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.decode.cdevents.content import text_of
from monitor.decode.github.models import Repository
from monitor.decode.github.places import Place, host_of, place_of
from monitor.decode.github.reading import DEFAULT_HOST, handle_of
from monitor.decode.settings import DecodeSettings

Custom = Mapping[str, object]


def part(owner: Custom, name: str) -> Custom:
    """The object of that name; an empty one for what is none."""
    found = owner.get(name)
    return found if isinstance(found, dict) else {}


def text_in(owner: Custom, name: str) -> str | None:
    """The text of that name; ``None`` for empty or no text."""
    return text_of(owner.get(name))


def number_in(owner: Custom, name: str) -> int | None:
    """The whole number of that name; ``None`` for what is none."""
    found = owner.get(name)
    return found if type(found) is int else None


def place_in(github: Custom) -> Place | None:
    """The repository, as GitHub's own bodies have it; ``None`` where it is not told."""
    repository = part(github, "repository")
    told: Repository = {
        "id": number_in(repository, "id"),
        "full_name": text_in(repository, "full_name"),
        "default_branch": text_in(repository, "default_branch"),
    }
    return place_of(told, host_of(text_in(repository, "html_url")) or DEFAULT_HOST)


def is_elsewhere(owner: Custom, name: str, home: Custom) -> bool:
    """Whether the repository of that name is a fork of ``home``, also one that is gone.

    Where it is not told, it is none.
    """
    if name not in owner:
        return False
    ids = number_in(part(owner, name), "id"), number_in(home, "id")
    return owner[name] is None or (None not in ids and ids[0] != ids[1])


def person(account: Custom, settings: DecodeSettings) -> str | None:
    """The handle of an account; ``None`` for nobody and for programs."""
    login = account.get("login")
    if not isinstance(login, str) or is_program(account, settings):
        return None
    return handle_of(login)


def is_program(account: Custom, settings: DecodeSettings) -> bool:
    """Whether an account is no person's: by its type, its name, or as configured."""
    login = account.get("login")
    if account.get("type") == "Bot":
        return True
    return isinstance(login, str) and settings.is_bot(login)
