"""The shipped rules and configurations, as Prometheus's own programs judge them."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness.reference_data import REPOSITORY
from tests.harness.requirements import debian_program, promtool
from tests.harness.rule_files import (
    ALERTMANAGER,
    PROMETHEUS,
    RULE_FILES,
    alerts,
    expressions,
    recorded_names,
    with_what_it_asks_for,
)

UNIT_TESTS = sorted((REPOSITORY / "tests" / "rules").glob("*.yml"))
CONFIGURATION = PROMETHEUS / "prometheus.yml"
RUNBOOKS = REPOSITORY / "docs" / "runbooks"
STALLED = "MeasurementStalled"
VERDICTS = ("CoordinationExceedsFeature", "CoordinationExceedsFeatureEstablished")


def said_by(*command: str | Path) -> tuple[int, str]:
    """The exit code and the words of a program."""
    run = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def configuration() -> dict[str, Any]:
    """The shipped configuration of Prometheus."""
    loaded: dict[str, Any] = yaml.safe_load(CONFIGURATION.read_text())
    return loaded


def unit_tests() -> list[dict[str, Any]]:
    """Every history of every file of promtool's tests."""
    files = [yaml.safe_load(file.read_text()) for file in UNIT_TESTS]
    return [history for file in files for history in file["tests"]]


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda file: file.stem)
def test_rules_are_clean(file: Path) -> None:
    lint = ("--lint=all", "--lint-fatal")
    code, said = said_by(promtool(), "check", "rules", *lint, file)
    assert code == 0, said


@pytest.mark.parametrize("file", UNIT_TESTS, ids=lambda file: file.stem)
def test_rules_do_as_computed_by_hand(file: Path, tmp_path: Path) -> None:
    copy = with_what_it_asks_for(file, tmp_path)
    code, said = said_by(promtool(), "test", "rules", copy)
    assert code == 0, said
    assert "SUCCESS" in said


def test_every_recording_rule_has_a_value_computed_by_hand() -> None:
    computed = {
        test["expr"].partition("{")[0]
        for history in unit_tests()
        for test in history.get("promql_expr_test", ())
        if test["exp_samples"]
    }
    assert recorded_names() - computed == set()


@pytest.mark.parametrize("name", alerts())
def test_an_alert_has_a_firing_and_a_silent_history(name: str) -> None:
    expected = [
        bool(test.get("exp_alerts"))
        for history in unit_tests()
        for test in history.get("alert_rule_test", ())
        if test["alertname"] == name
    ]
    assert set(expected) == {True, False}


@pytest.mark.parametrize("name", alerts())
def test_an_alert_says_whom_it_concerns_and_where_to_look(name: str) -> None:
    alert = alerts()[name]
    assert alert["labels"] in (
        {"severity": "page", "audience": "sre"},
        {"severity": "ticket", "audience": "platform-pm"},
    )
    notes = alert["annotations"]
    links = {"runbook_url", "dashboard_url", "page_url"}
    assert set(notes) == {"summary", "description", *links}
    page = f"{{{{ $externalLabels.friction_runbooks }}}}/{name}.md"
    assert notes["runbook_url"] == page
    board = "{{ $externalLabels.friction_grafana }}/d/friction-platform-pm"
    assert notes["dashboard_url"].startswith(board)
    monitor = "{{ $externalLabels.friction_monitor }}/"
    assert notes["page_url"].startswith(monitor)
    runbook = (RUNBOOKS / f"{name}.md").read_text()
    for section in ("What it means", "Look first", "Do", "When it is false"):
        assert f"## {section}\n" in runbook, section
    assert "friction " in runbook.partition("## Look first")[2].partition("##")[0]


LOOKING_BACK = sorted(n for n, alert in alerts().items() if "[1h:" in alert["expr"])


@pytest.mark.parametrize("name", LOOKING_BACK)
def test_a_text_looks_back_as_far_as_the_condition_does(name: str) -> None:
    """Or it has holes while the monitor catches up and the numbers are absent."""
    asked = [
        query
        for of, query in expressions().items()
        if of.startswith((f"{name}.summary", f"{name}.description"))
    ]
    assert asked
    for query in asked:
        without = re.sub(r"last_over_time\([\w:]+(?:\{[^}]*\})?\[1h5m\]", "", query)
        assert "friction_" not in without, query


