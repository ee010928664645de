"""What the documentation names exists: links, make targets, the test command."""

import re
from pathlib import Path

import pytest

from tests.harness.reference_data import REPOSITORY
from tests.harness.sources import committed_files, shown

DOCUMENTS = [path for path in committed_files() if path.suffix == ".md"]
# The changelog also tells of what was once.
OF_NOW = [path for path in DOCUMENTS if path.name != "CHANGELOG.md"]

_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_PLACE = re.compile(r"\]\(([^)\s#:]*)#([^)\s]+)\)")
_PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+)`")
_SUFFIXES = frozenset({".py", ".md", ".yml", ".yaml", ".toml", ".json"})
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_MAKE = re.compile(r"(?:^|[`&;$ ])make ([a-z][a-z-]*)", re.MULTILINE)


def _targets() -> set[str]:
    makefile = (REPOSITORY / "Makefile").read_text()
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_links_of_a_document_lead_somewhere(document: Path) -> None:
    prose = _CODE.sub("", document.read_text())
    inside = [link for link in _LINK.findall(prose) if "://" not in link]

    lost = [link for link in inside if not (document.parent / link).exists()]

    assert lost == []


@pytest.mark.parametrize("document", OF_NOW, ids=shown)
def test_files_that_a_document_names_exist(document: Path) -> None:
    """Modules also without `monitor/`."""
    folders = (REPOSITORY, REPOSITORY / "monitor", document.parent)
    named = {name for name in _PATH.findall(document.read_text()) if _is_file(name)}

    lost = {
        name
        for name in named
        if not any((folder / name).exists() for folder in folders)
    }

    assert lost == set()


def _is_file(name: str) -> bool:
    """Whether it is meant as a file of the repository, not one that is made."""
    return Path(name).suffix in _SUFFIXES and not name.startswith("build/")


def _places(document: Path) -> set[str]:
    """What a link to a heading of the document is called, as GitHub makes it."""
    headings = _HEADING.findall(document.read_text())
    kept = (re.sub(r"[^\w\- ]", "", heading.strip().lower()) for heading in headings)
    return {name.replace(" ", "-") for name in kept}


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_links_into_a_document_lead_to_a_heading(document: Path) -> None:
    lost = [
        f"{name}#{place}"
        for name, place in _PLACE.findall(_CODE.sub("", document.read_text()))
        if place not in _places(document.parent / name if name else document)
    ]

    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_make_commands_of_a_document_exist(document: Path) -> None:
    code = "\n".join(_CODE.findall(document.read_text()))

    assert set(_MAKE.findall(code)) - _targets() == set()


def test_the_readme_names_every_target_that_help_lists() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    makefile = (REPOSITORY / "Makefile").read_text()
    _, _, developers = readme.partition("\n## For developers\n")
    told = {*_MAKE.findall(readme), *re.findall("`([a-z-]+)`", developers)}

    listed = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    assert listed - told == set()


def test_ci_runs_the_test_command_of_the_readme() -> None:
    *_, last = (REPOSITORY / ".ci" / "run").read_text().splitlines()

    assert last == "exec make test"
    assert "\nmake test " in (REPOSITORY / "README.md").read_text()


def test_every_document_begins_with_its_title() -> None:
    # A generated page says so first, in a comment.
    untitled = [
        shown(path)
        for path in DOCUMENTS
        if not re.match(r"(<!--.*?-->\s*)*# ", path.read_text(), re.DOTALL)
    ]

    assert untitled == []
