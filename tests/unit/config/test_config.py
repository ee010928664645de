from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.loading import check, load, load_directory
from monitor.config.sections import Config
from monitor.config.text import read_toml
from monitor.config.values import decode_settings, model_of, topic_hints
from monitor.decode.recognise import BY_NAME
from monitor.decode.settings import (
    DecodeSettings,
    LabelMeaning,
    TopicHint,
    is_program,
)
from monitor.domain.model import Model
from tests.harness.reference_data import REPOSITORY

LEAST = """\
[kafka]
bootstrap_servers = "localhost:9092"
topics = ["friction.ci", {name = "friction.tickets", provider = "jira"}]
[directory]
path = "teams.yaml"
[state]
path = "friction.db"
[http]
host = "127.0.0.1"
port = 9105
[model]
settle_seconds = 300
"""
EXAMPLES = REPOSITORY / "examples"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "friction.toml"


def read(file: Path | None, text: str = "", **environ: str) -> Config:
    if file is not None:
        file.write_text(text, encoding="utf-8")
    found = load(file, environ)
    assert isinstance(found, Config), found
    return found


def wrong(
    file: Path, text: str, *, serving: bool = False, **environ: str
) -> list[tuple[int, str, str]]:
    file.write_text(text, encoding="utf-8")
    found = load(file, environ, serving=serving)
    assert isinstance(found, tuple), "no mistake was found"
    return [(mistake.line, mistake.path, mistake.text) for mistake in found]


def test_the_least_that_works(file: Path, tmp_path: Path) -> None:
    config = read(file, LEAST)
    assert config.kafka.bootstrap_servers == "localhost:9092"
    assert topic_hints(config) == {
        "friction.ci": TopicHint(),
        "friction.tickets": TopicHint(provider="jira"),
    }
    assert config.directory.path == tmp_path / "teams.yaml"
    assert config.state.path == tmp_path / "friction.db"
    assert (config.http.host, config.http.port) == ("127.0.0.1", 9105)


def test_a_state_that_is_not_stated_lies_beside_the_file(
    file: Path, tmp_path: Path
) -> None:
    text = '[kafka]\nbootstrap_servers = "localhost:9092"\n'
    assert read(file, text).state.path == tmp_path / "friction.db"
    assert read(file, text, FRICTION_STATE__PATH="o.db").state.path == Path("o.db")


def test_without_a_file_the_defaults_are_those_of_the_design() -> None:
    config = read(None)
    assert list(topic_hints(config)) == [
        "friction.ci",
        "friction.tickets",
        "friction.deploys",
    ]
    assert model_of(config) == Model()
    assert decode_settings(config, frozenset()) == DecodeSettings()
    assert (config.batching.live_ms, config.batching.live_records) == (250, 2_000)
    assert config.batching.catch_up_records == 100_000
    assert config.dead_letters.topic is None
    assert config.dead_letters.keep == 10_000
    assert config.dead_letters.stop_after_invalid == 1_000
    assert config.directory.path is None


def test_the_model_is_read_as_exact_numbers(file: Path) -> None:
    text = (
        "[model]\nomega = {lower = 0.1, central = 0.3, upper = 0.7}\n"
        "d0_seconds = 1.5\nsettle_seconds = 0\nidle_days = 3\nstale_days = 7\n"
        "link_blocks = false\nunclassified_as_feature = false\n"
        "min_items_month = 4\nmin_items_week = 2\nmin_feature_share = 0.01\n"
        "withhold_share = 0.5\n"
        'production_environments = ["EU-1", "us-1"]\nunnamed_is_production = false\n'
    )
    assert model_of(read(file, text)) == Model(
        omega_lower=Fraction(1, 10),
        omega_central=Fraction(3, 10),
        omega_upper=Fraction(7, 10),
        d0_ms=1_500,
        settle_ms=0,
        idle_days=3,
        stale_days=7,
        link_blocks=False,
        unclassified_as_feature=False,
        min_items_month=4,
        min_items_week=2,
        min_feature_share=Fraction(1, 100),
        withhold_share=Fraction(1, 2),
        production=("eu-1", "us-1"),
    )


