"""What a request line names: a path, or, where a proxy passes it on, an address.

The server takes either for a path. Every server must accept both (RFC 9112, 3.2.2).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from starlette.types import Scope

# Scheme and host end where the path begins; the query is apart.
_ADDRESS: Final = re.compile(
    rb"https?://[^/]+(?P<path>/.*)?", re.IGNORECASE | re.DOTALL
)


def with_path(scope: Scope) -> Scope:
    """The request with the path alone of a whole address; any other as it is.

    Whose address it is does not matter, as the host of a request does not.
    """
    address = _ADDRESS.fullmatch(scope["raw_path"])
    if address is None:
        return scope
    raw: bytes = address["path"] or b"/"
    return {**scope, "raw_path": raw, "path": unquote(raw.decode("ascii"))}
