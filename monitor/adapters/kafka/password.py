"""The password, as its file has it whenever somebody logs in.

The library keeps the text that it was given, and tries it for ever after the broker
wants another. It is given the file instead, and mechanisms of ours that read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from kafka.net.sasl import register_sasl_mechanism
from kafka.net.sasl.plain import SaslMechanismPlain
from kafka.net.sasl.scram import SaslMechanismScram, ScramClient

from monitor.config.secret import secret_in

_OPTION: Final = "sasl_plain_password"
# The library has no types.
_MECHANISMS: Final[Mapping[str, Callable[..., Any]]] = {
    "PLAIN": SaslMechanismPlain,
    **dict.fromkeys(ScramClient.MECHANISMS, SaslMechanismScram),
}


@dataclass(eq=False, slots=True)
class PasswordFile:
    """A password that is renewed in its file, as a mounted secret is; never shown.

    Where the file has none, the last one stays, and ``problem`` says so.
    """

    path: Path
    last: str = field(repr=False)
    problem: str | None = None

    def read(self) -> str:
        """The password now; never raises, nor waits for who would write a pipe."""
        try:
            held = b"" if self.path.is_fifo() else self.path.read_bytes()
            found, why = secret_in(held.decode("utf-8-sig")), "holds no password"
        except OSError as problem:
            found, why = None, f"cannot be read: {problem.strerror or problem}"
        except ValueError:
            found, why = None, "is not UTF-8 text"
        if found is None:
            named = f"kafka.sasl_password_file {self.path}"
            self.problem = f"{named} {why}; the last password that it held was tried"
            return self.last
        self.last, self.problem = found, None
        return found


Password = str | PasswordFile


def password_now(password: Password | None) -> str:
    """The password; where it is in a file, as it is there now."""
    return password.read() if isinstance(password, PasswordFile) else password or ""


def read_files_at_login() -> None:
    """From now on the library may be given files as passwords."""
    for name, kind in _MECHANISMS.items():
        register_sasl_mechanism(name, partial(_mechanism, kind), overwrite=True)


def _mechanism(kind: Callable[..., Any], **options: Any) -> Any:
    return kind(**{**options, _OPTION: password_now(options[_OPTION])})
