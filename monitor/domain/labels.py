"""Labels that mean something to the signals, in the words they are kept in.

A tracker's own labels are translated while decoding, so that what is stored is one of
these words, or a prefix of these and a value: ``component:ci``.
"""

from __future__ import annotations

from typing import Final

TOOLING: Final = "tooling"
INFRA: Final = "infra"
DEPENDENCY: Final = "dependency"
HOW_TO: Final = "how-to"
PLATFORM: Final = "platform"
TRIAGED: Final = "triaged"
# What a ticket of a stream team complains about (signal 2).
COMPLAINTS: Final = (TOOLING, INFRA, DEPENDENCY)
MEANINGS: Final = (*COMPLAINTS, HOW_TO, PLATFORM, TRIAGED)

COMPONENT: Final = "component"
# `uses:ci/jenkins`: the capability, and how it is done.
USES: Final = "uses"
# `finding:cwe-79`: the class of a finding; `id:cve-2021-44228`: what was found.
FINDING: Final = "finding"
ID: Final = "id"
PREFIXES: Final = (COMPONENT, USES, FINDING, ID)


def values(labels: list[str], prefix: str) -> list[str]:
    """What labels with this prefix say, in alphabetical order."""
    start = f"{prefix}:"
    return sorted(label[len(start) :] for label in labels if label.startswith(start))
