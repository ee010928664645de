"""Whoever changes what records come to gives the decoding another number.

A state that an older program read tells by that number that its facts are others.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.outcomes import Record
from monitor.pipeline.decoded_before import DECODING
from monitor.simulate.settings import Simulation
from monitor.simulate.world import simulate
from tests.harness.cdviz_bodies import cdviz_bodies, cdviz_records
from tests.harness.reference_data import REPOSITORY

RECEIPT = 1_790_000_000_000
WORLD = Simulation(teams=5, days=14)
# Of which decoding these are, and of each provider the facts that the samples come to.
KNOWN: Final = {
    "decoding": "8",
    "cdevents": "5660413e5304f169",
    "github": "04e5159e05861f5f",
    "jira": "6e159deaf2f187ed",
    "native": "69a90d776771c923",
}


def samples() -> Iterator[Record]:
    """The repository's own, those CDviz sends, and a simulated world's."""
    for path in sorted((REPOSITORY / "schemas/valid/native-event").glob("*.json")):
        yield Record("t", 0, 0, RECEIPT, None, (), path.read_bytes())
    yield from cdviz_records(RECEIPT)
    yield from simulate(WORLD).records()


def found() -> dict[str, str]:
    by_provider: defaultdict[str, list[str]] = defaultdict(list)
    settings = DecodeSettings()
    for record in samples():
        decoded = decode(record, NO_HINT, settings)
        if decoded.facts:
            facts = json.dumps(decoded.facts, sort_keys=True)
            by_provider[decoded.provider].append(facts)
    digests = {name: digest_of(facts) for name, facts in by_provider.items()}
    return {"decoding": str(DECODING), **digests}


def digest_of(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def test_facts_of_the_samples_are_those_of_this_number_of_decoding() -> None:
    assert found() == KNOWN, (
        "the samples come to other facts. Where decoding changed, raise DECODING in "
        "monitor/pipeline/decoded_before.py, so that older states tell of it, and "
        "write down here what was found; where only samples changed (schemas/valid, "
        "tests/harness/cdviz_bodies, monitor/simulate), write it down and do not raise"
    )


@pytest.mark.parametrize("place", range(len(cdviz_bodies())))
def test_each_sample_of_cdviz_says_something_by_what_is_the_tools(place: int) -> None:
    body = cdviz_bodies()[place]
    whole = facts_of(body)
    del body["customData"]
    assert whole != facts_of(body)


def facts_of(body: dict[str, Any]) -> str:
    record = Record("t", 0, 0, RECEIPT, None, (), json.dumps(body).encode())
    return repr(decode(record, NO_HINT, DecodeSettings()).facts)
