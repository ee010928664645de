"""By what GitHub's own bodies keep what CDviz tells of: by ids of GitHub's.

A deployment's is in its address. A change or an issue has a number of its repository:
since spec 0.5 ``customData.github`` is GitHub's whole body, which tells the id of that.
A rename leaves it as it is, and whatever has the name next has another.
"""

from __future__ import annotations

from typing import Final

from monitor.decode.cdviz.body import Custom, part, place_in
from monitor.decode.cdviz.deployments import deployment_key
from monitor.decode.cdviz.issues import is_transfer
from monitor.decode.references import number_of, page_of, repository_around

_NUMBERED: Final = ("change.", "ticket.")


def kept_by(raw_kind: str, id_: str, custom: Custom) -> str | None:
    """The key that GitHub's own bodies keep it by; ``None``: no such is told."""
    if raw_kind == "service.deployed":
        return deployment_key(id_, custom)
    return _numbered(id_, custom) if raw_kind.startswith(_NUMBERED) else None


def _numbered(id_: str, custom: Custom) -> str | None:
    """The key of a change or an issue, from the subject's id; ``None``: by its name.

    An issue that is transferred is told by the place it leaves, which the new place's
    name must not become a name of. Nor must one that is stated for us.
    """
    repo, number = repository_id(id_, custom), number_of(page_of(id_))
    if repo is None or number is None or is_transfer(custom):
        return None
    return f"{repo}#{number}"


def repository_id(id_: str, custom: Custom) -> str | None:
    """The repository's host and id, if it is the one that the subject's id is in."""
    place = place_in(part(custom, "github"))
    is_stated = "repo" in part(custom, "friction")
    if place is None or not place.is_by_id or is_stated:
        return None
    return place.prefix if place.repo == repository_around(id_) else None
