"""Many presses in a row: is each answered exactly once, how fast is the slowest answer, and do answers slow down?

Theory. Presses of a button that opens and closes in turn: each odd one opens messaging, counted from its first frame;
each even one ends the recording, counted from its release. The answer to a press is looked for up to the next press:
exactly one change, the right way. The growth is the slope of a least-squares line through the openings' latencies,
times their number: what the last opening costs more than the first. Its bounds hold whatever the true latencies were
within theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import stamp_of

Instants = tuple[tuple[Stamp, Stamp], ...]
LAST_ANSWER: Ns = 2 * S
"""So long the answer to the last press is waited for."""
TAIL: Ns = 20 * MS


class Answer(NamedTuple):
    """To one press: whether it was right, how many changes there were, and the latency of the right one in s."""

    right: bool
    changes: int
    latency: Interval | None


@dataclass(frozen=True)
class Answers:
    """Looks for the answers to presses; ``by`` says by what, enough to make it again."""

    look: Callable[[Recording], list[Answer]]
    by: Mapping[str, str]

    def __call__(self, recording: Recording) -> list[Answer]:
        return self.look(recording)


def growth(latencies: Sequence[Interval]) -> Interval:
    """Seconds by which the last of ``latencies`` exceeds the first, by least squares. HarnessError for fewer than 3."""
    count = len(latencies)
    if count < 3:
        raise HarnessError(f"a trend needs three latencies or more, not {count}")
    middle = (count - 1) / 2
    spread = sum((i - middle) ** 2 for i in range(count))
    weights = [(i - middle) / spread * (count - 1) for i in range(count)]
    pairs = list(zip(weights, latencies, strict=True))
    value = sum(w * x.value for w, x in pairs)
    low = sum(w * (x.low if w > 0 else x.high) for w, x in pairs)
    high = sum(w * (x.high if w > 0 else x.low) for w, x in pairs)
    return Interval(value, low, high)


def by_state(role: str, state: str, presses: Instants) -> Answers:
    """Answers on the bus: ``role`` comes to ``state`` with each odd press, and leaves it with each even one."""

    def look(recording: Recording) -> list[Answer]:
        where = recording.vehicle.role(role)
        found = []
        for number, (start, stop) in enumerate(_windows(presses)):
            opens = number % 2 == 0
            counted_from = presses[number][0 if opens else 1]
            before = recording.last_frame(where.bus, where.message.key, start.t)
            there = bool(before and before.frame and where.read(before.frame.data) == state)
            changes, latency = 0, None
            for heard in recording.frames(where.bus, where.message.key, start.t, stop - 1):
                now = heard.frame is not None and where.read(heard.frame.data) == state
                if now is there:
                    continue
                there, changes = now, changes + 1
                if latency is None and now is opens:
                    latency = elapsed(counted_from, stamp_of(heard))
            found.append(Answer(changes == 1 and latency is not None, changes, latency))
        return found

    return Answers(look, {"role": role, "state": state})


def by_sound(sound: str, line: str, presses: Instants) -> Answers:
    """Answers by ear: ``sound`` with each odd press. Even ones are not asked: nothing of it may sound with them."""

    def look(recording: Recording) -> list[Answer]:
        from harness.audio.port import RATE
        from harness.audio.tones import find
        from harness.judging.sounds import onset_stamp, read_sound

        template = read_sound(recording.vehicle.sounds[sound])
        length = len(template) * S // RATE
        found = []
        for number, (start, stop) in enumerate(_windows(presses)):
            changes, latency, since = 0, None, start.t
            while stop + TAIL - since > length:
                capture = recording.sound(line, since, stop + TAIL)
                hit = None if capture.silent else find(capture.samples, template, RATE)
                if hit is None:
                    break
                onset = onset_stamp(capture.began, hit.onset)
                changes, since = changes + 1, onset.t + length
                latency = latency or elapsed(presses[number][0], onset)
            odd = number % 2 == 0
            found.append(Answer(changes == (1 if odd else 0), changes, latency if odd else None))
        return found

    return Answers(look, {"sound": sound, "line": line})


def answered(answers: Answers, source: str, presses: Instants, witness: str) -> Observation:
    """Share of the presses that were answered exactly once and the right way, in %."""

    def measure(found: list[Answer]) -> tuple[Interval, str]:
        right = [a.right for a in found]
        lost = sum(a.changes == 0 and not a.right for a in found)
        wrong = len(found) - sum(right) - lost
        said = f"{sum(right)} of {len(found)} presses answered once by {witness}"
        if not all(right):
            said += f"; {lost} lost, {wrong} answered otherwise, the first is press {right.index(False) + 1}"
        return Interval.exact(100.0 * sum(right) / len(found)), said

    return _over_all("answered", "%", answers, source, presses, f"presses answered once by {witness}", measure)


def slowest(answers: Answers, source: str, presses: Instants, witness: str) -> Observation:
    """The longest latency of all answers, s. Presses without an answer are ``answered``'s business."""

    def measure(found: list[Answer]) -> tuple[Interval | None, str]:
        known = [a.latency for a in found if a.latency is not None]
        if not known:
            return None, f"no press was answered by {witness}"
        worst = max(known, key=lambda x: x.value)
        return worst, f"{len(known)} answers of {min(x.value for x in known):.3f} to {worst.value:.3f} s by {witness}"

    return _over_all("latency", "s", answers, source, presses, f"slowest answer by {witness}", measure)


def slowing(answers: Answers, source: str, presses: Instants, witness: str) -> Observation:
    """By how much the answers to odd presses slow down from the first to the last, s."""

    def measure(found: list[Answer]) -> tuple[Interval | None, str]:
        known = [a.latency for a in found[::2] if a.latency is not None]
        if len(known) < 3:
            return None, f"only {len(known)} presses were answered by {witness}"
        grown = growth(known)
        return grown, f"a line through {len(known)} latencies rises by {1000 * grown.value:.2f} ms by {witness}"

    return _over_all("latency_growth", "s", answers, source, presses, f"answers by {witness} slow down", measure)


OF_ALL = (answered, slowest, slowing)
"""The three questions to one row of presses."""


def _over_all(
    quantity: str, unit: str, answers: Answers, source: str, presses: Instants, sentence: str,
    measure: Callable[[list[Answer]], tuple[Interval | None, str]],
) -> Observation:  # fmt: skip
    first, end = presses[0][0], presses[-1][1].late + LAST_ANSWER + TAIL

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(source) < end:
            return Undecided(end)
        value, said = measure(answers(recording))
        said = f"{said}, {show_time(first.t)} to {show_time(end)}"
        return Measurement(quantity, unit, value, said, (), (first.t, end), samples=len(presses))

    arguments = {"presses": [[list(b), list(e)] for b, e in presses], "witness": sentence, "by": dict(answers.by)}
    roles = (source.removeprefix("role/"),) if source.startswith("role/") else ()
    return Observation(quantity, arguments, quantity, source, first, look, sentence, roles=roles)


def _windows(presses: Instants) -> list[tuple[Stamp, Ns]]:
    """Of each press: its beginning, and where the next one begins."""
    starts = [began for began, _ in presses]
    ends = [later.t for _, later in pairwise(starts)] + [presses[-1][1].t + LAST_ANSWER]
    return list(zip(starts, ends, strict=True))
