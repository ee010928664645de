"""From the bytes of a record to JSON: what may lie around the text, and the parser.

The parser is the one of pydantic: it reads at most 200 levels deep without using
the interpreter's stack, keeps the last of duplicate keys, accepts ``NaN``, and
refuses lone surrogates and control characters.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Final
from urllib.parse import unquote_to_bytes

from pydantic_core import from_json

from monitor.decode.settings import MAX_DEPTH, MEGABYTE
from monitor.domain.outcomes import Reason, ReasonCode

_GZIP: Final = b"\x1f\x8b"
# What may stand behind a gzip body and says nothing.
_PADDING: Final = b"\x00\t\n\r "
# The rest is copied for each. Those that write in blocks (64 kB each, as bgzip) come to
# some hundreds for the largest body.
_MOST_MEMBERS: Final = 1_000
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_JSON_START: Final = frozenset(b'{["')
# A zero byte and the number of the schema: of four bytes, or of eight (Apicurio). Of
# the latter the first four are zero, which as a number of four bytes no schema has.
_WIRE_FORMAT_PREFIX: Final = 5
_LONG_PREFIX: Final = 9
_OF_LONG: Final = b"\x00" * _WIRE_FORMAT_PREFIX
# How a form begins that GitHub sends.
_FORM: Final = "payload="
_NO_GZIP: Final = Reason(ReasonCode.NOT_JSON, "", "looks like gzip but does not unpack")
_FOLLOWED: Final = Reason(
    ReasonCode.NOT_JSON, "", "gzip body is followed by what is none; send it alone"
)
_BARE_BASE64: Final = Reason(
    ReasonCode.NOT_JSON,
    "",
    "not JSON, and looks like base64: send what it holds, or put it in quotes as a"
    " JSON string",
)
_CUT_OFF: Final = Reason(ReasonCode.NOT_JSON, "", "gzip body is cut off")
_TOO_MANY_MEMBERS: Final = Reason(
    ReasonCode.TOO_LARGE, "", f"gzip body of more than {_MOST_MEMBERS} members"
)


def plain_text(value: bytes, limit: int) -> bytes | Reason:
    """The JSON text inside the bytes: decompressed, without prefix or mark.

    Takes off gzip, the five or nine bytes of a schema registry's wire format, a form's
    ``payload=`` and a byte order mark. ``limit`` is in bytes, decompressed.
    """
    if len(value) > limit:
        return _too_large(limit)
    return value if value.startswith(b"{") else _bared(value, limit)


def parse(text: bytes) -> object | Reason:
    """The JSON value, or why the text is none."""
    try:
        parsed: object = from_json(text)
    except ValueError as error:
        return not_json(text, str(error))
    return parsed


def not_json(text: bytes, message: str) -> Reason:
    """Why the parser refused the text; its message never quotes the text."""
    if "recursion" in message:
        return Reason(
            ReasonCode.TOO_DEEP,
            "",
            f"nested deeper than {MAX_DEPTH} levels; send a flatter body",
        )
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return Reason(
            ReasonCode.NOT_UTF8,
            "",
            f"not UTF-8 at byte {error.start}; encode the body as UTF-8",
        )
    if _of_base64(text) is not None:
        return _BARE_BASE64
    if "trailing" in message:
        # Most often JSON Lines, or a body that was sent together with the next.
        message += "; several events are a record each, or one JSON array"
    return Reason(ReasonCode.NOT_JSON, "", f"not JSON: {message}")


def inner_text(text: str) -> bytes | None:
    """The bytes a JSON string holds: JSON, a form, or base64 of one; else ``None``.

    Four letters are base64 of something, so what comes out has to look like them.
    """
    stripped = text.strip()
    if stripped[:1] in ("{", "[", '"'):
        return stripped.encode("utf-8", "surrogatepass")
    if stripped.startswith(_FORM):
        return stripped.encode("utf-8", "surrogatepass")
    return _of_base64(stripped)


def _of_base64(text: str | bytes) -> bytes | None:
    """The body of which the text is base64; ``None`` where that looks like none."""
    try:
        decoded = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    is_json = decoded.lstrip()[:1] in (b"{", b"[", b'"')
    is_other = decoded.startswith((_GZIP, _FORM.encode()))
    return decoded if is_json or is_other else None


def _too_large(limit: int) -> Reason:
    megabytes = f"{limit / MEGABYTE:g}"
    return Reason(
        ReasonCode.TOO_LARGE,
        "",
        f"larger than {megabytes} MB; webhooks are at most 25 MB",
    )


def _bared(value: bytes, limit: int) -> bytes | Reason:
    if value.startswith(_GZIP):
        opened = _gunzipped(value, limit)
        if isinstance(opened, Reason):
            return opened
        value = opened
    if value.startswith(b"\x00"):
        return _without_wire_format(value)
    if value.startswith(BYTE_ORDER_MARK):
        return value[len(BYTE_ORDER_MARK) :]
    if value[:1] and value[0] not in _JSON_START and b"payload=" in value:
        return _form_payload(value)
    return value


def _gunzipped(value: bytes, limit: int) -> bytes | Reason:
    """What all members of a gzip body hold, one after the other (RFC 1952)."""
    parts: list[bytes] = []
    room = limit + 1
    for _ in range(_MOST_MEMBERS):
        stream = zlib.decompressobj(wbits=31)
        try:
            parts.append(stream.decompress(value, room))
        except zlib.error:
            return _FOLLOWED if parts else _NO_GZIP
        room -= len(parts[-1])
        if room <= 0:
            return _too_large(limit)
        if not stream.eof:
            return _CUT_OFF
        value = stream.unused_data.lstrip(_PADDING)
        if not value:
            return parts[0] if len(parts) == 1 else b"".join(parts)
    return _TOO_MANY_MEMBERS


def _without_wire_format(value: bytes) -> bytes | Reason:
    prefixes = [_WIRE_FORMAT_PREFIX]
    if value.startswith(_OF_LONG):
        prefixes.append(_LONG_PREFIX)
    for prefix in prefixes:
        body = value[prefix:].lstrip()
        if body and body[0] in _JSON_START:
            return body
    return Reason(
        ReasonCode.UNSUPPORTED,
        "",
        "starts with a zero byte: Avro or Protobuf of a schema registry, or no text"
        " at all; write JSON (or JSON Schema) to the topic",
    )


def _form_payload(value: bytes) -> bytes:
    for pair in value.split(b"&", 16):
        name, _, text = pair.partition(b"=")
        if name.strip() == b"payload":
            return unquote_to_bytes(text.replace(b"+", b" ")).strip()
    return value
