"""A voice message against what was said: start and end, level, noise, holes, intelligibility, identity.

Each is computed from two recordings: the driver's microphone line as captured while speaking, and the message as the
other side received and decoded it. Figures at 16 kHz, the rate of the messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

JUDGED_RATE = 16_000
NARROW_RATE = 8_000
"""Up to this rate (Hz) a message carries a telephone's band only."""
GAP = 0.020
"""Holes from this length on are counted (s)."""


class Said(NamedTuple):
    """Where and when something was spoken: a line, and its bounds in the recording."""

    line: str
    began: Stamp
    ended: Stamp
    stimulus: str


class Pair(NamedTuple):
    """Reference and received sound, int16 at JUDGED_RATE."""

    spoken: NDArray[np.int16]
    received: NDArray[np.int16]
    narrow: bool = False
    """Carried at 8 kHz: a telephone's band."""

    @property
    def band(self) -> tuple[float, float]:
        from harness.audio.delay import NARROW, WIDE

        return NARROW if self.narrow else WIDE


def onset_loss(account: str, message: str, said: Said) -> Observation:
    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.truncation import truncation

        cut = truncation(pair.spoken, pair.received, JUDGED_RATE)
        return cut.onset, f"{cut.onset.value * 1000:.0f} ms of the start are missing (likeness {cut.likeness:.2f})"

    return _on_message("onset_loss", "s", account, message, said, measure)


def end_loss(account: str, message: str, said: Said) -> Observation:
    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.truncation import truncation

        cut = truncation(pair.spoken, pair.received, JUDGED_RATE)
        return cut.end, f"{cut.end.value * 1000:.0f} ms of the end are missing (likeness {cut.likeness:.2f})"

    return _on_message("end_loss", "s", account, message, said, measure)


