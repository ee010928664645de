"""The form of ``[decode.jira.sites]``: other addresses of a site, each with its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ValidatorFunctionWrapHandler, WrapValidator

from monitor.config.words import as_compared

_SCHEME: Final = re.compile(r"\A[a-z][a-z0-9+.-]*://")
# What is copied with an address: of the interface, of an issue's page, a last slash.
_BEHIND: Final = re.compile(r"/+(?:(?:rest|browse)(?:/.*)?)?\Z")
# Without a name and a password before the host, which nobody may see.
_ADDRESS: Final = re.compile(r"[^\s/?#@]+(?:/[^\s/?#@]+)*")
_NO_ADDRESS: Final = (
    "is no address of a site: write its host, and behind it the path before /rest/"
    " where there is one, as in 'acme.atlassian.net'"
)
_MORE: Final = "is more than a site's address:"
_ONE_OWN: Final = "for each address of a site write the same own one"


def _wrong_with(address: str) -> str | None:
    """What is wrong with an address, lower case; ``None`` for a site's."""
    alone = _BEHIND.sub("", _SCHEME.sub("", address))
    if not _ADDRESS.fullmatch(alone):
        return _NO_ADDRESS
    return None if alone == address else f"{_MORE} write '{alone}'"


def _own(text: str) -> str:
    address = text.strip().lower()
    if wrong := _wrong_with(address):
        raise ValueError(wrong)
    return address


def _wrong_among(sites: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Other addresses that are none, and those whose own is itself another one."""
    for other, own in sites.items():
        further = sites.get(own, own)
        if wrong := _wrong_with(other):
            yield other, wrong
        elif own == other:
            yield other, "is the site's own address already: leave it out"
        elif further != own:
            yield other, f"'{own}' is another address of '{further}': {_ONE_OWN}"


def _sites(words: Any, validated: ValidatorFunctionWrapHandler) -> dict[str, Any]:
    return as_compared(words, validated, wrong_among=_wrong_among)


Sites = Annotated[
    dict[str, Annotated[str, AfterValidator(_own)]], WrapValidator(_sites)
]
