"""Lists and tables of words, as several sections of the configuration have them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator


def words_of(value: Any) -> Any:
    """One text with commas is a list, so that the environment can hold lists."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def lower_case(words: dict[str, Any]) -> dict[str, Any]:
    """The table with its words as they are compared."""
    return {word.strip().lower(): meaning for word, meaning in words.items()}


Words = Annotated[
    tuple[str, ...], BeforeValidator(words_of, json_schema_input_type=str | list[str])
]
