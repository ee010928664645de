"""The configured way to the brokers."""

from __future__ import annotations

import sys
from typing import Final

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.password import Password, PasswordFile
from monitor.config.sections import Config, KafkaSection
from monitor.errors import ConfigError

_OPTIMISED: Final = (
    "Kafka cannot be reached with PYTHONOPTIMIZE or python -O, with which its client "
    "(kafka-python) does not work: unset PYTHONOPTIMIZE, and leave out -O"
)


def connection_of(config: Config) -> Connection:
    """How to reach the brokers of the configuration.

    Raises ConfigError where the client could not: it would wait for them for ever.
    """
    if sys.flags.optimize:
        raise ConfigError([_OPTIMISED])
    kafka = config.kafka
    return Connection(
        bootstrap_servers=kafka.bootstrap_servers or "localhost:9092",
        security_protocol=kafka.security_protocol,
        sasl_mechanism=kafka.sasl_mechanism,
        sasl_username=kafka.sasl_username,
        sasl_password=_password_of(kafka),
        ssl_ca_file=kafka.ssl_ca_file,
        ssl_cert_file=kafka.ssl_cert_file,
        ssl_key_file=kafka.ssl_key_file,
        ssl_check_hostname=kafka.ssl_check_hostname,
    )


def _password_of(kafka: KafkaSection) -> Password | None:
    if kafka.sasl_password is None:
        return None
    secret, file = kafka.sasl_password.get_secret_value(), kafka.sasl_password_file
    return secret if file is None else PasswordFile(file, secret)
