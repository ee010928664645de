"""The published JSON Schema of the native event, made from the table of fields."""

from __future__ import annotations

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from monitor.decode.native.model import SCHEMA_NAME, event_schema
from monitor.decode.native.rules import DECISIONS, REQUIRED
from monitor.domain.facts import Kind

_ADDRESS: Final = "urn:friction-monitor:schema:native-event:v1"


def native_event_schema() -> dict[str, Any]:
    """Draft 2020-12; unknown fields are allowed, because they are ignored.

    Two rules are not in it: event times at most five minutes ahead of the record,
    and no NUL in names.
    """
    made = GenerateJsonSchema().generate(event_schema())
    properties: dict[str, Any] = made["properties"]
    properties["time"] = {
        "type": "string",
        "format": "date-time",
        "description": "when it happened: RFC 3339 with a zone",
    }
    properties["kind"] = {"enum": [str(kind) for kind in Kind]}
    properties["schema"] = {"const": SCHEMA_NAME}
    for field in properties.values():
        field.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ADDRESS,
        "$comment": "Generated from the model (monitor.decode.native.schema)."
        " Do not edit.",
        "title": "Native event of friction-monitor",
        "type": "object",
        "required": made["required"],
        "properties": {name: properties[name] for name in properties},
        "allOf": [_rule(kind) for kind in Kind if kind in REQUIRED] + [_incident()],
    }


def _rule(kind: Kind) -> dict[str, Any]:
    names = list(REQUIRED[kind])
    said: dict[str, Any] = {name: {"not": {"type": "null"}} for name in names}
    if kind is Kind.DEPLOY_APPROVAL_DECIDED:
        said["decision"] = {"enum": list(DECISIONS)}
    return _when(kind, {"required": names, "properties": said})


def _incident() -> dict[str, Any]:
    owners = [
        {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
        for name in ("team", "service")
    ]
    return _when(Kind.INCIDENT_OPENED, {"anyOf": owners})


def _when(kind: Kind, then: dict[str, Any]) -> dict[str, Any]:
    condition = {"properties": {"kind": {"const": str(kind)}}, "required": ["kind"]}
    return {"if": condition, "then": then}
