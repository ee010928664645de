"""What each route answers."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from monitor.adapters.prometheus.negotiation import Syntax
from monitor.adapters.web.app import STUCK_AFTER_SECONDS, stuck_because
from monitor.domain.snapshot import Condition, Family, PageModel, Snapshot
from monitor.errors import StateCorrupt
from tests.harness.reference_data import REPOSITORY
from tests.unit.prometheus.test_render import parsed
from tests.unit.web.showing import NUMBERS, Told

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT = "text/plain; version=0.0.4; charset=utf-8"
ROUTES = (
    "/",
    "/page.css",
    "/metrics",
    "/healthz",
    "/readyz",
    "/team/checkout",
    "/team/checkout/items",
    "/pair/checkout/platform",
    "/nowhere",
)


def test_every_address_is_documented() -> None:
    told = (REPOSITORY / "docs" / "pages.md").read_text()
    routes = [one for one in Told().browser().app.routes if isinstance(one, Route)]
    addresses = [route.path.partition("{")[0] for route in routes]
    assert "/healthz" in addresses
    untold = [address for address in addresses if f"| `{address}" not in told]
    assert untold == ["/page.css"]  # no address anybody asks for


def test_metrics_are_text_by_default() -> None:
    answer = Told().browser().get("/metrics", headers={"accept-encoding": ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == TEXT
    assert "content-encoding" not in answer.headers
    assert 'friction_stale_items{team="checkout"} 2.0\n' in answer.text
    assert parsed(answer.content, Syntax.TEXT)


def test_metrics_are_openmetrics_when_asked_for() -> None:
    answer = Told().browser().get("/metrics", headers={"accept": OPENMETRICS})
    assert answer.headers["content-type"] == f"{OPENMETRICS}; escaping=underscores"
    assert answer.text.endswith("# EOF\n")
    assert parsed(answer.content, Syntax.OPENMETRICS)


def test_what_is_accepted_may_come_in_several_lines() -> None:
    """As proxies split them (RFC 9110, 5.3): together they are one list."""
    lines = [
        ("accept", "text/plain;version=0.0.4;q=0.2"),
        ("accept", "application/openmetrics-text;version=1.0.0"),
        ("accept-encoding", "br"),
        ("accept-encoding", "gzip"),
    ]
    answer = Told().browser().get("/metrics", headers=lines)
    assert answer.headers["content-type"] == f"{OPENMETRICS}; escaping=underscores"
    assert answer.headers["content-encoding"] == "gzip"


def test_metrics_are_compressed_when_that_is_accepted() -> None:
    browser = Told().browser()
    plain = browser.get("/metrics", headers={"accept-encoding": "gzip;q=0"})
    packed = browser.get("/metrics", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content)
    # The client has unpacked it; the families are the same.
    heads = [line for line in plain.text.splitlines() if line.startswith("#")]
    assert [line for line in packed.text.splitlines() if line.startswith("#")] == heads


def test_caches_are_told_that_metrics_depend_on_these_headers() -> None:
    answer = Told().browser().get("/metrics")
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


def test_metrics_tell_readiness_and_the_evaluated_instant() -> None:
    text = Told().browser().get("/metrics").text
    assert "\nfriction_ready 1\n" in text
    assert "\nfriction_evaluated_at_timestamp_seconds 1772452800.0\n" in text


def test_while_catching_up_only_health_and_information_are_shown() -> None:
    # Whatever the snapshot holds: these totals are not yet true.
    told = Told()
    told.present = Snapshot(
        ready=False,
        business=(Family("friction_stale_items", ((("checkout",), 2.0),)),),
        health=(Family("friction_dead_letters", (((), 3.0),)),),
    )
    text = told.browser().get("/metrics").text
    assert "friction_stale_items" not in text
    assert "\nfriction_dead_letters 3.0\n" in text
    assert "\nfriction_ready 0\n" in text
    assert "friction_evaluated_at" not in text


def test_samples_that_are_no_numbers_are_counted_by_the_next_scrape() -> None:
    told = Told()
    broken = Family("friction_stale_items", ((("checkout",), float("nan")),))
    told.present = Snapshot(ready=True, business=(broken,))
    browser = told.browser()
    first, second = (browser.get("/metrics").text for _ in range(2))
    assert "friction_stale_items" not in first
    assert "\nfriction_unrepresentable_samples_total 0\n" in first
    assert "\nfriction_unrepresentable_samples_total 1\n" in second


def test_a_scrape_is_timed() -> None:
    browser = Told().browser()
    browser.get("/metrics")
    assert "\nfriction_scrape_seconds_count 1\n" in browser.get("/metrics").text


@pytest.mark.parametrize("age", [None, 0.0, STUCK_AFTER_SECONDS])
def test_a_process_that_turns_or_starts_is_healthy(age: float | None) -> None:
    told = Told(state=Condition(("catching up",), age))
    answer = told.browser().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_loop_that_has_not_turned_for_long_is_unhealthy() -> None:
    told = Told(state=Condition((), 125.4))
    answer = told.browser().get("/healthz")
    assert answer.status_code == 503
    assert answer.text == "the consumer loop has not turned for 125 s\n"


def test_how_long_is_too_long_can_be_told() -> None:
    assert stuck_because(Condition((), 10.0), 9.0) is not None
    assert stuck_because(Condition((), 9.0), 9.0) is None


def test_ready_when_there_is_no_reason_against_it() -> None:
    answer = Told().browser().get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_every_reason_for_not_being_ready_is_told() -> None:
    told = Told(state=Condition(("no broker answers", "catching up")))
    answer = told.browser().get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "no broker answers\ncatching up\n"


def test_a_broker_that_went_away_leaves_the_process_healthy() -> None:
    told = Told(state=Condition(("no broker answers",), 1.0))
    assert told.browser().get("/healthz").status_code == 200


def test_the_page_is_html_with_its_style_from_here() -> None:
    browser = Told().browser()
    answer = browser.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="page.css"' in answer.text
    style = browser.get("/page.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "{" in style.text


def test_the_page_is_made_once_for_those_who_open_it_within_seconds() -> None:
    told = Told()
    browser = told.browser()
    first = browser.get("/").text
    told.numbers = None
    assert browser.get("/").text == first


def test_what_is_shown_while_not_ready_is_not_kept() -> None:
    told = Told(numbers=None, state=Condition(("catching up",)))
    browser = told.browser()
    assert "<table" not in browser.get("/").text
    told.numbers, told.state = NUMBERS, Condition()
    assert "<table" in browser.get("/").text


def test_the_page_says_why_there_are_no_numbers_yet() -> None:
    told = Told(numbers=None, state=Condition(("catching up",)))
    answer = told.browser().get("/")
    assert answer.status_code == 200
    assert "<li>catching up</li>" in answer.text
    assert "<table" not in answer.text


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_carries_the_protective_headers(route: str) -> None:
    headers = Told().browser().get(route).headers
    policy = headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(part.startswith("script-src") for part in policy)
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("route", ROUTES[:-1])
def test_nothing_can_be_changed_over_http(route: str) -> None:
    browser = Told().browser()
    assert browser.ask("POST", route).status_code == 405
    assert browser.ask("DELETE", route).status_code == 405
    head = browser.ask("HEAD", route)
    assert (head.status_code, head.content) == (200, b"")


def test_what_cannot_be_read_is_told_and_why() -> None:
    class Damaged(Told):
        def page(self) -> PageModel | None:
            raise StateCorrupt("the state file is damaged: restore it from a backup")

    answer = Damaged().browser().get("/")
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/plain")
    damaged = "the state file is damaged: restore it from a backup"
    assert answer.text == f"this cannot be shown: {damaged}\n"


@pytest.mark.parametrize(
    "path", ["/team", "/pair", "/metrics/", "/page.css/", "/healthz/"]
)
def test_no_answer_leads_to_the_host_that_a_request_names(path: str) -> None:
    answer = Told().browser().get(path, {"Host": "evil.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "evil" not in answer.text


def test_what_is_not_here_is_not_found() -> None:
    browser = Told().browser()
    for path in ("/nowhere", "/metrics/x", "/../etc/passwd", "/templates/page.html"):
        assert browser.get(path).status_code == 404
