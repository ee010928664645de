"""``python -O``, with which the Kafka client does not work: told, not waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.program import Program

CONFIG = """
[kafka]
bootstrap_servers = "127.0.0.1:1"
topics = ["friction.tickets"]
[http]
port = 0
"""


@pytest.mark.parametrize(
    ("command", "level"), [("run", "1"), ("run", "2"), ("doctor", "1"), ("init", "2")]
)
def test_what_needs_kafka_is_refused(command: str, level: str, tmp_path: Path) -> None:
    (tmp_path / "friction.toml").write_text(CONFIG)
    asked = (command, "--config", "friction.toml")
    with Program(asked, tmp_path, {"PYTHONOPTIMIZE": level}) as program:
        assert program.exit_code() == 2
        assert "unset PYTHONOPTIMIZE" in program.errors
        assert "kafka-python" in program.errors
        assert not list(tmp_path.glob("friction.db*"))
