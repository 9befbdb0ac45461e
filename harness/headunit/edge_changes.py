"""Changes by an amount, for limits that no figure of the unit's moves: sound, pictures, frames, counts.

Each builder takes what is to be measured, in the limit's unit, and works out the change by calculation: a cubic term
has a third harmonic of a known share, noise of a known power lowers a correlation to a known value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.foundation.units import Ns, S
from harness.headunit.blueprint import Blueprint, Change, once_after, scale_figure, tap, together, wrap
from harness.headunit.defects import catalogue
from harness.headunit.defects.cabin import bent, buffer_lost, stretched
from harness.headunit.defects.car import delayed, repetitions_saved
from harness.headunit.defects.distraction import hidden
from harness.headunit.defects.filters import later_by, loud, said, sound_later, speech
from harness.headunit.defects.listening import leaks
from harness.headunit.events.voice import PlayEnded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.can.port import Frame
    from harness.headunit.blueprint import Action
    from harness.headunit.events.event import Event
    from harness.headunit.mouth import Utterance
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit

    Sound = NDArray[np.int16]

GAP, SLIP = 0.04, 0.005
SPEECH = 4000.0
"""Hz up to which messages are compared."""
TONE = 0.942
"""The tone that is measured, of the loudest sample of its message."""
LISTENED: Ns = 8 * S
"""From when on another ring is listened for."""
OWED = 12
"""Repetitions of changes, of which one is saved: a scenario that looks at them is owed twice as many and more, so that
one that no frame of the beat covers is among its own."""
OPENINGS = 50
"""Of a row of a hundred presses every other one opens messaging."""


def unchanged(base: Blueprint) -> Blueprint:
    return base


def seeded(defect: str, right: float = 0.0) -> Callable[[float], Change]:
    """The right unit where the amount is ``right``, the seeded ``defect`` at any other."""
    return lambda amount: unchanged if amount == right else catalogue()[defect].change


def reachable(thing: str) -> Callable[[float], Change]:
    """Behind a button of the list of messages there is ``thing``; an amount of 0: there is not."""
    return lambda amount: hidden("messages", "more", thing) if amount else unchanged


def leaking(amount: float) -> Change:
    """A message is heard behind, so many dB fainter."""
    return tap("mouth", leaks("amp.rear_right", -amount))


def drifting(amount: float) -> Change:
    return tap("ear", speech(stretched(amount)))


def with_gaps(amount: float) -> Callable[[Sound], Sound]:
    """So many gaps of 40 ms, each in the middle of a part of what is said."""

    def change(samples: Sound) -> Sound:
        first, last = loud(samples)
        out, count = samples.copy(), round(amount)
        for number in range(count):
            start = first + (last - first) * (number + 1) // (count + 1)
            out[start : start + round(GAP * RATE)] = 0
        return out

    return change


def slipping(amount: float) -> Change:
    return tap("ear", speech(buffer_lost(SLIP))) if round(amount) else unchanged


def noise(samples: Sound, share: float, below: float = RATE / 2) -> Sound:
    """``samples`` with noise of ``share`` of their power over what is said, even up to ``below`` Hz."""
    import numpy as np

    first, last = loud(samples)
    if last <= first:
        return samples
    power = float(np.mean(np.square(samples[first:last].astype(np.float64))))
    drawn = np.random.Generator(np.random.Philox(key=5)).standard_normal(len(samples))
    spectrum = np.fft.rfft(drawn)
    spectrum[np.fft.rfftfreq(len(samples), 1.0 / RATE) > below] = 0.0
    drawn = np.fft.irfft(spectrum, len(samples)) * (RATE / 2 / below) ** 0.5
    out: Sound = np.clip(np.rint(samples + drawn * (power * share) ** 0.5), -32768, 32767).astype(np.int16)
    return out


def alike(amount: float) -> Change:
    """What is played is as much like the message as ``amount`` says: a correlation of 1 / sqrt(1 + noise)."""
    return tap("mouth", said(lambda samples: noise(samples, amount**-2 - 1.0, SPEECH)))


def noisy(amount: float) -> Change:
    """What is sent has its speech ``amount`` dB over the noise."""
    return tap("ear", speech(lambda samples: noise(samples, 10 ** (-amount / 10), SPEECH)))


def distorted(amount: float) -> Change:
    """A third harmonic of ``amount`` %: of a cubic term s a quarter of s, beside a fundamental of 1 - 3 s / 4."""
    share = amount / 100.0
    return tap("mouth", said(bent(4.0 * share / (1.0 + 3.0 * share) / TONE**2)))


def coloured(amount: float) -> Change:
    """Playback is ``amount`` dB louder above 2 kHz."""

    def change(samples: Sound) -> Sound:
        import numpy as np

        spectrum = np.fft.rfft(samples.astype(np.float64))
        places = np.fft.rfftfreq(len(samples), 1.0 / RATE)
        spectrum *= 10 ** (amount / 20 * np.clip((places - 1700.0) / 300.0, 0.0, 1.0))
        out: Sound = np.clip(np.rint(np.fft.irfft(spectrum, len(samples))), -32768, 32767).astype(np.int16)
        return out

    return tap("mouth", said(change))


def music_after(amount: float) -> Change:
    """After the first message music is ``amount`` dB louder than before."""
    return tap("music", lambda factor, unit: factor * 10 ** (amount / 20), when=once_after(PlayEnded))


def slowing_chime(amount: float) -> Change:
    """Each chime is a little later than the one before; the last one by ``amount`` s more than the first."""

    def later(value: Utterance, unit: HeadUnit) -> Utterance:
        if value.name != "chime":
            return value
        before = unit.counted["chimes"]
        unit.counted["chimes"] += 1
        return sound_later("chime", round(amount * S * before / (OPENINGS - 1)))(value, unit)  # type: ignore[no-any-return]

    return tap("mouth", later)


def uneven(amount: float) -> Change:
    """``amount`` % of the cycles are kept: a late frame makes the one before too long and the one after too short."""
    each = max(2, round(2 * 100 / max(100.0 - amount, 0.01)))

    def now_and_then(frame: Frame, unit: HeadUnit) -> Frame | None:
        if frame.key != unit.vehicle.role("head_unit.alive").message.key:
            return frame  # of a message that is sent for a few seconds one late frame would be too many
        unit.counted[f"beat {frame.key}"] += 1
        return delayed(frame, unit) if unit.counted[f"beat {frame.key}"] % each == each // 2 else frame

    return tap("can_out", now_and_then)


def listing(amount: float) -> Change:
    """The list of contacts has ``amount`` lines."""

    def view(view: View, unit: HeadUnit) -> View:
        known = tuple(unit.ram.user.contacts)
        if view.name != "contacts" or not known:
            return view
        return view._replace(lines=tuple(known[n % len(known)] for n in range(round(amount))))

    return tap("view", view)


def told_late(amount: float) -> Change:
    """The service hears of a logout ``amount`` s after the network has come back, and not by another attempt before."""
    wait = wrap("flush_revocations", later_by(round(amount * S)))
    return together(wait, scale_figure("retry_interval", 60))


def standing(amount: float) -> Change:
    """The car has to stand still ``amount`` s longer than its table says, where the table asks for a time at all."""

    def longer(unit: HeadUnit, event: Event, inner: Action) -> None:
        own, more = unit.vehicle, round(amount * S)
        parked = tuple(
            replace(rule, standstill=rule.standstill + more) if rule.standstill else rule for rule in own.driving.parked
        )
        unit.vehicle = replace(own, driving=replace(own.driving, parked=parked))
        try:
            inner(unit, event)
        finally:
            unit.vehicle = own

    return wrap("look_at_driving", longer)


def silent_late(amount: float) -> Change:
    """That nothing sounds any more is told ``amount`` s late; until then the unit says what it said before."""
    wait = round(amount * S)

    def told(said: tuple[str, str | float], unit: HeadUnit) -> tuple[str, str | float]:
        role, state = said
        known, now = unit.ram.more, unit.clock.now()
        if role != "head_unit.audio":
            return said
        if state != "silent":
            known["sounds"], known["silent since"] = state, None
        elif known.get("sounds") is not None:
            if known["silent since"] is None:
                known["silent since"] = now
                unit.later("silent late", wait, lambda u: None)
            if now - known["silent since"] < wait:
                return role, known["sounds"]
        return said

    return tap("telegram", told)


def repeated(amount: float) -> Change:
    """Of a hundred repetitions of what has changed ``amount`` are sent; where any is missing, one of ``OWED`` is."""
    if amount >= 100:
        return unchanged
    return tap("can_out", repetitions_saved(min(OWED, max(1, round(100 / (100 - amount))))))


def next_ring(amount: float) -> Change:
    """The first ring after ``LISTENED`` comes ``amount`` s later, and none between that and the very first."""

    def change(base: Blueprint) -> Blueprint:
        period = base.figures["ring_period"]
        first = -(-LISTENED // period) * period
        return replace(base, figures={**base.figures, "ring_period": first + round(amount * S)})

    return change


def hung_up_late(amount: float) -> Change:
    """The service hears of a call's end ``amount`` s after the network has come back, and not by another attempt."""

    def noted(unit: HeadUnit, event: Event, inner: Action) -> None:
        if not unit.ram.link_up and unit.flash.session is not None:
            unit.ram.more["hung up"] = unit.flash.session.token, unit.ram.call[0]
        inner(unit, event)

    def tells(unit: HeadUnit, event: Event, inner: Action) -> None:
        inner(unit, event)
        ended = unit.ram.more.pop("hung up", None)
        if ended is not None:
            unit.later("hung up", round(amount * S), lambda u: u.service.call("end_call", *ended))

    return together(wrap("end_call", noted), wrap("flush_revocations", tells), scale_figure("retry_interval", 60))