def test_every_mistake_is_reported_at_once_with_its_line(file: Path) -> None:
    text = """\
[kafka]
bootstrap_server = "localhost:9092"
topics = ["friction ci", {name = "a", provider = "githb"}]
security_protocol = "SASL_SSL"
sasl_password = 12345
[htp]
port = 1
[http]
port = 99999
[model]
omega = {lower = 0.5, central = 0.25}
settle_seconds = 0.0001
idle_days = "five"
"""
    found = wrong(file, text)
    assert [(line, path) for line, path, _ in found] == [
        (1, "kafka.sasl_mechanism"),
        (1, "kafka.sasl_username"),
        (2, "kafka.bootstrap_server"),
        (3, "kafka.topics[0]"),
        (3, "kafka.topics[1].provider"),
        (5, "kafka.sasl_password"),
        (6, "htp"),
        (9, "http.port"),
        (11, "model.omega.central"),
        (12, "model.settle_seconds"),
        (13, "model.idle_days"),
    ]
    texts = [what for _, _, what in found[2:]]
    assert texts[0] == "unknown key; did you mean 'bootstrap_servers'?"
    assert texts[4] == "unknown key; did you mean 'http'?"
    assert texts[5] == "should be less than or equal to 65535, not 99999"
    assert texts[6] == "is below lower (0.5)"
    assert texts[8] == "should be a whole number, not 'five'"
    assert "12345" not in str(found)


def test_mistakes_between_keys_are_found_beside_those_of_other_sections(
    file: Path,
) -> None:
    text = """\
[http]
port = 99999
[kafka]
sasl_username = "me"
ssl_cert_file = "client.pem"
"""
    found = wrong(file, text, serving=True)
    tls = "needs security_protocol SSL or SASL_SSL, not PLAINTEXT"
    assert (2, "http.port", "should be less than or equal to 65535, not 99999") in found
    assert (3, "kafka.bootstrap_servers", "is missing, as in localhost:9092") in found
    assert (5, "kafka.ssl_cert_file", tls) in found
    together = "ssl_cert_file and ssl_key_file belong together"
    assert (5, "kafka.ssl_cert_file", together) in found
    assert [path for line, path, _ in found if line == 4] == ["kafka.sasl_username"]


def test_brokers_are_needed_to_serve_only(file: Path) -> None:
    assert read(file, "").kafka.bootstrap_servers is None
    assert wrong(file, "", serving=True) == [
        (0, "kafka.bootstrap_servers", "is missing, as in localhost:9092")
    ]


def test_a_login_needs_mechanism_name_and_password(file: Path) -> None:
    found = wrong(file, '[kafka]\nsecurity_protocol = "SASL_SSL"\n')
    assert found == [
        (1, f"kafka.{key}", "is missing: SASL_SSL needs it")
        for key in ("sasl_mechanism", "sasl_password_file", "sasl_username")
    ]


@pytest.mark.parametrize(
    ("servers", "text"),
    [
        ("localhost:http", "'localhost:http' has no port between 1 and 65535"),
        ("a:1,b:70000", "'b:70000' has no port between 1 and 65535"),
        ("http://a:1", "'http://a:1' is no host:port"),
        (":9092", "':9092' is no host:port"),
        ("", "'' is no host:port"),
    ],
)
def test_bootstrap_servers_are_hosts_and_ports(
    servers: str, text: str, file: Path
) -> None:
    found = wrong(file, f'[kafka]\nbootstrap_servers = "{servers}"\n')
    assert found == [(2, "kafka.bootstrap_servers", text)]


def test_bootstrap_servers_may_be_a_list(file: Path) -> None:
    config = read(file, '[kafka]\nbootstrap_servers = ["a:1", "[::1]:2", "c"]\n')
    assert config.kafka.bootstrap_servers == "a:1,[::1]:2,c"


def test_a_topic_may_say_where_the_body_is(file: Path) -> None:
    text = """\
[[kafka.topics]]
name = "hooks"
provider = "github"
unwrap = "detail.body"
event = ["headers", "X-GitHub-Event"]
"""
    assert topic_hints(read(file, text)) == {
        "hooks": TopicHint("github", ("detail", "body"), ("headers", "X-GitHub-Event"))
    }


def test_a_mistake_in_a_table_of_a_list_has_its_own_line(file: Path) -> None:
    text = (
        '[[kafka.topics]]\nname = "a"\n\n[[kafka.topics]]\nname = "b"\nunwarp = "x"\n'
    )
    unknown = "unknown key; did you mean 'unwrap'?"
    assert wrong(file, text) == [(6, "kafka.topics[1].unwarp", unknown)]


def test_there_is_a_topic(file: Path) -> None:
    assert wrong(file, "[kafka]\ntopics = []\n") == [(2, "kafka.topics", "is empty")]


def test_a_topic_is_named_once(file: Path) -> None:
    found = wrong(file, '[kafka]\ntopics = ["a", "b", {name = "a"}]\n')
    assert found == [(2, "kafka.topics", "names a topic twice: a")]


