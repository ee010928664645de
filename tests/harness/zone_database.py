"""A machine's database of time zones, of which one name changes its meaning."""

from __future__ import annotations

import importlib.resources
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from monitor.domain import working_time
from monitor.domain.working_time import calendar_of
from monitor.domain.zone_rules import rules_of
from tests.harness.driving import directory_of

ZONE: Final = "Land/City"
Means = Callable[[str], None]


@contextmanager
def zone_database(folder: Path) -> Iterator[Means]:
    """Say what the zone means from now on: what another one does."""

    def forget() -> None:
        zoneinfo.ZoneInfo.clear_cache()
        for made in (rules_of, calendar_of, working_time._wide_table, directory_of):
            made.cache_clear()

    def update(other: str) -> None:
        zones = importlib.resources.files("tzdata") / "zoneinfo"
        (folder / "Land").mkdir(exist_ok=True)
        (folder / ZONE).write_bytes(zones.joinpath(*other.split("/")).read_bytes())
        forget()

    zoneinfo.reset_tzpath(to=[str(folder)])
    try:
        yield update
    finally:
        zoneinfo.reset_tzpath()
        forget()
