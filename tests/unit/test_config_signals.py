"""`[signals]`: labels, ways and exemptions, and how mistakes in them are told."""

from pathlib import Path

import pytest

from monitor.config import check, load
from monitor.config_sections import Config
from monitor.config_signals import signal_rules
from monitor.config_values import decode_settings
from monitor.decode.label_table import LabelTable
from monitor.domain.signal_rules import Exemption, Signal, SignalRules, Way

SECTION = """\
[signals.labels]
"Slow Build" = "tooling"
question = "none"
[signals.prefixes]
part = "component"
area = "none"
[signals.ways.ci]
"acme/*/template-*" = "template"
"acme/*" = "own"
[[signals.exempt]]
signal = "different_ways"
subject = "ci"
from = 2026-03-02
until = 2026-03-31
why = "moving"
[[signals.exempt]]
signal = "systemic_findings"
team = "search"
subject = "CWE-79"
until = 2026-03-01
why = "being rewritten"
"""
BACKWARDS = """\
[[signals.exempt]]
signal = "slow_tooling"
from = 2026-03-02
until = 2026-03-01
why = "y"
"""
DAY = 86_400_000
MARCH_2 = 1_772_409_600_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "friction.toml"


def loaded(file: Path, text: str) -> Config:
    file.write_text(text, encoding="utf-8")
    config = load(file, {})
    assert isinstance(config, Config), config
    return config


def test_without_a_word_the_usual_ones_hold(file: Path) -> None:
    config = loaded(file, "")
    assert decode_settings(config, frozenset()).signals == LabelTable()
    assert signal_rules(config.signals) == SignalRules()


def test_labels_and_prefixes_add_and_none_takes_out(file: Path) -> None:
    table = decode_settings(loaded(file, SECTION), frozenset()).signals
    labels = ["slow build", "question", "how-to", "platform", "part:x", "area:y"]
    assert table.known(labels) == ["component:x", "how-to", "platform", "tooling"]
    assert table.known(["question"]) == []


def test_days_are_utc_and_the_last_one_is_included(file: Path) -> None:
    rules = signal_rules(loaded(file, SECTION).signals)
    assert rules.exemptions == (
        Exemption(
            Signal.DIFFERENT_WAYS, MARCH_2, MARCH_2 + 30 * DAY, "moving", "", "ci"
        ),
        Exemption(
            Signal.SYSTEMIC_FINDINGS, 0, MARCH_2, "being rewritten", "search", "cwe-79"
        ),
    )
    assert rules.ways == (
        Way("ci", "acme/*/template-*", "template"),
        Way("ci", "acme/*", "own"),
    )


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('[signals.labels]\nx = "nonsense"\n', "signals.labels.x"),
        ('[[signals.exempt]]\nsignal = "x"\nuntil = 2026-03-01\nwhy = "y"\n', "signal"),
        ('[[signals.exempt]]\nsignal = "slow_tooling"\nwhy = "y"\n', "until"),
        ('[[signals.exempt]]\nsignal = "slow_tooling"\nuntil = 2026-03-01\n', "why"),
        (BACKWARDS, "exempt[0]"),
    ],
)
def test_a_mistake_is_told_where_it_is(file: Path, text: str, path: str) -> None:
    file.write_text(text, encoding="utf-8")
    found = check(file, None, {"FRICTION_KAFKA__BOOTSTRAP_SERVERS": "localhost:9092"})
    assert len(found) == 1
    assert found[0].path.endswith(path)
