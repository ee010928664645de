"""What ``friction evaluate`` prints is told by the pages: keys and conditions."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from monitor.domain.signal_rules import SIGNALS
from monitor.pipeline.batch import report_at
from tests.harness.reference_data import REPOSITORY
from tests.unit.indicators.signals.story import instant
from tests.unit.pipeline.test_signal_job import busy

_CODE: Final = re.compile(r"`([^`\n]+)`")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
# Where the keys inside of a key are told; of all others, where the key is.
_PAGES: Final = {
    "signals": "signals.md",
    "platform_pm": "signals.md",
    "delivery": "delivery.md",
    "flow": "delivery.md",
    "coordination": "delivery.md",
}
# Their keys are names: teams, classes of work. Of signals, tested by themselves.
_BY_NAME: Final = frozenset({"teams", "active_seconds", "done_by_class", "signals"})


def told_by(page: str) -> set[str]:
    """What a page has in backticks, dotted names in their parts, too."""
    code = _CODE.findall((REPOSITORY / "docs" / page).read_text("utf-8"))
    names = {name for name in code if _NAME.fullmatch(name)}
    return {*code, *(part for name in names for part in name.split("."))}


def keys_of(
    found: object, page: str = "evaluate.md", *, by_name: bool = False
) -> Iterator[tuple[str, str]]:
    """Every key of a document, and the page that has to tell it."""
    if isinstance(found, list):
        for one in found:
            yield from keys_of(one, page)
    elif isinstance(found, dict):
        for key, value in found.items():
            if not by_name:
                yield page, key
            inside = _PAGES.get(key, page)
            yield from keys_of(value, inside, by_name=key in _BY_NAME)


@pytest.fixture(scope="module")
def evaluation() -> dict[str, Any]:
    """Of six weeks in which something was asked, decided, put off and found."""
    batch = busy().batch()
    batch.at = instant(45)
    return report_at(batch, None)


def test_every_key_stands_on_its_page(evaluation: dict[str, Any]) -> None:
    keys = {*keys_of(evaluation)}
    # Lists that are empty would hide what their objects have.
    assert {key for _, key in keys} >= {"what", "kind", "phase", "holds", "gap"}

    assert {(page, key) for page, key in keys if key not in told_by(page)} == set()


def test_every_condition_stands_beside_its_signal(evaluation: dict[str, Any]) -> None:
    text = (REPOSITORY / "docs" / "signals.md").read_text("utf-8")
    _, _, table = text.partition("\n### Conditions\n")
    rows = [line.split("|")[1:3] for line in table.split("\n## ")[0].splitlines()]
    told: dict[str, list[str]] = {}
    signal = ""
    for first, second in (row for row in rows if len(row) == 2):
        signal = "".join(_CODE.findall(first)) or signal
        told.setdefault(signal, []).extend(_CODE.findall(second))

    assert {name: told[name] for name in SIGNALS} == {
        name: [condition["name"] for condition in signal["conditions"]]
        for name, signal in evaluation["signals"].items()
    }
