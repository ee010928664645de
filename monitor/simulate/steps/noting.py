"""What is true for the signals, noted by the steps at which it happens.

The words are those of ``notes``. Whose an item is, what its owner is for and what it
is labelled with, the draft knows; that decides whether it is a platform item. A
breakage is one trouble until it is mended, however often it fails meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from monitor.simulate.notes import Note

if TYPE_CHECKING:
    from monitor.simulate.draft import Draft
    from monitor.simulate.organisation import SimTeam

PLATFORM: Final = "platform"
HOW_TO: Final = "how-to"
TRIAGED: Final = "triaged"
COMPONENT: Final = "component:"
USES: Final = "uses:"
_COMPLAINTS: Final = ("tooling", "infra", "dependency")
_CLASSES: Final = ("CWE-", "control:")
_FLAW: Final = "CVE-"


def opened(draft: Draft) -> None:
    """The ticket is there, with the labels it has: what they say holds from now on."""
    draft.opened = (draft.now, draft.owner)
    opener, labels = draft.opener.id, draft.labels
    for complaint in _COMPLAINTS:
        if complaint in labels:
            draft.note("complained", opener, what=complaint)
    components = (*_behind(COMPONENT, labels), *draft.components)
    for component in components if PLATFORM in labels else ():
        draft.note("asked", opener, what=component)
    if HOW_TO in labels and draft.opener != draft.owner:
        draft.note("how_to", opener, draft.owner.id)
    if TRIAGED in labels:
        meant(draft)


def _behind(prefix: str, labels: tuple[str, ...]) -> list[str]:
    return [label[len(prefix) :] for label in labels if label.startswith(prefix)]


def is_platform(draft: Draft) -> bool:
    """Whether it is a platform item now: by its label, or by who owns it."""
    return PLATFORM in draft.labels or draft.owner.kind == PLATFORM


def decided(draft: Draft, word: str, role: str = "") -> None:
    """Somebody decides on the item; of other than platform items nothing is noted."""
    if is_platform(draft):
        draft.note("decided", draft.owner.id, what=word, detail=role)


def meant(draft: Draft) -> None:
    """From now on the ticket is no mere idea: the first time counts."""
    if draft.meant is None:
        draft.meant = (draft.now, draft.owner)


def ended(draft: Draft, how: str) -> None:
    """The ticket is done or cancelled: the first time counts."""
    if draft.ended is None:
        draft.ended = (draft.now, how)


def put_off(draft: Draft, role: str = "") -> None:
    """Planned for later: somebody decided that, and so means it."""
    decided(draft, "prioritise", role)
    meant(draft)
    moved_down(draft)


def moved_down(draft: Draft) -> None:
    """Put off, by whatever did it; ranks alone do not say that an idea is meant."""
    group = _group(draft)
    if draft.meant is not None and draft.ended is None and group:
        draft.note("postponed", draft.meant[1].id, what=group)


def trouble(draft: Draft, cause: str, what: str) -> None:
    """Something of the other team broke the owner's work just now."""
    draft.note("trouble", draft.owner.id, cause, what=what)


def deployed(draft: Draft, *, ok: bool) -> None:
    """A deploy of the team's ends in production just now."""
    draft.note("deployed", draft.team.id, what="ok" if ok else "failed")


def lasting(draft: Draft) -> Iterator[Note]:
    """What holds from its opening, or from when it was meant, to its end."""
    until, how = draft.ended or (0, "")
    group = _group(draft)
    if draft.meant is not None and group:
        since, owner = draft.meant
        yield Note("triaged", since, owner.id, "", group, how, until)
    if draft.opened is not None and draft.labels:
        yield from _labelled(draft, *draft.opened, until)


def _labelled(draft: Draft, since: int, owner: SimTeam, until: int) -> Iterator[Note]:
    labels = draft.labels
    flaws = [label.lower() for label in labels if label.startswith(_FLAW)]
    what = flaws[0] if flaws else draft.item
    for label in labels:
        if label.startswith(_CLASSES):
            yield Note("found", since, owner.id, "", label.lower(), what, until)
    # Natively labels are told once; elsewhere they are on whatever is told.
    last = since if draft.tracker == "native" else until
    for use in _behind(USES, labels):
        capability, _, way = use.partition("/")
        yield Note("uses", since, owner.id, "", capability, way, last)


def _group(draft: Draft) -> str:
    """Whose postponements are compared: platform, feature or, empty, neither.

    By what it was when it was first meant.
    """
    kind = draft.meant[1].kind if draft.meant is not None else ""
    if PLATFORM in (kind, *draft.labels):
        return PLATFORM
    is_feature = kind == "stream" and draft.work_class == "feature"
    return "feature" if is_feature else ""
