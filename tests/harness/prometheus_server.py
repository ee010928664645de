"""A real Prometheus as a process of our own, and questions to it.

with PrometheusServer(tmp_path / "prometheus", "global: {}") as server:
    assert server.query("vector(1)")[0]["value"][1] == "1"
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from tests.harness.ports import free_port
from tests.harness.requirements import debian_program
from tests.harness.server_process import ServerProcess

_ANSWER_SECONDS = 60.0
# Long enough for a board that shows a year.
_RETENTION = "3y"


class PrometheusServer:
    """A Prometheus on a free port with this configuration.

    The configuration is written into the folder: paths in it may be relative to there.
    Its database is ``folder/data``: blocks that lie there before the start are read.
    ``external_url`` is what links in its alerts begin with.
    """

    def __init__(
        self, folder: Path, configuration: str, external_url: str | None = None
    ) -> None:
        """Write the configuration and choose a port; nothing runs yet."""
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        self.url = f"http://127.0.0.1:{free_port()}"
        self._external_url = external_url
        (folder / "prometheus.yml").write_text(configuration)
        self._process: ServerProcess | None = None

    def __enter__(self) -> Self:
        """Start it and wait until it is ready."""
        command: list[str | Path] = [
            debian_program("prometheus"),
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.data}",
            f"--storage.tsdb.retention.time={_RETENTION}",
            f"--web.listen-address={self.url.removeprefix('http://')}",
            "--log.level=warn",
        ]
        if self._external_url is not None:
            # Only links have it: the pages stay where they are.
            command += [
                f"--web.external-url={self._external_url}",
                "--web.route-prefix=/",
            ]
        self._process = ServerProcess(command, self.folder)
        self._process.wait_until_ready(f"{self.url}/-/ready")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.stop()

    @property
    def log(self) -> str:
        """What it wrote so far, warnings and errors only."""
        return self._process.log if self._process is not None else ""

    def query(self, expr: str, at: float | None = None) -> list[dict[str, Any]]:
        """Return the series of an instant query, at ``at`` in Unix time or now.

        Each is ``{"metric": {label: value}, "value": [time, text]}``.

        Raises:
            QueryError: refused, or answered with warnings; tells what and why.
        """
        parameters = {"query": expr} if at is None else {"query": expr, "time": at}
        return self._series("/api/v1/query", parameters)

    def query_range(
        self, expr: str, start: float, end: float, step: float
    ) -> list[dict[str, Any]]:
        """Return the series of a range query, each with its ``values``.

        Raises:
            QueryError: as ``query`` does.
        """
        span = {"query": expr, "start": start, "end": end, "step": step}
        return self._series("/api/v1/query_range", span)

    def values(
        self, expr: str, *names: str, at: float | None = None
    ) -> dict[tuple[str, ...], float]:
        """Return the numbers of an instant query by the values of these labels.

        Raises:
            QueryError: as ``query`` does.
            AssertionError: two series have equal values of these labels.
        """
        found: dict[tuple[str, ...], float] = {}
        for series in self.query(expr, at):
            key = tuple(series["metric"].get(name, "") for name in names)
            assert key not in found, f"{expr}: two series with {key}"
            found[key] = float(series["value"][1])
        return found

    def rules(self) -> list[dict[str, Any]]:
        """Return every loaded rule, with its ``name``, ``health``, ``lastError``."""
        groups = self.get("/api/v1/rules")["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def targets(self) -> list[dict[str, Any]]:
        """Return every target it scrapes, with its ``labels`` and ``lastError``."""
        found: list[dict[str, Any]] = self.get("/api/v1/targets")["activeTargets"]
        return found

    def alerts(self) -> list[dict[str, Any]]:
        """Return every alert that is pending or firing."""
        found: list[dict[str, Any]] = self.get("/api/v1/alerts")["alerts"]
        return found

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the ``data`` of an answer of its interface.

        Raises:
            QueryError: refused, or answered with warnings; tells what and why.
        """
        body = urllib.parse.urlencode(parameters).encode() if parameters else None
        asked = urllib.request.Request(f"{self.url}{path}", data=body)
        try:
            with urllib.request.urlopen(asked, timeout=_ANSWER_SECONDS) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                said = refusal.read().decode(errors="replace")
            raise QueryError(f"{path} {parameters}: {refusal.code} {said}") from refusal
        if told["status"] != "success" or told.get("warnings"):
            raise QueryError(f"{path} {parameters}: {told}")
        return told["data"]

    def _series(self, path: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        data = self.get(path, parameters)
        if data["resultType"] == "scalar":
            return [{"metric": {}, "value": data["result"]}]
        found: list[dict[str, Any]] = data["result"]
        return found


class QueryError(Exception):
    """A question that Prometheus refused, or answered with a warning."""
