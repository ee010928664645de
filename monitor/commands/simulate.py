"""``friction demo`` and ``friction simulate``: an organisation that does not exist.

Only these two need the simulator, and demo the pages: they load these themselves.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from monitor import bootstrap
from monitor.adapters.terminal import logs, tables
from monitor.adapters.terminal.arguments import instant_of
from monitor.adapters.terminal.stopping import stop_on_signals
from monitor.commands.inputs import ConfigPath, refuse, settings_of
from monitor.errors import FrictionError

# To Kafka go the records alone; the rest is written here.
_BESIDE_KAFKA = "simulated"


def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Where the page is served.")
    ] = 9105,
    teams: Annotated[int, typer.Option(min=3, max=100)] = 10,
    days: Annotated[int, typer.Option(min=7, max=365)] = 42,
) -> None:
    """Serve a simulated organisation: no broker, no set-up."""
    from monitor.adapters.web.server import (  # noqa: PLC0415
        PortTakenError,
        refuse_taken,
    )
    from monitor.bootstrap_simulation import demo_service  # noqa: PLC0415

    logs.configure()
    stop = stop_on_signals()
    try:
        refuse_taken("127.0.0.1", port)
        service = demo_service(teams, days, port, stop, tables.say)
        tables.say(f"friction demo: {service.server.url} (Ctrl-C ends it)")
        service.run(stop)
    except PortTakenError as error:
        raise FrictionError(
            f"port {port} is taken by another process; stop it, or take another port: "
            f"friction demo --port {port + 100}, make demo PORT={port + 100}"
        ) from error


def simulate(
    teams: Annotated[int, typer.Option(min=3, max=500)] = 12,
    days: Annotated[
        int | None, typer.Option(min=1, max=1_000, help="60; with --troubled 280.")
    ] = None,
    to: Annotated[str, typer.Option(help="A folder, or kafka.")] = "simulated",
    seed: Annotated[
        int, typer.Option(help="Another number is another organisation.")
    ] = 1,
    until: Annotated[str | None, typer.Option(help="Last instant, RFC 3339.")] = None,
    troubled: Annotated[
        bool, typer.Option("--troubled", help="Turns the seven signals on, and off.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Write over another teams.yaml."),
    ] = False,
    config_path: ConfigPath = None,
) -> None:
    """Write a simulated organisation's records, its teams file, and what is true."""
    from monitor.bootstrap_simulation import write_simulation  # noqa: PLC0415
    from monitor.simulate.settings import Simulation  # noqa: PLC0415
    from monitor.simulate.troubles.trouble_phases import FEWEST_DAYS, LOAD  # noqa: PLC0415

    if days is None:
        days = FEWEST_DAYS if troubled else 60
    elif troubled and days < FEWEST_DAYS:
        refuse([f"--troubled takes --days of {FEWEST_DAYS} at least"])
    instant = instant_of(until, "--until") if until else bootstrap.now_ms()
    settings = settings_of(config_path, serving=to == "kafka")
    folder = Path(_BESIDE_KAFKA if to == "kafka" else to)
    if not force:
        _spare(folder)
    world = Simulation(teams=teams, days=days, seed=seed, until_ms=instant)
    if troubled:
        world = replace(world, habits="troubled", load=LOAD)
    try:
        write_simulation(world, to, folder, settings, tables.say)
    except OSError as problem:
        raise FrictionError(f"{folder} cannot be written: {problem}") from problem


def _spare(folder: Path) -> None:
    """Refuse to write over a teams file that no simulation has written."""
    found = folder / "teams.yaml"
    if found.exists() and not (folder / "ledger.jsonl").exists():
        refuse([f"{found} is there already: take another --to, or --force"])
