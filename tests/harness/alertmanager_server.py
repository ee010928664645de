"""A real Alertmanager as a process of our own, and questions to it."""

import json
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.harness.ports import free_port
from tests.harness.requirements import debian_program
from tests.harness.server_process import ServerProcess

_ANSWER_SECONDS = 30.0


class AlertmanagerServer:
    """An Alertmanager on a free port with this configuration, alone in its cluster."""

    def __init__(self, folder: Path, configuration: str) -> None:
        """Write the configuration and choose a port; nothing runs yet."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.url = f"http://127.0.0.1:{free_port()}"
        (folder / "alertmanager.yml").write_text(configuration)
        self._process: ServerProcess | None = None

    def __enter__(self) -> Self:
        """Start it and wait until it is ready."""
        self._process = ServerProcess(
            [
                debian_program("prometheus-alertmanager"),
                f"--config.file={self.folder / 'alertmanager.yml'}",
                f"--storage.path={self.folder / 'data'}",
                f"--web.listen-address={self.address}",
                "--cluster.listen-address=",
                "--log.level=warn",
            ],
            self.folder,
        )
        self._process.wait_until_ready(f"{self.url}/-/ready")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.stop()

    @property
    def address(self) -> str:
        """Host and port, as Prometheus names it."""
        return self.url.removeprefix("http://")

    def alerts(self) -> list[dict[str, Any]]:
        """Return every alert it holds, each with its ``status``."""
        with urllib.request.urlopen(
            f"{self.url}/api/v2/alerts", timeout=_ANSWER_SECONDS
        ) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def post(self, alerts: Sequence[Mapping[str, Any]]) -> None:
        """Hand alerts over, as Prometheus does."""
        request = urllib.request.Request(
            f"{self.url}/api/v2/alerts",
            data=json.dumps(alerts).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as answer:
            assert answer.status == 200
