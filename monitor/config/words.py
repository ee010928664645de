"""Lists and tables of words, as several sections of the configuration have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError


def words_of(value: Any) -> Any:
    """One text with commas is a list, so that the environment can hold lists."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise PydanticCustomError(
            "words_type", "should be a list, or one text with commas"
        )
    return value


def _compared(word: str) -> str:
    return word.strip().lower()


def as_compared(
    words: dict[str, Any], compared: Callable[[str], str] = _compared
) -> dict[str, Any]:
    """The table with its words as they are compared.

    Raises ValueError for a word that is there in two spellings with two meanings:
    which of them held would be chance.
    """
    found: dict[str, tuple[str, Any]] = {}
    for written, meaning in words.items():
        first, known = found.setdefault(compared(written), (written, meaning))
        if known != meaning:
            raise ValueError(
                f"'{first}' and '{written}' are one word, compared without case: "
                "keep one"
            )
    return {word: meaning for word, (_, meaning) in found.items()}


def _not_blank(word: str) -> str:
    if not word.strip():
        raise ValueError("should not be empty")
    return word


Word = Annotated[str, AfterValidator(_not_blank)]
Words = Annotated[
    tuple[Word, ...], BeforeValidator(words_of, json_schema_input_type=str | list[str])
]
