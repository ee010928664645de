import inspect

from monitor import errors
from monitor.errors import ConfigError, FrictionError


def test_a_configuration_error_shows_every_mistake_on_its_line() -> None:
    error = ConfigError(["a.toml:1: x", "a.toml:2: y"])
    assert error.mistakes == ("a.toml:1: x", "a.toml:2: y")
    assert str(error) == "a.toml:1: x\na.toml:2: y"


def test_every_error_of_the_program_is_a_friction_error_drawn_in_the_tree() -> None:
    classes = [found for _, found in inspect.getmembers(errors, inspect.isclass)]
    for found in classes:
        if issubclass(found, Exception):
            assert issubclass(found, FrictionError)
            assert found.__name__ in (errors.__doc__ or "")