def test_the_environment_wins_over_the_file(file: Path) -> None:
    config = read(
        file,
        LEAST,
        FRICTION_HTTP__PORT="9200",
        FRICTION_KAFKA__TOPICS="a, b",
        FRICTION_MODEL__OMEGA__CENTRAL="0.1",
        FRICTION_MODEL__LINK_BLOCKS="false",
        FRICTION_DECODE__LABELS='{"Incident": "defect"}',
    )
    assert config.http.port == 9200
    assert list(topic_hints(config)) == ["a", "b"]
    assert model_of(config).omega_central == Fraction(1, 10)
    assert not model_of(config).link_blocks
    assert decode_settings(config, frozenset()).classes.labels["incident"] == "defect"


def test_a_provider_that_nothing_is_decoded_of_is_a_mistake(file: Path) -> None:
    """Tools that are known by name only, and a name in the wrong case."""
    text = """\
[[kafka.topics]]
name = "a"
provider = "gitlab"
[[kafka.topics]]
name = "b"
provider = "github"
[[kafka.topics]]
name = "c"
provider = "GitHub"
[http]
port = 99999
"""
    known = "should be 'native', 'cdevents', 'github' or 'jira'"
    assert [(line, path, what) for line, path, what in wrong(file, text)] == [
        (3, "kafka.topics[0].provider", f"{known}, not 'gitlab'"),
        (9, "kafka.topics[2].provider", f"{known}, not 'GitHub'"),
        (11, "http.port", "should be less than or equal to 65535, not 99999"),
    ]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_topic_may_name_whatever_decoding_knows(file: Path, name: str) -> None:
    config = read(file, f'[[kafka.topics]]\nname = "a"\nprovider = "{name}"\n')
    assert topic_hints(config) == {"a": TopicHint(provider=name)}


def test_a_variable_can_hold_a_list_as_json() -> None:
    topics = '["a", {"name": "b", "provider": "native"}]'
    config = read(None, FRICTION_KAFKA__TOPICS=topics)
    assert topic_hints(config) == {"a": TopicHint(), "b": TopicHint(provider="native")}


def test_mistakes_of_the_environment_name_the_variable(file: Path) -> None:
    file.write_text("[http]\nport = 1\n", encoding="utf-8")
    environ = {
        "FRICTION_HTTP__PORT": "x",
        "FRICTION_HTTP__PROT": "1",
        "FRICTION_KAFAK__TOPICS": "a",
        "FRICTION_KAFKA__": "a",
    }
    found = load(file, environ)
    assert isinstance(found, tuple)
    assert [str(mistake) for mistake in found] == [
        "environment: FRICTION_HTTP__PORT: should be a whole number, not 'x'",
        "environment: FRICTION_HTTP__PROT: unknown key; did you mean 'port'?",
        (
            "environment: FRICTION_KAFAK__TOPICS: there is no section 'kafak'; "
            "did you mean 'kafka'?"
        ),
        "environment: FRICTION_KAFKA__: should be FRICTION_SECTION__KEY",
    ]


def test_a_list_in_a_variable_that_is_no_json_is_a_mistake() -> None:
    found = load(None, {"FRICTION_KAFKA__TOPICS": "[a"})
    assert isinstance(found, tuple)
    assert [mistake.path for mistake in found] == ["FRICTION_KAFKA__TOPICS"]


def test_variables_that_are_no_keys_are_left_alone() -> None:
    assert read(None, FRICTION_SHARED="/x", OTHER__KEY="1") == Config()


def test_paths_of_the_file_are_beside_it_and_those_of_variables_are_not(
    file: Path, tmp_path: Path
) -> None:
    config = read(file, LEAST, FRICTION_STATE__PATH="other.db")
    assert config.directory.path == tmp_path / "teams.yaml"
    assert config.state.path == Path("other.db")


LOGIN = """\
[kafka]
security_protocol = "SASL_PLAINTEXT"
sasl_mechanism = "SCRAM-SHA-512"
sasl_username = "friction"
"""


