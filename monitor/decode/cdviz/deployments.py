"""Deployments of GitHub's that CDviz asks for: where to, of what, and their key.

CDviz has the environment's path in the place of its name, and the deployment's address
in that of a service. ``customData.github.deployment`` has them as GitHub does.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.decode.cdviz.body import Custom, part, text_in
from monitor.decode.github.reading import DEFAULT_HOST
from monitor.decode.native.fields import Said, without_nothing
from monitor.decode.references import repository_around

_ADDRESS: Final = re.compile(
    r"https://(?:api\.(?P<cloud>github\.com|[^/?#]+\.ghe\.com)"
    r"|(?P<server>[^/?#]+)/api/v3)"
    r"/repos/[^/?#]+/[^/?#]+/deployments/(?P<number>\d{1,18})\Z",
    re.ASCII | re.IGNORECASE,
)


def deployment_key(id_: str, custom: Custom) -> str | None:
    """The key that GitHub's own bodies keep it by; ``None``: it is none of these."""
    match = _ADDRESS.match(id_)
    if match is None or not _deployment(custom):
        return None
    host = match["cloud"] or match["server"] or DEFAULT_HOST
    return f"{host.lower()}:deploy/{int(match['number'])}"


def deployed(id_: str, custom: Custom) -> Said:
    """What was deployed, and where to: no service, as in GitHub's own bodies."""
    deployment = _deployment(custom)
    sha = text_in(deployment, "sha")
    return without_nothing(
        {
            "environment": text_in(deployment, "environment"),
            "repo": repository_around(id_),
            "shas": [sha] if sha else None,
            "outcome": "success",
        }
    )


def _deployment(custom: Custom) -> Custom:
    return part(part(custom, "github"), "deployment")
