"""STOI against a second implementation, written here from the paper.

C. H. Taal et al., IEEE Trans. ASLP 19 (2011), II: 10 kHz; frames of 256, half overlapping, Hann; frames more than 40 dB
under the loudest of the clean speech are taken out of both; 512-point transform; 15 third-octave bands from 150 Hz; for
each band and each run of N = 30 frames the degraded envelope is scaled to the clean one's energy, clipped at
(1 + 10^(15/20)) times the clean one, and correlated with it; the mean over all is the score.
"""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.intelligibility import stoi
from harness.audio.rates import to_rate

RATE = 10_000
SIZE, HOP, LINES = 256, 128, 512


def by_the_paper(clean: np.ndarray, degraded: np.ndarray) -> float:
    window = np.hanning(SIZE + 2)[1:-1]
    starts = range(0, len(clean) - SIZE, HOP)
    x, y = (np.array([window * s[k : k + SIZE] for k in starts]) for s in (clean, degraded))
    level = 20 * np.log10(np.linalg.norm(x, axis=1) + 1e-15)
    x, y = x[level > level.max() - 40], y[level > level.max() - 40]

    def joined(frames: np.ndarray) -> np.ndarray:
        out = np.zeros((len(frames) - 1) * HOP + SIZE)
        for k, frame in enumerate(frames):
            out[k * HOP : k * HOP + SIZE] += frame
        return out

    x, y = joined(x), joined(y)
    starts = range(0, len(x) - SIZE, HOP)
    centres = 150.0 * 2.0 ** (np.arange(15) / 3.0)
    frequency = np.arange(LINES // 2 + 1) * RATE / LINES
    edges = [np.argmin((frequency - c * 2 ** (s / 6)) ** 2) for c in centres for s in (-1, 1)]

    def envelopes(s: np.ndarray) -> np.ndarray:
        power = np.array([np.abs(np.fft.rfft(window * s[k : k + SIZE], LINES)) ** 2 for k in starts]).T
        return np.array([np.sqrt(power[a:b].sum(axis=0)) for a, b in zip(edges[::2], edges[1::2], strict=True)])

    big_x, big_y = envelopes(x), envelopes(y)
    scores = []
    for m in range(30, big_x.shape[1] + 1):
        for j in range(15):
            a, b = big_x[j, m - 30 : m], big_y[j, m - 30 : m]
            b = np.minimum(b * np.linalg.norm(a) / np.linalg.norm(b), a * (1 + 10 ** (15 / 20)))
            a, b = a - a.mean(), b - b.mean()
            scores.append(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    return float(np.mean(scores))


@pytest.mark.parametrize("sentence", ["on_my_way.zh", "call_me_later.en"])
@pytest.mark.parametrize("ratio", [20.0, 5.0, -5.0])
def test_the_score_is_the_papers(speech, sentence: str, ratio: float) -> None:
    clean = to_rate(speech[sentence], 16_000, RATE) / 32768.0
    noise = np.random.default_rng(3).standard_normal(len(clean)) * 10 ** ((-26.0 - ratio) / 20)
    measured = stoi(clean, clean + noise, RATE).stoi
    assert measured.value == pytest.approx(by_the_paper(clean, clean + noise), abs=0.003)
