"""Keys of the configuration that pages name are keys that a file may have."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from monitor.config.jira import JiraSection
from monitor.config.loading import load
from monitor.config.sections import SECRETS, Config, TopicSection
from tests.harness.reference_data import REPOSITORY
from tests.harness.sources import committed_files, shown

# The changelog also tells of what was once.
PAGES: Final = [
    path
    for path in committed_files()
    if path.suffix == ".md" and path.name != "CHANGELOG.md"
]
_TOML: Final = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)
_CODE: Final = re.compile(r"`([^`\n]+)`")
_SECTIONS: Final = "|".join(Config.model_fields)
_QUALIFIED: Final = re.compile(rf"`({_SECTIONS})\.([a-z_0-9]+)`")
_VARIABLE: Final = re.compile(r"\bFRICTION_([A-Z_]+?)__([A-Z_0-9]+?)(?:__|\b)")
_OF_A_TOPIC: Final = re.compile(r"((?:`[a-z_]+`(?:, | and )?)+) of a topic\b")
# Files that are called like a key of a section.
_FILES: Final = frozenset({"md", "jsonl"})


def keys_of(section: str) -> set[str]:
    return {*type(getattr(Config(), section)).model_fields}


def tables_of(page: str) -> Iterator[tuple[list[str], str]]:
    """The sections that a heading of the page names, and the text below it."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    for part in text.split("\n## ")[1:]:
        heading, _, below = part.partition("\n")
        yield re.findall(r"`\[(\w+)\]`", heading), below


def first_cells(text: str) -> set[str]:
    """What the first column names, without its section and what is inside of it."""
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return {
        re.sub(rf"^(?:{_SECTIONS})\.|[ .<].*$", "", name)
        for row in rows
        for name in _CODE.findall(row.split("|")[1])
    }


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_configuration_on_a_page_is_sound(page: Path, tmp_path: Path) -> None:
    for number, text in enumerate(_TOML.findall(page.read_text("utf-8"))):
        (file := tmp_path / f"{number}.toml").write_text(text, "utf-8")
        found = load(file, {})
        assert isinstance(found, Config), found


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_keys_that_a_page_names_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    named = {*_QUALIFIED.findall(text)}
    strange = {f"{one}.{key}" for one, key in named if key not in keys_of(one)}
    of_topics = {
        key for names in _OF_A_TOPIC.findall(text) for key in _CODE.findall(names)
    }

    assert {one for one in strange if one.partition(".")[2] not in _FILES} == set()
    assert of_topics - TopicSection.model_fields.keys() == set()


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_variables_that_a_page_names_are_there(page: Path) -> None:
    named = {*_VARIABLE.findall(page.read_text("utf-8"))} - {("SECTION", "KEY")}

    strange = {
        (section, key)
        for section, key in named
        if section.lower() not in Config.model_fields
        or key.lower() not in keys_of(section.lower())
    }

    assert strange == set()


def test_the_page_of_the_configuration_names_every_key() -> None:
    told = {}
    for sections, text in tables_of("configuration.md"):
        wanted = {key for section in sections for key in keys_of(section)} - SECRETS
        told.update(dict.fromkeys(sections))
        assert first_cells(text) == wanted

    assert told.keys() == Config.model_fields.keys()


def test_the_page_of_jira_names_every_key() -> None:
    (below,) = [
        part
        for part in (REPOSITORY / "docs" / "jira.md").read_text("utf-8").split("\n## ")
        if part.startswith("Settings\n")
    ]

    assert first_cells(below) == {*JiraSection.model_fields}
