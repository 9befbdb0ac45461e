"""Filters and wrappers that several defects are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.foundation.units import Ns, S
from harness.headunit.blueprint import Action, Filter, Wrapper
from harness.headunit.events.event import Event
from harness.headunit.mouth import Utterance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.headunit.unit import HeadUnit

LOUD = 400
"""A sample of speech, not of noise: -38 dBov."""


def skipped(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Wrapper: the action does nothing."""


def instead(work: Callable[[HeadUnit], None]) -> Wrapper:
    """The action does ``work`` and nothing else."""
    return lambda unit, event, inner: work(unit)


def later_by(delay: Ns) -> Wrapper:
    """The action comes ``delay`` ns too late."""

    def wrapper(unit: HeadUnit, event: Event, inner: Action) -> None:
        unit.later(f"late {inner.__name__}", delay, lambda u: inner(u, event))

    return wrapper


def sound_later(name: str, delay: Ns) -> Filter:
    """Tap "mouth": the sound ``name`` comes late."""

    def changed(value: Utterance, unit: HeadUnit) -> Utterance:
        return replace(value, after=value.after + delay) if value.name == name else value

    return changed


def speech(change: Callable[[NDArray[np.int16]], NDArray[np.int16]]) -> Filter:
    """Tap "ear": a change of the recording."""
    return lambda samples, unit: change(samples)


def said(change: Callable[[NDArray[np.int16]], NDArray[np.int16]]) -> Filter:
    """Tap "mouth": a change of the messages that are played."""

    def changed(value: Utterance, unit: HeadUnit) -> Utterance:
        return replace(value, samples=change(value.samples)) if value.name == "message" else value

    return changed


def loud(samples: NDArray[np.int16]) -> tuple[int, int]:
    """First and one past the last sample of speech; (0, 0) when there is none."""
    import numpy as np

    places = np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD)
    return (int(places[0]), int(places[-1]) + 1) if len(places) else (0, 0)


def opens_late(lost: Ns) -> Callable[[NDArray[np.int16]], NDArray[np.int16]]:
    """The first ``lost`` ns of speech are missing."""

    def change(samples: NDArray[np.int16]) -> NDArray[np.int16]:
        first, last = loud(samples)
        out = samples.copy()
        out[first : min(last, first + lost * RATE // S)] = 0
        return out

    return change


def closes_early(lost: Ns) -> Callable[[NDArray[np.int16]], NDArray[np.int16]]:
    """The last ``lost`` ns of speech are missing."""

    def change(samples: NDArray[np.int16]) -> NDArray[np.int16]:
        first, last = loud(samples)
        out = samples.copy()
        out[max(first, last - lost * RATE // S) : last] = 0
        return out

    return change


def drops(length: Ns, each: Ns) -> Callable[[NDArray[np.int16]], NDArray[np.int16]]:
    """Gaps of ``length`` ns, one each ``each`` ns."""

    def change(samples: NDArray[np.int16]) -> NDArray[np.int16]:
        out = samples.copy()
        for start in range(each * RATE // S // 2, len(out), each * RATE // S):
            out[start : start + length * RATE // S] = 0
        return out

    return change


def amplified(decibel: float) -> Callable[[NDArray[np.int16]], NDArray[np.int16]]:
    """Another level, saturating."""

    def change(samples: NDArray[np.int16]) -> NDArray[np.int16]:
        import numpy as np

        out: NDArray[np.int16] = np.clip(samples * 10 ** (decibel / 20), -32768, 32767).astype(np.int16)
        return out

    return change


def hurried(factor: float) -> Callable[[NDArray[np.int16]], NDArray[np.int16]]:
    """Played ``factor`` times too fast, as with a wrong sample rate."""

    def change(samples: NDArray[np.int16]) -> NDArray[np.int16]:
        import numpy as np

        places = np.arange(0, len(samples) - 1, factor)
        out: NDArray[np.int16] = np.interp(places, np.arange(len(samples)), samples).astype(np.int16)
        return out

    return change


def keeping(*parts: str) -> Wrapper:
    """Round ``erase_user_data``: these parts of the user survive it."""

    def wrapper(unit: HeadUnit, event: Event, inner: Action) -> None:
        before = {part: getattr(unit.ram.user, part) for part in parts}
        inner(unit, event)
        for part, value in before.items():
            setattr(unit.ram.user, part, value)

    return wrapper
