"""Single values: what is none of its kind, and how that is told."""

import json
from pathlib import Path

import jsonschema
import pytest

from monitor.config.loading import load
from monitor.config.schema import schema_texts
from monitor.config.sections import Config

NAMED = "it has 1 to 249 letters (a-z, A-Z), digits, points, hyphens and underscores"
STEPS = 'should be a path as in "detail.body", or a list of keys'
EMPTY_STEP = 'has an empty key: write a path as in "detail.body"'
PARTS = "each part between points has 1 to 63 characters"


def mistakes(folder: Path, text: str, **environ: str) -> list[tuple[str, str]]:
    file = folder / "friction.toml"
    file.write_text(text, encoding="utf-8")
    found = load(file, environ)
    if isinstance(found, Config):
        return []
    return [(mistake.path, mistake.text) for mistake in found]


@pytest.mark.parametrize("name", [".", "..", "", "a/b", "é", "x" * 250])
@pytest.mark.parametrize("key", ["kafka.topics", "dead_letters.topic"])
def test_topics_have_names_that_kafka_takes(
    key: str, name: str, tmp_path: Path
) -> None:
    section, _, word = key.partition(".")
    value = f'["{name}"]' if word == "topics" else f'"{name}"'
    ((path, text),) = mistakes(tmp_path, f"[{section}]\n{word} = {value}\n")
    assert path.startswith(key)
    assert text == (
        f"'{name[:60]}' is no name of a topic: {NAMED}, and is not '.' or '..'"
    )


@pytest.mark.parametrize("name", ["...", ".a", "x" * 249, "A_b-9.z"])
def test_all_other_names_of_topics_are_allowed(name: str, tmp_path: Path) -> None:
    assert mistakes(tmp_path, f'[kafka]\ntopics = ["{name}"]\n') == []


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("a..b", PARTS),
        (".a", PARTS),
        ("h" * 64, PARTS),
        ("no such host", "write a name or an address alone"),
        ("http://a", "write a name or an address alone"),
        ("localhost:9105", "write a name or an address alone"),
        ("[::1]", "write a name or an address alone"),
        ("a\\u0000b", "write a name or an address alone"),
    ],
)
def test_what_no_host_can_be_called_is_a_mistake(
    host: str, why: str, tmp_path: Path
) -> None:
    ((path, text),) = mistakes(tmp_path, f'[http]\nhost = "{host}"\n')
    assert path == "http.host"
    assert text.endswith(f"is no host: {why}")


@pytest.mark.parametrize(
    "host", ["::", "fe80::1%lo", "127.0.0.1", "a.b.", "h" * 63, "bücher.example"]
)
def test_names_and_addresses_are_hosts(host: str, tmp_path: Path) -> None:
    assert mistakes(tmp_path, f'[http]\nhost = "{host}"\n') == []


@pytest.mark.parametrize(
    "servers", ["kafka..example:9092", "h" * 64, "[::1:1", "a:b:1"]
)
def test_brokers_have_hosts(servers: str, tmp_path: Path) -> None:
    text = f'[kafka]\nbootstrap_servers = "{servers}"\n'
    ((path, told),) = mistakes(tmp_path, text)
    assert path == "kafka.bootstrap_servers"
    assert " is no host: " in told


def test_all_addresses_of_brokers_that_are_none_are_told(tmp_path: Path) -> None:
    wrong = "localhost:0, a:1, foo:99999, :9092, http://x:9092, a..b:1"
    ((_, text),) = mistakes(tmp_path, f'[kafka]\nbootstrap_servers = "{wrong}"\n')
    assert text == (
        "'localhost:0' has no port between 1 and 65535; "
        "'foo:99999' has no port between 1 and 65535; "
        "':9092' is no host:port; 'http://x:9092' is no host:port; "
        f"'a..b' is no host: {PARTS}"
    )


