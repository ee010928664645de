"""Stored JSON in a fifth of its bytes, for what is seldom read.

Deflated with a dictionary of what such JSON is made of. The dictionary is part of the
format: whoever changes it gives it another number, and keeps this one for reading.
"""

from __future__ import annotations

import zlib
from typing import Final

# JSON begins with a bracket.
_MARK: Final = b"\x01"
_RAW: Final = -15
# What is most frequent stands last: a short way back.
_DICTIONARY: Final = (
    b'"freeze.services":["teams":["items":["shas":["unplanned":true,"responders":'
    b'"decision":"approved","decision":"rejected","environment":"production","service":"'
    b'"inferred":true,"automation":true,"cause_teams":["to_team":"needed_by":"blocker":"'
    b'"areas":["jira:component:","project":"work_class":"defect","work_class":"debt",'
    b'"work_class":"feature","team":"item":"change":"tickets":["number":"aliases":["'
    b'"author_team":"by_teams":["reviewed_by":["request":"group":"@acme/","hosted":true,'
    b'"pool":["self-hosted","linux"],"ubuntu-latest"],"default_branch":false,"attempt":1,'
    b'"outcome":"failure","outcome":"success","repo":"acme/"},"pipeline":"acme/'
    b'"branch":"sha":"github.com:job/github.com:deploy/",null,[[]]],{},{}]'
    b'["unaccrued","","","pending",["unaccrued","","","stale",["unaccrued","","","idle",'
    b'["own_failure","","","ci",["unclassified","",["wait","incident","response",'
    b'["wait","deploy_failure","deploy_freeze","ticket_request","dependency_link",'
    b'"reopen","response","handoff","return","pingpong","unknown","external",'
    b'["wait","deploy_approval","acute","deploy_approval","chronic",'
    b'["wait","ci_flaky","acute","ci_flaky","chronic","ci_shared_failure","acute",'
    b'"ci_shared_failure","chronic","ticket_blocked","acute","ticket_blocked","chronic",'
    b'["wait","ci_queue","acute",["wait","review_wait","acute","review_wait","chronic",'
    b'["active","","","rework",["active","","","feature",519437318400,259718659200,""]'
)


def deflate(text: bytes) -> bytes:
    """The JSON in fewer bytes."""
    made = zlib.compressobj(
        9, zlib.DEFLATED, _RAW, 9, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY
    )
    return _MARK + made.compress(text) + made.flush()


def inflated(stored: bytes) -> bytes:
    """The JSON, which may be stored as it is."""
    if not stored.startswith(_MARK):
        return stored
    return zlib.decompressobj(_RAW, _DICTIONARY).decompress(stored[len(_MARK) :])


def is_deflated(stored: bytes) -> bool:
    """Whether the JSON is stored in fewer bytes."""
    return stored.startswith(_MARK)
