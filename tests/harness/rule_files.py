"""The rules that are shipped, as data: what is recorded, and what alerts.

The files are read once: hundreds of tests ask, and reading them takes a moment.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.harness.reference_data import REPOSITORY

PROMETHEUS = REPOSITORY / "deploy" / "prometheus"
ALERTMANAGER = REPOSITORY / "deploy" / "alertmanager" / "alertmanager.yml"
RULE_FILES = tuple(sorted((PROMETHEUS / "rules").glob("*.yml")))

# A query inside a template of an annotation: query `...`, or (printf `...` ...).
_QUERY = re.compile(r"query \(?(?:printf )?`([^`]+)`")
# The alerts that a test of promtool's names: as a key, or in a selector of ALERTS.
_NAMED = re.compile(r'alertname: *([\w|.*]+)|alertname=~?"([\w|.*]+)"')
_ANY_ALERT = re.compile(r"\bALERTS\b(?!\{[^}]*alertname)")


def rules_of(*files: Path) -> list[dict[str, Any]]:
    """Return every rule of these files, in their order."""
    groups = [yaml.safe_load(file.read_text())["groups"] for file in files]
    return [rule for file in groups for group in file for rule in group["rules"]]


@cache
def recorded_names() -> frozenset[str]:
    """Return the names of the recording rules."""
    return frozenset(r["record"] for r in rules_of(*RULE_FILES) if "record" in r)


@cache
def alerts() -> dict[str, dict[str, Any]]:
    """Return the alerting rules by name."""
    return {r["alert"]: r for r in rules_of(*RULE_FILES) if "alert" in r}


@cache
def expressions() -> dict[str, str]:
    """Return every expression by what it is of, those of annotations included.

    Where a template puts a label's value there is a value now.
    """
    found: dict[str, str] = {}
    for rule in rules_of(*RULE_FILES):
        name = rule.get("record") or rule["alert"]
        found[name] = rule["expr"]
        for annotation, text in rule.get("annotations", {}).items():
            for number, query in enumerate(_QUERY.findall(text), start=1):
                found[f"{name}.{annotation}.{number}"] = query.replace("%q", '"x"')
    return found


def with_what_it_asks_for(test: Path, folder: Path) -> Path:
    """Copy a file of promtool's tests beside those shipped rules that it hangs on.

    promtool evaluates each rule at each step of each history, the queries in texts of
    alerts too: months of the thirteen alerts for the sake of one took minutes. Kept are
    the alerts that the file names (all, where it asks for ALERTS of any name) and what
    these, their texts and the file itself name of recorded series, in turn.
    """
    text = test.read_text()
    for file in RULE_FILES:
        kept = yaml.safe_load(file.read_text())
        for group in kept["groups"]:
            group["rules"] = [r for r in group["rules"] if _is_asked_for(r, text)]
        (folder / file.name).write_text(yaml.safe_dump(kept, sort_keys=False))
        text = text.replace(f"../../{file.relative_to(REPOSITORY)}", file.name)
    copy = folder / test.name
    copy.write_text(text)
    return copy


def _is_asked_for(rule: dict[str, Any], text: str) -> bool:
    if "record" in rule:
        return rule["record"] in _recorded_for(text)
    return rule["alert"] in _alerts_named(text)


@cache
def _alerts_named(text: str) -> frozenset[str]:
    if _ANY_ALERT.search(text):
        return frozenset(alerts())
    wanted = [re.compile(key or value) for key, value in _NAMED.findall(text)]
    return frozenset(
        name for name in alerts() if any(one.fullmatch(name) for one in wanted)
    )


@cache
def _recorded_for(text: str) -> frozenset[str]:
    """Names of recorded series in a text, in its alerts, and in what records these."""
    if re.search(r"__name__", text):
        return recorded_names()
    texts = [text, *(str(alerts()[name]) for name in _alerts_named(text))]
    found: set[str] = set()
    while texts:
        new = set(_recorded_in(texts.pop())) - found
        found |= new
        recording = rules_of(*RULE_FILES)
        texts += [rule["expr"] for rule in recording if rule.get("record") in new]
    return frozenset(found)


def _recorded_in(text: str) -> Iterator[str]:
    for name in recorded_names():
        if re.search(rf"(?<![\w:]){name}(?![\w:])", text):
            yield name
