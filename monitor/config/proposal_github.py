"""Lines for ``[decode.github]``, as guesses: addresses that may be of one server."""

from __future__ import annotations

from typing import Final

from monitor.config.guesses import address_lines
from monitor.decode.github.sample import GithubSample
from monitor.decode.hosts import ServerHosts

_HEAD: Final = """\
# A guess from the sample's GitHub bodies, so a comment. If it is right, take the `# `
# from [decode.github] and from hosts: docs/github.md explains it. Numbers are
# repositories.
# [decode.github]"""
_NOTE: Final = "if both are one server: the same repositories were seen at both"


def github_lines(sample: GithubSample, hosts: ServerHosts) -> list[str]:
    """The lines, none where no two addresses show a repository.

    ``hosts`` are what is known already.
    """
    lines = list(address_lines("hosts", _NOTE, sample.hosts, hosts.own_of))
    return [*_HEAD.splitlines(), *lines] if lines else []
