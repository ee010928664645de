"""The configuration of a broker for tests, as lines."""

import base64
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.harness.certificates import Certificates

_ALWAYS = """\
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
# A killed broker may register anew only when its old session has ended.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# Bodies of 30 MB must come through to be refused by the program, not by the broker.
message.max.bytes=41943040
replica.fetch.max.bytes=41943040
# Records carry the times of the story they tell, years ago or in the future.
log.retention.ms=-1
log.message.timestamp.after.max.ms=9223372036854775807
log.message.timestamp.before.max.ms=9223372036854775807
# Whoever has no rule may do everything, so that a test can forbid one user one thing.
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
super.users=User:ANONYMOUS
"""

_SCRAM = (
    "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    "SCRAM-SHA-512",
)


@dataclass(frozen=True, slots=True)
class Ports:
    """The four ports of a broker; clients are told ``told_tls`` in place of ``tls``."""

    plain: int
    controller: int
    sasl: int
    tls: int
    told_tls: int | None = None


def new_cluster_id() -> str:
    """Return a random cluster id as Kafka writes them: 16 bytes in URL-safe base64."""
    # A leading dash would be taken for an option of the command that formats.
    return "k" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]


def scram_user(name: str, password: str) -> tuple[str, ...]:
    """Return the arguments that add a SCRAM user while formatting."""
    return ("--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]")


def server_properties(
    ports: Ports,
    data: Path,
    certificates: Certificates | None,
    joining: int | None = None,
) -> Iterator[str]:
    """Yield the lines of ``server.properties``; with certificates, two more listeners.

    ``PLAINTEXT`` always; ``SASL_SSL`` (SCRAM-SHA-512) and ``SSL`` with certificates.
    ``joining`` the controller at this port it is broker 2, else broker 1 with its own.
    """
    listeners = {"PLAINTEXT": ports.plain}
    if certificates is not None:
        listeners |= {"SASL_SSL": ports.sasl, "SSL": ports.tls}
    clients = _addresses(listeners)
    if certificates is not None and ports.told_tls is not None:
        listeners["SSL"] = ports.told_tls
    protocols = [f"{name}:{name}" for name in listeners]
    yield _ALWAYS
    yield f"log.dirs={data}"
    alone, controller = joining is None, joining or ports.controller
    yield f"process.roles={'broker,controller' if alone else 'broker'}"
    yield f"node.id={1 if alone else 2}"
    yield f"controller.quorum.bootstrap.servers=127.0.0.1:{controller}"
    own = f",CONTROLLER://127.0.0.1:{controller}" if alone else ""
    yield f"listeners={clients}{own}"
    yield f"advertised.listeners={_addresses(listeners)}"
    yield f"listener.security.protocol.map=CONTROLLER:PLAINTEXT,{','.join(protocols)}"
    if certificates is not None:
        yield from _secure(certificates)


def _addresses(listeners: Mapping[str, int]) -> str:
    return ",".join(f"{name}://127.0.0.1:{port}" for name, port in listeners.items())


def _secure(certificates: Certificates) -> Iterator[str]:
    module, mechanism = _SCRAM
    yield "ssl.keystore.type=PEM"
    yield f"ssl.keystore.location={certificates.server}"
    yield "ssl.truststore.type=PEM"
    yield f"ssl.truststore.location={certificates.ca}"
    yield f"sasl.enabled.mechanisms={mechanism}"
    yield f"listener.name.sasl_ssl.{mechanism.lower()}.sasl.jaas.config={module}"
