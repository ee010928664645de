"""Of what comes from a limit of open files it is said what to do, of nothing else."""

from __future__ import annotations

import errno
import os

import pytest

from monitor.adapters.open_files import shortage_of_files
from monitor.errors import SourceUnavailable


@pytest.mark.parametrize(
    ("number", "limit"), [(errno.EMFILE, "`ulimit -n`"), (errno.ENFILE, "fs.file-max")]
)
def test_which_limit_is_reached_and_how_to_raise_it(number: int, limit: str) -> None:
    problem = OSError(number, os.strerror(number), "some/file")
    told = shortage_of_files(problem)
    assert told is not None
    assert told.startswith(f"{os.strerror(number)}. ")
    assert limit in told
    assert "some/file" not in told


def test_it_is_found_behind_what_came_of_it() -> None:
    unusable = SourceUnavailable("the certificates cannot be used")
    unusable.__cause__ = OSError(errno.EMFILE, "Too many open files")
    assert "ulimit -n" in (shortage_of_files(unusable) or "")


@pytest.mark.parametrize(
    "problem", [OSError(errno.ENOENT, "no such file"), OSError("closed"), KeyError(24)]
)
def test_whatever_else_fails_is_none(problem: Exception) -> None:
    assert shortage_of_files(problem) is None
