"""How it is printed whose a reference is, and what nobody claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from monitor.directory.claims import Claim, claims_of
from monitor.directory.dates import ALWAYS, ENDLESS, Span
from monitor.directory.ids import is_id, project_slip, project_word
from monitor.directory.resolving import (
    ALWAYS_FREE,
    Free,
    Reference,
    Resolution,
    Rule,
    claimable,
    free_for,
    reference_of,
)
from monitor.directory.yaml_text import scalar
from monitor.directory.yaml_tree import Tree
from monitor.domain.opaque import BLOCKED_ON
from monitor.domain.teams import BEGINNING, UNKNOWN
from monitor.indicators.explaining.gaps import Gap
from monitor.indicators.totals.report import rfc3339


def resolution_lines(
    reference: Reference, found: Resolution, file: str | None, instant: int
) -> Iterator[str]:
    """The team first, then what decides, what is overruled, and what holds when.

    Without a ``file`` the rules are those of provisional teams.
    """
    decided = found.decided_by if found.rules else None
    yield f"{_named(reference)}  at {rfc3339(instant)}  is  {found.team}"
    if not found.rules:
        yield f"  {_unclaimed(found, file)}. Under a team's `owns`, write:"
        yield f"      - {claim_line(reference, found.free)}"
        slip = project_slip(reference.name) if reference.subject == "project" else None
        if slip is not None:
            yield f"  {slip}"
    elif decided is None:
        yield "  equally strong lines name different teams: write a longer or exact one"
    for rule in found.rules:
        strongest = rule.strength == found.rules[0].strength
        word = "decides" if rule is decided else "equal" if strongest else "overruled"
        yield f"  {word:10}{_told(rule, file)}"
    for rule in found.elsewhen:
        yield f"  {'not then':10}{_told(rule, file)}"


def _unclaimed(found: Resolution, file: str | None) -> str:
    if file is not None:
        when = " at that time" if found.elsewhen else ""
        return f"no line of {file} claims it{when}"
    said = "no rule names a team" if found.team == UNKNOWN else "that is a rule's word"
    return f"it is not written down, {said}. `friction init` writes a teams file"


def gap_lines(
    gaps: Sequence[Gap], tree: Tree | None = None, window: Span = ALWAYS
) -> Iterator[str]:
    """A line for each gap, the one that hides most first, and their sum.

    ``tree``: the lines of the teams file, where there is one; ``window``: what the gaps
    are inside of.
    """
    claims = claims_of(tree)[0] if tree is not None else ()
    for gap in gaps:
        what = ", ".join(gap.hides)
        resolved = _resolving(gap.reference, claims, tree, window)
        yield f"{_hours(gap.seconds):>12}  {gap.items:>6}  {resolved}  # {what}"
    whole = sum((gap.seconds for gap in gaps), Fraction(0))
    yield f"{_hours(whole):>12}          in all"


def _resolving(
    reference: str, claims: Sequence[Claim], tree: Tree | None, window: Span
) -> str:
    """The line of the teams file that would resolve the reference.

    Where others claim it at times, one for each time in the window that these leave.
    """
    if not reference:
        return "(no event names anybody)"
    if reference.startswith(BLOCKED_ON):
        return f"(a label names no team of the file: {reference})"
    word, _, name = reference.partition(":")
    if word == "team":
        if not (name.isprintable() and is_id(name)):
            return f"(no team can be called so: {scalar(name)})"
        return f"- id: {scalar(name)}"
    asked = reference_of(reference)
    assert asked is not None, "gaps are named as references are"
    free = free_for(asked, claims, tree) if tree is not None else []
    left = [one for one in free if one.span.overlaps(window)]
    return "  and  ".join(
        f"- {claim_line(asked, one)}" for one in left or [ALWAYS_FREE]
    )


def _hours(value: Fraction) -> str:
    return f"{float(value) / 3_600:,.1f} h"


def claim_line(reference: Reference, free: Free = ALWAYS_FREE) -> str:
    """The line of the teams file that would claim the reference while it is free.

    As YAML; its dates are those of the lines that claim it before and after.
    """
    subject, name, file = claimable(reference)
    if subject == "path":
        claim = f"path: {{repo: {scalar(name)}, pattern: {scalar(file)}}}"
    else:
        key = project_word(name) if subject == "project" else subject
        claim = f"{key}: {scalar(name)}"
    dates = (("from", free.since), ("to", free.until))
    dated = "".join(f", {key}: {date}" for key, date in dates if date)
    return f"{{{claim}{dated}}}" if dated else claim


def _named(reference: Reference) -> str:
    subject, name, file = reference
    return f"{subject} {name}{file and f', file {file}'}"


def _told(rule: Rule, file: str | None) -> str:
    when = ""
    if rule.span.start != BEGINNING:
        when += f", from {rfc3339(rule.span.start)}"
    if rule.span.end != ENDLESS:
        when += f", to {rfc3339(rule.span.end)}"
    where = f"{file}:{rule.line}" if file is not None else "provisional"
    return f"{rule.team}: {rule.text}{when} ({where})"
