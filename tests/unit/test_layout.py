"""The conventions of the repository that no linter knows."""

import ast
import re
from pathlib import Path

from tests.harness.reference_data import REPOSITORY
from tests.harness.sources import committed_files, parsed, python_modules, shown

LINES_OF_A_MODULE = 300
# A file of tests is a list: it is read from any place, not whole.
LINES_OF_A_TEST_FILE = 500

# Names that say nothing about the domain.
EMPTY_MODULE_NAMES = {"common", "data", "helpers", "info", "misc", "utils"}
EMPTY_WORDS = {"helper", "helpers", "manager", "util", "utils"}

# Written apart, so that this file does not hold what it looks for.
_HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("repo", "maven", "apache", "org"),
    ("repo1", "maven", "org"),
    ("deb", "debian", "org"),
    ("crates", "io"),
    ("proxy", "golang", "org"),
)
_PLACES = ("home", "root", "Users", "work")

FORBIDDEN_TEXT = re.compile(
    "|".join(
        [
            *(re.escape(".".join(host)) for host in _HOSTS),
            # A path from the root of somebody's machine, not part of an address.
            rf"(?<![\w./:*}}>-])/(?:{'|'.join(_PLACES)})/[\w.]",
        ]
    )
)


def test_modules_are_short_enough_to_be_read_whole() -> None:
    long = {
        shown(path): lines
        for path in python_modules("monitor", "grafana", "tests")
        if (lines := len(path.read_text().splitlines())) > _lines_allowed(path)
    }

    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        shown(path)
        for path in python_modules("monitor", "grafana", "tests/harness")
        if path.read_text().strip() and not ast.get_docstring(parsed(path))
    ]

    assert silent == []


def test_package_files_hold_no_code() -> None:
    allowed = (ast.Expr, ast.Import, ast.ImportFrom)
    busy = [
        shown(path)
        for path in python_modules("monitor", "grafana")
        if path.name == "__init__.py"
        and any(not isinstance(part, allowed) for part in parsed(path).body)
    ]

    assert busy == []


def test_modules_are_named_after_what_they_hold() -> None:
    modules = python_modules("monitor", "grafana", "tests")
    empty = [shown(path) for path in modules if _words_of(path) & EMPTY_MODULE_NAMES]

    assert empty == []


def test_classes_and_functions_are_named_after_what_they_do() -> None:
    empty = [
        f"{shown(path)}: {name}"
        for path in python_modules("monitor", "grafana", "tests")
        for name in _defined_names(path)
        if _words(name) & EMPTY_WORDS
    ]

    assert empty == []


def test_nothing_names_a_machine_or_where_packages_come_from() -> None:
    found = [
        f"{shown(path)}:{number}"
        for path in committed_files()
        if (text := _text(path)) is not None
        for number, line in enumerate(text.splitlines(), start=1)
        if FORBIDDEN_TEXT.search(line)
    ]

    assert found == []


def test_no_real_payload_is_in_the_repository() -> None:
    large = [
        shown(path)
        for path in committed_files()
        if path.suffix in {".json", ".jsonl"} and path.stat().st_size > 1_000_000
    ]

    assert large == []


def _lines_allowed(path: Path) -> int:
    listed = path.name.startswith("test_")
    return LINES_OF_A_TEST_FILE if listed else LINES_OF_A_MODULE


def _words_of(path: Path) -> set[str]:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return {part.lower() for part in parts}


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def _defined_names(path: Path) -> list[str]:
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in ast.walk(parsed(path)) if isinstance(node, kinds)]


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
