"""Users and repositories as GitHub's bodies hold them, with all their addresses."""

from typing import Any, Final

from tests.bench.world import repository

Body = dict[str, Any]

API: Final = "https://api.github.com"
WEB: Final = "https://github.com"
_USER_LINKS: Final = (
    "followers following{/other_user} gists{/gist_id} starred{/owner}{/repo} "
    "subscriptions orgs repos events{/privacy} received_events"
)
_REPOSITORY_LINKS: Final = (
    "forks keys{/key_id} collaborators{/collaborator} teams hooks "
    "issues/events{/number} events assignees{/user} branches{/branch} tags "
    "git/blobs{/sha} git/tags{/sha} git/refs{/sha} git/trees{/sha} "
    "statuses/{sha} languages stargazers contributors subscribers subscription "
    "commits{/sha} git/commits{/sha} comments{/number} issues/comments{/number} "
    "contents/{+path} compare/{base}...{head} merges {archive_format}{/ref} downloads "
    "issues{/number} pulls{/number} milestones{/number} notifications{?since,all} "
    "labels{/name} releases{/id} deployments"
)
_SWITCHES: Final = (
    "issues projects downloads wiki pages discussions squash_merge merge_commit "
    "rebase_merge auto_merge delete_branch_on_merge update_branch forking "
    "web_commit_signoff_required archived disabled template"
)


def _word(path: str) -> str:
    return path.partition("{")[0].strip("/").replace("/", "_")


def user(login: str) -> Body:
    address = f"{API}/users/{login}"
    links = {f"{_word(name)}_url": f"{address}/{name}" for name in _USER_LINKS.split()}
    return {
        "login": login,
        "id": sum(login.encode()) * 7_919,
        "node_id": f"U_{login}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{len(login)}?v=4",
        "url": address,
        "html_url": f"{WEB}/{login}",
        **links,
        "type": "User",
        "site_admin": False,
    }


def repository_body(owner: int) -> Body:
    full_name = repository(owner)
    address = f"{API}/repos/{full_name}"
    links = {
        f"{_word(name)}_url": f"{address}/{name}" for name in _REPOSITORY_LINKS.split()
    }
    return {
        "id": 1_000_000 + owner,
        "node_id": f"R_{owner}",
        "name": full_name.partition("/")[2],
        "full_name": full_name,
        "private": False,
        "owner": user("acme") | {"type": "Organization"},
        "html_url": f"{WEB}/{full_name}",
        "description": "One of the services of the organisation that is measured",
        "fork": False,
        "url": address,
        **links,
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "pushed_at": "2026-01-01T00:00:00Z",
        "git_url": f"git://github.com/{full_name}.git",
        "clone_url": f"{WEB}/{full_name}.git",
        "size": 12_345,
        "language": "Python",
        **{f"has_{name}": True for name in _SWITCHES.split()},
        "topics": ["service", "python", "backend"],
        "visibility": "internal",
        "default_branch": "main",
    }