@pytest.mark.parametrize("servers", ["[::1]:1", "::1:1", "127.0.0.1", "a.b.:9092"])
def test_brokers_have_names_or_addresses(servers: str, tmp_path: Path) -> None:
    assert mistakes(tmp_path, f'[kafka]\nbootstrap_servers = "{servers}"\n') == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("", "should be a path, not empty"),
        ("a\\u0000b", "is no path that a file system takes"),
        ("é" * 128, "is no path that a file system takes"),  # 256 bytes
        ("a/" * 2_048, "is no path that a file system takes"),
    ],
)
@pytest.mark.parametrize("section", ["state", "directory"])
def test_a_path_is_one(section: str, path: str, text: str, tmp_path: Path) -> None:
    found = mistakes(tmp_path, f'[{section}]\npath = "{path}"\n')
    assert found == [(f"{section}.path", text)]


@pytest.mark.parametrize(
    ("section", "line", "text"),
    [
        ("http", "port = true", "should be a whole number, not true"),
        ("model", "idle_days = false", "should be a whole number, not false"),
        ("model", "d0_seconds = true", "should be a number, not true"),
        ("model.omega", "lower = true", "should be a number, not true"),
        ("model", "link_blocks = 1", "should be true or false, not 1"),
        ("state", "seal = 1", "should be true or false, not 1"),
        ("state", "seal = 0.0", "should be true or false, not 0.0"),
        ("kafka", 'ssl_check_hostname = "no"', "should be true or false, not 'no'"),
        ("decode", 'bots = ["a", " "]', "should not be empty"),
        ("decode", "bots = 3", "should be a list, or one text with commas, not 3"),
        ("kafka", "topics = 3", "should be a list, or one text with commas, not 3"),
        (
            "kafka",
            "topics = [1]",
            "should be the name of a topic, or a table with its name, not 1",
        ),
        (
            "kafka",
            'bootstrap_servers = ["a:1", 2]',
            "should be text as in localhost:9092, or a list of such",
        ),
        ("kafka", 'topics = [{name = "a", unwrap = 3}]', f"{STEPS}, not 3"),
        ("kafka", 'topics = [{name = "a", unwrap = ""}]', EMPTY_STEP),
        ("kafka", 'topics = [{name = "a", unwrap = "a..b."}]', EMPTY_STEP),
        ("kafka", 'topics = [{name = "a", event = []}]', EMPTY_STEP),
        (
            "kafka",
            'topics = [{name = "a", event = "b"}]',
            "says nothing without provider and unwrap",
        ),
        (
            "kafka",
            'topics = [{name = "a", provider = "jira", event = "b"}]',
            "says nothing without unwrap",
        ),
        (
            "kafka",
            'topics = [{name = "a", unwrap = "c", event = "b"}]',
            "says nothing without provider",
        ),
        (
            "decode",
            'labels = {Bug = "defect", bug = "feature"}',
            "'Bug' and 'bug' are one word, compared without case: keep one",
        ),
        (
            "decode.jira",
            'link_types = {"Can\'t" = "none", "can\u2019t " = "blocks"}',
            "'Can't' and 'can\u2019t ' are one word, compared without case: keep one",
        ),
    ],
)
def test_small_wrong_values_are_told(
    section: str, line: str, text: str, tmp_path: Path
) -> None:
    found = mistakes(tmp_path, f"[{section}]\n{line}\n")
    assert [told for _, told in found] == [text]


WORDS = "are one word, compared without case: keep one"


@pytest.mark.parametrize("section", ["decode.types", "decode.jira.link_types"])
def test_all_mistakes_of_a_table_of_words_are_told_where_they_are(
    section: str, tmp_path: Path
) -> None:
    one, two = ("risk", "debt") if section == "decode.types" else ("none", "blocks")
    rows = (f'Bug = "{one}"', f'bug = "{two}"', 'X = "a {b}"', f'BUG = "{two}"')
    file = tmp_path / "friction.toml"
    file.write_text("\n".join([f"[{section}]", *rows, 'x = "none"', ""]))
    found = load(file, {})
    assert not isinstance(found, Config)
    assert [(told.line, told.path) for told in found] == [
        (3, f"{section}.bug"),
        (4, f"{section}.X"),
        (5, f"{section}.BUG"),
    ]
    texts = [told.text for told in found]
    assert texts[::2] == [f"'Bug' and 'bug' {WORDS}", f"'Bug' and 'BUG' {WORDS}"]
    assert texts[1].startswith("should be '")
    assert texts[1].endswith(", not 'a {b}'")


