"""At which addresses a sample shows repositories: the ground for `[decode.github]`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from monitor.decode.github.places import host_of
from monitor.decode.same_at import SameAt

_DEEPEST: Final = 8
_LONGEST: Final = 120


@dataclass(slots=True)
class GithubSample:
    """Grows by JSON bodies, in any order, repeated ones too; also by wrapped ones."""

    hosts: SameAt = field(default_factory=SameAt)

    def add(self, body: object) -> None:
        """Note where one JSON value shows a repository of GitHub's."""
        self._add(body, 0)

    def _add(self, value: object, depth: int) -> None:
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            for one in value:
                self._add(one, depth + 1)
        elif isinstance(value, dict):
            repository = value.get("repository")
            if isinstance(repository, dict) and "full_name" in repository:
                self._repository(repository)
                return
            for one in value.values():
                self._add(one, depth + 1)

    def _repository(self, repository: dict[str, object]) -> None:
        """Another server may have its number, or its name: all are the same of one."""
        link = repository.get("html_url")
        host = host_of(link) if isinstance(link, str) else None
        told = (repository.get(name) for name in ("id", "full_name", "node_id"))
        if host and host.isprintable() and len(host) <= _LONGEST:
            self.hosts.add(" ".join(map(str, told)).lower(), host)
