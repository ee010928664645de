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
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
)

from monitor.config_jira import JiraSection
from monitor.config_signals import SignalsSection
from monitor.config_words import Words, lower_case, words_of

SECRETS: Final = frozenset({"sasl_password"})

# Those that decoding reads: a topic of another would be rejected record by record.
Provider = Literal["native", "cdevents", "github", "jira"]
WorkClass = Literal["feature", "defect", "debt", "risk", "request", "none"]


def _steps(value: Any) -> Any:
    return value.split(".") if isinstance(value, str) else value


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _servers(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    return value


def _addresses(text: str) -> str:
    parts = [part.strip() for part in text.split(",")]
    for part in parts:
        host, colon, port = part.rpartition(":")
        named = host if colon else part
        if not named or "/" in part or " " in part:
            raise ValueError(f"'{part}' is no host:port")
        if colon and not (port.isdecimal() and 0 < int(port) < 65_536):
            raise ValueError(f"'{part}' has no port between 1 and 65535")
    return ",".join(parts)


def _topic(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _distinct(topics: tuple[TopicSection, ...]) -> tuple[TopicSection, ...]:
    if not topics:
        raise ValueError("is empty")
    names = [topic.name for topic in topics]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"names a topic twice: {', '.join(repeated)}")
    return topics


def _at_least_lower(value: Decimal, given: ValidationInfo) -> Decimal:
    for below in ("lower", "central"):
        bound = given.data.get(below)
        if bound is not None and value < bound:
            raise ValueError(f"is below {below} ({bound})")
    return value


Steps = Annotated[
    tuple[str, ...], BeforeValidator(_steps, json_schema_input_type=str | list[str])
]
TOPIC_NAME: Final = r"^[A-Za-z0-9._-]{1,249}$"
TopicName = Annotated[str, Field(pattern=TOPIC_NAME)]
Seconds = Annotated[Decimal, Field(ge=0, le=86_400, decimal_places=3)]
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)]
Classes = Annotated[dict[str, WorkClass], AfterValidator(lower_case)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TopicSection(_Section):
    """A topic. ``provider`` says whose bodies it holds, where they do not say it."""

    name: TopicName
    provider: Provider | None = None
    unwrap: Steps | None = Field(None, description="path of the body in the value")
    event: Steps | None = Field(None, description="path of the event's name")


Topic = Annotated[
    TopicSection, BeforeValidator(_topic, json_schema_input_type=str | TopicSection)
]


class KafkaSection(_Section):
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
        AfterValidator(_distinct),
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
    sasl_password_file: Path | None = None
    ssl_ca_file: Path | None = None
    ssl_cert_file: Path | None = None
    ssl_key_file: Path | None = None
    ssl_check_hostname: bool = True


class DirectorySection(_Section):
    """Where the teams file is. Absent: teams are provisional, made from the data."""

    path: Path | None = None


class StateSection(_Section):
    """The one durable file, and how long after closing what of an item is kept."""

    path: Path = Path("friction.db")
    seal: bool = True
    seal_after_days: Annotated[int, Field(ge=35, le=3_650)] = 90
    retention_days: Annotated[int, Field(ge=35, le=36_500)] = 400


class HttpSection(_Section):
    """Where metrics, health and the page are served."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 9105


class RefreshSection(_Section):
    """How often what needs single items is worked out: limits and verdicts."""

    every_seconds: Annotated[
        Decimal, Field(ge=Decimal("0.1"), le=60, decimal_places=3)
    ] = Decimal(30)


class OmegaSection(_Section):
    """The weight of a wait's chronic phase: bounds and the figure between."""

    lower: Share = Decimal(0)
    central: Annotated[Share, AfterValidator(_at_least_lower)] = Decimal("0.25")
    upper: Annotated[Share, AfterValidator(_at_least_lower)] = Decimal(1)


class ModelSection(_Section):
    """The judgements of the costing model."""

    omega: OmegaSection = OmegaSection()
    d0_seconds: Seconds = Decimal(900)
    settle_seconds: Seconds = Decimal(300)
    idle_days: Annotated[int, Field(ge=1, le=365)] = 5
    stale_days: Annotated[int, Field(ge=1, le=365)] = 10
    link_blocks: bool = True
    unclassified_as_feature: bool = True
    min_items_month: Annotated[int, Field(ge=0, le=100_000)] = 10
    min_items_week: Annotated[int, Field(ge=0, le=100_000)] = 5
    min_feature_share: Share = Decimal("0.05")
    withhold_share: Share = Decimal("0.3")
    production_environments: Words = ("production", "prod", "live")
    unnamed_is_production: bool = True


class BatchingSection(_Section):
    """How much is committed at once, live and while catching up.

    So many records behind, an assistant is called where there is a second core; 0:
    never.
    """

    live_ms: Annotated[int, Field(ge=1, le=60_000)] = 250
    live_records: Count = 2_000
    catch_up_records: Count = 100_000
    catch_up_bytes: Count = 8_000_000
    assistant_from_records: Annotated[int, Field(ge=0)] = 20_000


class DeadLettersSection(_Section):
    """What becomes of rejected records.

    ``topic`` opts into publishing their original bytes. When all of the last
    ``stop_after_invalid`` records of a topic are invalid, the program stops.
    """

    topic: TopicName | None = None
    keep: Count = 10_000
    stop_after_invalid: Count = 1_000


class DecodeSection(_Section):
    """Words of trackers and bridges. Lists replace the defaults, tables add to them."""

    types: Classes = {}
    labels: Classes = {}
    prefixes: Classes = {}
    blocked_labels: Words | None = None
    blocked_on_prefixes: Words | None = None
    in_progress_labels: Words | None = None
    parked_labels: Words | None = None
    done_labels: Words | None = None
    jira: JiraSection = JiraSection()
    bots: Words = ()
    header_prefixes: Words | None = None
    max_body_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 25_000_000
    future_limit_seconds: Seconds = Decimal(300)


class Config(_Section):
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
