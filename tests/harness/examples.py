"""How many examples laws draw: the same in every run, unless a number is asked for."""

import os
from typing import Final

from hypothesis import HealthCheck, settings

_EXAMPLES: Final = int(os.environ.get("FRICTION_EXAMPLES", "60"))
law: Final = settings(
    max_examples=_EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize="FRICTION_EXAMPLES" not in os.environ,
)
