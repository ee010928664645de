"""Lists and tables of words, as several sections of the configuration have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError


def words_of(value: Any) -> Any:
    """One text with commas is a list, so that the environment can hold lists."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise PydanticCustomError(
            "words_type", "should be a list, or one text with commas"
        )
    return value


def compared(word: str) -> str:
    """A word as trackers' labels are compared: no case, no blanks around it."""
    return word.strip().lower()


def _nothing(words: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    del words
    return ()


def as_compared(
    words: Any,
    validated: ValidatorFunctionWrapHandler,
    folded: Callable[[str], str] = compared,
    wrong_among: Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]] = _nothing,
) -> dict[str, Any]:
    """The table with its words as they are compared.

    Raises ValidationError with every mistake: of wrong meanings, of each word that is
    there in two spellings with two meanings, where which held would be chance, and of
    words that are ``wrong_among`` the others, each with what is wrong.
    """
    mistakes: list[InitErrorDetails] = []
    try:
        sound = validated(words)
    except ValidationError as error:
        details = error.errors(include_url=False)
        wrong = {detail["loc"][:1] for detail in details}
        if () in wrong:  # not a table
            raise
        mistakes += map(_told_again, details)
        sound = validated({key: words[key] for key in words if (key,) not in wrong})
    found: dict[str, tuple[str, Any]] = {}
    for written, meaning in sound.items():
        first, known = found.setdefault(folded(written), (written, meaning))
        if known != meaning:
            mistakes.append(_two_meanings(first, written, meaning))
    table = {word: meaning for word, (_, meaning) in found.items()}
    for word, text in wrong_among(table):
        mistakes.append(_mistake(text, *found[word]))
    if mistakes:
        raise ValidationError.from_exception_data("words", mistakes)
    return table


AS_COMPARED: Final = WrapValidator(as_compared)


def _told_again(detail: ErrorDetails) -> InitErrorDetails:
    again = PydanticCustomError(detail["type"], "{text}", {"text": detail["msg"]})
    return {"type": again, "loc": detail["loc"], "input": detail["input"]}


def _two_meanings(first: str, second: str, meaning: object) -> InitErrorDetails:
    text = f"'{first}' and '{second}' are one word, compared without case: keep one"
    return _mistake(text, second, meaning)


def _mistake(text: str, word: str, meaning: object) -> InitErrorDetails:
    told = PydanticCustomError("value_error", "{text}", {"text": text})
    return {"type": told, "loc": (word,), "input": meaning}


def _not_blank(word: str) -> str:
    if not word.strip():
        raise ValueError("should not be empty")
    return word


Word = Annotated[str, AfterValidator(_not_blank)]
Words = Annotated[
    tuple[Word, ...], BeforeValidator(words_of, json_schema_input_type=str | list[str])
]
