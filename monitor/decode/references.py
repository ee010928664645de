"""Repositories, numbers and keys inside the URLs and ids that events carry."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PLAIN: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)+", re.ASCII)
_NUMBER: Final = re.compile(
    r"/(?:pulls?|issues|merge_requests|-/work_items|-/issues/incident)/(\d{1,9})/?$",
    re.ASCII,
)
# GitHub's API and pages, but for those of accounts, and what GitLab has below ``/-/``.
# Gitea's API has the form of that of GitHub's own servers. A host is looked at once,
# however often it holds the word.
_IN_REPOSITORY: Final = re.compile(
    r"https?://(?:[^/?#]+/api/v\d/repos/"
    r"|api\.[^/?#]+\.ghe\.com/repos/"
    r"|(?=[^/?#]*github)[^/?#]+/(?!orgs/|users/|repositories/)[^/?#]+/[^/?#]+/"
    r"|[^?#]+/-/)"
)
_IN_API: Final = re.compile(r"(?:api/v\d/)?repos/([^/]+/[^/]+)")
# Bitbucket Data Center's pages and its API, and where it is cloned from over HTTP. It
# is often served below a path of its own. On GitHub and GitLab `scm` is an owner.
_IN_BITBUCKET: Final = re.compile(
    r"(?:bitbucket/|stash/)?(?:rest/api/[^/]+/)?projects/([^/]+)/repos/([^/]+)"
)
_OF_BITBUCKET: Final = re.compile(
    r"https?://(?![^/]*git(?:hub|lab))[^/?#]+/(?:bitbucket/|stash/)?"
    r"scm/([^/]+/[^/]+?)(?:\.git)?/?\Z",
    re.IGNORECASE,
)
# Tasks, incidents and issues have pages of three forms, and are counted together.
_GITLAB: Final = re.compile(
    r"(?:(?:/-)?/(merge_requests)|/-/(?:work_items|issues(?:/incident)?))"
    r"/(\d{1,9})/?$",
    re.ASCII,
)
# No owner on GitLab may have that name; below it are the pages of groups.
_OF_GROUP: Final = re.compile(r"groups/[^?#]*?/-/")
_PAGE: Final = re.compile(
    r"/(?:pulls?|pull-requests|pullrequest|issues|merge_requests)/\d{1,9}(?:/.*)?\Z",
    re.ASCII | re.DOTALL,
)
_NAME: Final = re.compile(r"([\w.-]{1,100}/[\w.-]{1,100})#(\d{1,9})", re.ASCII)
# As GitLab's are called here, which begin with the host.
_HOSTED_NAME: Final = re.compile(
    r"((?=[\w-]*[.:])[\w.:-]{1,100}/([\w.-]{1,100}(?:/[\w.-]{1,100})+)[!#])(\d{1,9})",
    re.ASCII,
)
_PLACE: Final = re.compile(r"[?#].*", re.DOTALL)
_ON_GITHUB: Final = re.compile(
    r"(?:(?:https?|ssh|git)://|git@)[^/?#:]*github", re.ASCII
)
_ATTEMPT: Final = re.compile(r"/attempts/(\d{1,6})(?:/|$)", re.ASCII)
_GITHUB_PURL: Final = re.compile(
    r"pkg:github/([\w.-]{1,100}/[\w.-]{1,100})(?![\w.-])"
    r"(?:@([0-9a-fA-F]{7,40})(?![0-9a-fA-F]))?",
    re.ASCII,
)
_KEY: Final = re.compile(r"(?:^|/)([A-Za-z][A-Za-z0-9_]{1,19}-\d{1,9})$", re.ASCII)
# Some trackers have the title behind the key, which may read like another's.
_KEY_OF_PAGE: Final = re.compile(
    r"/(?:browse|issue)/([A-Za-z][A-Za-z0-9_]{1,19}-\d{1,9})(?:/|$)", re.ASCII
)
_COMMIT: Final = re.compile(r"[0-9a-fA-F]{7,64}", re.ASCII)
_COMMIT_TYPE: Final = re.compile(r"\s*([A-Za-z][A-Za-z-]{1,19})(?:\([^)]{0,80}\))?!?:")


class Named(NamedTuple):
    """What the name of a change or an issue tells, and the name itself."""

    repository: str
    number: int
    name: str


def repository_of(reference: str) -> str | None:
    """``owner/name`` in lower case, from a name, a clone URL, a page or an API URL.

    ``https://api.github.com/repos/Acme/Shop/pulls/7`` is ``acme/shop``; below
    GitLab's ``/-/``, or a page of a change or an issue, is no repository any more.
    ``None``: it names none, as a page of one of GitLab's groups.
    """
    text = reference.strip()
    scheme, separator, rest = text.partition("://")
    if separator:
        host, _, path = rest.partition("/")
    elif text.startswith("git@"):
        host, _, path = text.partition(":")
    else:
        return text.lower() if _PLAIN.fullmatch(scheme) else None
    if _OF_GROUP.match(path):
        return None
    path = re.split(r"[?#]|/-/", path, maxsplit=1)[0].strip("/").removesuffix(".git")
    path = _PAGE.sub("", path)
    if in_api := _IN_API.match(path):
        name = in_api[1]
    elif in_bitbucket := _IN_BITBUCKET.match(path):
        name = "/".join(in_bitbucket.groups())
    elif of_bitbucket := _OF_BITBUCKET.match(text):
        name = of_bitbucket[1]
    else:
        name = "/".join(path.split("/")[:2]) if "github" in host else path
    return name.lower() if _PLAIN.fullmatch(name) else None


def repository_around(reference: str) -> str | None:
    """The repository that a page or an API URL lies in, where its form shows that.

    CI and trackers have URLs of their own, whose steps name no repository.
    """
    return repository_of(reference) if _IN_REPOSITORY.match(reference) else None


def numbered_name(repo: str, number: int, reference: str) -> str | None:
    """What a change or an issue is called beside its URL: ``acme/shop#7``.

    GitLab counts merge requests and issues apart, and its repositories are others than
    GitHub's of the same name: ``gitlab.example/acme/shop!7``, ``...#7``. ``None``: it
    is GitLab's, and nobody says of which host.
    """
    found = _GITLAB.search(reference)
    if found is None:
        return f"{repo}#{number}"
    merge_request, digits = found.groups()
    _, _, place = reference[: found.start()].partition("://")
    if not place or "?" in place or "#" in place:
        return None
    return f"{place.lower()}{'!' if merge_request else '#'}{int(digits)}"


def repository_and_number(reference: str) -> tuple[str, int] | None:
    """Both, of a name such as ``Acme/Shop#7``."""
    match = _NAME.fullmatch(reference)
    return (match[1].lower(), int(match[2])) if match else None


