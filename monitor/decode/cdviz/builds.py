"""What CDviz tells of builds that it asks Jenkins for, beside the CDEvents of them.

CDEvents have fewer words for an end than Jenkins, and CDviz tells a build at the time
it began, also when it is over. ``customData.jenkins`` has the build as Jenkins has it.
"""

from __future__ import annotations

from typing import Final

from monitor.decode.cdevents.jenkins import outcome_of_result
from monitor.decode.cdviz.body import Custom, number_in, part, text_in
from monitor.domain.working_time import DAY

# No build is longer; what is more is no length of one.
_LONGEST: Final = 366 * DAY


def ended_as(custom: Custom) -> str | None:
    """Our outcome of Jenkins' result; ``None`` where it is not told, or not known."""
    return outcome_of_result(_build(custom).get("result"))


def ended_at(time: int, custom: Custom) -> int:
    """When a build that is told at ``time``, in milliseconds, was over.

    Only what is told at the time it began, and is over, is told too early.
    """
    build = _build(custom)
    began, lasted = number_in(build, "timestamp"), number_in(build, "duration")
    is_over = text_in(build, "result") is not None and build.get("building") is not True
    if began != time or lasted is None or not is_over:
        return time
    return time + lasted if 0 < lasted <= _LONGEST else time


def _build(custom: Custom) -> Custom:
    return part(part(custom, "jenkins"), "build")
