"""A ``friction.toml`` to begin with, from what a sample showed of its topics."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Final

from monitor.pipeline.surveying import TopicSeen

_HEAD: Final = """\
# Written by `friction init` from a sample of records. Every key is explained in
# docs/configuration.md, and shown in examples/friction.toml: with its default, if it
# has one. A key can also be given as FRICTION_SECTION__KEY, as in
# FRICTION_KAFKA__SASL_USERNAME.

[kafka]
"""
_TAIL: Final = """\
# What could not be told, where your brokers ask for it (passwords belong into a file):
# security_protocol = "SASL_SSL"
# sasl_mechanism = "SCRAM-SHA-512"
# sasl_username = "friction"
# sasl_password_file = "kafka-password"
# ssl_ca_file = "ca.pem"

[directory]
path = "teams.yaml"

[state]
path = "friction.db"

[http]
host = "127.0.0.1"
port = 9105
"""
_NO_BROKER: Final = "  # not told: the sample came from files, so put your brokers here"
_NO_TOPIC: Final = '# topics = ["friction.ci"]  # not told: name your topics here'


def config_text(
    bootstrap: str | None,
    topics: Mapping[str, TopicSeen],
    troubles: Mapping[str, str],
    guesses: Collection[str] = (),
) -> str:
    """The file; what cannot be read, and why (``troubles``), stands as a comment.

    So do ``guesses``, at its end. Without ``bootstrap`` the records came from files,
    and an example stands there.
    """
    note = "" if bootstrap else _NO_BROKER
    lines = [f"bootstrap_servers = {_text(bootstrap or 'localhost:9092')}{note}"]
    entries = [
        f"  {_entry(name, seen)},  # {topic_told(seen)}"
        for name, seen in topics.items()
        if name not in troubles
    ]
    lines += ["topics = [", *entries] if entries else [_NO_TOPIC]
    lines += [f"  # {_text(name)}: {text}" for name, text in troubles.items()]
    lines += ["]"] if entries else []
    told = "\n".join(["", *guesses, ""]) if guesses else ""
    return _HEAD + "\n".join(lines) + "\n" + _TAIL + told


def _entry(name: str, seen: TopicSeen) -> str:
    if seen.hint is None:
        return _text(name)
    return f"{{name = {_text(name)}, provider = {_text(seen.hint)}}}"


def topic_told(seen: TopicSeen) -> str:
    """What a topic's records came to, in a line."""
    if not seen.read:
        return "empty: no record could be read"
    known = sorted(seen.providers.items(), key=lambda row: (-row[1], row[0]))
    parts = [f"{count:,} {name}" for name, count in known if name != "unknown"]
    told = [f"{seen.read:,} records" + (f": {', '.join(parts)}" if parts else "")]
    if seen.rejected:
        reasons = ", ".join(f"{n:,} {code}" for code, n in sorted(seen.reasons.items()))
        word = "all" if seen.rejected == seen.read else f"{seen.rejected:,}"
        told.append(f"{word} rejected ({reasons})")
    if seen.ignored:
        told.append(f"{seen.ignored:,} ignored")
    if seen.hint:
        told.append(f"{seen.helped[seen.hint]:,} only with the provider named")
    return "; ".join(told)


def _text(value: str) -> str:
    """A TOML string: JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
