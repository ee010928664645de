"""Single values of ``teams.yaml``: names, handles, times, and how slips are told."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import zoneinfo
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from monitor.directory.dates import instant_of
from monitor.directory.ids import project_slip, repository_slip
from monitor.directory.patterns import folded, is_glob
from monitor.domain.teams import RESERVED
from monitor.domain.timeline import WALL

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_HANDLE: Final = re.compile(r"[^:\s]+:@?[^@\s]\S*")
# As decoding calls those whose events name persons. Others may be meant: the name
# behind them is found where a label says it.
PERSONS_OF: Final = ("github", "jira")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_UTC: Final = zoneinfo.ZoneInfo("UTC")
# Whichever zone the machine has, or none: numbers would depend on where they are made.
_NO_ZONES: Final = frozenset({"localtime", "posixrules", "Factory"})


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("should not contain control characters")
    if text != text.strip() or not text:
        raise ValueError("should not be empty, nor begin or end with a blank")
    return text


def _team_id(text: str) -> str:
    if folded(text) in RESERVED | {WALL}:
        raise ValueError(f"'{text}' is a reserved id: choose another")
    if ":" in text:
        raise ValueError("should not contain a colon")
    return text


def _zone(name: str) -> str:
    if name in _NO_ZONES or not _is_zone(name):
        raise ValueError(f"'{name}' is no time zone (as in Europe/Berlin)")
    return name


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def _time_of_day(text: str) -> str:
    if not _TIME_OF_DAY.fullmatch(text):
        raise ValueError(f"'{text}' is no time of the day: write it as \"09:00\"")
    return text


def _opening(hours: list[str]) -> list[str]:
    if len(hours) != 2:
        raise ValueError('should be two times: ["09:00", "17:00"]')
    if hours[0] >= hours[1]:
        raise ValueError(f"{hours[0]} is not before {hours[1]}")
    return hours


def _no_number(value: Any) -> Any:
    """A date without its strokes is a number, and would be wrong in quotes, too."""
    if not isinstance(value, bool | int | float):
        return value
    digits = str(value).lower()
    date = "2026-01-31"
    if len(digits) == 8 and digits.isdecimal():
        date = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    raise ValueError(f"should be a date, written as {date}, not {digits}")


def _holiday(text: str) -> str:
    if _DATE.fullmatch(text):
        try:
            dt.date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"'{text}' is no day of the calendar") from error
        return text
    raise ValueError(f"'{text}' is no date (as in 2026-12-25)")


def _moment(text: str) -> str:
    found = instant_of(text, _UTC)
    if isinstance(found, int):
        return text
    raise ValueError(f"'{text}' {found}")


def without_at(handle: str) -> str:
    """The handle as events have it, who may be written as they are called there.

    >>> without_at("github:@octocat")
    'github:octocat'
    """
    provider, colon, name = handle.partition(":")
    return f"{provider}{colon}{name.removeprefix('@')}"


def _handle(text: str) -> str:
    plain = without_at(text)
    if not _HANDLE.fullmatch(text):
        raise ValueError("should be provider:id, as in github:octocat")
    if meant := _provider_meant(folded(plain.partition(":")[0])):
        text = f"no event names persons of this provider; did you mean '{meant}'?"
        raise ValueError(text)
    return plain


def _provider_meant(provider: str) -> str | None:
    """The provider that this one is a slip of: near it, but not as near as gitlab."""
    if provider in PERSONS_OF:
        return None
    inside = (name for name in PERSONS_OF if name in provider)
    near = difflib.get_close_matches(provider, PERSONS_OF, n=1, cutoff=0.7)
    return next(inside, None) or next(iter(near), None)


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        form = "should be three capital letters (ISO 4217), as EUR"
        raise PydanticCustomError("currency", form)
    return text


def _project(text: str) -> str:
    if is_glob(text):
        raise ValueError("a project key has no wildcard")
    return text


def _jira(text: str) -> str:
    if found := project_slip(text):
        raise ValueError(found)
    return text


def _repository(text: str) -> str:
    if found := repository_slip(text):
        raise ValueError(found)
    return text


def _shaped(pattern: str) -> Any:
    """What an editor can check of it; what decides, and says why, is the validator."""
    return Field(json_schema_extra={"pattern": pattern})


def _any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


_RESERVED: Final = "|".join(_any_case(word) for word in sorted(RESERVED | {WALL}))

Text = Annotated[
    str,
    Field(max_length=200),
    AfterValidator(_printable),
    _shaped(r"^\S(?:.*\S)?$"),
]
TeamId = Annotated[
    Text,
    AfterValidator(_team_id),
    _shaped(rf"^(?!(?:{_RESERVED})$)[^:\s](?:[^:]*[^:\s])?$"),
]
Handle = Annotated[Text, AfterValidator(_handle), _shaped(rf"^{_HANDLE.pattern}$")]
Moment = Annotated[
    str,
    BeforeValidator(_no_number),
    AfterValidator(_moment),
    Field(examples=["2026-01-31", "2026-01-31T09:00:00Z"]),
]
Currency = Annotated[str, AfterValidator(_currency), _shaped(rf"^{_CURRENCY.pattern}$")]
Project = Annotated[Text, AfterValidator(_project)]
# Of another tracker a project may be called as Jira's tickets are.
JiraProject = Annotated[Project, AfterValidator(_jira)]
Repository = Annotated[Text, AfterValidator(_repository)]
Zone = Annotated[Text, AfterValidator(_zone)]
TimeOfDay = Annotated[
    str, AfterValidator(_time_of_day), _shaped(rf"^(?:{_TIME_OF_DAY.pattern})$")
]
Opening = Annotated[
    list[TimeOfDay],
    AfterValidator(_opening),
    Field(json_schema_extra={"minItems": 2, "maxItems": 2}),
]
Holiday = Annotated[
    str,
    BeforeValidator(_no_number),
    AfterValidator(_holiday),
    _shaped(rf"^{_DATE.pattern}$"),
]


def with_more(error: ValidationError, text: str, value: Any) -> ValidationError:
    """The same mistakes, and one of the value as a whole beside them."""
    details: list[InitErrorDetails] = [
        {
            "type": PydanticCustomError(one["type"], one["msg"]),
            "loc": one["loc"],
            "input": one["input"],
        }
        for one in error.errors(include_url=False)
    ]
    whole = PydanticCustomError("value_error", text)
    details.append({"type": whole, "loc": (), "input": value})
    return ValidationError.from_exception_data(error.title, details)
