"""What any test may ask for: a broker, topics on it, programs that are ended."""

import gc
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, is_hypothesis_test, settings
from hypothesis import strategies as st

from tests.harness.broker import Broker, SecureAccess, secure_access, shared_broker
from tests.harness.local_kafka import LocalKafka, why_not
from tests.harness.program import Program
from tests.harness.requirements import KAFKA, absent, skipping_is_failing
from tests.harness.topics import Topic, create_topic

# Times are not behaviour: no example is too slow on a machine that is busy.
settings.register_profile("friction", deadline=None)
settings.load_profile("friction")

# Tests here measure coverage, unless they are slow: it multiplies what they take.
# Laws draw their examples without: what covers a line says what it has to do.
_MEASURED = ("tests/unit/", "tests/integration/")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what is run with coverage; the rest is run for what it says alone."""
    if not item.nodeid.startswith(_MEASURED) or item.get_closest_marker("slow"):
        return
    if not is_hypothesis_test(getattr(item, "obj", None)):
        item.add_marker(pytest.mark.measured)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage: all that is collected stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(trylast=True)  # Hypothesis draws nothing before its own has run
def pytest_sessionstart() -> None:
    """Draw a text before the tests do.

    In a new checkout the first one makes the tables of Unicode, seconds on a busy
    machine, and the check for slow generators would blame whichever test draws it.
    They are kept beside the checkout, so that test processes find them made.
    """
    _first_text()


@settings(max_examples=1, database=None, suppress_health_check=list(HealthCheck))
@given(st.text())
def _first_text(_: str) -> None:
    """Nothing is tested."""


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker of this run, shared by all its test processes."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with shared_broker(folder) as shared:
        yield shared


@pytest.fixture
def topic(broker: Broker) -> Iterator[Callable[..., Topic]]:
    """Make topics: ``topic(partitions=2)``. They are removed after the test."""
    with ExitStack() as made:

        def make(
            partitions: int = 1,
            prefix: str = "friction",
            settings: Mapping[str, str] | None = None,
        ) -> Topic:
            new = create_topic(broker.bootstrap, partitions, prefix, settings)
            made.callback(new.delete)
            return new

        yield make


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[Callable[..., LocalKafka]]:
    """Start brokers that a test may stop, pause and kill: ``own_kafka()``."""
    if reason := why_not():
        absent(f"no Kafka: {reason}", KAFKA)
    with ExitStack() as started:

        def start(*, secure: bool = False) -> LocalKafka:
            folder = tmp_path / f"kafka-{len(list(tmp_path.glob('kafka-*')))}"
            return started.enter_context(LocalKafka(folder, secure=secure))

        yield start


@pytest.fixture(scope="session")
def secure(
    broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecureAccess]:
    """A broker with TLS and passwords: the shared one, else one of its own."""
    if broker.secure is not None:
        yield broker.secure
        return
    if reason := why_not():
        absent(f"no Kafka with TLS: {reason}", KAFKA)
    with LocalKafka(tmp_path_factory.mktemp("secure"), secure=True) as kafka:
        access = secure_access(kafka)
        assert access is not None
        yield access


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start `friction`: ``program("run", "--config", path)``; killed after the test."""
    with ExitStack() as started:

        def start(
            *arguments: str | Path, environment: Mapping[str, str] | None = None
        ) -> Program:
            folder = (
                tmp_path / "programs" / str(len(list(tmp_path.rglob("stdout.txt"))))
            )
            run = Program(arguments, folder, environment)
            return started.enter_context(run)

        yield start


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything is required, as in CI, a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not skipping_is_failing():
        return
    if reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
