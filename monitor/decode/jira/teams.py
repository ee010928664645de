"""Team fields of an issue: what their values refer to, and which of them changed.

A field may be configured by its id and by its name, and is one field all the same.
An issue shows ids alone, changelogs of Cloud both, of old servers the name alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from monitor.domain.facts import TEAM_AREA

Refs = tuple[str, ...]
# For each configured name of a field, in order, the references of its value.
Teams = tuple[Refs, ...]

_PERSON: Final = frozenset({"accountId", "emailAddress", "displayName"})
# The references of one value that shows its number and its name.
_BOTH: Final = 2
CUSTOM_FIELD: Final = "customfield_"


def team_of(value: object) -> Refs:
    """The references of a team field's value; a person is never one."""
    if isinstance(value, list):
        return tuple(ref for one in value for ref in team_of(one))
    if isinstance(value, str):
        return team_refs("", value)
    if isinstance(value, int | float):
        return team_refs(_whole_number(value), "")
    if not isinstance(value, dict) or not _PERSON.isdisjoint(value):
        return ()
    name = next((value[key] for key in ("name", "value", "title") if key in value), "")
    return team_refs(str(value.get("id") or ""), str(name or ""))


def _whole_number(value: float) -> str:
    """The number as an id is written: Jira shows some fields' 36 as 36.0."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ""
    return "" if isinstance(value, bool) else str(value)


def team_refs(number: str, name: str) -> Refs:
    """The references of one value, its number first."""
    return tuple(f"{TEAM_AREA}{one}" for one in (number, name) if one)


def names_by_number(teams: Teams) -> dict[str, str]:
    """The names of the values that show their number with it."""
    both = [refs for refs in teams if len(refs) == _BOTH]
    return {
        number.removeprefix(TEAM_AREA): name.removeprefix(TEAM_AREA)
        for number, name in both
    }


def slots_of(
    names: Collection[str], made: Refs, shown: Teams, fields: Sequence[str]
) -> list[int]:
    """Which of the configured names are those of a changed field, its id first.

    ``names`` are what the change calls the field. Where no id is among them, it is the
    field of which the issue right after the change shows the value that was ``made``.
    """
    ids = [at for at, name in enumerate(fields) if name.startswith(CUSTOM_FIELD)]
    called = [at for at, name in enumerate(fields) if name in names]
    if not any(name.startswith(CUSTOM_FIELD) for name in names):
        called += [at for at in ids if _is_same(shown[at], made)][:1]
    return sorted(called, key=lambda at: at not in ids)


def _is_same(shown: Refs, made: Refs) -> bool:
    return shown == made or not set(shown).isdisjoint(made)


def with_teams(teams: Teams, changed: Sequence[int], refs: Refs) -> Teams:
    """With one field's value, which stands under the first of the field's names."""
    return tuple(
        (refs if at == changed[0] else ()) if at in changed else before
        for at, before in enumerate(teams)
    )
