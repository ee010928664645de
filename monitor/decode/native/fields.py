"""The optional fields of a native event as those of a fact."""

from __future__ import annotations

from typing import Any, Final

from monitor.decode.references import folded_commit
from monitor.decode.settings import DecodeSettings
from monitor.decode.ticket_keys import folded_key, keys_on_branch
from monitor.domain.facts import Fields, Kind

# What the validator's output holds: JSON values by field name, checked.
Said = dict[str, Any]

_RENAMED: Final = ("by_team", "cause_team", "class", "labels")
_TO_RENAME: Final = frozenset(_RENAMED)
_KEYS: Final = ("item", "blocker", "needed_by")
_CLASSED: Final = ("ticket.", "change.")
_REVIEWS: Final = frozenset(
    {
        Kind.CHANGE_REVIEWED,
        Kind.CHANGE_REVIEW_REQUESTED,
        Kind.CHANGE_REVIEW_UNREQUESTED,
    }
)


def fields_of(kind: Kind, said: Said, settings: DecodeSettings) -> Fields:
    """The fields of a fact of this kind.

    Takes over ``said``, which holds known optional fields only, none ``None``.
    Labels give a work class where the event states none, and those that the
    signals know are kept; a branch gives the tickets of known projects it names,
    unless it is the default one, which is nobody's.
    Their keys have one case wherever they stand, and so have commits.
    """
    if not _TO_RENAME.isdisjoint(said):
        for name in _RENAMED:
            if name in said:
                _renamed(kind, name, said, settings)
    if "sha" in said:
        said["sha"] = folded_commit(said["sha"])
    if "shas" in said:
        said["shas"] = [folded_commit(commit) for commit in said["shas"]]
    projects = settings.projects
    if projects:
        _fold_keys(said, projects)
    if projects and "branch" in said and not said.get("default_branch"):
        tickets = keys_on_branch(said["branch"], projects)
        if tickets:
            said["tickets"] = list(tickets)
    if kind in _REVIEWS:
        _review(kind, said)
    return said  # type: ignore[return-value]  # a cast would cost a call


def _fold_keys(said: Said, projects: frozenset[str]) -> None:
    for name in _KEYS:
        if name in said:
            said[name] = folded_key(said[name], projects)
    if "items" in said:
        said["items"] = [folded_key(key, projects) for key in said["items"]]


def _review(kind: Kind, said: Said) -> None:
    if kind is Kind.CHANGE_REVIEWED:
        # Whoever acts reviews; only in other formats may a review leave `team` out.
        if "team" in said:
            said["reviewed_by"] = [said.pop("team")]
        elif "by_teams" in said:
            said["reviewed_by"] = said["by_teams"]
    elif "on_team" in said:
        said["request"] = said["on_team"]


def without_nothing(said: Said) -> Said:
    """The fields that say something: ``null`` is the same as left out."""
    if None in said.values():
        return {name: value for name, value in said.items() if value is not None}
    return said


def _renamed(kind: Kind, name: str, said: Said, settings: DecodeSettings) -> None:
    value = said.pop(name)
    match name:
        case "by_team":
            said["by_teams"] = [value]
            if kind is Kind.CHANGE_OPENED:
                said["author_team"] = value
        case "cause_team":
            causes = [value] if isinstance(value, str) else dict.fromkeys(value)
            if causes:
                said["cause_teams"] = list(causes)
        case "class":
            said["finding_class"] = value
        case _:
            known = settings.signals.known(value)
            if known:
                said["labels"] = known
            if "work_class" not in said and kind.startswith(_CLASSED):
                work_class = settings.classes.of_labels(value)
                if work_class is not None:
                    said["work_class"] = work_class
