"""The scrape: who answers where Prometheus would ask; if nobody does, could we."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from monitor.adapters.doctor.check import Check, note, ok, wrong
from monitor.adapters.web.server import ListenError, refuse_taken

_SECONDS: Final = 10.0
# Addresses that mean all of this machine's are asked for at one of them.
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - not bound to


def scrape_checks(host: str, port: int, *, is_running: bool) -> Iterator[Check]:
    """Ask for health, readiness and metrics, as a probe and Prometheus do.

    Where nobody answers and no service runs, whether one could listen is tried.
    """
    if not port:
        text = "http.port is 0: a free port is chosen at each start"
        yield _cannot_listen("scrape", host, port) or note("scrape", text)
        return
    url = f"http://{_EVERYWHERE.get(host, host)}:{port}"
    try:
        yield from _answers(url, is_running=is_running)
    except (OSError, HTTPException) as problem:
        reason = getattr(problem, "reason", None) or problem
        if is_running:
            text = (
                f"a service has the state file, but nobody answers here ({reason}). "
                f"Was it started with another http.host or http.port?"
            )
            yield wrong(f"scrape {url}", text)
        else:
            text = f"nobody answers ({reason}): the service does not run"
            yield _cannot_listen(f"scrape {url}", host, port) or note(
                f"scrape {url}", text
            )


def _cannot_listen(what: str, host: str, port: int) -> Check | None:
    """Why ``friction run`` would not start here, as it would say it; tried for real."""
    try:
        refuse_taken(host, port)
    except ListenError as problem:
        return wrong(what, f"`friction run` would not start: {problem}")
    return None


def _answers(url: str, *, is_running: bool) -> Iterator[Check]:
    status, text = _got(f"{url}/metrics")
    samples = [line for line in text.splitlines() if line and line[0] != "#"]
    if status != 200 or not any(line.startswith("friction_") for line in samples):
        yield wrong(
            f"scrape {url}/metrics",
            f"another program answers here (status {status}): give friction-monitor "
            f"its own http.port",
        )
        return
    if not is_running:
        yield wrong(
            f"scrape {url}/metrics",
            "a friction-monitor answers here, but none has this state file: it is "
            "another one; stop it, or give this one its own http.port",
        )
        return
    yield ok(f"scrape {url}/metrics", f"{len(samples):,} samples")
    for path, fine in (("/healthz", "alive"), ("/readyz", "numbers are served")):
        status, text = _got(url + path)
        if status == 200:
            yield ok(f"scrape {url}{path}", fine)
        else:
            reasons = "; ".join(text.splitlines())
            mark = wrong if path == "/healthz" else note
            yield mark(f"scrape {url}{path}", reasons)


def _got(url: str) -> tuple[int, str]:
    """Status and body; no proxy is asked for what is on this machine."""
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=_SECONDS) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode("utf-8", "replace")
