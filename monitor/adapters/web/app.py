"""The routes: ``/metrics``, ``/healthz``, ``/readyz`` and the pages.

Answers that wait for numbers are made in worker threads, of which there are few.
Probes are answered beside them, and never wait; scrapes leave threads to the pages.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.adapters.prometheus.exposition import Exposition
from monitor.adapters.web.drill import Drill, PageSource
from monitor.adapters.web.kept import Kept
from monitor.adapters.web.page import Page
from monitor.domain.pages import LedgerSource
from monitor.domain.snapshot import Condition, ConditionSource
from monitor.errors import FrictionError

# Longer than any batch or commit takes; a loop silent for this long is stuck.
STUCK_AFTER_SECONDS: Final = 120.0
# Scrapes at once, made one after the other: a scraper has one under way.
MOST_SCRAPES: Final = 8
_TOO_MANY: Final = (
    f"{MOST_SCRAPES} scrapes are being answered already: scrape less often, or from "
    "fewer places\n"
)

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
) -> Starlette:
    """The application that shows these sources."""
    page = Page()
    front = _Front(page, pages, conditions)
    probes = _Probes(conditions)
    app = Starlette(
        routes=[
            Route("/", front.index),
            Route("/page.css", front.style),
            Route("/metrics", _Metrics(exposition).metrics),
            Route("/healthz", probes.healthz),
            Route("/readyz", probes.readyz),
            *Drill(page, pages, conditions, ledger).routes(),
        ],
        middleware=[Middleware(_ProtectiveHeaders)],
        exception_handlers={FrictionError: _told},
    )
    # It would lead to whatever host the request names, past a proxy's prefix.
    app.router.redirect_slashes = False
    return app


def _told(_: Request, problem: Exception) -> Response:
    """What cannot be shown, with the reason: a stored value may be damaged."""
    return PlainTextResponse(f"this cannot be shown: {problem}\n", status_code=500)


class _Front:
    """The first page and the style of all."""

    def __init__(
        self, page: Page, pages: PageSource, conditions: ConditionSource
    ) -> None:
        self._page = page
        self._pages = pages
        self._conditions = conditions
        self._kept = Kept(lambda: self._made(()), time.monotonic)

    def index(self, _: Request) -> Response:
        reasons = self._conditions.condition().not_ready
        return HTMLResponse(self._made(reasons) if reasons else self._kept.get())

    def style(self, _: Request) -> Response:
        return Response(self._page.style, media_type="text/css")

    def _made(self, reasons: Sequence[str]) -> str:
        return self._page.render(self._pages.page(), reasons)


class _Metrics:
    """What Prometheus scrapes."""

    def __init__(self, exposition: Exposition) -> None:
        self._exposition = exposition
        # Only the server's own thread counts.
        self._under_way = 0

    async def metrics(self, request: Request) -> Response:
        if self._under_way >= MOST_SCRAPES:
            return PlainTextResponse(_TOO_MANY, status_code=503)
        self._under_way += 1
        try:
            return await run_in_threadpool(self._scraped, request)
        finally:
            self._under_way -= 1

    def _scraped(self, request: Request) -> Response:
        # A list may come in several lines (RFC 9110, 5.3).
        accept, encoding = (
            ", ".join(request.headers.getlist(name))
            for name in ("accept", "accept-encoding")
        )
        scrape = self._exposition.scrape(accept, encoding)
        sent = {"Content-Type": scrape.content_type, "Vary": "Accept, Accept-Encoding"}
        if scrape.encoding:
            sent["Content-Encoding"] = scrape.encoding
        return Response(scrape.body, headers=sent)


class _Probes:
    """Whether the process lives, and whether its numbers can be read.

    Asynchronous, so that no thread is needed that might be waiting for numbers.
    """

    def __init__(self, conditions: ConditionSource) -> None:
        self._conditions = conditions

    async def healthz(self, _: Request) -> Response:
        stuck = stuck_because(self._conditions.condition(), STUCK_AFTER_SECONDS)
        return PlainTextResponse(
            f"{stuck or 'ok'}\n", status_code=503 if stuck else 200
        )

    async def readyz(self, _: Request) -> Response:
        reasons = self._conditions.condition().not_ready
        text = "".join(f"{reason}\n" for reason in reasons or ("ready",))
        return PlainTextResponse(text, status_code=503 if reasons else 200)


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
