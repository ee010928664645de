"""The pages of a running service, read as a browser gets them."""

import http.client
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import fsum, isclose
from typing import Final
from urllib.parse import urlencode, urlsplit

from tests.e2e.service import Service

WINDOW: Final = timedelta(days=28)
_TOTAL: Final = re.compile(r'<p class="figure"><data value="([^"]+)"')
_ITEM: Final = re.compile(
    r'<p class="item">.*?<span class="amount"><data value="([^"]+)"', re.DOTALL
)
_INSTANT: Final = re.compile(r'<p class="lead">.*?<time datetime="([^"]+)"', re.DOTALL)
_NEXT: Final = 'rel="next"'


@dataclass(frozen=True)
class Answer:
    """One answer over HTTP; status 0 when there was none."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Listed:
    """One page of a list: its number, its items' seconds, and the instant it is of."""

    total: float
    items: tuple[float, ...]
    instant: datetime
    goes_on: bool

    @property
    def start(self) -> datetime:
        """The beginning of its window."""
        return self.instant - WINDOW

    @property
    def is_consistent(self) -> bool:
        """Whether its items are the number, or a part of it where the list goes on."""
        whole = fsum(self.items)
        if self.goes_on:
            return whole < self.total
        return isclose(whole, self.total, abs_tol=1e-6)


def pair(team: str, on_team: str, component: str = "") -> str:
    """Where a pair's list is."""
    query = f"?{urlencode({'component': component})}" if component else ""
    return f"/pair/{team}/{on_team}{query}"


def asked(service: Service, path: str) -> Answer:
    """What the service answers."""
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read().decode())
    except (OSError, http.client.HTTPException):  # killed, or not started yet
        return Answer(0)
    finally:
        connection.close()


def listed(answer: Answer) -> Listed:
    """The list on a page."""
    assert answer.status == 200, answer
    (total,) = _TOTAL.findall(answer.text)
    (instant,) = _INSTANT.findall(answer.text)
    items = tuple(map(float, _ITEM.findall(answer.text)))
    moment = datetime.fromisoformat(instant)
    return Listed(float(total), items, moment, _NEXT in answer.text)
