"""Every name in the shipped rules is one of the catalogue, or a recorded one."""

import re
from pathlib import Path

import promql_parser
import pytest

from monitor.adapters.prometheus.catalogue import CATALOGUE
from tests.harness.promql_names import labels_of_level, problems, selectors
from tests.harness.reference_data import REPOSITORY
from tests.harness.rule_files import alerts, expressions, recorded_names

EXPRESSIONS = expressions()
DOCS = REPOSITORY / "docs"
PAGES = [DOCS / "prometheus.md", *sorted((DOCS / "runbooks").glob("*.md"))]


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_rule_names_only_what_there_is(name: str) -> None:
    assert problems(EXPRESSIONS[name], recorded_names()) == []


def test_the_queries_inside_annotations_are_looked_at_too() -> None:
    of_annotations = {name.split(".")[0] for name in EXPRESSIONS if "." in name}
    assert of_annotations == set(alerts())
    # All of them: a template that asks in another way would not be seen.
    asked = sum(
        len(re.findall(r"\bquery\b", text))
        for rule in alerts().values()
        for text in rule["annotations"].values()
    )
    assert asked == len([name for name in EXPRESSIONS if "." in name])


@pytest.mark.parametrize("recorded", sorted(recorded_names()))
def test_a_recorded_name_begins_with_the_labels_it_keeps(recorded: str) -> None:
    assert labels_of_level(recorded)
    assert recorded.count(":") == 2
    assert "friction_" in recorded


def test_every_recorded_series_is_made_before_it_is_used() -> None:
    made: set[str] = set()
    for name, expression in EXPRESSIONS.items():
        if name not in recorded_names():
            continue
        tree = promql_parser.parse(expression)
        used = {selector.name for selector in selectors(tree)}
        assert used & recorded_names() <= made, name
        made.add(name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_about_rules_name_only_what_there_is(page: Path) -> None:
    links = {"friction_grafana", "friction_monitor", "friction_runbooks"}
    named = set(re.findall(r"(?:\w+:)?\bfriction_\w+(?::\w+)?", page.read_text()))
    assert named - {*CATALOGUE, *recorded_names(), *links} == set()
