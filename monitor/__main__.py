"""The command line: ``friction``. Exit codes: 0 done, 1 failed, 2 wrong input."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from typing import Annotated, Final

if __name__ == "__main__":
    # Begun as `python -m monitor`: what is loaded below takes a second.
    from monitor.adapters.terminal.stopping import leave_while_loading

    leave_while_loading(sys.argv[1:])

import typer

from monitor import bootstrap
from monitor.adapters.files.records import read_records
from monitor.adapters.open_files import shortage_of_files
from monitor.adapters.terminal import logs, tables
from monitor.adapters.terminal.arguments import instant_of, span_of
from monitor.adapters.terminal.closed_streams import replace_closed
from monitor.adapters.terminal.printable import json_text
from monitor.adapters.terminal.signal_tables import print_signals
from monitor.adapters.terminal.stopping import INTERRUPTED, end_loading, stop_on_signals
from monitor.commands import dead_letters, explain, init, simulate, teams
from monitor.commands.inputs import (
    PROVISIONAL,
    At,
    ConfigPath,
    Files,
    Form,
    TeamsPath,
    Window,
    batch_of,
    inputs_of,
    refuse,
    refuse_unknown_provider,
    settings_of,
)
from monitor.config import loading
from monitor.config.values import decode_settings, model_of
from monitor.decode.decode import decode
from monitor.decode.describe import describe
from monitor.decode.settings import TopicHint
from monitor.errors import ConfigError, FrictionError
from monitor.pipeline.batch import report_at

WRONG_INPUT: Final = 2
FAILED: Final = 1
# A full disk, one that fails, and an output that was closed before we began.
_NO_OUTPUT: Final = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
)

_NO_MEMORY: Final = (
    "there is too little memory: the system gives this process no more. See what else "
    "the machine runs, and its limits (`ulimit -v`, that of a container)"
)
_NO_THREAD: Final = (
    "no more threads can be started: allow more (`ulimit -u`; systemd's TasksMax=, a "
    "container's --pids-limit), or more memory (`ulimit -v`)"
)

app = typer.Typer(
    name="friction",
    help="What every team spends waiting on other teams, against building features.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


app.add_typer(teams.app, name="teams")
app.add_typer(dead_letters.app, name="dead-letters")
app.command("init")(init.init)
app.command("explain")(explain.explain)
app.command("demo")(simulate.demo)
app.command("simulate")(simulate.simulate)


def _say_version(*, asked: bool) -> None:
    if asked:
        tables.show(f"friction {bootstrap.version()}")
        raise typer.Exit


@app.callback()
def friction(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_version,
            is_eager=True,
            help="Say which version this is, and exit.",
        ),
    ] = False,
) -> None:
    """What is true of all commands."""
    del version


@app.command()
def run(config_path: ConfigPath = None) -> None:
    """Consume, account and serve, until SIGTERM, SIGHUP or Ctrl-C."""
    # Kafka, the pages and the metrics, which most commands have no need of.
    from monitor.bootstrap_kafka import kafka_service  # noqa: PLC0415

    logs.configure()
    settings, directory = inputs_of(config_path, None, serving=True)
    stop = stop_on_signals()
    written = None if directory.provisional else directory
    kafka_service(settings, written, stop).run(stop)


@app.command()
def evaluate(
    files: Files,
    at: At = None,
    window: Window = None,
    teams: TeamsPath = None,
    config_path: ConfigPath = None,
    form: Annotated[Form, typer.Option("--format")] = Form.TABLE,
) -> None:
    """Print the numbers at an instant, from record files."""
    if at is None:
        refuse(["--at is missing: the instant to evaluate at, in RFC 3339"])
    batch = batch_of(files, instant_of(at, "--at"), teams, config_path)
    document = report_at(batch, span_of(window))
    if form is Form.JSON:
        sys.stdout.write(json_text(document) + "\n")
    else:
        console = tables.console()
        tables.print_report(document, console)
        print_signals(document, console)


@app.command("decode")
def decode_records(
    files: Files,
    provider: Annotated[
        str | None, typer.Option(help="Whose bodies these are, where they do not say.")
    ] = None,
    config_path: ConfigPath = None,
    teams: TeamsPath = None,
) -> None:
    """Print what becomes of each record, one JSON line for each."""
    refuse_unknown_provider(provider)
    settings, directory = inputs_of(config_path, teams)
    known = decode_settings(settings, directory.projects)
    hints = bootstrap.hints_of(settings)
    for record in read_records(files, sys.stdin.buffer):
        hint = TopicHint(provider) if provider else hints(record.topic)
        document = describe(decode(record, hint, known))
        sys.stdout.write(json_text(document) + "\n")


@app.command()
def check(config_path: ConfigPath = None, teams: TeamsPath = None) -> None:
    """Validate configuration and teams file: all mistakes at once."""
    if config_path is None and teams is None:
        refuse(["nothing to check: give --config, --teams or both"])
    mistakes = loading.check(config_path, teams, os.environ)
    if mistakes:
        refuse(mistakes)
    tables.say("no mistakes")
    if teams is None and settings_of(config_path).directory.path is None:
        tables.say(PROVISIONAL)


@app.command()
def doctor(config_path: ConfigPath = None) -> None:
    """Look at everything the service needs, step by step; 1 when something is wrong."""
    # Only this command needs it.
    from monitor.adapters.doctor.examine import examine  # noqa: PLC0415
    from monitor.bootstrap_connection import connection_of  # noqa: PLC0415

    settings, directory = inputs_of(config_path, None, serving=True)
    if directory.provisional:
        tables.show("ok     configuration")
        tables.show(f"note   teams: {PROVISIONAL}")
    else:
        tables.show(f"ok     configuration and teams: {len(directory.teams)} teams")
    checks = examine(
        connection_of(settings),
        [topic.name for topic in settings.kafka.topics],
        settings.state.path,
        (settings.http.host, settings.http.port),
        settings.dead_letters.topic,
        settings.kafka.group_id,
        None if directory.provisional else directory,
        model_of(settings),
    )
    wrong = tables.print_checks(checks)
    if wrong:
        raise FrictionError(f"wrong: {wrong}; what to do is said beside it")


def main() -> None:
    """Run the command; mistakes of the user end as lines, not as a traceback."""
    replace_closed()
    try:
        end_loading()
        code = _ended(app)
    except KeyboardInterrupt:
        # Before the command began, which ends by itself on it.
        code = INTERRUPTED
    sys.exit(code)


def _ended(command: Callable[..., object]) -> int:
    try:
        _answer(command)
    except ConfigError as error:
        for mistake in error.mistakes:
            tables.say(str(mistake))
        return WRONG_INPUT
    except FrictionError as error:
        tables.say(f"friction: {error}")
        return FAILED
    except BrokenPipeError:
        # The reader of our output left, as in `friction decode ... | head`.
        _close_output()
        return 0
    except OSError as error:
        if error.errno in _NO_OUTPUT:
            _close_output()
            told: str | None = f"the output cannot be written: {error.strerror}"
        else:
            told = shortage_of_files(error)
        if told is None:
            raise
        tables.say(f"friction: {told}")
        return FAILED
    except (MemoryError, RuntimeError) as error:
        told = _shortage(error)
        if told is None:
            raise
        # What its frames hold may be all the memory there is.
        error.with_traceback(None)
        tables.say(f"friction: {told}")
        return FAILED
    return 0


def _shortage(error: MemoryError | RuntimeError) -> str | None:
    """What the system has no more of, or None where the mistake is ours."""
    if isinstance(error, MemoryError):
        return _NO_MEMORY
    # Python has no other sign of it than these words.
    return _NO_THREAD if error.args == ("can't start new thread",) else None


def _answer(command: Callable[..., object]) -> None:
    """Run it until its answer is written: at the end of Python it would fail untold."""
    try:
        command(standalone_mode=True)
    except SystemExit:
        sys.stdout.flush()
        raise


def _close_output() -> None:
    """What is left of the output goes nowhere, without another word at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
