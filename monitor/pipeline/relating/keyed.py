"""Tickets that move: which of the keys that one was shown by it is kept by.

Their tracker numbers them for good, and every body that shows one tells its number and
the key that it has by then. Whatever one number was shown by is one ticket, also when
the move itself was never told, and the key of the newest body is kept: it does not
matter in which order bodies come.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from monitor.domain.facts import Fact, Fields
from monitor.domain.keys import project_of
from monitor.pipeline.relating.rekeying import Rekeyed, rekey
from monitor.pipeline.working_set import WorkingSet

# A number at a site: nothing is ever kept by it, because nobody names a ticket so.
_NUMBER: Final = re.compile(r"[a-z]+:\S+/\d+\Z")
_BARE: Final = re.compile(r":\S+/")


def _key(entity: str) -> str:
    """The key of the index under which it lies as of when a ticket has its key."""
    return f"keyed:{entity}"


class _Kept(NamedTuple):
    """As of when a ticket is kept by a key, and everything else it is known by."""

    time: int
    key: str
    others: frozenset[str]


def shown_keys(facts: Iterable[Fact]) -> dict[tuple[str, str], int]:
    """As of when tickets were shown by keys: by what else they are known, and the key.

    That is their number, and a key from which they were moved.
    """
    shown: dict[tuple[str, str], int] = {}
    for fact in facts:
        fields = fact.fields
        if "keyed" not in fields:
            continue
        for known, (key, time) in fields["keyed"].items():
            before = fields.get("aliases", ()) if key == fact.entity else ()
            for one in (known, *(key for key in before if project_of(key))):
                shown[one, key] = max(time, shown.get((one, key), 0))
    return shown


def without_keys(fields: Fields) -> Fields:
    """What is stored of the fields."""
    kept = fields.copy()
    del kept["keyed"]
    return kept


def bring_together(
    shown: Mapping[tuple[str, str], int], working: WorkingSet
) -> list[Rekeyed]:
    """Make one of what was shown by several keys, and keep it by the newest."""
    working.prefetch_homes({one for pair in shown for one in pair})
    roots = {working.canonical(one) for pair in shown for one in pair}
    working.prefetch_plain(map(_key, roots))
    if working.any_gone:
        working.gone(roots.union(*shown))
    found: list[Rekeyed] = []
    for (known, key), time in shown.items():
        found += _show(known, key, time, working)
    return found


def _show(known: str, key: str, time: int, working: WorkingSet) -> list[Rekeyed]:
    if working.is_gone(known):
        # A sealed item under a new key: what is said of it comes late.
        if working.is_new(key):
            working.drop([key])
        return []
    roots = dict.fromkeys((working.canonical(known), working.canonical(key)))
    if _is_as_before(known, key, time, roots, working):
        return []
    if working.any_gone and working.gone({*roots, key}):
        return []
    before = [_kept(root, working) for root in roots]
    newest = max(*before, _Kept(time, key, frozenset()))
    others = frozenset({known, key, *roots}.union(*(one.others for one in before)))
    kept = newest._replace(others=others - {newest.key})
    return _keep_by(kept, roots, working)


def _is_as_before(
    known: str, key: str, time: int, roots: Collection[str], working: WorkingSet
) -> bool:
    """Whether it is kept by that key and the other stands for it, as nearly always."""
    if len(roots) > 1 or key not in roots:
        return False
    stored: list[Any] | None = working.plain(_key(key))
    if stored is None or known not in stored:
        return False
    if time > stored[0]:
        working.put_plain(_key(key), [time, *stored[1:]])
    return True


def _keep_by(kept: _Kept, roots: Iterable[str], working: WorkingSet) -> list[Rekeyed]:
    if kept.key not in roots:
        # A key that it had before stands for itself again.
        working.set_home(kept.key, kept.key)
    found: list[Rekeyed] = []
    for root in roots:
        if _NUMBER.match(root):
            working.set_alias(root, kept.key)
        elif root != kept.key:
            found += rekey(root, kept.key, working)
            forget_keys(root, working)
    working.put_plain(_key(kept.key), [kept.time, *sorted(kept.others)])
    return found


def _kept(root: str, working: WorkingSet) -> _Kept:
    stored: list[Any] | None = working.plain(_key(root))
    if stored is not None:
        return _Kept(stored[0], root, frozenset(stored[1:]))
    return _Kept(-1 if _NUMBER.match(root) else 0, root, frozenset())


def site_marks(names: Iterable[str]) -> set[str]:
    """What says of sealed numbers that their site was known, to be gone with them."""
    at_sites = filter(_NUMBER.match, names)
    return {site_mark(_BARE.sub(":", name)) for name in at_sites}


def site_mark(number: str) -> str:
    """The same of a number that is told without its site."""
    return f"{number}@site"


def other_keys(entity: str, working: WorkingSet) -> frozenset[str]:
    """What else a ticket is known by, as far as a body showed its number."""
    return _kept(entity, working).others


def forget_keys(entity: str, working: WorkingSet) -> None:
    """As of when it has its key is not asked for again."""
    if working.plain(_key(entity)) is not None:
        working.put_plain(_key(entity), None)
