"""What holds for the facts of every provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from monitor.decode.provider import Context
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Decoded, Reason, ReasonCode

# What no name has: the second stands between the parts of keys and identities.
_NUL, _SEPARATOR = "\x00", "\x1f"
_NO_NAME: Final = "holds a NUL or a unit separator (U+001F), which no name has"
_ESCAPES: Final = (b"\\u0000", b"\\u001f", b"\\u001F")
# Either is written with one in a text of JSON. One byte is looked for much faster than
# six, and few bodies hold it.
BACKSLASH: Final = b"\\"
# In a longer body, looking through the facts costs less than through the bytes.
_SHORT_BODY: Final = 4_096
MOST_REASONS: Final = 100


def rejected(reason: Reason) -> Decoded:
    """A record of which nothing is known but why it is refused."""
    return Decoded(reasons=(reason,))


def checked(decoded: Decoded, body: bytes, context: Context) -> Decoded:
    """The outcome, or a rejection for what no name holds, or a time in the future.

    An event with one such fact is refused whole: its others came from the same wrong
    clock. Those beside it in a batch may have another.
    """
    wrong: list[Reason] = []
    facts, receipt = decoded.facts, context.receipt
    if facts and _may_be_misnamed(body, facts[0]):
        wrong += _misnamed_in(facts)
    if facts and receipt is not None:
        limit = context.settings.future_limit_ms
        for fact in facts:
            if fact.time > receipt + limit:
                wrong.append(future(limit))
                break
    if wrong:
        reasons = tuple(dict.fromkeys([*decoded.reasons, *wrong]))
        return decoded._replace(facts=(), reasons=reasons[:MOST_REASONS], ignored="")
    if len(decoded.reasons) > MOST_REASONS:
        return decoded._replace(reasons=decoded.reasons[:MOST_REASONS])
    return decoded


def future(limit_ms: int, where: str = "time") -> Reason:
    """Why a time too far ahead of the record's own is refused."""
    text = (
        f"is more than {limit_ms / 60_000:g} min after the record's timestamp;"
        " check the sender's clock"
    )
    return Reason(ReasonCode.FUTURE_TIME, where, text)


def misnamed(names: Mapping[str, object]) -> list[Reason]:
    """Which of the names hold what no name has, by where they stand in the body."""
    return [
        Reason(ReasonCode.BAD_VALUE, where, _NO_NAME)
        for where, value in names.items()
        if _is_misnamed(value)
    ]


def _may_be_misnamed(body: bytes, fact: Fact) -> bool:
    """Whether the facts have to be looked through; the host may be a header's word."""
    if BACKSLASH in body:
        long = len(body) > _SHORT_BODY
        if long or any(escape in body for escape in _ESCAPES):
            return True
    return _is_misnamed(fact.source)


def _misnamed_in(facts: Sequence[Fact]) -> list[Reason]:
    if not _may_hold_any(facts):
        return []
    return [
        reason
        for fact in facts
        for owner in (
            {"entity": fact.entity, "source": fact.source},
            fact.fields,
            fact.people,
        )
        for reason in misnamed(owner)
    ]


def _may_hold_any(facts: Iterable[Fact]) -> bool:
    """Whether a text of theirs holds what no name has: hardly ever, so all at once."""
    texts: list[str] = []
    for _, _, entity, source, _, _, fields, people in facts:
        texts += (entity, source)
        for value in (*fields.values(), *people.values()):
            if isinstance(value, str):
                texts.append(value)
            elif isinstance(value, list):
                texts += map(str, value)
    return _is_misnamed("".join(texts))


def _is_misnamed(value: object) -> bool:
    if isinstance(value, str):
        return _NUL in value or _SEPARATOR in value
    return isinstance(value, list) and any(_is_misnamed(str(one)) for one in value)
