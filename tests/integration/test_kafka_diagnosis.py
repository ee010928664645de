"""Wrong password, wrong authority, unreachable, silent: told apart, and why."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import enumerate as running_threads

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.diagnose import diagnose, explain
from monitor.adapters.kafka.patience import delay_seconds
from monitor.adapters.kafka.source import KafkaSource
from monitor.adapters.kafka.trouble import outlook, unreachable
from monitor.errors import SourceUnavailable
from tests.harness.broker import Broker, SecureAccess, with_password
from tests.harness.ports import free_ports
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka


def source_of(
    connection: Connection,
    *topics: str,
    told: list[str | None] | None = None,
    wait: Callable[[float], bool] = lambda _: False,
) -> KafkaSource:
    return KafkaSource(
        connection,
        topics,
        "friction-monitor",
        monotonic=time.monotonic,
        wait=wait,
        tell=(lambda _: None) if told is None else told.append,
    )


@pytest.fixture
def silent() -> Iterator[str]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


# Told apart


def test_a_broker_that_lets_us_in_has_no_problem(secure: SecureAccess) -> None:
    assert explain(with_password(secure)) is None
    tls = Connection(secure.tls_bootstrap, "SSL", ssl_ca_file=Path(secure.ca_file))
    assert explain(tls) is None


@pytest.mark.parametrize(
    ("change", "said", "reached"),
    [
        ({"sasl_password": "wrong"}, "login refused for user", "login"),
        ({"sasl_username": "nobody"}, "login refused for user nobody", "login"),
        ({"sasl_mechanism": "PLAIN"}, "does not offer the mechanism PLAIN", "login"),
        ({"ssl_ca_file": Path("/nowhere/ca.pem")}, "cannot be used", "tls"),
        ({"ssl_ca_file": None}, "wrong CA", "tls"),
        ({"bootstrap_servers": "127.0.0.1:1"}, "unreachable", "port"),
        ({"bootstrap_servers": "no-such-host.invalid:9092"}, "unknown host", "name"),
    ],
)
def test_each_way_not_to_get_in_is_told_with_the_step_it_failed_at(
    secure: SecureAccess, change: dict[str, object], said: str, reached: str
) -> None:
    connection = replace(with_password(secure), **change)  # type: ignore[arg-type]
    (finding,) = diagnose(connection)
    assert finding.problem is not None
    assert said in finding.problem
    steps = ["name", "port", "tls", "login"]
    assert list(finding.reached) == steps[: steps.index(reached)]
    assert secure.password not in finding.problem


def test_a_certificate_of_another_authority_is_a_wrong_ca(secure: SecureAccess) -> None:
    stranger = replace(with_password(secure), ssl_ca_file=Path(secure.other_ca_file))
    found = explain(stranger)
    assert found is not None
    assert "wrong CA" in found
    assert secure.other_ca_file in found


def test_the_wrong_protocol_for_a_port_is_told(secure: SecureAccess) -> None:
    plain = explain(Connection(secure.tls_bootstrap))
    assert plain is not None
    assert "security_protocol is PLAINTEXT" in plain
    no_login = explain(
        Connection(secure.sasl_bootstrap, "SSL", ssl_ca_file=Path(secure.ca_file))
    )
    assert no_login is not None
    assert "does it want a login" in no_login


def test_a_login_where_none_is_asked_for_is_told(secure: SecureAccess) -> None:
    found = explain(
        replace(with_password(secure), bootstrap_servers=secure.tls_bootstrap)
    )
    assert found is not None
    assert "takes no login" in found
    assert "security_protocol = SSL" in found
    assert "password" not in found


def test_a_silent_port_is_told_within_the_time_given(silent: str) -> None:
    began = time.monotonic()
    plain = explain(Connection(silent), 0.3)
    tls = explain(Connection(silent, "SSL"), 0.3)
    assert time.monotonic() - began < 3
    assert plain is not None
    assert "silent" in plain
    assert tls is not None
    assert "silent" in tls


def test_one_good_address_of_several_is_enough(broker: Broker) -> None:
    several = Connection(f"127.0.0.1:1,{broker.bootstrap}")
    assert [finding.problem is None for finding in diagnose(several)] == [False, True]
    assert explain(several) is None


def test_the_password_is_not_in_the_connections_text(secure: SecureAccess) -> None:
    assert secure.password not in repr(with_password(secure))


# At start


@pytest.mark.parametrize("change", ["password", "authority", "port"])
def test_start_says_why_and_gives_up_only_when_told_to(
    secure: SecureAccess, change: str
) -> None:
    good = with_password(secure)
    connection, said = {
        "password": (replace(good, sasl_password="no"), "login refused"),
        "authority": (
            replace(good, ssl_ca_file=Path(secure.other_ca_file)),
            "wrong CA",
        ),
        "port": (replace(good, bootstrap_servers="127.0.0.1:1"), "unreachable"),
    }[change]
    waits: list[float] = []

    def third_time(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) == 3

    source = source_of(connection, "any", wait=third_time)
    with pytest.raises(SourceUnavailable, match=said):
        source.start({})
    assert waits == [0.5, 1.0, 2.0]
    assert said in (source.problem() or "")
    source.close()


def test_the_delays_double_up_to_half_a_minute() -> None:
    assert [delay_seconds(n) for n in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert delay_seconds(5000) == 30


def test_addresses_the_broker_tells_are_blamed_when_they_do_not_work(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outlook(Connection(broker.bootstrap)).problem is None
    told = (("inside.invalid", 9092),)
    monkeypatch.setattr("monitor.adapters.kafka.diagnose.ask_brokers", lambda _: told)
    found = unreachable(Connection(broker.bootstrap)) or ""
    assert "(advertised.listeners): inside.invalid:9092: unknown host" in found


def test_nothing_keeps_running_after_failed_starts_and_close(broker: Broker) -> None:
    def client_threads() -> set[str]:
        return {each.name for each in running_threads() if "kafka" in each.name}

    before = client_threads()
    (port,) = free_ports(1)
    away = source_of(Connection(f"127.0.0.1:{port}"), "any", wait=lambda _: True)
    with pytest.raises(SourceUnavailable):
        away.start({})
    nothing = source_of(Connection(broker.bootstrap), "none.such", wait=lambda _: True)
    with pytest.raises(SourceUnavailable):
        nothing.start({})
    nothing.close()
    eventually(lambda: client_threads() <= before, 10)
