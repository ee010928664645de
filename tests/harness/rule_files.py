"""The rules that are shipped, as data: what is recorded, and what alerts.

The files are read once: hundreds of tests ask, and reading them takes a moment.
"""

import re
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
