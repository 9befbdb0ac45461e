"""Login codes as texts: where they lead, whether they differ, whether they tell something, whether chance drew them.

The texts themselves stay out of measurements and reports: a code is a key for as long as it is valid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.privacy import found_in
from harness.judging.randomness import evenness
from harness.judging.recording import Recording


def lead_to(texts: Sequence[str], place: str, began: Stamp, ended: Stamp) -> Observation:
    """Share of the codes (%) that begin with ``place`` and have something behind it."""
    right = sum(text.startswith(place) and len(text) > len(place) for text in texts)
    said = f"{right} of {len(texts)} codes lead to {place}"
    return _figure("place", "%", 100.0 * right / len(texts), said, "codes lead to the service", began, ended)


def differ(texts: Sequence[str], began: Stamp, ended: Stamp) -> Observation:
    """Share of different codes among all, in %."""
    different = len(set(texts))
    said = f"{different} different ones among {len(texts)} codes"
    return _figure("distinct", "%", 100.0 * different / len(texts), said, "codes differ", began, ended)


def tell_of(texts: Sequence[str], canaries: tuple[str, ...], began: Stamp, ended: Stamp) -> Observation:
    """How many of ``canaries`` are in a code, in any spelling of harness/judging/privacy.py."""
    hits = {canary for text in texts for canary in found_in(text.encode(), canaries)}
    said = f"{len(hits)} of {len(canaries)} things known of the user are in {len(texts)} codes"
    return _figure("canaries", "1", float(len(hits)), said, "what codes tell of the user", began, ended)


def even(texts: Sequence[str], place: str, began: Stamp, ended: Stamp) -> tuple[Observation, Observation]:
    """The p-value of evenness, and the bits of one code (harness/judging/randomness.py)."""
    found = evenness([text.removeprefix(place) for text in texts])
    p = Interval(found.p, found.low, found.high)
    return (
        _figure("bias", "1", p, found.said, "codes are drawn evenly", began, ended),
        _figure("bits", "1", found.bits, f"{found.bits:.0f} bits a code, if drawn evenly", "bits of a code", began,
                ended),
    )  # fmt: skip


def _figure(
    quantity: str, unit: str, value: float | Interval, said: str, sentence: str, began: Stamp, ended: Stamp
) -> Observation:
    found = value if isinstance(value, Interval) else Interval.exact(value)
    measured = Measurement(quantity, unit, found, said, (), (began.t, ended.t))
    look: Callable[[Recording, Limit, Ns], Undecided | Measurement] = lambda _r, _l, _p: measured  # noqa: E731
    arguments = {"began": list(began), "ended": list(ended), "value": found.value}
    return Observation(quantity, arguments, quantity, "screen", began, look, sentence)
