"""How the answer to "whose is this?" is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from monitor.directory.dates import ENDLESS
from monitor.directory.resolving import Reference, Resolution, Rule
from monitor.domain.teams import BEGINNING
from monitor.indicators.report import rfc3339


def resolution_lines(
    reference: Reference, found: Resolution, file: str, instant: int
) -> Iterator[str]:
    """The team first, then what decides, what is overruled, and what holds when."""
    decided = found.decided_by if found.rules else None
    yield f"{_named(reference)}  at {rfc3339(instant)}  is  {found.team}"
    if not found.rules:
        when = " at that time" if found.elsewhen else ""
        yield f"  no line of {file} claims it{when}. Under a team's `owns`, write:"
        yield f"      - {claim_line(reference)}"
    elif decided is None:
        yield "  equally strong lines name different teams: write a longer or exact one"
    for rule in found.rules:
        strongest = rule.strength == found.rules[0].strength
        word = "decides" if rule is decided else "equal" if strongest else "overruled"
        yield f"  {word:10}{_told(rule, file)}"
    for rule in found.elsewhen:
        yield f"  {'not then':10}{_told(rule, file)}"


def claim_line(reference: Reference) -> str:
    """The line of the teams file that would claim the reference, as YAML."""
    subject, name, file = reference
    if subject == "path":
        return f"path: {{repo: {_scalar(name)}, pattern: {_scalar(file)}}}"
    return f"{'jira' if subject == 'project' else subject}: {_scalar(name)}"


def _named(reference: Reference) -> str:
    subject, name, file = reference
    return f"{subject} {name}{file and f', file {file}'}"


def _told(rule: Rule, file: str) -> str:
    when = ""
    if rule.span.start != BEGINNING:
        when += f", from {rfc3339(rule.span.start)}"
    if rule.span.end != ENDLESS:
        when += f", to {rfc3339(rule.span.end)}"
    return f"{rule.team}: {rule.text}{when} ({file}:{rule.line})"


def _scalar(text: str) -> str:
    """Plain where YAML reads the same text back, else in quotes."""
    is_plain = text[:1].isalpha() and all(c.isalnum() or c in "/._-" for c in text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)
