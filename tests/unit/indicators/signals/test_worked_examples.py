"""The example in every docstring of the signals is true."""

import doctest
import importlib
import pkgutil

import pytest

from monitor.indicators import signals
from monitor.indicators.signals.standings import READINGS

MODULES = sorted(found.name for found in pkgutil.iter_modules(signals.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    module = importlib.import_module(f"{signals.__name__}.{name}")
    failed, _ = doctest.testmod(module)
    assert failed == 0


@pytest.mark.parametrize("name", [one.__module__ for one in READINGS.values()])
def test_every_signal_has_an_example(name: str) -> None:
    assert ">>>" in (importlib.import_module(name).__doc__ or "")
