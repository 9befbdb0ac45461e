"""How good speech sounds, by models of a listener: PESQ and ViSQOL, both optional.

Theory. Both give a MOS-LQO, 1 to 5, for a capture against its reference; both are judged as a drop from the golden run
of the same sentence (``golden.py``), because the absolute figure depends on voice and codec. The extra "pesq" (ITU-T
P.862.2) may be used for evaluation and conformance testing only, says its licence, and its scores are of the edition
before corrigendum 2; ViSQOL (extra "visqol") is almost blind to dropouts and clipping, which have measures of their
own here. So a score always carries what made it. The delay is taken out before, as for STOI.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.audio.align import aligned
from harness.audio.delay import delay
from harness.audio.rates import to_rate
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

WIDE_BAND = 16_000
_LEAST = 0.25
"""Seconds below which PESQ refuses."""
_METHOD = 0.02
"""Change of either score when the alignment is off by a sample at 16 kHz."""


@dataclass(frozen=True)
class Quality:
    """``mos``: MOS-LQO, 1 to 5; ``edition`` of the recommendation and of the library that computed it."""

    metric: str
    mos: Interval
    edition: str


def pesq(reference: NDArray[np.int16], capture: NDArray[np.int16], rate: int) -> Quality:
    """PESQ, wide band, of ``capture`` against ``reference`` (mono int16 at ``rate``).

    Unmeasurable below 0.25 s, when the capture does not hold the reference, or without the extra "pesq".
    """
    library = _library("pesq", "pesq")
    said, heard = _pair(reference, capture, rate)
    try:
        score = float(library.pesq(WIDE_BAND, said, heard, "wb"))
    except Exception as why:  # the library has errors of its own and no common base
        raise Unmeasurable(f"PESQ: {why}") from why
    edition = f"ITU-T P.862.2 before corrigendum 2, pesq {metadata.version('pesq')}"
    return Quality("pesq", Interval(score, score - _METHOD, score + _METHOD), edition)


def visqol(reference: NDArray[np.int16], capture: NDArray[np.int16], rate: int) -> Quality:
    """ViSQOL in speech mode of ``capture`` against ``reference`` (mono int16 at ``rate``).

    Unmeasurable when the capture does not hold the reference, or without the extra "visqol". The first call loads its
    model for some seconds.
    """
    library = _library("visqol", "visqol")
    said, heard = _pair(reference, capture, rate)
    judge = library.VisqolApi()
    judge.create(mode="speech")
    score = float(judge.measure_from_arrays(said, heard, WIDE_BAND).moslqo)
    edition = f"ViSQOL v3 speech, visqol-python {metadata.version('visqol-python')}"
    return Quality("visqol", Interval(score, score - _METHOD, score + _METHOD), edition)


def _pair(
    reference: NDArray[np.int16], capture: NDArray[np.int16], rate: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both at 16 kHz, full scale 1, the delay taken out."""
    from harness.audio.level import unit

    said, heard = to_rate(reference, rate, WIDE_BAND), to_rate(capture, rate, WIDE_BAND)
    if len(said) < _LEAST * WIDE_BAND:
        raise Unmeasurable(f"{len(said) / WIDE_BAND:.2f} s of reference, {_LEAST} s are needed")
    lag = delay(said, heard, WIDE_BAND).seconds.value
    return unit(said), aligned(len(said), heard, lag, WIDE_BAND)


def _library(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as why:
        raise Unmeasurable(f"{name} is not installed: pip install 'headunit-hil[{extra}]'") from why
