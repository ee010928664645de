"""What the values of a configuration say together: topics, the login, teams.

Judged over what could be read of each section, so that a wrong value hides none of
the other mistakes; a rule that needs the wrong value says nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from monitor.config.secret import secret_in
from monitor.config.sections import KafkaSection
from monitor.config.text import Given, mistake_at, read_text
from monitor.config.words import words_of
from monitor.directory.mistakes import Mistake, nearest
from monitor.directory.mistakes import Path as Place
from monitor.domain.signal_rules import Signal
from monitor.domain.teams import UNKNOWN, Directory

_Section = TypeVar("_Section", bound=BaseModel)

_TLS: Final = "SSL or SASL_SSL"
_TLS_FILES: Final = ("ssl_ca_file", "ssl_cert_file", "ssl_key_file")


class Readable(NamedTuple, Generic[_Section]):
    """A section without its wrong values, and the keys that have these."""

    section: _Section
    wrong: frozenset[str]


def readable(model: type[_Section], given: Given, name: str) -> Readable[_Section]:
    """One section as far as it can be read; every key of it has a default."""
    values = given.values.get(name, {})
    try:
        return Readable(model.model_validate(values), frozenset())
    except ValidationError as error:
        if not isinstance(values, dict):
            return Readable(model(), frozenset(model.model_fields))
        wrong = frozenset(str(one["loc"][0]) for one in error.errors())
    sound = {key: value for key, value in values.items() if key not in wrong}
    return Readable(model.model_validate(sound), wrong)


def topic_mistakes(given: Given) -> Iterator[Mistake]:
    """Topics that are named twice, and dead letters that would come back as events."""
    names = _consumed(given)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        text = f"names a topic twice: {', '.join(repeated)}"
        yield mistake_at(("kafka", "topics"), text, given)
    section = given.values.get("dead_letters")
    topic = section.get("topic") if isinstance(section, dict) else None
    if isinstance(topic, str) and topic in names:
        text = (
            f"'{topic}' is read too (kafka.topics), so that dead letters would come "
            "back as events: name a topic of their own"
        )
        yield mistake_at(("dead_letters", "topic"), text, given)


def _consumed(given: Given) -> list[str]:
    """The names of the topics that are read, whatever else is wrong with them."""
    section = given.values.get("kafka", {})
    topics: Any = section.get("topics") if isinstance(section, dict) else ()
    if topics is None:
        return [topic.name for topic in KafkaSection().topics]
    entries = words_of(topics) if isinstance(topics, str | list) else ()
    names = (one.get("name") if isinstance(one, dict) else one for one in entries)
    return [name for name in names if isinstance(name, str)]


def kafka_mistakes(given: Given, *, serving: bool) -> Iterator[Mistake]:
    """What the keys of ``[kafka]`` say together; ``serving`` needs brokers too."""
    kafka, wrong = readable(KafkaSection, given, "kafka")
    found = [*_login_mistakes(kafka, wrong), *_file_mistakes(kafka, wrong)]
    if serving and kafka.bootstrap_servers is None:
        found.append(("bootstrap_servers", "is missing, as in localhost:9092"))
    for key, text in found:
        if key not in wrong:
            yield mistake_at(("kafka", key), text, given)


def _login_mistakes(
    kafka: KafkaSection, wrong: frozenset[str]
) -> Iterator[tuple[str, str]]:
    protocol = kafka.security_protocol
    if "security_protocol" in wrong:
        return
    login = {
        "sasl_mechanism": kafka.sasl_mechanism,
        "sasl_username": kafka.sasl_username,
        **_secrets(kafka, wrong),
    }
    needed = protocol.startswith("SASL")
    for key, value in login.items():
        if needed and not value:
            yield key, f"is missing: {protocol} needs it"
        if value and not needed:
            other = "SASL_SSL (or SASL_PLAINTEXT)"
            yield key, f"needs security_protocol {other}, not {protocol}"


def _secrets(kafka: KafkaSection, wrong: frozenset[str]) -> dict[str, object]:
    """The password under the keys that give it; missing is the file, which is safer."""
    keys = ("sasl_password", "sasl_password_file")
    given = {key: value for key in keys if (value := getattr(kafka, key))}
    return given if given or "sasl_password" in wrong else {"sasl_password_file": None}


def _file_mistakes(
    kafka: KafkaSection, wrong: frozenset[str]
) -> Iterator[tuple[str, str]]:
    protocol = kafka.security_protocol
    plain = "security_protocol" not in wrong and not protocol.endswith("SSL")
    for key in _TLS_FILES:
        file: Path | None = getattr(kafka, key)
        if file is None:
            continue
        # Not Path.is_file, which raises for a name that is too long.
        if not os.path.isfile(file):  # noqa: PTH113
            yield key, f"{file} is no file"
        if plain:
            yield key, f"needs security_protocol {_TLS}, not {protocol}"
    if wrong.isdisjoint(("ssl_cert_file", "ssl_key_file")) and (
        (kafka.ssl_cert_file is None) != (kafka.ssl_key_file is None)
    ):
        present = "ssl_cert_file" if kafka.ssl_cert_file else "ssl_key_file"
        yield present, "ssl_cert_file and ssl_key_file belong together"


def secret_of(given: Given) -> tuple[SecretStr | None, list[Mistake]]:
    """The password, read from its file where one is named."""
    kafka, _ = readable(KafkaSection, given, "kafka")
    file, place = kafka.sasl_password_file, ("kafka", "sasl_password_file")
    if file is None:
        return kafka.sasl_password, []
    if kafka.sasl_password is not None:
        text = "sasl_password is given too: keep one of the two"
        return None, [mistake_at(place, text, given)]
    secret = read_text(file)
    if isinstance(secret, Mistake):
        return None, [mistake_at(place, _unread(file, secret.text), given)]
    found = secret_in(secret)
    if found is None:
        return None, [mistake_at(place, f"{file} holds no password", given)]
    return SecretStr(found), []


def _unread(file: Path, why: str) -> str:
    """Why there is no password; what names no file may be one, and is not told."""
    if os.path.lexists(file):
        return f"{file} {why}"
    there = os.path.isdir(file.parent)  # noqa: PTH112  # as above
    where = f" in {file.parent}" if there else ""
    return f"the file it names{where} {why}; give the path of a file with the password"


def unread_teams(given: Given, teams_path: Path) -> Mistake | None:
    """Why the teams file that the configuration names cannot be read, and where it is.

    None where it can be; of what is in it, its own lines are to blame.
    """
    text = read_text(teams_path)
    if not isinstance(text, Mistake) or text.line:
        return None
    return mistake_at(("directory", "path"), f"{teams_path} {text.text}", given)


def strangers(given: Given, teams: Directory, teams_path: Path) -> Iterator[Mistake]:
    """Names of teams that there are not, which would mean nobody, silently.

    An exemption would exempt nothing. What a status waits for would be unknown; there
    a team's name is read as in events, and what is no team's is one of theirs, too.
    """
    unknown = [one for one in _exempt_teams(given) if one[1] not in teams.teams]
    for place, name in _awaited_teams(given):
        if name != UNKNOWN and teams.listed(name) == UNKNOWN:
            unknown.append((place, name))
    for place, name in unknown:
        text = f"'{name}' is no team of {teams_path}{nearest(name, teams.teams)}"
        yield mistake_at(place, text, given)


def _awaited_teams(given: Given) -> Iterator[tuple[Place, str]]:
    """The teams that statuses of Jira wait for, by place."""
    section = given.values.get("decode")
    jira = section.get("jira") if isinstance(section, dict) else None
    waiting = jira.get("waiting_statuses") if isinstance(jira, dict) else None
    for status, name in (waiting if isinstance(waiting, dict) else {}).items():
        if isinstance(name, str) and name:
            yield ("decode", "jira", "waiting_statuses", status), name


def _exempt_teams(given: Given) -> Iterator[tuple[Place, str]]:
    """The teams that exemptions name, by place.

    As they were written: what else is wrong with an exemption hides none of them.
    """
    section = given.values.get("signals")
    listed = section.get("exempt") if isinstance(section, dict) else None
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(entry, dict):
            continue
        # A provider is a team. What else a subject may be, no file lists.
        of_provider = entry.get("signal") == Signal.HARD_INTERFACES
        for key in ("team", "subject") if of_provider else ("team",):
            if isinstance(name := entry.get(key), str) and name:
                yield ("signals", "exempt", number, key), name
