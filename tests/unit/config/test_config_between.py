"""What the values of a configuration say together, beside values that are wrong."""

from pathlib import Path

import pytest

from monitor.config.loading import check, load
from monitor.config.sections import Config

FED_BACK = (
    "'{}' is read too (kafka.topics), so that dead letters would come back as events: "
    "name a topic of their own"
)


def mistakes(folder: Path, text: str, **environ: str) -> list[tuple[int, str, str]]:
    file = folder / "friction.toml"
    file.write_text(text, encoding="utf-8")
    found = load(file, environ)
    if isinstance(found, Config):
        return []
    return [(mistake.line, mistake.path, mistake.text) for mistake in found]


def test_dead_letters_may_not_go_where_events_are_read(tmp_path: Path) -> None:
    text = '[kafka]\ntopics = ["ci", {name = "hooks"}]\n[dead_letters]\ntopic = "%s"\n'
    expected = [(4, "dead_letters.topic", FED_BACK.format("hooks"))]
    assert mistakes(tmp_path, text % "hooks") == expected
    assert mistakes(tmp_path, text % "dead") == []


def test_the_usual_topics_are_read_where_none_are_named(tmp_path: Path) -> None:
    text = '[dead_letters]\ntopic = "friction.ci"\n'
    expected = [(2, "dead_letters.topic", FED_BACK.format("friction.ci"))]
    assert mistakes(tmp_path, text) == expected


def test_a_variable_may_not_send_dead_letters_back_either(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        '[dead_letters]\ntopic = "ci"\n',
        FRICTION_KAFKA__TOPICS="hooks, ci",
        FRICTION_DEAD_LETTERS__TOPIC="hooks",
    )
    expected = (0, "FRICTION_DEAD_LETTERS__TOPIC", FED_BACK.format("hooks"))
    assert found == [expected]


def test_check_tells_dead_letters_that_come_back(tmp_path: Path) -> None:
    file = tmp_path / "friction.toml"
    file.write_text('[dead_letters]\ntopic = "friction.ci"\n', encoding="utf-8")
    brokers = {"FRICTION_KAFKA__BOOTSTRAP_SERVERS": "localhost:9092"}
    (found,) = check(file, None, brokers)
    place = f"{file}:2: dead_letters.topic: "
    assert str(found) == place + FED_BACK.format("friction.ci")


def test_topics_beside_a_wrong_one_are_still_held_against_each_other(
    tmp_path: Path,
) -> None:
    text = '[kafka]\ntopics = ["a", "a", "b c"]\n[dead_letters]\ntopic = "a"\n'
    found = mistakes(tmp_path, text)
    assert (2, "kafka.topics", "names a topic twice: a") in found
    assert (4, "dead_letters.topic", FED_BACK.format("a")) in found
    assert [path for _, path, _ in found].count("kafka.topics[2]") == 1


TLS = """\
[kafka]
security_protocol = "SASL_SSL"
sasl_mechanism = "{}"
ssl_ca_file = "nofile"
ssl_cert_file = "x.pem"
"""


@pytest.mark.parametrize("mechanism", ["PLAIN", "GSSAPI"])
def test_a_wrong_value_hides_no_rule_that_does_not_need_it(
    mechanism: str, tmp_path: Path
) -> None:
    found = mistakes(tmp_path, TLS.format(mechanism))
    told = [one for one in found if one[1] != "kafka.sasl_mechanism"]
    assert told == [
        (1, "kafka.sasl_password_file", "is missing: SASL_SSL needs it"),
        (1, "kafka.sasl_username", "is missing: SASL_SSL needs it"),
        (4, "kafka.ssl_ca_file", f"{tmp_path}/nofile is no file"),
        (5, "kafka.ssl_cert_file", f"{tmp_path}/x.pem is no file"),
        (5, "kafka.ssl_cert_file", "ssl_cert_file and ssl_key_file belong together"),
    ]
    wrong = [text for _, path, text in found if path == "kafka.sasl_mechanism"]
    allowed = "should be 'PLAIN', 'SCRAM-SHA-256' or 'SCRAM-SHA-512', not 'GSSAPI'"
    assert wrong == ([] if mechanism == "PLAIN" else [allowed])


