"""Names of environments: ordinary ones are kept, of others a word."""

from __future__ import annotations

import pytest

from monitor.domain.environments import is_ordinary
from monitor.domain.facts import Kind
from monitor.domain.making import make_fact
from monitor.domain.opaque import environment_word

PREVIEW = "review/jane.doe/CHK-1-till"


@pytest.mark.parametrize(
    "name",
    [
        "production",
        " Production",
        "prod-eu-west-1",
        "staging2",
        "pre-prod",
        "github-pages",
        "pr-123",
        "k8s_prod",
        "https://kubernetes.default.svc",
        "",
    ],
)
def test_a_name_of_ordinary_words_is_kept(name: str) -> None:
    assert is_ordinary(name)
    assert environment_word(name) == name


@pytest.mark.parametrize(
    "name",
    [PREVIEW, "jane-doe", "dev-jane", "janedev", "dev-1234567", "~jane", "größe"],
)
def test_of_any_other_name_a_word_is_kept(name: str) -> None:
    word = environment_word(name)
    assert word[0] == "~"
    assert set(word[1:]) <= set("0123456789abcdef")
    assert len(word) == 13


def test_equal_names_are_one_word_whatever_their_letters_and_others_are_others() -> (
    None
):
    word = environment_word(PREVIEW)
    assert environment_word(f" {PREVIEW.upper()} ") == word
    assert environment_word(word) == word
    assert environment_word(f"{PREVIEW}s") != word


def test_a_fact_has_the_word_and_no_name() -> None:
    said = {"environment": PREVIEW}
    fact = make_fact(Kind.DEPLOY_FINISHED, 0, "D-1", "s", said)  # type: ignore[arg-type]
    assert fact.fields["environment"] == environment_word(PREVIEW)
    assert "jane" not in repr(fact)
