"""Webhook bodies made from GitHub's own schemas: the least and the most they allow."""

import gzip
import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tests.harness.reference_data import schemas_dir

_TIME: Final = "2026-03-02T10:00:00Z"
_SECONDS: Final = 1_772_445_600
_DEEPEST: Final = 6
Schema = dict[str, Any]


class Allowance(NamedTuple):
    """What is made of a schema where it allows several things."""

    name: str
    nulls: bool
    optional: bool
    last: bool


ALLOWANCES: Final = (
    Allowance("null where it may be", nulls=True, optional=False, last=False),
    Allowance("null or any other", nulls=True, optional=True, last=True),
    Allowance("only what must be", nulls=False, optional=False, last=False),
    Allowance("the first of each", nulls=False, optional=True, last=False),
    Allowance("the last of each", nulls=False, optional=True, last=True),
)


def schema_bodies(events: frozenset[str]) -> Iterator[tuple[str, str, Any]]:
    """The event, a name and the body, for each action of the events and allowance."""
    path = schemas_dir() / "github" / "openapi-webhooks.api.github.com.json.gz"
    document = json.loads(gzip.decompress(path.read_bytes()))
    for name, webhook in document["webhooks"].items():
        request = webhook["post"]
        event = request["operationId"].split("/")[0].replace("-", "_")
        if event not in events:
            continue
        schema = request["requestBody"]["content"]["application/json"]["schema"]
        for allowed in ALLOWANCES:
            made = _Made(document, allowed)
            yield event, f"{name}: {allowed.name}", made.value(schema, "", 0)


class _Made(NamedTuple):
    """Values of one document's schemas."""

    document: Any
    allowed: Allowance

    def value(self, schema: Schema, key: str, depth: int) -> Any:
        """A value that the schema allows, of the field ``key``."""
        schema = self._found(schema)
        kinds = schema.get("type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if self.allowed.nulls and (schema.get("nullable") or "null" in kinds):
            return None
        if "enum" in schema:
            return self._one_of([one for one in schema["enum"] if one is not None])
        several = schema.get("oneOf") or schema.get("anyOf")
        if several and "properties" not in schema:
            return self.value(self._one_of(several), key, depth)
        if "object" in kinds or "properties" in schema or "allOf" in schema:
            return self._object(schema, depth)
        if "array" in kinds:
            inner = schema.get("items", {})
            return [] if depth > _DEEPEST else [self.value(inner, key, depth + 1)]
        return _plain(next((one for one in kinds if one != "null"), None), key)

    def _found(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found = self.document
            for step in schema["$ref"].split("/")[1:]:
                found = found[step]
            schema = found
        return schema

    def _object(self, schema: Schema, depth: int) -> Any:
        made: dict[str, Any] = {}
        for part in schema.get("allOf", ()):
            made |= self.value(part, "", depth) or {}
        required = schema.get("required", ())
        every = self.allowed.optional and depth < _DEEPEST
        for name, inner in schema.get("properties", {}).items():
            if every or name in required:
                made[name] = self.value(inner, name, depth + 1)
        return made

    def _one_of(self, several: list[Any]) -> Any:
        return several[-1 if self.allowed.last else 0]


def _plain(kind: str | None, key: str) -> Any:
    is_time = key.endswith(("_at", "since", "timestamp"))
    match kind:
        case "string" if is_time:
            return _TIME
        case "string":
            return "https://github.com/acme/shop" if key.endswith("url") else "x"
        case "integer" | "number":
            return _SECONDS if is_time else 7
        case "boolean":
            return False
        case _:
            return None
