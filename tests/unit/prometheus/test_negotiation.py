"""Which form a scraper gets: by RFC 9110, and by what Prometheus asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.exposition import choose_encoder

from monitor.adapters.prometheus.negotiation import (
    Syntax,
    accepts_gzip,
    choose_format,
)

# What Prometheus 2.42, 2.53 and 3 send, a browser, curl, and nothing.
PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,"
    "application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)
PROTOBUF_FIRST = (
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
    "encoding=delimited,text/plain;version=0.0.4;q=0.3"
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (PROMETHEUS_2, f"{OPENMETRICS}; escaping=underscores"),
        (PROMETHEUS_3, f"{OPENMETRICS}; escaping=allow-utf-8"),
        (PROTOBUF_FIRST, TEXT),
        (BROWSER, TEXT),
        ("*/*", TEXT),
        ("", TEXT),
        ("text/plain", TEXT),
        ("application/openmetrics-text", OPENMETRICS),
        ("application/openmetrics-text;version=0.0.1", TEXT),
        (
            "text/plain;version=1.0.0;escaping=dots",
            "text/plain; version=1.0.0; charset=utf-8; escaping=dots",
        ),
    ],
)
def test_real_scrapers_get_what_they_ask_for(accept: str, content_type: str) -> None:
    form = choose_format(accept)
    assert form.content_type == content_type
    openmetrics = content_type.startswith("application/openmetrics-text")
    assert (form.syntax is Syntax.OPENMETRICS) == openmetrics


@pytest.mark.parametrize(
    "accept",
    [
        "application/openmetrics-text;version=²",
        "application/openmetrics-text;version=",
        ";;;,,,===",
        "text/plain;version=one",
        "application/openmetrics-text;version=2.0.0",
        "\x00",
        # More digits than Python makes a number of.
        f"application/openmetrics-text;version={'1' * 5_000}.0",
        f"text/plain;version={'1' * 5_000}",
    ],
)
def test_nonsense_and_the_unknown_get_an_exposition_too(accept: str) -> None:
    assert choose_format(accept).content_type in {TEXT, OPENMETRICS}


def test_a_version_not_written_here_is_passed_over_for_the_next() -> None:
    accept = f"application/openmetrics-text;version=2.0.0,{PROMETHEUS_2}"
    assert choose_format(accept).syntax is Syntax.OPENMETRICS
    assert "version=1.0.0" in choose_format(accept).content_type


OM = "application/openmetrics-text"
V1 = f"{OPENMETRICS}; escaping=underscores"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        # RFC 9110, 12.4.2 and 12.5.1: the greater weight, wherever it stands.
        (f"{OM};version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.6", TEXT),
        (f"text/plain;version=0.0.4;q=0.5,{OM};version=1.0.0;q=0.6", V1),
        (f"text/plain;version=0.0.4;q=0.5,{OM};version=1.0.0", V1),
        # Of equal ones the first.
        (f"text/plain;version=0.0.4,{OM};version=1.0.0", TEXT),
        (f"{OM};version=1.0.0,text/plain;version=0.0.4", V1),
        # Not at all: also where a range would bring it back.
        (f"{OM};version=1.0.0;q=0,text/plain;version=0.0.4;q=0.1", TEXT),
        (f"{OM};q=0,*/*", TEXT),
        (f"{OM};version=1.0.0;q=0.000,{OM};q=0.3,text/plain;q=0.1", TEXT),
        ("text/plain;q=0,*/*;q=0.1", OPENMETRICS),
        ("text/*;q=0,application/*;q=0.1", OPENMETRICS),
        (f"*/*;q=0.9,{OM};q=0.1", TEXT),
        ("*/*;q=0", TEXT),
        # The case of names does not matter, nor whether a value is quoted.
        (f"{OM.upper()}; Version=1.0.0; Q=0.9, text/plain;q=0.3", V1),
        (f'{OM};version="1.0.0";escaping="dots"', f"{OPENMETRICS}; escaping=dots"),
        (f'{OM};version="1\\.0\\.0"', V1),
        (f'text/plain;note="a,b;q=0\\"c";q=0.3,{OM};version=1.0.0;q=0.2', TEXT),
        # What is no weight is none that was asked for.
        (f"{OM};version=1.0.0;q=often,text/plain;q=0.9", V1),
    ],
)
def test_a_weight_is_what_a_form_is_chosen_by(accept: str, content_type: str) -> None:
    assert choose_format(accept).content_type == content_type


@pytest.mark.parametrize("accept", [PROMETHEUS_2, PROMETHEUS_3, PROTOBUF_FIRST, ""])
def test_for_a_prometheus_the_choice_is_that_of_the_client_library(accept: str) -> None:
    _, expected = choose_encoder(accept)
    assert choose_format(accept).content_type == expected


@given(st.text(st.sampled_from('apt/xn;,= "\\q.01*'), max_size=40) | st.text())
def test_any_header_gets_an_exposition(accept: str) -> None:
    assert choose_format(accept).syntax in Syntax


@pytest.mark.parametrize(
    "header",
    [
        "gzip",
        "GZIP",
        "deflate, gzip",
        "br;q=1.0, gzip;q=0.8",
        "gzip;q=0.001",
        "gzip;q=1",
    ],
)
def test_gzip_is_used_when_it_is_accepted(header: str) -> None:
    assert accepts_gzip(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "identity",
        "br, deflate",
        "gzip;q=0",
        "gzip; q=0.000",
        "gzip;q=0.",
        "gzipped",
    ],
)
def test_gzip_is_not_used_when_it_is_not_accepted(header: str) -> None:
    assert not accepts_gzip(header)
