"""GitHub webhooks: a placeholder until the real dispatch lands."""

from __future__ import annotations

from monitor.decode.provider import Context, Provider
from monitor.domain.outcomes import Decoded


def _decode(body: bytes, kind: str | None, context: Context) -> Decoded:
    del body, context
    return Decoded(ignored="GitHub is not decoded yet", provider="github", raw_kind=kind or "")


PROVIDER = Provider("github", ("x-github-event",), lambda keys, body: None, _decode)
