"""A sample of mutants, and what it says of all of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple


class Share(NamedTuple):
    """``value`` of ``of``, with the bounds of Wilson's interval at 95 %."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.count} of {self.of} = {self.value:.1%} (95 %: {self.low:.1%} to {self.high:.1%})"


def share(count: int, of: int) -> Share:
    """Wilson's score interval (J. Am. Stat. Assoc. 22, 1927), by scipy."""
    if not of:
        return Share(0, 0, 0.0, 1.0)
    from scipy.stats import binomtest

    interval = binomtest(count, of).proportion_ci(method="wilson")
    return Share(count, of, float(interval.low), float(interval.high))


def draw(sizes: Sequence[int], wanted: int | None, seed: int) -> list[tuple[int, int]]:
    """(file, mutant) pairs, in proportion to the files: every k-th of all, which are shuffled within their file.

    All of them for None. The order is shuffled too, so that a campaign that was stopped is a sample as well.
    """
    rng = random.Random(seed)
    every: list[tuple[int, int]] = []
    for file, size in enumerate(sizes):
        numbers = list(range(size))
        rng.shuffle(numbers)
        every += [(file, number) for number in numbers]
    if wanted is not None and wanted < len(every):
        step = len(every) / wanted
        start = rng.uniform(0, step)
        every = [every[min(len(every) - 1, int(start + i * step))] for i in range(wanted)]
    rng.shuffle(every)
    return every
