"""The routes: ``/metrics``, ``/healthz``, ``/readyz`` and the pages.

Answers are made in worker threads, so that a scrape that waits for a snapshot
never holds up a probe.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.adapters.prometheus.exposition import Exposition
from monitor.adapters.web.drill import Drill, PageSource
from monitor.adapters.web.kept import Kept, in_background
from monitor.adapters.web.page import Page
from monitor.domain.pages import LedgerSource
from monitor.domain.snapshot import Condition, ConditionSource

# Longer than any batch or commit takes; a loop silent for this long is stuck.
STUCK_AFTER_SECONDS: Final = 120.0

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def make_app(
    pages: PageSource,
    conditions: ConditionSource,
    exposition: Exposition,
    ledger: LedgerSource,
    *,
    stuck_after_seconds: float = STUCK_AFTER_SECONDS,
    monotonic: Callable[[], float] = time.monotonic,
    aside: Callable[[Callable[[], object]], None] = in_background,
) -> Starlette:
    """The application that shows these sources."""
    page = Page()
    kept = Kept(lambda: page.render(pages.page(), ()), monotonic, aside)

    def metrics(request: Request) -> Response:
        headers = request.headers
        scrape = exposition.scrape(
            headers.get("accept", ""), headers.get("accept-encoding", "")
        )
        sent = {"Content-Type": scrape.content_type, "Vary": "Accept, Accept-Encoding"}
        if scrape.encoding:
            sent["Content-Encoding"] = scrape.encoding
        return Response(scrape.body, headers=sent)

    def healthz(_: Request) -> Response:
        stuck = stuck_because(conditions.condition(), stuck_after_seconds)
        return PlainTextResponse(
            f"{stuck or 'ok'}\n", status_code=503 if stuck else 200
        )

    def readyz(_: Request) -> Response:
        reasons = conditions.condition().not_ready
        text = "".join(f"{reason}\n" for reason in reasons or ("ready",))
        return PlainTextResponse(text, status_code=503 if reasons else 200)

    def index(_: Request) -> Response:
        reasons = conditions.condition().not_ready
        return HTMLResponse(
            page.render(pages.page(), reasons) if reasons else kept.get()
        )

    def style(_: Request) -> Response:
        return Response(page.style, media_type="text/css")

    return Starlette(
        routes=[
            Route("/", index),
            Route("/page.css", style),
            Route("/metrics", metrics),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            *Drill(page, pages, conditions, ledger).routes(),
        ],
        middleware=[Middleware(_ProtectiveHeaders)],
    )


def stuck_because(condition: Condition, limit_seconds: float) -> str | None:
    """Why the consumer loop counts as stuck; ``None`` while it turns.

    A loop that has not begun its first turn is starting, which readiness shows.
    """
    age = condition.turn_age_seconds
    if age is None or age <= limit_seconds:
        return None
    return f"the consumer loop has not turned for {age:.0f} s"


class _ProtectiveHeaders:
    """Adds the headers that keep a hostile name in the data from being more."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_protected)