def level_change(account: str, message: str, said: Said) -> Observation:
    def measure(pair: Pair) -> tuple[Interval, str]:
        import numpy as np

        from harness.audio.level import speech_level

        # silence round both: P.56 counts a hangover behind the last word, which one that ends at once would lack
        spoken, received = (
            speech_level(np.pad(x, JUDGED_RATE // 2), JUDGED_RATE).active for x in (pair.spoken, pair.received)
        )
        change = Interval(received.value - spoken.value, received.low - spoken.high, received.high - spoken.low)
        return change, f"spoken at {spoken.value:.1f} dBov, received at {received.value:.1f} dBov (ITU-T P.56)"

    return _on_message("level_change", "dB", account, message, said, measure)


def snr(account: str, message: str, said: Said) -> Observation:
    def measure(pair: Pair) -> tuple[Interval, str]:
        import numpy as np

        from harness.audio import level
        from harness.audio.delay import delay

        # noise is what the message carries where nothing was said: in pauses, and before and after the speech
        lag = round(delay(pair.spoken, pair.received, JUDGED_RATE).seconds.value * JUDGED_RATE)
        spoken = np.zeros_like(pair.received)
        first, stop = max(lag, 0), min(lag + len(pair.spoken), len(spoken))
        spoken[first:stop] = pair.spoken[first - lag : stop - lag]
        noise = level.noise_floor(pair.received, JUDGED_RATE, level.pauses(spoken, JUDGED_RATE))
        found = level.snr(level.speech_level(pair.received[first:stop], JUDGED_RATE), noise)
        return found, f"{noise.level.value:.0f} dBov where nothing was said, over {noise.seconds:.2f} s"

    return _on_message("snr", "dB", account, message, said, measure)


def gaps(account: str, message: str, said: Said) -> Observation:
    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.gaps import gaps as holes

        found = holes(pair.spoken, pair.received, JUDGED_RATE, band=pair.band)
        longest = found.longest.value * 1000
        return found.at_least(GAP), f"holes from 20 ms on; the longest has {longest:.0f} ms"

    return _on_message("gaps", "1", account, message, said, measure)


def clipping(account: str, message: str, said: Said) -> Observation:
    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.clipping import clipping as flat_tops

        found = flat_tops(pair.received)
        share = Interval(*(100 * x for x in found.share))
        return share, f"{found.runs} flat tops at {found.ceiling} of 32767"

    return _on_message("clipping", "%", account, message, said, measure)


def stoi(account: str, message: str, said: Said, quantity: str = "stoi") -> Observation:
    """``quantity``: "stoi", or "stoi_narrow" for a message of a telephone's band, which has a limit of its own."""

    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.intelligibility import stoi as intelligibility

        found = intelligibility(pair.spoken, pair.received, JUDGED_RATE)
        return found.stoi, "short-time objective intelligibility against what the microphone line carried"

    return _on_message(quantity, "1", account, message, said, measure)


def stoi_of_words(account: str, message: str, said: Said, words: NDArray[np.int16]) -> Observation:
    """STOI against the sentence itself, ``words`` (int16 at JUDGED_RATE), and not against the microphone line: where
    the line carries noise as well, it is no reference."""

    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.intelligibility import stoi as intelligibility

        found = intelligibility(words, pair.received, JUDGED_RATE)
        return found.stoi, "short-time objective intelligibility against the sentence without the cabin's noise"

    return _on_message("stoi", "1", account, message, said, measure, {"against": "words"})


def stoi_drop(account: str, message: str, said: Said, golden: float, path: str) -> Observation:
    """How far STOI lies under its golden value for this sentence and this ``path`` (a codec)."""

    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.intelligibility import stoi as intelligibility

        found = intelligibility(pair.spoken, pair.received, JUDGED_RATE).stoi
        drop = Interval(golden - found.value, golden - found.high, golden - found.low)
        return drop, f"STOI {found.value:.3f}; the golden run through {path} had {golden:.3f}"

    return _on_message("stoi_drop", "1", account, message, said, measure, {"path": path})


def drift(account: str, message: str, said: Said) -> Observation:
    """By how many ppm the clocks of the microphone line and of the message differ, whichever way."""

    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.drift import drift as clocks

        found = clocks(pair.spoken, pair.received, JUDGED_RATE, pair.band)
        low, high = max(0.0, found.ppm.low, -found.ppm.high), max(found.ppm.high, -found.ppm.low)
        said_so = f"{found.ppm.value:+.1f} ppm over {found.segments} segments of 0.5 s"
        return Interval(abs(found.ppm.value), low, high), said_so

    return _on_message("drift", "ppm", account, message, said, measure)


def slips(account: str, message: str, said: Said) -> Observation:
    def measure(pair: Pair) -> tuple[Interval, str]:
        from harness.audio.drift import drift as clocks

        found = clocks(pair.spoken, pair.received, JUDGED_RATE, pair.band)
        listed = ", ".join(f"{s.seconds * 1000:+.1f} ms at {s.at:.1f} s" for s in found.slips) or "none"
        return Interval.exact(float(len(found.slips))), f"jumps in time: {listed}"

    return _on_message("slips", "1", account, message, said, measure)


def _on_message(
    quantity: str,
    unit: str,
    account: str,
    message: str,
    said: Said,
    measure: Callable[[Pair], tuple[Interval, str]],
    more: Mapping[str, str] | None = None,
) -> Observation:
    arguments: dict[str, Any] = {
        **(more or {}),
        "account": account,
        "message": message,
        "line": said.line,
        "stimulus": said.stimulus,
        "began": list(said.began),
        "ended": list(said.ended),
    }

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        from harness.audio.unmeasurable import Unmeasurable

        window = (said.began.t, said.ended.t)
        refs = ({"track": f"account/{account}", "message": message, "t": said.ended.t},)
        pair = pair_of(recording, account, message, said)
        if pair is None:
            return Measurement(
                quantity, unit, None, "the message holds no sound that its codec understands", refs, window
            )
        try:
            value, detail = measure(pair)
        except Unmeasurable as why:
            return Measurement(quantity, unit, None, f"what was said is not in the message: {why}", refs, window)
        return Measurement(quantity, unit, value, detail, refs, window)

    return Observation(
        quantity, arguments, quantity, f"account/{account}", said.began, look,
        f"{quantity.replace('_', ' ')} of {said.stimulus}",
    )  # fmt: skip


def pair_of(recording: Recording, account: str, message: str, said: Said) -> Pair | None:
    """The captured microphone line and the received message, both at JUDGED_RATE; None when it holds no sound."""
    from harness.audio.rates import to_rate

    for delivered in recording.inbox(account, 0, recording.seen_to(f"account/{account}")):
        if delivered.id == message:
            if delivered.samples is None or not len(delivered.samples):
                return None
            capture = recording.sound(said.line, said.began.t, said.ended.t)
            return Pair(
                to_rate(capture.samples, capture.rate, JUDGED_RATE),
                to_rate(delivered.samples, delivered.rate, JUDGED_RATE),
                delivered.rate <= NARROW_RATE,
            )
    return None
