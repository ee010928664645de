"""`[signals]`: labels, ways and exemptions, and how mistakes in them are told."""

import json
from pathlib import Path

import pytest

from monitor.config.loading import check, load
from monitor.config.sections import Config
from monitor.config.signals import signal_rules
from monitor.config.values import decode_settings
from monitor.decode.label_table import LabelTable
from monitor.domain.signal_rules import Exemption, Signal, SignalRules, Way

SECTION = """\
[signals.labels]
"Slow Build" = "tooling"
question = "none"
[signals.prefixes]
part = "component"
area = "none"
[signals.ways.ci]
"acme/*/template-*" = "template"
"acme/*" = "own"
[[signals.exempt]]
signal = "different_ways"
subject = "ci"
from = 2026-03-02
until = 2026-03-31
why = "moving"
[[signals.exempt]]
signal = "systemic_findings"
team = "search"
subject = "CWE-79"
until = 2026-03-01
why = "being rewritten"
"""
BACKWARDS = """\
[[signals.exempt]]
signal = "slow_tooling"
from = 2026-03-02
until = 2026-03-01
why = "y"
"""
DAY = 86_400_000
MARCH_2 = 1_772_409_600_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "friction.toml"


def loaded(file: Path, text: str) -> Config:
    file.write_text(text, encoding="utf-8")
    config = load(file, {})
    assert isinstance(config, Config), config
    return config


WHOLE = """\
[[signals.exempt]]
signal = "{signal}"
{key} = "search"
until = 2026-03-01
why = "a push"
"""


def test_without_a_word_the_usual_ones_hold(file: Path) -> None:
    config = loaded(file, "")
    assert decode_settings(config, frozenset()).signals == LabelTable()
    assert signal_rules(config.signals) == SignalRules()


def test_labels_and_prefixes_add_and_none_takes_out(file: Path) -> None:
    table = decode_settings(loaded(file, SECTION), frozenset()).signals
    labels = ["slow build", "question", "how-to", "platform", "part:x", "area:y"]
    assert table.known(labels) == ["component:x", "how-to", "platform", "tooling"]
    assert table.known(["question"]) == []


def test_who_is_waited_for_is_neither_a_topic_nor_a_class(file: Path) -> None:
    section = '[decode]\nblocked_on_prefixes = ["needs:"]\n'
    settings = decode_settings(loaded(file, section), frozenset())
    assert settings.signals.known(["needs:platform"]) == []
    assert settings.classes.of_labels(["needs:security"]) is None


def test_days_are_utc_and_the_last_one_is_included(file: Path) -> None:
    rules = signal_rules(loaded(file, SECTION).signals)
    assert rules.exemptions == (
        Exemption(
            Signal.DIFFERENT_WAYS, MARCH_2, MARCH_2 + 30 * DAY, "moving", "", "ci"
        ),
        Exemption(
            Signal.SYSTEMIC_FINDINGS, 0, MARCH_2, "being rewritten", "search", "cwe-79"
        ),
    )
    assert rules.ways == (
        Way("ci", "acme/*/template-*", "template"),
        Way("ci", "acme/*", "own"),
    )


CAPITALS = """\
[signals.ways.CI]
"acme/*" = "Shared Template "
[[signals.exempt]]
signal = "different_ways"
subject = "CI"
until = 2026-03-01
why = "moving"
[[signals.exempt]]
signal = "different_ways"
subject = " Till"
until = 2026-03-01
why = "moving"
[[signals.exempt]]
signal = "hard_interfaces"
subject = "Platform"
until = 2026-03-01
why = "a new service"
"""


def test_capitals_say_no_more_than_in_labels(file: Path) -> None:
    """What labels say is kept in lower case; a provider is a team, to the letter."""
    config = loaded(file, CAPITALS)
    table = decode_settings(config, frozenset()).signals
    labels = ["platform", "uses:CI/Shared Template", "component:Till"]
    assert table.known(labels) == [
        "component:till",
        "platform",
        "uses:ci/shared template",
    ]
    rules = signal_rules(config.signals)
    assert rules.ways_of("acme/shop") == (("ci", "shared template"),)
    assert [one.subject for one in rules.exemptions] == ["ci", "till", "Platform"]


TWICE = """\
[signals.ways.CI]
"acme/*" = "own"
[signals.ways.ci]
"acme/*" = "{way}"
"""


def test_a_capability_in_two_spellings_with_two_meanings_is_a_mistake(
    file: Path,
) -> None:
    assert signal_rules(loaded(file, TWICE.format(way="OWN")).signals).ways == (
        Way("ci", "acme/*", "own"),
    )
    one_word = "'CI' and 'ci' are one word, compared without case: keep one"
    assert told(file, None, TWICE.format(way="other")) == [
        f"friction.toml:3: signals.ways.ci: {one_word}"
    ]


