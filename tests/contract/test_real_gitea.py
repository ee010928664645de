"""No real body of Gitea's is taken for one of GitHub's, whose shape it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings, TopicHint
from monitor.domain.outcomes import Decoded, ReasonCode, Record
from tests.harness.reference_data import payloads_dir

# GitHub's event of the same name, which Gitea sends in GitHub's header, too.
EVENTS = {"issue": "issues", "pullrequest": "pull_request", "push": "push"}
# Names of branches and tags, in a shape that is not GitHub's either.
OTHERS = {"drone-go-scm--branch_create.json", "woodpecker--HookTag.json"}
UNRECOGNISED = OTHERS | {"jenkins-x-go-scm--release.json"}
REFUSED = {(ReasonCode.UNSUPPORTED, "sender.username")}


def bodies(kind: str) -> list[Path]:
    return sorted((payloads_dir() / "gitea" / kind).iterdir())


def reasons(found: Decoded) -> set[tuple[ReasonCode, str]]:
    return {(reason.code, reason.where) for reason in found.reasons}


@pytest.mark.parametrize("kind", [*EVENTS, "release"])
def test_a_body_alone_gives_no_facts_and_a_clear_reason(kind: str) -> None:
    for path in bodies(kind):
        record = Record("t", 0, 0, None, None, (), path.read_bytes())
        found = decode(record, NO_HINT, DecodeSettings())
        assert found.facts == ()
        if path.name in UNRECOGNISED:
            assert reasons(found) == {(ReasonCode.UNRECOGNISED, "")}
        else:
            assert reasons(found) == REFUSED


@pytest.mark.parametrize("hint", [NO_HINT, TopicHint(provider="github")])
@pytest.mark.parametrize(("kind", "event"), EVENTS.items())
def test_nor_does_one_with_githubs_header(
    kind: str, event: str, hint: TopicHint
) -> None:
    headers = (("X-GitHub-Event", event.encode()), ("X-Gitea-Event", event.encode()))
    for path in bodies(kind):
        record = Record("t", 0, 0, None, None, headers, path.read_bytes())
        assert reasons(decode(record, hint, DecodeSettings())) == REFUSED
