"""`friction run` as a child process on a real broker, and what it shows."""

import http.client
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.harness.exposition import Labels, Numbers, parsed
from tests.harness.ports import free_port
from tests.harness.program import Program, fetch
from tests.harness.waiting import eventually

StartProgram = Callable[..., Program]

WINDOW_DAYS = (3, 7, 14, 28)
# The instant is no counter, and must not fall either.
COUNTERS = (
    "friction_evaluated_at_timestamp_seconds",
    "friction_wait_seconds_total",
    "friction_active_seconds_total",
    "friction_own_failure_seconds_total",
    "friction_capacity_seconds_total",
    "friction_waits_total",
    "friction_handoffs_total",
    "friction_pingpongs_total",
    "friction_negative_lengths_total",
    "friction_wait_duration_seconds_bucket",
    "friction_wait_duration_seconds_count",
    "friction_wait_duration_seconds_sum",
)


REFRESHED_AT = ("friction_refreshed_at_timestamp_seconds", ())


def labels(**values: str) -> Labels:
    """Labels in the order in which numbers are kept."""
    return tuple(sorted(values.items()))


@dataclass
class Service:
    """A configured service in a folder of its own; may be started again and again."""

    start_program: StartProgram
    folder: Path
    bootstrap: str
    topics: Sequence[str]
    teams: str | None
    settle_seconds: float = 0
    kafka: Mapping[str, str] = field(default_factory=dict)
    more: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    runs: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Write both files; without teams, none names a teams file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.configure()
        if self.teams is not None:
            self.write_teams(self.teams)

    def configure(self) -> None:
        """Write the configuration, as it is read at the next start."""
        directory = "" if self.teams is None else '[directory]\npath = "teams.yaml"\n'
        kafka = {"bootstrap_servers": self.bootstrap, **self.kafka}
        lines = [f"{key} = {json.dumps(value)}" for key, value in kafka.items()]
        self.config_path.write_text(
            "[kafka]\n"
            + "\n".join(lines)
            + f"\ntopics = {json.dumps(list(self.topics))}\n"
            + directory
            + '[state]\npath = "friction.db"\n'
            f"[http]\nport = {self.port}\n"
            f"[model]\nsettle_seconds = {self.settle_seconds}\n" + self.more
        )

    @property
    def config_path(self) -> Path:
        """Where its configuration is."""
        return self.folder / "friction.toml"

    @property
    def state_path(self) -> Path:
        """Where its state is."""
        return self.folder / "friction.db"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """Host and port, as a scraper names them."""
        return f"127.0.0.1:{self.port}"

    @property
    def run(self) -> Program:
        """The newest start of it."""
        return self.runs[-1]

    def write_teams(self, text: str) -> None:
        """Replace the teams file; read at the next start."""
        self.teams = text
        (self.folder / "teams.yaml").write_text(text)

    def start(self) -> Program:
        """Start it and return at once."""
        arguments = ("run", "--config", self.config_path)
        run = self.start_program(*arguments, environment=self.environment)
        self.runs.append(run)
        return run

    def start_ready(self, deadline_seconds: float = 60) -> Program:
        """Start it and wait until it has caught up."""
        run = self.start()
        eventually(self.is_ready, deadline_seconds, "ready")
        return run

    def is_ready(self) -> bool:
        """Whether it says that it has caught up; an ended one never will."""
        if self.run.running:
            return self.get("/readyz")[0] == 200
        raise EndedError(self.run.output + self.run.errors)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of one of its pages; status 0 when it does not answer."""
        try:
            return fetch(self.url + path)
        except http.client.HTTPException:  # killed while it answered
            return 0, ""

    def numbers(self) -> Numbers:
        """Every sample of /metrics; none when it does not answer."""
        status, text = self.get("/metrics")
        return parsed(text) if status == 200 else {}

    def settled(self, after: float, deadline_seconds: float = 30) -> Numbers:
        """The numbers of an instant later than ``after`` (seconds), with no lag."""

        def later() -> Numbers:
            numbers = self.numbers()
            assert numbers.get(("friction_ready", ())) == 1
            assert numbers[EVALUATED_AT] > after
            assert not lag(numbers)
            return numbers

        return eventually(later, deadline_seconds, "settled numbers")


EVALUATED_AT = ("friction_evaluated_at_timestamp_seconds", ())


class EndedError(Exception):
    """The service ended by itself; the message is what it wrote."""


def lag(numbers: Numbers) -> float:
    """Records that are not yet committed, over all partitions."""
    return sum(of(numbers, "friction_consumer_lag_records").values())


def of(numbers: Numbers, name: str) -> dict[Labels, float]:
    """The samples of one name that are not zero."""
    return {
        at: value for (name_, at), value in numbers.items() if name_ == name and value
    }


def by_label(numbers: Numbers, name: str, *names: str) -> dict[tuple[str, ...], float]:
    """The samples of one name by these labels' values; an absent label is empty."""
    return {
        tuple(dict(at).get(label, "") for label in names): value
        for at, value in of(numbers, name).items()
    }


def told(running: Service, words: str) -> tuple[int, str]:
    """The answer of /readyz, once it says these words."""
    status, text = running.get("/readyz")
    assert words in text
    return status, text


def with_events(running: Service, count: int) -> Numbers:
    """The numbers, once as many facts were read since the start."""
    numbers = running.numbers()
    found = by_label(numbers, "friction_events_total", "result", "kind", "source")
    facts = sum(value for (result, *_), value in found.items() if result == "fact")
    return numbers if facts >= count else {}


def fallen(before: Numbers, after: Numbers) -> list[str]:
    """Every counter that shows less than before, or is gone."""
    return [
        f"{name}{dict(at)}: {after.get((name, at), 0)} after {value}"
        for (name, at), value in before.items()
        if name in COUNTERS and after.get((name, at), 0) < value - 1e-6
    ]


def rfc3339(seconds: float) -> str:
    """An instant to the millisecond, as the command line takes it."""
    moment = datetime.fromtimestamp(round(seconds * 1000) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds")


def record_file(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """A record file of bare bodies or whole records."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def log_events(run: Program) -> list[dict[str, Any]]:
    """Its log, one object a line; lines that are no JSON fail the test."""
    return [json.loads(line) for line in run.errors.splitlines() if line]