def test_a_variable_adds_a_pattern_to_a_capability_in_capitals(file: Path) -> None:
    file.write_text(CAPITALS, encoding="utf-8")
    config = load(file, {"FRICTION_SIGNALS__WAYS__CI__BUILD": "own"})
    assert isinstance(config, Config), config
    assert signal_rules(config.signals).ways == (
        Way("ci", "acme/*", "shared template"),
        Way("ci", "build", "own"),
    )


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('[signals.ways.CI]\n"acme/*" = " "\n', "signals.ways.CI.acme/*"),
        ('[signals.labels]\nx = "nonsense"\n', "signals.labels.x"),
        ('[[signals.exempt]]\nsignal = "x"\nuntil = 2026-03-01\nwhy = "y"\n', "signal"),
        ('[[signals.exempt]]\nsignal = "slow_tooling"\nwhy = "y"\n', "until"),
        ('[[signals.exempt]]\nsignal = "slow_tooling"\nuntil = 2026-03-01\n', "why"),
        (BACKWARDS, "exempt[0].until"),
        (WHOLE.format(signal="slow_tooling", key="team"), "exempt[0].team"),
        (WHOLE.format(signal="leaders_decide", key="subject"), "exempt[0].subject"),
        (WHOLE.format(signal="platform_postponed", key="team"), "exempt[0].team"),
        (WHOLE.format(signal="upkeep_neglected", key="subject"), "exempt[0].subject"),
    ],
)
def test_a_mistake_is_told_where_it_is(file: Path, text: str, path: str) -> None:
    file.write_text(text, encoding="utf-8")
    found = check(file, None, {"FRICTION_KAFKA__BOOTSTRAP_SERVERS": "localhost:9092"})
    assert len(found) == 1
    assert found[0].path.endswith(path)


TEAMS = """\
version: 1
teams:
  - {id: search, kind: stream}
  - {id: platform, kind: platform}
"""
NAMED = """\
[[signals.exempt]]
signal = "systemic_findings"
team = "serach"
until = 2026-03-01
why = "being rewritten"
[[signals.exempt]]
signal = "hard_interfaces"
team = "search"
subject = "Platform"
until = 2026-03-01
why = "a new service"
[[signals.exempt]]
signal = "different_ways"
team = "platform"
subject = "ci"
until = 2026-03-01
why = "moving"
"""
LEAST = {"FRICTION_KAFKA__BOOTSTRAP_SERVERS": "localhost:9092"}


@pytest.fixture
def teams(tmp_path: Path) -> Path:
    path = tmp_path / "teams.yaml"
    path.write_text(TEAMS, encoding="utf-8")
    return path


def told(file: Path, teams: Path | None, text: str, **environ: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    folder = f"{file.parent}/"
    found = check(file, teams, {**LEAST, **environ})
    return [str(mistake).replace(folder, "") for mistake in found]


def test_an_exemption_names_teams_of_the_teams_file(file: Path, teams: Path) -> None:
    no_team = "is no team of teams.yaml; did you mean"
    expected = [
        f"friction.toml:3: signals.exempt[0].team: 'serach' {no_team} 'search'?",
        f"friction.toml:9: signals.exempt[1].subject: 'Platform' {no_team} 'platform'?",
    ]
    assert told(file, teams, NAMED) == expected
    # That of the configuration is meant where none is given.
    named = f'{NAMED}[directory]\npath = "teams.yaml"\n'
    assert told(file, None, named) == expected
    right = NAMED.replace("serach", "search").replace("Platform", "platform")
    assert told(file, teams, right) == []
    # As without the key: of no team in particular.
    assert told(file, teams, right.replace('"search"', '""')) == []


def test_without_a_teams_file_no_team_is_known_yet(file: Path) -> None:
    assert told(file, None, NAMED) == []


def test_other_mistakes_hide_no_team_that_there_is_not(file: Path, teams: Path) -> None:
    text = NAMED.replace('why = "being rewritten"', "") + "[http]\nport = 99999\n"
    found = told(file, teams, text)
    assert [line.split(": ")[1] for line in found] == [
        "signals.exempt[0].why",
        "signals.exempt[0].team",
        "signals.exempt[1].subject",
        "http.port",
    ]


def test_against_a_teams_file_with_mistakes_nothing_is_held(
    file: Path, teams: Path
) -> None:
    teams.write_text("version: 1\nteams: [{id: search, kind: stern}]\n")
    (line,) = told(file, teams, NAMED)
    assert line.startswith("teams.yaml:2: teams[0].kind")


def test_a_team_in_a_variable_is_told_by_its_name(file: Path, teams: Path) -> None:
    words = {"until": "2026-03-01", "why": "y", "team": "x"}
    exempt = json.dumps([{"signal": "different_ways", **words}])
    (line,) = told(file, teams, "", FRICTION_SIGNALS__EXEMPT=exempt)
    name = "FRICTION_SIGNALS__EXEMPT[0].team"
    assert line == f"environment: {name}: 'x' is no team of teams.yaml"


@pytest.mark.parametrize(
    "text",
    [
        "signals = 1\n",
        "[signals]\nexempt = 1\n",
        "[signals]\nexempt = [1, {team = 2}]\n",
    ],
)
def test_what_is_no_exemption_is_a_mistake_of_form_alone(
    file: Path, teams: Path, text: str
) -> None:
    found = told(file, teams, text)
    assert found
    assert [line for line in found if "is no team" in line] == []
