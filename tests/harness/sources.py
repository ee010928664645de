"""The repository's own files, as a commit would hold them."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.harness.reference_data import REPOSITORY

_NEVER_COMMITTED = {"build", "dist", "__pycache__"}
_COMMITTED_DOTS = {".ci", ".gitignore", ".dockerignore"}


def committed_files() -> list[Path]:
    """Return every file of the repository, committed or about to be.

    Without git (an archive was unpacked) the folders that are built are left out.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(
            command, cwd=REPOSITORY, check=True, capture_output=True, text=True
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        return sorted(_walk(REPOSITORY))
    named = (REPOSITORY / name for name in listed.stdout.split("\0") if name)
    return sorted(path for path in named if path.is_file())


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        name = path.name
        hidden = name.startswith(".") and name not in _COMMITTED_DOTS
        if hidden or name in _NEVER_COMMITTED or name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def python_modules(*folders: str) -> list[Path]:
    """Return the Python files below the named folders of the repository."""
    roots = [REPOSITORY / folder for folder in folders]
    return [
        path
        for path in committed_files()
        if path.suffix == ".py" and any(path.is_relative_to(root) for root in roots)
    ]


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(), filename=str(path))


def shown(path: Path) -> str:
    """Return the path as seen from the repository."""
    return str(path.relative_to(REPOSITORY))
