"""The form of tables of addresses: others of a site or a server, each with its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ValidatorFunctionWrapHandler, WrapValidator

from monitor.config.words import as_compared

_SCHEME: Final = re.compile(r"\A[a-z][a-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class _Form:
    """What ``of`` has such addresses, and how one is written.

    ``behind`` is what is copied with an address, ``whole`` an address without it.
    """

    of: str
    behind: re.Pattern[str]
    whole: re.Pattern[str]
    written: str

    def own(self, text: str) -> str:
        """The own address, as it is compared."""
        address = text.strip().lower()
        if wrong := self._wrong_with(address):
            raise ValueError(wrong)
        return address

    def table(
        self, words: Any, validated: ValidatorFunctionWrapHandler
    ) -> dict[str, Any]:
        """The table with its addresses as they are compared."""
        return as_compared(words, validated, wrong_among=self._wrong_among)

    def _wrong_with(self, address: str) -> str | None:
        """What is wrong with an address, lower case; ``None`` for a sound one."""
        alone = self.behind.sub("", _SCHEME.sub("", address))
        if not self.whole.fullmatch(alone):
            return f"is no address of a {self.of}: write {self.written}"
        if alone == address:
            return None
        return f"is more than a {self.of}'s address: write '{alone}'"

    def _wrong_among(self, owns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Other addresses that are none, and those whose own is itself another one."""
        one_own = f"for each address of a {self.of} write the same own one"
        for other, own in owns.items():
            further = owns.get(own, own)
            if wrong := self._wrong_with(other):
                yield other, wrong
            elif own == other:
                yield other, f"is the {self.of}'s own address already: leave it out"
            elif further != own:
                yield other, f"'{own}' is another address of '{further}': {one_own}"


_SITES: Final = _Form(
    of="site",
    # Of the interface, of an issue's page, a last slash.
    behind=re.compile(r"/+(?:(?:rest|browse)(?:/.*)?)?\Z"),
    # Without a name and a password before the host, which nobody may see.
    whole=re.compile(r"[^\s/?#@]+(?:/[^\s/?#@]+)*"),
    written=(
        "its host, and behind it the path before /rest/ where there is one, as in"
        " 'acme.atlassian.net'"
    ),
)
_SERVERS: Final = _Form(
    of="server",
    # Of a page, of the interface, a last slash.
    behind=re.compile(r"[/?#].*\Z"),
    whole=re.compile(r"[^\s/?#@]+"),
    written=(
        "its host, and behind it the port where there is one, as in 'ghe.example:8443'"
    ),
)

Sites = Annotated[
    dict[str, Annotated[str, AfterValidator(_SITES.own)]], WrapValidator(_SITES.table)
]
Hosts = Annotated[
    dict[str, Annotated[str, AfterValidator(_SERVERS.own)]],
    WrapValidator(_SERVERS.table),
]