def named_thing(reference: str) -> Named | None:
    """The change or issue of that name, GitHub's or GitLab's, if it is a name.

    GitLab's begin with their host: ``gitlab.example/acme/shop!7``. Without one nobody
    tells whether the first group is one.
    """
    found = repository_and_number(reference)
    if found is not None:
        return Named(*found, f"{found[0]}#{found[1]}")
    match = _HOSTED_NAME.fullmatch(reference)
    if match is None:
        return None
    place, repository, digits = match.groups()
    number = int(digits)
    return Named(repository.lower(), number, f"{place.lower()}{number}")


def page_of(reference: str) -> str:
    """The page that a URL leads to, without the place on it or how it is shown."""
    return _PLACE.sub("", reference) if "://" in reference else reference


def is_on_github(reference: str) -> bool:
    """Whether a link leads to a host that its name shows to be GitHub's."""
    return _ON_GITHUB.match(reference) is not None


def number_of(reference: str) -> int | None:
    """The number of a change or issue, from the end of its page or API URL."""
    match = _NUMBER.search(reference)
    return int(match[1]) if match else None


def attempt_of(reference: str) -> int | None:
    """The attempt of a run, from a URL that ends in ``/attempts/2``."""
    match = _ATTEMPT.search(reference)
    return int(match[1]) if match else None


def artifact_source(package_url: str) -> tuple[str, str | None] | None:
    """Repository and commit of a ``pkg:github/`` package URL."""
    match = _GITHUB_PURL.match(package_url)
    if match is None:
        return None
    return match[1].lower(), match[2].lower() if match[2] else None


def folded_commit(commit: str) -> str:
    """A commit's hash in lower case; what is none, as it is."""
    lower = commit.lower()
    return lower if lower != commit and is_commit(commit) else commit


def is_commit(text: str) -> bool:
    """Whether the text can be a commit's hash, or the beginning of one."""
    return _COMMIT.fullmatch(text) is not None


def project_key(reference: str, projects: frozenset[str]) -> str | None:
    """``CHK-12`` when the reference is, or ends in, a key of a known project.

    Or is the page of such a ticket that has the title behind it:
    ``https://linear.app/acme/issue/CHK-12/fix-the-till``.
    """
    match = _KEY_OF_PAGE.search(reference.partition("?")[0]) or _KEY.search(reference)
    if match is None:
        return None
    key = match[1].upper()
    return key if key.rpartition("-")[0] in projects else None


def commit_type(title: str) -> str | None:
    """``feat`` of ``feat(cart)!: empty it``."""
    match = _COMMIT_TYPE.match(title)
    return match[1].lower() if match else None
