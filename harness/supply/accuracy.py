"""How far a reading of an instrument may be from the truth.

Theory. A data sheet or a calibration certificate states a share of the reading and a part that does not depend on it;
the last digit of the answer hides half of its place more. Where no accuracy is stated only that half digit is known,
and the bounds are no more than the resolution.
"""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field

_DECIMALS = re.compile(r"\s*[+-]?\d*\.?(\d*)(?:[eE]([+-]?\d+))?")


class Accuracy(BaseModel):
    """``of_reading`` (0.001 is 0.1 %) and ``plus`` in the unit of what is read. ``source`` says who states it: a data
    sheet, or "calibration of 2026-03-01"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of_reading: float = Field(default=0.0, ge=0, lt=1)
    plus: float = Field(default=0.0, ge=0)
    source: str = ""

    def half_width(self, value: float, step: float = 0.0) -> float:
        """For ``value``, told in steps of ``step``."""
        return self.of_reading * abs(value) + self.plus + step / 2


UNSTATED = Accuracy()


def step_of(answer: str) -> float:
    """The place of the last digit of a number as an instrument wrote it: 0.01 of "12.34 V", 1e-05 of "+1.234E-02". 0 of
    a bare whole number, which leaves out its digits where they are noughts."""
    match = _DECIMALS.match(answer)
    if match is None or not (match[1] or match[2]):
        return 0.0
    return float(10.0 ** (int(match[2] or 0) - len(match[1])))