def test_a_table_of_words_that_is_none_is_one_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, '[decode]\ntypes = "bug"\n') == [
        ("decode.types", "should be a mapping, not 'bug'")
    ]


WITHOUT_QUOTES = "; write it without quotes"


@pytest.mark.parametrize(
    ("section", "key", "value", "text"),
    [
        (
            "http",
            "port",
            "9105",
            f"should be a whole number, not '9105'{WITHOUT_QUOTES}",
        ),
        (
            "model",
            "idle_days",
            "5",
            f"should be a whole number, not '5'{WITHOUT_QUOTES}",
        ),
        (
            "model",
            "d0_seconds",
            "1.5",
            f"should be a number, not '1.5'{WITHOUT_QUOTES}",
        ),
        (
            "model",
            "link_blocks",
            "true",
            f"should be true or false, not 'true'{WITHOUT_QUOTES}",
        ),
        ("state", "seal", "True", "should be true or false, not 'True'"),
        ("http", "port", "any", "should be a whole number, not 'any'"),
        ("refresh", "every_seconds", "", "should be a number, not ''"),
    ],
)
def test_text_in_the_file_is_no_number_and_no_flag(
    section: str, key: str, value: str, text: str, tmp_path: Path
) -> None:
    found = mistakes(tmp_path, f'[{section}]\n{key} = "{value}"\n')
    assert found == [(f"{section}.{key}", text)]
    schema = json.loads(schema_texts()["friction-toml.schema.json"])
    assert not jsonschema.Draft202012Validator(schema).is_valid({section: {key: value}})


def test_a_number_of_a_billion_digits_is_a_mistake_at_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "[http]\nport = 1e999999999\n")
    assert found == [("http.port", "should be a smaller number, not 1E+999999999")]
    found = mistakes(tmp_path, "", FRICTION_HTTP__PORT="1e999999999")
    assert [place for place, _ in found] == ["FRICTION_HTTP__PORT"]


def test_a_day_is_no_number(tmp_path: Path) -> None:
    text = '[[signals.exempt]]\nsignal = "slow_tooling"\nuntil = 0\nwhy = "y"\n'
    assert mistakes(tmp_path, text) == [
        ("signals.exempt[0].until", "should be a day, as in 2026-03-31, not 0")
    ]


def test_a_variable_says_numbers_and_flags_as_text(tmp_path: Path) -> None:
    environ = {
        "FRICTION_HTTP__PORT": "9200",
        "FRICTION_MODEL__LINK_BLOCKS": "False",
        "FRICTION_MODEL__D0_SECONDS": "1.5",
        "FRICTION_MODEL__OMEGA__CENTRAL": "0.25",
        "FRICTION_MODEL__IDLE_DAYS": " 7 ",
    }
    assert mistakes(tmp_path, "", **environ) == []
    for said in ("no", "0", "maybe"):
        found = mistakes(tmp_path, "", FRICTION_STATE__SEAL=said)
        wrong = f"should be true or false, not '{said}'"
        assert found == [("FRICTION_STATE__SEAL", wrong)]


def test_one_word_twice_with_one_meaning_is_no_mistake(tmp_path: Path) -> None:
    text = '[decode.types]\nBug = "defect"\nbug = "defect"\n'
    assert mistakes(tmp_path, text) == []


def test_a_variable_wins_over_a_word_with_capitals(tmp_path: Path) -> None:
    file = tmp_path / "friction.toml"
    file.write_text('[decode.labels]\nBug = "defect"\n', encoding="utf-8")
    found = load(file, {"FRICTION_DECODE__LABELS__BUG": "feature"})
    assert isinstance(found, Config), found
    assert found.decode.labels == {"bug": "feature"}
