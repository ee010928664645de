"""Answers before there is anything to show: that we live, and what we wait for."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def starting_app(reason: Callable[[], str]) -> Starlette:
    """Alive and not ready, for the reason at present; so is every other page."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def waiting(_: Request) -> Response:
        return PlainTextResponse(f"{reason()}\n", status_code=503)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/{page:path}", waiting)]
    )
