"""What is true for the signals, noted by the steps at which it happens.

The words are those of ``notes``. Whose an item is, what its owner is for and what it
is labelled with, the draft knows; that decides whether it is a platform item. A
breakage is one trouble until it is mended, however often it fails meanwhile.
"""

from __future__ import annotations

from typing import Final

from monitor.simulate.draft import Draft

PLATFORM: Final = "platform"


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


def put_off(draft: Draft) -> None:
    """Planned for later: somebody decided that, and so means it."""
    decided(draft, "prioritise")
    meant(draft)
    moved_down(draft)


def moved_down(draft: Draft) -> None:
    """Put off, by whatever did it; ranks alone do not say that an idea is meant."""
    if draft.meant is not None and draft.ended is None and draft.group:
        _, owner = draft.meant
        draft.note("postponed", owner.id, what=draft.group)


def trouble(draft: Draft, cause: str, what: str) -> None:
    """Something of the other team broke the owner's work just now."""
    draft.note("trouble", draft.owner.id, cause, what=what)


def deployed(draft: Draft, *, ok: bool) -> None:
    """A deploy of the team's ends in production just now."""
    draft.note("deployed", draft.team.id, what="ok" if ok else "failed")
