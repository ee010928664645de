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
    b'"unplanned":true,"responders":"finding_class":"requester_team":"how":"rank"'
    b'"project_before":"areas_before":["teams":["services":["freeze","epic":true,'
    b'"receipt":true,"inferred":true,"bot":true,"paths":["/","parent":"needed_by":"'
    b'"to_team":"cause_teams":["actor_role":"staff","blocker":"automation":true,'
    b'"areas":["jira:component:","jira:team:"],"project":"work_class":"risk",'
    b'"work_class":"request","work_class":"debt","work_class":"defect",'
    b'"decision":"rejected","decision":"approved","outcome":"cancelled","outcome":"error",'
    b'"hosted":true,"pool":["self-hosted","linux","x64"],"team":"on_team":"platform",'
    b'["active","","","rework",["unclassified",["own_failure","","","ci",'
    b'["unaccrued","","","internal",["unaccrued","","","pending",'
    b'["unaccrued","","","stale",["unaccrued","","","idle",'
    b'"incident","response","reopen","response","handoff","return","pingpong","unknown",'
    b'"deploy_failure","deploy_freeze","ticket_request","dependency_link","external",'
    b'"deploy_approval","acute","deploy_approval","chronic","ci_flaky","acute",'
    b'"ci_flaky","chronic","ci_shared_failure","acute","ci_shared_failure","chronic",'
    b'"ticket_blocked","acute","ticket_blocked","chronic","review_wait","acute",'
    b'"review_wait","chronic","ci_queue","acute",519437318400,259718659200,'
    b'["requests_opened","","requests_closed","","unplanned","","recovery","",'
    b'["deploys","own","deploys","other_team","deploys","none","production",1,"repo:'
    b'["lead_time","","done","debt","done","defect","done","feature",'
    b'["wait",["active","","","feature","]],[["]],[],[["in_flight",""],["'
    b'"],["flow_time",""],["in_flight","",-1]]]]'
    b'[3,"github.com:deploy/job/github.com:deploy/",null,[[29,{"environment":"production"'
    b',"service":"shas":["items":["tickets":["change":"item":"aliases":["I_kwDO"PR_kwDO'
    b'"],"number":"request":"@acme/","group":"@acme/","reviewed_by":["author_team":"'
    b'"work_class":"feature","by_teams":["github.com:job/4000,[[26,17{"pipeline":"acme/'
    b'/ci/unit","sha":"attempt":1,"branch":"default_branch":false,"pool":'
    b'["ubuntu-latest"],"hosted":true,"outcome":"failure","outcome":"success",'
    b'"repo":"acme/-api"},"]],["],"repo":"acme/-api","by_teams":["]},"]]]],{},{}]'
    b'["use",["topic",["complaint",["how_to",["decision",["finding",["postponed",'
    b'["backlog",-"","","platform","done"],["backlog",-"","","feature","done"]],'
    b'["deploys","none",0,1,"repo:acme/-api/production"]]]["in_flight",-1]],'
    b'["flow_time","",0,]],[],[["in_flight","",0],["done","feature",]'
    b'["active","","","feature",0,,1],["wait","platform","review_wait","acute",0,900,1],'
    b'["wait","platform","review_wait","chronic",0,'
    b'[1000,[-[["",[["active","","","feature",0,'
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
