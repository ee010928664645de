"""``deploy/compose.yml``: what lasts as long as what, and who restarts with whom.

No engine runs it here; these are the properties that a start, a stop and a start need.
"""

from typing import Any, Final

import yaml

from tests.harness.reference_data import REPOSITORY

_TEXT: Final = (REPOSITORY / "deploy" / "compose.yml").read_text(encoding="utf-8")
_SHARED: Final = "service:"


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_TEXT)["services"]
    return found


def kept_folders(service: dict[str, Any]) -> set[str]:
    """Where the named volumes are: what is written there outlives the container."""
    mounts = [mount.split(":") for mount in service.get("volumes", ())]
    named = yaml.safe_load(_TEXT)["volumes"]
    return {folder for source, folder, *_ in mounts if source in named}


def test_events_last_as_long_as_the_offsets_that_were_read_of_them() -> None:
    kafka, friction = services()["kafka"], services()["friction"]

    assert kafka["environment"]["KAFKA_LOG_DIRS"] in kept_folders(kafka)
    state = friction["environment"]["FRICTION_STATE__PATH"]
    assert state.rpartition("/")[0] in kept_folders(friction)


def test_nobody_loses_the_network_when_another_restarts() -> None:
    owners = {
        mode.removeprefix(_SHARED)
        for service in services().values()
        if (mode := service.get("network_mode", "")).startswith(_SHARED)
    }
    (owner,) = owners

    # It does nothing that could end, and waits for nobody.
    assert services()[owner]["entrypoint"] == ["tail", "-f", "/dev/null"]
    assert "depends_on" not in services()[owner]


def test_all_but_the_making_of_topics_start_again() -> None:
    ending = {
        name
        for name, service in services().items()
        if service.get("restart") != "unless-stopped"
    }

    assert ending == {"topics"}
