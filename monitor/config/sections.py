"""The form of ``friction.toml``: sections, keys, units, defaults and limits.

Each value is judged alone or beside the keys of its own section. The JSON Schema
in ``schemas/`` is made from these models. Spans name their unit.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from monitor.config.decoding import DecodeSection
from monitor.config.model import ModelSection
from monitor.config.scalars import (
    FilePath,
    Host,
    Section,
    TopicName,
    host,
)
from monitor.config.signals import SignalsSection
from monitor.config.words import words_of
from monitor.decode.recognise import BY_NAME

SECRETS: Final = frozenset({"sasl_password"})


def _provider(name: str) -> str:
    """One that decoding reads: all records of another topic would be rejected."""
    if name not in BY_NAME:
        *others, last = map(repr, BY_NAME)
        expected = f"{', '.join(others)} or {last}"
        raise PydanticKnownError("literal_error", {"expected": expected})
    return name


Provider = Annotated[
    str,
    AfterValidator(_provider),
    Field(json_schema_extra={"enum": list(BY_NAME)}),
]


def _steps(value: Any) -> Any:
    if not isinstance(value, str | list | tuple):
        raise PydanticCustomError(
            "steps_type", 'should be a path as in "detail.body", or a list of keys'
        )
    return value.split(".") if isinstance(value, str) else value


def _all_named(steps: tuple[str, ...]) -> tuple[str, ...]:
    if not all(steps) or not steps:
        raise ValueError('has an empty key: write a path as in "detail.body"')
    return steps


def _beside_what_it_needs(
    steps: tuple[str, ...], given: ValidationInfo
) -> tuple[str, ...]:
    """An event's name is looked for where a body is unwrapped, among its provider's."""
    lacking = [
        name for name in ("provider", "unwrap") if given.data.get(name, steps) is None
    ]
    if lacking:
        raise ValueError(f"says nothing without {' and '.join(lacking)}")
    return steps


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _servers(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    if not isinstance(value, str):
        raise PydanticCustomError(
            "servers_type", "should be text as in localhost:9092, or a list of such"
        )
    return value


def _addresses(text: str) -> str:
    # Said without its text, which holds a password where it is a login's.
    if "@" in text:
        raise ValueError(
            "has an '@': write host:port alone, and a login as sasl_username and "
            "sasl_password_file"
        )
    parts = [part.strip() for part in text.split(",")]
    troubles = [trouble for part in parts if (trouble := _no_address(part))]
    if troubles:
        raise ValueError("; ".join(troubles))
    return ",".join(parts)


def _no_address(part: str) -> str | None:
    """Why this is no address of a broker, or None."""
    before, colon, port = part.rpartition(":")
    named = before if colon else part
    if not named or "/" in part or " " in part:
        return f"'{part}' is no host:port"
    if colon and not (port.isdecimal() and len(port) < 6 and 0 < int(port) < 65_536):
        return f"'{part}' has no port between 1 and 65535"
    in_brackets = named.startswith("[") and named.endswith("]")
    try:
        host(named[1:-1] if in_brackets else named)
    except ValueError as error:
        return str(error)
    return None


def _topic(value: Any) -> Any:
    if not isinstance(value, str | dict | TopicSection):
        raise PydanticCustomError(
            "topic_type", "should be the name of a topic, or a table with its name"
        )
    return {"name": value} if isinstance(value, str) else value


def _some(topics: tuple[TopicSection, ...]) -> tuple[TopicSection, ...]:
    if not topics:
        raise ValueError("is empty")
    return topics


def _not_before_sealing(days: int, given: ValidationInfo) -> int:
    sealed = given.data.get("seal_after_days")
    if sealed is not None and days < sealed:
        raise ValueError(f"is less than seal_after_days ({sealed})")
    return days


Steps = Annotated[
    tuple[str, ...],
    AfterValidator(_all_named),
    BeforeValidator(_steps, json_schema_input_type=str | list[str]),
]
EventSteps = Annotated[Steps, AfterValidator(_beside_what_it_needs)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class TopicSection(Section):
    """A topic. ``provider`` says whose bodies it holds, where they do not say it."""

    name: TopicName
    provider: Provider | None = None
    unwrap: Steps | None = Field(None, description="path of the body in the value")
    event: EventSteps | None = Field(None, description="path of the event's name")


Topic = Annotated[
    TopicSection, BeforeValidator(_topic, json_schema_input_type=str | TopicSection)
]


class KafkaSection(Section):
    """The brokers, who we are to them, and what is read."""

    bootstrap_servers: (
        Annotated[
            str,
            AfterValidator(_addresses),
            BeforeValidator(_servers, json_schema_input_type=str | list[str]),
        ]
        | None
    ) = None
    topics: Annotated[
        tuple[Topic, ...],
        AfterValidator(_some),
        BeforeValidator(words_of),
    ] = (
        TopicSection(name="friction.ci"),
        TopicSection(name="friction.tickets"),
        TopicSection(name="friction.deploys"),
    )
    group_id: Annotated[str, Field(min_length=1, max_length=255)] = "friction-monitor"
    security_protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
        BeforeValidator(_upper),
    ] = "PLAINTEXT"
    sasl_mechanism: (
        Annotated[
            Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], BeforeValidator(_upper)
        ]
        | None
    ) = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    sasl_password_file: FilePath | None = None
    ssl_ca_file: FilePath | None = None
    ssl_cert_file: FilePath | None = None
    ssl_key_file: FilePath | None = None
    ssl_check_hostname: bool = True


class DirectorySection(Section):
    """Where the teams file is. Absent: teams are provisional, made from the data."""

    path: FilePath | None = None


class StateSection(Section):
    """The one durable file, and how long after closing what of an item is kept."""

    path: FilePath = Path("friction.db")
    seal: bool = True
    seal_after_days: Annotated[int, Field(ge=35, le=3_650)] = 90
    retention_days: Annotated[
        int, Field(ge=35, le=36_500), AfterValidator(_not_before_sealing)
    ] = 400


class HttpSection(Section):
    """Where metrics, health and the page are served."""

    host: Annotated[Host, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 9105


class RefreshSection(Section):
    """How often what needs single items is worked out: limits and verdicts."""

    every_seconds: Annotated[
        Decimal, Field(ge=Decimal("0.1"), le=60, decimal_places=3)
    ] = Decimal(30)


class BatchingSection(Section):
    """How much is committed at once, live and while catching up.

    So many records behind, an assistant is called where there is a second core; 0:
    never.
    """

    live_ms: Annotated[int, Field(ge=1, le=60_000)] = 250
    live_records: Count = 2_000
    catch_up_records: Count = 100_000
    catch_up_bytes: Count = 8_000_000
    assistant_from_records: Annotated[int, Field(ge=0)] = 20_000


class DeadLettersSection(Section):
    """What becomes of rejected records.

    ``topic`` opts into publishing their original bytes. When all of the last
    ``stop_after_invalid`` records of a topic are invalid, the program stops.
    """

    topic: TopicName | None = None
    keep: Count = 10_000
    stop_after_invalid: Count = 1_000


class Config(Section):
    """Everything ``friction.toml`` and the environment say, with defaults."""

    kafka: KafkaSection = KafkaSection()
    directory: DirectorySection = DirectorySection()
    state: StateSection = StateSection()
    http: HttpSection = HttpSection()
    refresh: RefreshSection = RefreshSection()
    model: ModelSection = ModelSection()
    batching: BatchingSection = BatchingSection()
    dead_letters: DeadLettersSection = DeadLettersSection()
    decode: DecodeSection = DecodeSection()
    signals: SignalsSection = SignalsSection()
