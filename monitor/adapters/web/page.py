"""The page as HTML, from its numbers; needs no script and trusts no name in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources

from jinja2 import DictLoader, Environment, StrictUndefined

from monitor.adapters.web import wording
from monitor.domain.snapshot import PageModel

_TEMPLATES = resources.files("monitor.adapters.web") / "templates"


class Page:
    """Renders ``/`` and its style sheet; templates are read once."""

    def __init__(self) -> None:
        """Read and compile the templates."""
        self._template = _environment().get_template("page.html")
        self.style = _text("page.css")

    def render(self, page: PageModel | None, reasons: Sequence[str]) -> str:
        """The page; ``reasons`` say why the service is not ready, if it is not."""
        return self._template.render(page=page, reasons=reasons)


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    loader = DictLoader({name: _text(name) for name in ("page.html", "ratio.html")})
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_filters())
    return environment


def _filters() -> dict[str, Callable[..., object]]:
    return {
        "hours": wording.hours,
        "ratio": wording.ratio,
        "percent": wording.percent,
        "whole": wording.whole,
        "instant": wording.instant,
        "machine_instant": wording.machine_instant,
        "age": lambda ms, now_ms: wording.age(now_ms, ms),
        "days": wording.days,
        "words": wording.words,
        "verdict_class": wording.verdict_class,
        "scale_position": wording.scale_position,
    }
