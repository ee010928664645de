"""Names of environments: which are made of ordinary words, and no person's. Pure.

An environment of its own is made for each branch that is looked at
(``review/jane.doe/CHK-1-till``) and is called like it. Those that deploys go to for
good have names made of a few words that everybody uses.
"""

from __future__ import annotations

import re
from typing import Final

_STAGES: Final = (
    "production prod prd live preproduction preprod staging stage stg test tests "
    "testing tst qa uat sit acceptance acc integration int development dev develop "
    "preview review pr mr ephemeral sandbox demo canary alpha beta stable release rc "
    "nightly performance perf load ci cd local main master default training"
)
_PLACES: Final = (
    "eu us uk ap sa na ca me af cn de europe america africa asia australia emea apac "
    "amer north south east west central northeast northwest southeast southwest "
    "global region zone dc primary secondary backup dr blue green a b c"
)
_THINGS: Final = (
    "env environment cluster kubernetes k s aws gcp azure github gitlab pages docs "
    "documentation site website web app apps api backend frontend server mobile ios "
    "android internal external public private shared pre non http https svc"
)
_ORDINARY: Final = frozenset(f"{_STAGES} {_PLACES} {_THINGS}".split())
# Between letters, digits and everything else.
_PART: Final = re.compile(r"[^\W\d_]+|\d+")
# Of a longer number somebody may be the only bearer.
_MOST_DIGITS: Final = 4


def is_ordinary(name: str) -> bool:
    """Whether the name has nothing but ordinary words and short numbers.

    >>> is_ordinary("Prod-EU-west-1"), is_ordinary("review/jane.doe/CHK-1-till")
    (True, False)
    """
    return all(
        part in _ORDINARY or (part.isdecimal() and len(part) <= _MOST_DIGITS)
        for part in _PART.findall(name.casefold())
    )
