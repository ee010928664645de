"""A Kafka broker in Docker, where an engine answers."""

from docker.client import DockerClient
from docker.errors import DockerException
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from tests.harness.local_kafka import answers
from tests.harness.ports import free_port
from tests.harness.waiting import eventually

IMAGE = "apache/kafka:4.4.0"

_PING_SECONDS = 2
_START_SECONDS = 90.0


def docker_answers() -> bool:
    """Tell whether a Docker engine answers within two seconds.

    A client alone is not enough: many machines have one without an engine.
    """
    try:
        return bool(DockerClient.from_env(timeout=_PING_SECONDS).ping())
    except DockerException:
        return False


def start_container() -> tuple[str, str]:
    """Start a broker and return its address and the container's id.

    The port is chosen before, because a broker must be told under which address its
    clients reach it.

    Raises:
        AssertionError: it does not answer in time; the container is removed.
    """
    # The reaper would remove the container when this process ends; another test
    # process may still use it. The last one removes it.
    testcontainers_config.ryuk_disabled = True
    port = free_port()
    bootstrap = f"127.0.0.1:{port}"
    container = DockerContainer(IMAGE).with_bind_ports(9092, port)
    for name, value in _environment(bootstrap).items():
        container = container.with_env(name, value)
    container.start()
    try:
        eventually(lambda: answers(bootstrap), _START_SECONDS, "the container answers")
    except AssertionError:
        container.stop()
        raise
    return bootstrap, str(container.get_wrapped_container().id)


def remove_container(container_id: str) -> None:
    """Remove the container, whichever process started it."""
    DockerClient.from_env().containers.get(container_id).remove(force=True, v=True)


def _environment(bootstrap: str) -> dict[str, str]:
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{bootstrap}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": (
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"
        ),
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_MESSAGE_MAX_BYTES": "41943040",
        "KAFKA_REPLICA_FETCH_MAX_BYTES": "41943040",
        "KAFKA_LOG_RETENTION_MS": "-1",
        "KAFKA_LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS": "9223372036854775807",
    }
