"""Which commit a deployment has brought, and in which run: no body tells a rollback."""

from __future__ import annotations

from monitor.decode.github.ci_models import DeploymentStatusBody
from monitor.domain.facts import Fields


def say_version(fields: Fields, body: DeploymentStatusBody) -> None:
    """Of a success its commit; and the attempt of a run that it is a stage of."""
    if fields.get("outcome") != "success" or "shas" not in fields:
        return
    fields["version"] = fields["shas"][0]
    run = body.get("workflow_run")
    if run is not None:
        fields["within"] = f"{run['id']}/{run.get('run_attempt') or 1}"
