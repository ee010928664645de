"""The names of deploys that CDEvents tell: they name the service, never its deploy."""

from __future__ import annotations

from monitor.decode.times import write_time
from monitor.domain.facts import Kind
from monitor.domain.opaque import environment_word


def deploy_name(
    service: str, environment: str, kind: Kind, time: int, body_hash: str = ""
) -> str:
    """The entity of what happened to a service in an environment at an instant (ms).

    The same told again is the same deploy, and nothing else is. Where only the time of
    receipt is known, the hash of the body stands for it. A rollback has a name of its
    own, because it does not say which deploy it takes back.
    """
    where = environment_word(environment)
    parts = [service, where, body_hash[:16] or write_time(time)]
    if kind is Kind.DEPLOY_ROLLED_BACK:
        parts.append("rolledback")
    return "/".join(parts)