def test_a_password_is_read_from_its_file_and_never_printed(
    file: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("hunter2\n", encoding="utf-8")
    config = read(file, LOGIN + 'sasl_password_file = "secret"\n')
    password = config.kafka.sasl_password
    assert password is not None
    assert password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(config) + config.model_dump_json()


def test_a_password_may_come_from_the_environment(file: Path) -> None:
    config = read(file, LOGIN, FRICTION_KAFKA__SASL_PASSWORD='["1",')
    assert config.kafka.sasl_password is not None
    assert config.kafka.sasl_password.get_secret_value() == '["1",'


def test_a_password_file_must_hold_one_password(file: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    empty = wrong(file, LOGIN + 'sasl_password_file = "empty"\n')
    assert empty == [
        (5, "kafka.sasl_password_file", f"{tmp_path}/empty holds no password")
    ]
    both = wrong(
        file,
        LOGIN + 'sasl_password_file = "empty"\n',
        FRICTION_KAFKA__SASL_PASSWORD="hunter2",
    )
    assert both[0][2] == "sasl_password is given too: keep one of the two"


def test_words_of_trackers_add_to_the_table_or_leave_it(file: Path) -> None:
    text = """\
[decode]
bots = ["Release-Robot"]
blocked_labels = ["Waiting"]
blocked_on_prefixes = ["Needs:"]
header_prefixes = ["X_"]
max_body_bytes = 1000
future_limit_seconds = 1
[decode.types]
Spike = "debt"
Task = "none"
"""
    settings = decode_settings(read(file, text), frozenset({"CHK"}))
    assert settings.projects == {"CHK"}
    assert settings.bots == {"release-robot"}
    assert settings.header_prefixes == ("x_",)
    assert (settings.max_body_bytes, settings.future_limit_ms) == (1_000, 1_000)
    assert settings.classes.of_type("Spike") == "debt"
    assert settings.classes.of_type("Task") is None
    assert settings.classes.of_type("Bug") == "defect"
    assert settings.labels.blocked == {"waiting"}
    assert settings.labels.blocked_on == ("needs:",)
    assert settings.labels.in_progress == DecodeSettings().labels.in_progress


def test_words_of_labels_and_bots_are_read_as_labels_and_logins_are(file: Path) -> None:
    """Of these, other than of a Jira site's words, each apostrophe is its own."""
    text = """\
[decode]
bots = [" Release-Robot "]
blocked_labels = ["Can\u2019t go on"]
"""
    settings = decode_settings(read(file, text), frozenset())
    assert is_program("Release-Robot", settings.bots)
    assert settings.labels.meaning("Can\u2019t go on") == LabelMeaning("blocked")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[kafka\n", 1),
        ("[http]\nport = \n", 2),
        ("[http]\nport = 1\nport = 2\n", 3),
        ("a = " + "[" * 5_000, 0),
        ("a = " + "1" * 5_000, 0),
        ("a = '''\n", 2),
    ],
)
def test_what_is_not_toml_is_one_mistake(text: str, line: int, file: Path) -> None:
    found = wrong(file, text)
    assert [where for where, _, _ in found] == [line]
    assert found[0][2].startswith("not TOML: ")


@pytest.mark.parametrize("number", ["nan", "inf", "1e999999999999999999999", "-1"])
def test_numbers_without_sense_are_mistakes(number: str, file: Path) -> None:
    found = wrong(file, f"[model]\nd0_seconds = {number}\n")
    assert [(line, path) for line, path, _ in found] == [(2, "model.d0_seconds")]


def test_files_that_cannot_be_read_are_mistakes(tmp_path: Path) -> None:
    absent = load(tmp_path / "absent.toml", {})
    assert isinstance(absent, tuple)
    assert [str(one) for one in absent] == [
        f"{tmp_path}/absent.toml: cannot be read: No such file or directory"
    ]
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"version: 1\n\xff")
    found = load_directory(binary)
    assert isinstance(found, tuple)
    assert [str(one) for one in found] == [f"{binary}:2: is not UTF-8 text"]
    assert isinstance(load_directory(Path("a\0b")), tuple)


def test_without_a_teams_file_the_directory_is_provisional() -> None:
    directory = load_directory(None)
    assert not isinstance(directory, tuple)
    assert directory.provisional


def test_check_finds_the_mistakes_of_both_files(file: Path, tmp_path: Path) -> None:
    teams = tmp_path / "teams.yaml"
    teams.write_text("version: 2\nteams: [{id: a}]\n", encoding="utf-8")
    file.write_text(LEAST.replace("9105", "-1"), encoding="utf-8")
    expected = [
        f"{file}:10: http.port: should be greater than or equal to 0, not -1",
        f"{teams}:1: version: should be 1, not 2",
    ]
    assert [str(mistake) for mistake in check(file, None, {})] == expected
    assert [str(mistake) for mistake in check(file, teams, {})] == expected
    assert [str(mistake) for mistake in check(None, teams, {})] == expected[1:]


def test_the_examples_have_no_mistakes() -> None:
    assert check(EXAMPLES / "friction.toml", None, {}) == []
    assert check(None, EXAMPLES / "teams.yaml", {}) == []


@given(st.text())
def test_no_text_makes_the_toml_reader_raise(text: str) -> None:
    given_values = read_toml(text)
    assert given_values.mistakes or isinstance(given_values.values, dict)
