"""Can the next code be guessed from the ones before? Three tests of uniformity over fixed-length texts.

Theory. If codes are drawn evenly and independently, each symbol of the alphabet is as likely as any other, at every
place, whatever the code before held. Three departures are looked for, each with its own p-value:

- symbols: all symbols of all codes together, chi-squared against even frequencies;
- places: chi-squared place by place, the worst place decides; its distribution is the chi-squared one with the number
  of places taken into account, or, where too few codes were seen for that, simulated from evenly drawn codes (always
  the same ones: the figure repeats);
- steps: how often a code has the same symbol at the same place as the one before, exact binomial, both sides.

The last place is left out: written in base32 or base64, a number of bits that does not fill its last symbol makes that
one uneven, and rightly so.

The answer is the smallest of the three, times three (Bonferroni), held against a fixed significance. A counter, a fixed
part, a symbol that is preferred and a code that is half the last one fail; what a secret key makes look even cannot be
told from chance by any test of this kind.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from harness.foundation.errors import HarnessError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALPHABETS = (
    string.digits,
    string.digits + "abcdef",
    string.digits + "ABCDEF",
    string.ascii_uppercase + "234567",
    string.ascii_lowercase + "234567",
    string.digits + string.ascii_lowercase,
    string.digits + string.ascii_uppercase,
    string.digits + string.ascii_letters,
    string.digits + string.ascii_letters + "-_",
)
"""Alphabets that codes are written in; the first that holds all symbols seen is taken for theirs."""
ENOUGH = 5
"""Expected count per symbol and place from which the chi-squared distribution holds (Cochran's rule)."""
SIMULATED = 19_999
TESTS = 3


class Evenness(NamedTuple):
    """``p``: of the worst test, corrected; ``bits``: of one code, if it is drawn evenly; ``said``: for people.
    ``low``, ``high``: bounds of p (95 %) where it was simulated, else p itself."""

    p: float
    bits: float
    said: str
    low: float
    high: float


def evenness(texts: Sequence[str]) -> Evenness:
    """Of codes without their common address, two or more. HarnessError for fewer."""
    if len(texts) < 2:
        raise HarnessError(f"{len(texts)} code(s) tell nothing about chance")
    length = min(map(len, texts)) - 1
    seen = set("".join(texts))
    alphabet = next((a for a in ALPHABETS if seen <= set(a)), "".join(sorted(seen)))
    if length < 1 or len(alphabet) < 2:
        return Evenness(0.0, 0.0, "the codes have no part that differs", 0.0, 0.0)
    import numpy as np

    size = len(alphabet)
    places = np.array([[alphabet.index(c) for c in text[:length]] for text in texts])
    found = {"symbols": _symbols(places, size), "places": _places(places, size), "steps": _steps(texts, length, size)}
    name = min(found, key=lambda test: found[test])
    p = min(1.0, TESTS * found[name])
    low, high = found[name], found[name]
    if name == "places" and len(texts) / size < ENOUGH:
        low, high = _simulated(found[name])
        high = min(high, *(p for test, p in found.items() if test != name))
    bits = length * float(np.log2(size))
    said = f"{len(texts)} codes of {length + 1} symbols out of {size}; p = {p:.3g}, the least even by {name}"
    return Evenness(p, bits, said, *(min(1.0, TESTS * side) for side in (low, high)))


def _simulated(p: float) -> tuple[float, float]:
    """Bounds (95 %, Clopper and Pearson) of a share that was found by SIMULATED draws."""
    from scipy import stats

    hits = max(round(p * (SIMULATED + 1)) - 1, 0)
    found = stats.binomtest(hits, SIMULATED).proportion_ci(0.95, "exact")
    return min(float(found.low), p), max(float(found.high), p)


def _symbols(places: NDArray[np.int64], size: int) -> float:
    import numpy as np
    from scipy import stats

    return float(stats.chisquare(np.bincount(places.ravel(), minlength=size)).pvalue)


def _places(places: NDArray[np.int64], size: int) -> float:
    import numpy as np
    from scipy import stats

    count, length = places.shape
    worst = max(_chi_squared(np.bincount(column, minlength=size)[None, :], count)[0] for column in places.T)
    if count / size >= ENOUGH:
        return float(-np.expm1(length * np.log1p(-stats.chi2.sf(worst, size - 1))))
    beaten = int((_drawn(count, length, size) >= worst).sum())
    return (beaten + 1) / (SIMULATED + 1)


@lru_cache(maxsize=8)
def _drawn(count: int, length: int, size: int) -> NDArray[np.float64]:
    """The worst place's chi-squared of SIMULATED sets of ``count`` evenly drawn codes; always the same ones."""
    import numpy as np

    chance = np.random.Generator(np.random.Philox(key=count))
    worst = np.zeros(SIMULATED)
    for _ in range(length):
        counts = chance.multinomial(count, np.full(size, 1 / size), size=SIMULATED)
        worst = np.maximum(worst, _chi_squared(counts, count))
    return worst


def _chi_squared(counts: NDArray[np.int64], total: int) -> NDArray[np.float64]:
    """Of each row of counts."""
    expected = total / counts.shape[1]
    statistic: NDArray[np.float64] = ((counts - expected) ** 2).sum(axis=1) / expected
    return statistic


def _steps(texts: Sequence[str], length: int, size: int) -> float:
    from scipy import stats

    same = sum(a == b for one, other in pairwise(texts) for a, b in zip(one[:length], other[:length], strict=True))
    return float(stats.binomtest(same, length * (len(texts) - 1), 1 / size).pvalue)
