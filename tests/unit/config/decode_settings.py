"""What a `friction.toml` comes to for decoding, and the mistakes in one."""

from pathlib import Path

from monitor.config.loading import check, load
from monitor.config.sections import Config
from monitor.config.values import decode_settings
from monitor.decode.settings import DecodeSettings


def settings_of(file: Path, text: str, **environ: str) -> DecodeSettings:
    """What decoding takes from a file of this text, without a mistake in it."""
    file.write_text(text, encoding="utf-8")
    config = load(file, environ)
    assert isinstance(config, Config), config
    return decode_settings(config, frozenset())


def mistakes_of(file: Path, text: str) -> list[tuple[int, str, str]]:
    """Line, path and words of each mistake in a file of this text."""
    file.write_text(text, encoding="utf-8")
    found = check(file, None, {"FRICTION_KAFKA__BOOTSTRAP_SERVERS": "localhost:9092"})
    return [(mistake.line, mistake.path, mistake.text) for mistake in found]