def test_the_configuration_of_prometheus_is_valid() -> None:
    code, said = said_by(promtool(), "check", "config", CONFIGURATION)
    assert code == 0, said
    assert f"{len(RULE_FILES)} rule files found" in said


def test_links_begin_with_what_the_configuration_says_and_stay_out_of_labels() -> None:
    names = set(configuration()["global"]["external_labels"])
    used = {
        label
        for alert in alerts().values()
        for text in alert["annotations"].values()
        for label in re.findall(r"\$externalLabels\.(\w+)", text)
    }
    assert used == names
    (relabelling,) = configuration()["alerting"]["alert_relabel_configs"]
    assert relabelling["action"] == "labeldrop"
    assert set(relabelling["regex"].split("|")) == names
    for text in [file.read_text() for file in RULE_FILES]:
        assert "://" not in text


def test_what_is_scraped_has_a_fixed_instance() -> None:
    (scrape,) = configuration()["scrape_configs"]
    (target,) = scrape["static_configs"]
    assert target["labels"] == {"instance": "friction"}
    assert scrape["job_name"] == "friction"


def test_the_configuration_of_alertmanager_is_valid() -> None:
    code, said = said_by(debian_program("amtool"), "check-config", ALERTMANAGER)
    assert code == 0, said
    assert f"{len(inhibitions())} inhibit rules" in said
    assert "2 receivers" in said


@pytest.mark.parametrize("name", alerts())
def test_an_alert_reaches_its_audience(name: str) -> None:
    labels = alerts()[name]["labels"]
    told = (f"alertname={name}", *(f"{key}={value}" for key, value in labels.items()))
    assert routed(labels["audience"], *told)[0] == 0


@pytest.mark.parametrize(
    ("receiver", "labels"),
    [
        ("sre", ("severity=page",)),
        ("sre", ("severity=page", "audience=platform-pm")),
        ("sre", ("severity=ticket", "audience=sre")),
        ("platform-pm", ("severity=ticket", "audience=platform-pm")),
        ("platform-pm", ("severity=ticket",)),
        ("platform-pm", ()),
    ],
)
def test_a_page_is_for_the_sre_and_nothing_is_lost(
    receiver: str, labels: tuple[str, ...]
) -> None:
    code, said = routed(receiver, *labels)
    assert code == 0, said
    other = "sre" if receiver == "platform-pm" else "platform-pm"
    assert routed(other, *labels)[0] == 1


def routed(receiver: str, *labels: str) -> tuple[int, str]:
    """Whether alerts with these labels reach the receiver."""
    verify = f"--verify.receivers={receiver}"
    config = f"--config.file={ALERTMANAGER}"
    test = ("config", "routes", "test", config, verify)
    return said_by(debian_program("amtool"), *test, *labels)


def inhibitions() -> dict[str, tuple[set[str], list[str]]]:
    """What each alert inhibits, and of which labels the values must be the same."""
    found = {}
    for rule in yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"]:
        (source,), (target,) = rule["source_matchers"], rule["target_matchers"]
        by, named = source.partition("=")[2].strip('"'), target.partition('"')[2]
        found[by] = (set(named.rstrip('"').split("|")), rule.get("equal", []))
    return found


def test_a_stalled_measurement_inhibits_every_other_alert() -> None:
    loaded = yaml.safe_load(ALERTMANAGER.read_text())
    assert loaded["route"]["group_by"] == ["alertname", "team"]
    # With `equal`, only alerts of the same team: the source has none.
    assert inhibitions()[STALLED] == (set(alerts()) - {STALLED}, [])


def test_the_stronger_verdict_inhibits_the_weaker_of_its_team() -> None:
    weaker, stronger = VERDICTS
    assert inhibitions()[stronger] == ({weaker}, ["team"])


def test_no_verdict_is_told_while_nobody_knows_for_whom_work_waits() -> None:
    assert inhibitions()["MeasurementUnattributed"] == (set(VERDICTS), [])
