"""GitHub's servers under several addresses: what shows another is read as the own one.

An address is in a body in many places: of the repository, of its issues and teams, in
what people write, in ids and sources of CDEvents. So each link to one is rewritten
before anything is read of the body, and nothing that is read can tell two of a server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# JSON may escape a slash. What goes on behind the address is another one's.
_LINK = rb"(:(?:\\?/){2}(?:git@)?)(%b)(?![\w.@-]|:\d)"


@dataclass(frozen=True, slots=True)
class ServerHosts:
    """``own_of``: by another address of a server, lower case, the server's own."""

    own_of: Mapping[str, str] = field(default_factory=dict)
    _hosts: tuple[bytes, ...] = field(init=False, repr=False, compare=False)
    _links: re.Pattern[bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare to find links."""
        hosts = tuple(host.encode() for host in self.own_of)
        links = re.compile(_LINK % b"|".join(map(re.escape, hosts)), re.IGNORECASE)
        object.__setattr__(self, "_hosts", hosts)
        object.__setattr__(self, "_links", links)

    def own(self, host: str) -> str:
        """The own address of the server that is seen there."""
        return self.own_of.get(host.lower(), host)

    def in_links(self, body: bytes) -> bytes:
        """The body with the own address in each link to another one."""
        if not self._hosts:
            return body
        # Most bodies show the own address alone, and looking for links costs most.
        lower = body.lower()
        if not any(host in lower for host in self._hosts):
            return body
        return self._links.sub(self._owned, body)

    def in_text(self, text: str) -> str:
        """The same of text."""
        if not self._hosts:
            return text
        told = self.in_links(text.encode("utf-8", "surrogatepass"))
        return told.decode("utf-8", "surrogatepass")

    def _owned(self, link: re.Match[bytes]) -> bytes:
        before, host = link.groups()
        return bytes(before) + self.own(host.decode()).encode()
