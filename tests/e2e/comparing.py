"""Where /metrics and `friction evaluate` on the same records differ."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor import bootstrap
from monitor.adapters.files.records import read_records
from monitor.config.loading import load, load_directory
from monitor.config.sections import Config
from monitor.config.values import decode_settings, model_of
from monitor.domain.working_time import DAY
from monitor.pipeline.batch import Batch, report_at
from tests.e2e.service import EVALUATED_AT, WINDOW_DAYS, Service, by_label
from tests.harness.exposition import Numbers

Table = dict[tuple[str, ...], float]


class Evaluated:
    """What ``friction evaluate`` says of a record file at an instant.

    The same code as the command runs, in this process, so that the file is read
    once for all windows. One test starts the command itself.
    """

    def __init__(
        self,
        service: Service,
        records: Path,
        at_seconds: float,
        teams: Path | None = None,
    ) -> None:
        """Read the records with the service's configuration and teams file.

        ``teams`` takes the place of the configured file.
        """
        config = load(service.config_path, {})
        assert isinstance(config, Config), config
        directory = load_directory(teams or config.directory.path)
        assert not isinstance(directory, tuple), directory
        self.batch: Batch = bootstrap.memory_batch(
            directory,
            decode_settings(config, directory.projects),
            model_of(config),
            round(at_seconds * 1000),
            bootstrap.hints_of(config),
        )
        with records.open("rb") as nothing:
            self.batch.read(read_records([str(records)], nothing))

    def document(self, days: int | None) -> dict[str, Any]:
        """The output for a window, or for all time."""
        window = None if days is None else days * DAY
        document: dict[str, Any] = json.loads(json.dumps(report_at(self.batch, window)))
        return document


def disagreements(numbers: Numbers, documents: Mapping[int | None, Any]) -> list[str]:
    """Where /metrics and the evaluation of each window (None: all time) differ."""
    found: list[str] = []
    for days, document in documents.items():
        actual = _counted(numbers) if days is None else _window(numbers, f"{days}d")
        expectation = expectations(document)
        for name, shown in actual.items():
            expected = expectation[name]
            for key in sorted({*shown, *expected}):
                left, right = shown.get(key, 0), expected.get(key, 0)
                if abs(left - right) > 1e-6 * max(1, abs(right) / 1e6):
                    found.append(f"{days} d, {name}{key}: {left}, evaluated {right}")
    return found


def expectations(document: Mapping[str, Any]) -> dict[str, Table]:
    """The numbers of an evaluation that /metrics shows too."""
    teams = document["teams"].items()
    names = ("team", "on_team", "component", "phase")
    waits: Table = {}
    for wait in document["waits"]:
        key = tuple(wait[name] for name in names)
        waits[key] = waits.get(key, 0) + wait["seconds"]
    return {
        "wait": waits,
        "active": {
            (team, of_class): value
            for team, row in teams
            for of_class, value in row["active_seconds"].items()
        },
        "items": {(team,): row["items"] for team, row in teams},
        "capacity": {(team,): row["capacity_seconds"] or 0 for team, row in teams},
        "unclassified": {(team,): row["unclassified_seconds"] for team, row in teams},
        **_delivered(document),
    }


def _delivered(document: Mapping[str, Any]) -> dict[str, Table]:
    """Counts of delivery and flow, and how many spans were timed."""
    found: dict[str, Table] = {
        name: {} for name in ("deploys", "unplanned", "done", "in flight", "timed")
    }
    for team, row in document["teams"].items():
        delivery, flow = row["delivery"], row["flow"]
        deploys = delivery["deploys"]
        for cause, count in {"none": deploys["succeeded"], **deploys["failed"]}.items():
            found["deploys"][team, cause] = count
        found["unplanned"][(team,)] = deploys["unplanned"]
        for work_class, count in flow["done_by_class"].items():
            found["done"][team, work_class] = count
        found["in flight"][(team,)] = flow["in_flight"]
        for name, spans in (
            ("lead_time", delivery["lead_time_seconds"]),
            ("recovery", delivery["recovery_seconds"]),
            ("flow_time", flow["time_seconds"]),
        ):
            found["timed"][team, name] = spans["count"]
    return found


def _window(numbers: Numbers, window: str) -> dict[str, Table]:
    def of_window(name: str, *names: str) -> Table:
        samples = by_label(numbers, f"friction_window_{name}", "window", *names)
        return {key[1:]: value for key, value in samples.items() if key[0] == window}

    return {
        "wait": of_window("wait_seconds", "team", "on_team", "component", "phase"),
        "active": of_window("active_seconds", "team", "work_class"),
        "items": of_window("items", "team"),
        "capacity": of_window("capacity_seconds", "team"),
        "unclassified": of_window("unclassified_seconds", "team"),
        "deploys": of_window("deploys", "team", "cause"),
        "unplanned": of_window("unplanned_deploys", "team"),
        "done": of_window("items_done", "team", "work_class"),
        "in flight": by_label(numbers, "friction_items_in_flight", "team"),
        **({"timed": _timed(numbers)} if window == "28d" else {}),
    }


def _timed(numbers: Numbers) -> Table:
    names = ("team", "measure", "at_most")
    samples = by_label(numbers, "friction_window_spans", *names)
    return {key[:2]: value for key, value in samples.items() if key[2] == "+Inf"}


def _counted(numbers: Numbers) -> dict[str, Table]:
    names = ("team", "on_team", "component", "phase")
    waits = by_label(numbers, "friction_wait_seconds_total", *names)
    active = by_label(numbers, "friction_active_seconds_total", "team", "work_class")
    debts = by_label(
        numbers, "friction_correction_debt_seconds", *names, "work_class", "kind"
    )
    capacity = by_label(numbers, "friction_capacity_seconds_total", "team")
    for (*wait, of_class, kind), debt in debts.items():
        if of_class:
            active[wait[0], of_class] -= debt
        elif wait[1]:
            waits[tuple(wait)] -= debt
        elif not kind:
            capacity[wait[0],] -= debt
    return {
        "wait": waits,
        "active": active,
        "capacity": capacity,
        "deploys": _less_debt(numbers, "friction_deploys_total", "cause"),
        "unplanned": _less_debt(numbers, "friction_unplanned_deploys_total"),
        "done": _less_debt(numbers, "friction_items_done_total", "work_class"),
    }


def _less_debt(numbers: Numbers, counter: str, *label: str) -> Table:
    """A counter of occurrences without what it shows above its true total."""
    found = by_label(numbers, counter, "team", *label)
    debts = by_label(
        numbers, "friction_correction_debt_occurrences", "counter", "team", *label
    )
    for (name, *labels), debt in debts.items():
        if name == counter:
            found[tuple(labels)] -= debt
    return found


def judged_otherwise(
    numbers: Numbers, month: Mapping[str, Any], week: Mapping[str, Any]
) -> list[str]:
    """Where limits and verdicts differ from evaluations at the instant of a refresh.

    An evaluation has one window: what it calls indicated is so in /metrics when
    coordination cost more than features in the last week, too.
    """
    names = ("window", "team", "limit")
    shown = by_label(numbers, "friction_window_ratio_limit", *names)
    verdicts = by_label(numbers, "friction_verdict", "team", "verdict")
    found = [
        f"{key}: {value}" for key, value in verdicts.items() if value not in (0, 1)
    ]
    for team, row in month["teams"].items():
        for limit in ("lower", "upper"):
            expected = (row["interval"] or {}).get(limit)
            actual = shown.pop(("28d", team, limit), None)
            if expected is None or actual is None:
                same = expected == actual
            else:
                same = abs(actual - expected) <= 1e-9 * expected
            if not same:
                found.append(f"{team}, {limit}: {actual}, evaluated {expected}")
        word = row["verdict"]
        if word == "indicated" and not exceeds(week["teams"].get(team)):
            word = "possible"
        words = [one for (of, one), value in verdicts.items() if of == team and value]
        if words != [word]:
            found.append(f"{team}: {words}, evaluated {word}")
    return [*found, *(f"{key}: not evaluated" for key in shown)]


def exceeds(row: Mapping[str, Any] | None) -> bool:
    """Whether coordination cost a team more than features, by the central weights."""
    if row is None:
        return False
    return bool(row["coordination_seconds"]["central"] > row["feature_seconds"])


def signalled_otherwise(numbers: Numbers, document: Mapping[str, Any]) -> list[str]:
    """Where signals and Platform PMs differ from an evaluation at the refresh."""
    signals, pms = document["signals"].items(), document["platform_pm"]
    expected: dict[str, Table] = {
        "signal_active": {(name,): float(one["active"]) for name, one in signals},
        "signal_ratio": {
            (name,): one["ratio"] for name, one in signals if one["ratio"] is not None
        },
        "platform_pm_recommended": {
            (name,): value for name, value in pms["recommended"].items()
        },
    }
    found = {
        name: {
            tuple(value for _, value in labels): shown
            for (name_, labels), shown in numbers.items()
            if name_ == f"friction_{name}"
        }
        for name in expected
    }
    return [
        f"{name}: {found[name]}, evaluated {table}"
        for name, table in expected.items()
        if found[name] != pytest.approx(table)
    ]


def compared(
    service: Service, numbers: Numbers, records: Path, teams: Path | None = None
) -> list[str]:
    """Where these numbers differ from the evaluation at their own instant."""
    evaluated = Evaluated(service, records, numbers[EVALUATED_AT], teams)
    windows: tuple[int | None, ...] = (*WINDOW_DAYS, None)
    return disagreements(numbers, {days: evaluated.document(days) for days in windows})