def test_a_rule_that_needs_a_wrong_value_says_nothing(tmp_path: Path) -> None:
    text = """\
[kafka]
security_protocol = "TLS"
sasl_username = "me"
ssl_cert_file = 3
ssl_key_file = "nofile"
"""
    assert [one[:2] for one in mistakes(tmp_path, text)] == [
        (2, "kafka.security_protocol"),
        (4, "kafka.ssl_cert_file"),
        (5, "kafka.ssl_key_file"),
    ]


def test_a_section_that_is_no_table_is_one_mistake(tmp_path: Path) -> None:
    assert [one[1] for one in mistakes(tmp_path, "kafka = 3\n")] == ["kafka"]


def test_items_are_not_forgotten_before_they_are_sealed(tmp_path: Path) -> None:
    text = "[state]\nretention_days = 50\n"
    usual = [(2, "state.retention_days", "is less than seal_after_days (90)")]
    assert mistakes(tmp_path, text) == usual
    said = [(2, "state.retention_days", "is less than seal_after_days (100)")]
    assert mistakes(tmp_path, text + "seal_after_days = 100\n") == said
    assert mistakes(tmp_path, "[state]\nseal_after_days = 500\n") == []


def test_an_exemption_is_judged_beside_what_is_wrong_with_it(tmp_path: Path) -> None:
    text = """\
[[signals.exempt]]
signal = "slow_tooling"
from = 2026-03-02
until = 2026-03-01
team = "search"
"""
    assert [one[:2] for one in mistakes(tmp_path, text)] == [
        (1, "signals.exempt[0].why"),
        (4, "signals.exempt[0].until"),
        (5, "signals.exempt[0].team"),
    ]


def test_files_whose_names_no_system_takes_are_mistakes(tmp_path: Path) -> None:
    text = f'[kafka]\nsecurity_protocol = "SSL"\nssl_ca_file = "{"x" * 5_000}"\n'
    assert [one[:2] for one in mistakes(tmp_path, text)] == [(3, "kafka.ssl_ca_file")]


def test_bytes_of_a_variable_that_are_no_text_are_a_mistake(tmp_path: Path) -> None:
    wrong = "is not UTF-8 text"
    # What Python makes of the byte 0xff in the environment.
    found = mistakes(tmp_path, "", FRICTION_KAFKA__GROUP_ID="a\udcff")
    assert found == [(0, "FRICTION_KAFKA__GROUP_ID", wrong)]
    found = mistakes(tmp_path, "", FRICTION_DECODE__BOTS='["\\ud800"]')
    assert found == [(0, "FRICTION_DECODE__BOTS", wrong)]


def test_a_status_waits_for_a_team_of_the_teams_file(tmp_path: Path) -> None:
    teams = tmp_path / "teams.yaml"
    teams.write_text("version: 1\nteams: [{id: search}, {id: platform}]\n")
    file = tmp_path / "friction.toml"
    file.write_text(
        '[kafka]\nbootstrap_servers = "localhost:9092"\n'
        "[decode.jira.waiting_statuses]\n"
        '"Waiting for infra" = "platfrom"\n'
        # As events name teams: case does not matter, and two names are reserved.
        '"Waiting for them" = "Search"\n'
        '"Waiting for vendor" = "external"\n'
        '"Waiting for somebody" = "unknown"\n'
    )
    (mistake,) = check(file, teams, {})
    assert (mistake.line, mistake.path) == (
        4,
        "decode.jira.waiting_statuses.Waiting for infra",
    )
    assert mistake.text == (
        f"'platfrom' is no team of {teams}; did you mean 'platform'?"
    )


@pytest.mark.parametrize("key", ["sasl_password", "sasl_password_file"])
def test_a_password_without_a_login_is_named_by_its_own_key(
    tmp_path: Path, key: str
) -> None:
    (tmp_path / "p").write_text("p")
    text = f'[kafka]\ntopics = ["a"]\n{key} = "p"\n'
    needs = "needs security_protocol SASL_SSL (or SASL_PLAINTEXT), not PLAINTEXT"
    assert mistakes(tmp_path, text) == [(3, f"kafka.{key}", needs)]


def test_a_password_in_a_variable_without_a_login_is_named(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "", FRICTION_KAFKA__SASL_PASSWORD="p")
    assert [path for _, path, _ in found] == ["FRICTION_KAFKA__SASL_PASSWORD"]
