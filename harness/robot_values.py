"""What keywords take and how they end: durations with a unit, and whatever does not let the test go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, Protocol, TypeVar

from robot.errors import RobotError

from harness.bench.stimulus import Stimulus
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, parse_duration, show_time
from harness.judging.observation import Observation
from harness.robot_listener import Missed, RobotCases

After = Stimulus | Observation | Stamp
Whose = Literal["driver", "other"]


@dataclass(frozen=True)
class Duration:
    """A time with its unit, such as ``120 ms``, ``2.5 s`` or ``1 min``.

    No number, because Robot would then read an argument without a unit as one.
    """

    ns: Ns

    def __str__(self) -> str:
        return show_time(self.ns)


def duration(text: str) -> Duration:
    """A time with its unit: ``120 ms``, ``2.5 s``, ``1 min``."""
    return Duration(parse_duration(text))


class HasCases(Protocol):
    """A library of keywords with our listener."""

    ROBOT_LIBRARY_LISTENER: RobotCases


_L = TypeVar("_L", bound=HasCases)
_P = ParamSpec("_P")
_R = TypeVar("_R")


def guarded(work: Callable[Concatenate[_L, _P], _R]) -> Callable[Concatenate[_L, _P], _R]:
    """Whatever ends the scenario early is kept for the verdict, and told to Robot in the verdict's words."""

    @wraps(work)
    def call(library: _L, /, *args: _P.args, **named: _P.kwargs) -> _R:
        try:
            return work(library, *args, **named)
        except (RobotError, Missed):  # Robot's own ways out: a time limit, Ctrl-C, a keyword run by a keyword
            raise
        except Exception as why:
            raise library.ROBOT_LIBRARY_LISTENER.ends(why) from why

    return call
