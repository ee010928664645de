"""The parts GitHub repeats in every body: accounts, repositories, organisations.

Real bodies are big because of these. The links are made from names, so that they
agree with each other; nobody in them is real.
"""

from __future__ import annotations

import datetime as dt
import zlib
from functools import cache, lru_cache
from typing import Final

from monitor.simulate.bodies.things import repository_id
from monitor.simulate.organisation import ORGANISATION

Json = dict[str, object]

API: Final = "https://api.github.com"
WEB: Final = "https://github.com"
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FOUNDED: Final = "2021-04-06T08:00:00Z"

_OF_USER: Final = [
    "followers",
    "following{/other_user}",
    "gists{/gist_id}",
    "starred{/owner}{/repo}",
    "subscriptions",
    "orgs",
    "repos",
    "events{/privacy}",
    "received_events",
]
_OF_REPOSITORY: Final = [
    "forks",
    "keys{/key_id}",
    "collaborators{/collaborator}",
    "teams",
    "hooks",
    "issues/events{/number}",
    "events",
    "assignees{/user}",
    "branches{/branch}",
    "tags",
    "git/blobs{/sha}",
    "git/tags{/sha}",
    "git/refs{/sha}",
    "git/trees{/sha}",
    "statuses/{sha}",
    "languages",
    "stargazers",
    "contributors",
    "subscribers",
    "subscription",
    "commits{/sha}",
    "git/commits{/sha}",
    "comments{/number}",
    "issues/comments{/number}",
    "contents/{+path}",
    "compare/{base}...{head}",
    "merges",
    "{archive_format}{/ref}",
    "downloads",
    "issues{/number}",
    "pulls{/number}",
    "milestones{/number}",
    "notifications{?since,all,participating}",
    "labels{/name}",
    "releases{/id}",
    "deployments",
]


def iso(instant: int) -> str | None:
    """GitHub's way to write an instant in milliseconds; ``None`` for not yet."""
    if not instant:
        return None
    moment = _EPOCH + dt.timedelta(seconds=instant // 1_000)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def node_id(kind: str, number: int) -> str:
    """An opaque global id."""
    return f"{kind}_kwDO{number:012x}"


@lru_cache(maxsize=8_192)
def user(login: str) -> Json:
    """An account: a made-up developer, or a robot. Shared: copy before changing."""
    number = 10_000_000 + zlib.crc32(login.encode()) % 80_000_000
    url = f"{API}/users/{login}"
    links: Json = {_link(path): f"{url}/{path}" for path in _OF_USER}
    return {
        "login": login,
        "id": number,
        "node_id": node_id("U", number),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{number}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{WEB}/{login}",
        **links,
        "type": "Bot" if login.endswith("[bot]") else "User",
        "user_view_type": "public",
        "site_admin": False,
    }


@cache
def organisation() -> Json:
    """The organisation as bodies show it. Shared: copy before changing."""
    url = f"{API}/orgs/{ORGANISATION}"
    return {
        "login": ORGANISATION,
        "id": 90_000_001,
        "node_id": node_id("O", 90_000_001),
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": "https://avatars.githubusercontent.com/u/90000001?v=4",
        "description": "A simulated organisation",
    }


@lru_cache(maxsize=2_048)
def repository(repo: str) -> Json:
    """A repository with all its links. Shared: copy before changing."""
    number = repository_id(repo)
    url, name = f"{API}/repos/{repo}", repo.partition("/")[2]
    links: Json = {_link(path): f"{url}/{path}" for path in _OF_REPOSITORY}
    return {
        "id": number,
        "node_id": node_id("R", number),
        "name": name,
        "full_name": repo,
        "private": True,
        "owner": {**user(ORGANISATION), "type": "Organization"},
        "html_url": f"{WEB}/{repo}",
        "description": "A simulated repository",
        "fork": False,
        "url": url,
        **links,
        "created_at": _FOUNDED,
        "updated_at": _FOUNDED,
        "pushed_at": _FOUNDED,
        "git_url": f"git://github.com/{repo}.git",
        "ssh_url": f"git@github.com:{repo}.git",
        "clone_url": f"{WEB}/{repo}.git",
        "svn_url": f"{WEB}/{repo}",
        "homepage": None,
        "size": 18_204,
        "language": "Python",
        "has_issues": True,
        "has_projects": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "archived": False,
        "disabled": False,
        "allow_forking": False,
        "visibility": "internal",
        "topics": [],
        "default_branch": "main",
        "custom_properties": {},
    }


@cache
def _link(path: str) -> str:
    """The field's name: the first words of the path it leads to."""
    words = path.split("{", maxsplit=1)[0].strip("/").replace("/", "_")
    return f"{words or 'archive'}_url"


def team(slug: str) -> Json:
    """A team of the organisation."""
    number = 4_000_000 + zlib.crc32(slug.encode()) % 1_000_000
    url = f"{API}/organizations/90000001/team/{number}"
    return {
        "name": slug,
        "id": number,
        "node_id": node_id("T", number),
        "slug": slug,
        "description": "",
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "url": url,
        "html_url": f"{WEB}/orgs/{ORGANISATION}/teams/{slug}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "permission": "push",
        "parent": None,
    }


def envelope(repo: str, login: str) -> Json:
    """What stands around every body: where it happened and who did it."""
    return {
        "repository": repository(repo),
        "organization": organisation(),
        "sender": user(login),
    }
