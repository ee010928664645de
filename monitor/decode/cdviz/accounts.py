"""Who did what CDviz tells of: of tools other than GitHub only whether a program did.

Members of teams are known by what GitHub and Jira call them, so that no name of another
tool's is read. An account is told as GitHub's bodies have it.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.decode.cdviz.body import Custom, number_in, part, text_in
from monitor.decode.cdviz.tools import tool_of

# What GitLab calls the accounts of tokens; Jira those of apps, on servers.
_TOKEN: Final = re.compile(r"(?:project|group)_\d+_bot\d*(?:_|\Z)", re.ASCII)
_APP: Final = "addon_"
_PROGRAM: Final = "Bot"


def sender(custom: Custom) -> Custom:
    """Who did it; an empty account where nobody tells."""
    tool = tool_of(custom)
    body = part(custom, tool or "github")
    match tool:
        case "gitlab":
            return _of_gitlab(body)
        case "bitbucket":
            return _of_bitbucket(part(body, "actor"))
        case "jira":
            return _of_jira(part(body, "user"))
        case _:
            return part(body, "sender")


def opener(predicate: str, custom: Custom) -> Custom:
    """Whose change it is, as its body says if it does; else who sent the opening.

    Of any later event the sender may be anybody.
    """
    tool = tool_of(custom)
    body = part(custom, tool or "github")
    author = part(part(body, "pullrequest"), "author")
    if tool == "bitbucket" and author:
        return _of_bitbucket(author)
    pull = part(body, "pull_request")
    if "user" in pull:
        return part(pull, "user")
    return sender(custom) if predicate == "created" else {}


def is_own(custom: Custom) -> bool:
    """Whether who did it opened the change, too; of GitHub's the names tell it."""
    tool = tool_of(custom)
    body = part(custom, tool or "")
    by: object = None
    of: object = None
    match tool:
        case "gitlab":
            by = number_in(part(body, "user"), "id")
            of = number_in(part(body, "object_attributes"), "author_id")
        case "bitbucket":
            by = text_in(part(body, "actor"), "uuid")
            of = text_in(part(part(body, "pullrequest"), "author"), "uuid")
        case "gitea" | "forgejo":
            by = text_in(part(body, "sender"), "login")
            of = text_in(part(part(body, "pull_request"), "user"), "login")
    return by is not None and by == of


def _of_gitlab(body: Custom) -> Custom:
    """Since GitLab 18 what the system does is told as such, in the name of a person."""
    name = text_in(part(body, "user"), "username")
    by_system = part(body, "object_attributes").get("system") is True
    is_program = by_system or (name is not None and _TOKEN.match(name) is not None)
    return _account(name, is_program=is_program)


def _of_bitbucket(account: Custom) -> Custom:
    return _account(text_in(account, "nickname"), is_program=False)


def _of_jira(user: Custom) -> Custom:
    name = text_in(user, "name") or text_in(user, "accountId")
    is_app = name is not None and name.lower().startswith(_APP)
    return _account(name, is_program=is_app or user.get("accountType") == "app")


def _account(name: str | None, *, is_program: bool) -> Custom:
    return {"login": name, **({"type": _PROGRAM} if is_program else {})}
