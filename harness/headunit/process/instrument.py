"""A simulated supply as an instrument: SCPI in, volts on the unit's KL30 out.

The dialect is the generic one of harness/supply/dialects: short keywords of SCPI-99 with the SOURce node written out.
What it does not know goes to its error queue as -113, as SCPI-99 (21.8) wants it; a voltage above the over-voltage
protection trips it and takes the output away.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import isfinite

from harness.supply.port import SupplyPort

IDENTITY = "headunit-hil,simulated supply,0,1"
_NO_ERROR, _UNKNOWN, _RANGE = '0,"No error"', '-113,"Undefined header"', '-222,"Data out of range"'
MOST_VOLTS, MOST_AMPERES = 40.0, 30.0


class Instrument:
    """``answer(line)`` is one exchange, to be called in the unit's thread: it acts on ``supply`` at once."""

    def __init__(self, supply: SupplyPort) -> None:
        self._supply = supply
        self._volts = 0.0
        self._amperes = MOST_AMPERES
        self._over_voltage = MOST_VOLTS
        self._on = False
        self._tripped = False
        self._errors: deque[str] = deque(maxlen=20)
        self._settings: dict[str, Callable[[str], None]] = {
            "*CLS": lambda _: self._errors.clear(),
            "SOUR:VOLT": self._set_volts,
            "SOUR:CURR": self._set_amperes,
            "SOUR:VOLT:PROT": self._set_over_voltage,
            "SOUR:VOLT:PROT:CLE": lambda _: self._clear(),
            "SOUR:CURR:PROT:STAT": lambda _: None,
            "OUTP": lambda value: self._switch(value.upper() in ("1", "ON")),
        }
        self._questions: dict[str, Callable[[], str]] = {
            "*IDN?": lambda: IDENTITY,
            "*OPC?": lambda: "1",
            "SYST:ERR?": lambda: self._errors.popleft() if self._errors else _NO_ERROR,
            "SOUR:VOLT?": lambda: f"{self._volts:.3f}",
            "SOUR:CURR?": lambda: f"{self._amperes:.3f}",
            "SOUR:VOLT:PROT?": lambda: f"{self._over_voltage:.3f}",
            "SOUR:VOLT:PROT:TRIP?": lambda: str(int(self._tripped)),
            "SOUR:CURR:PROT:TRIP?": lambda: "0",
            "OUTP?": lambda: str(int(self._on)),
            "MEAS:VOLT?": lambda: f"{self._supply.read().volts:.4f}",
            "MEAS:CURR?": lambda: f"{self._supply.read().amperes:.6f}",
        }

    def answer(self, line: str) -> str | None:
        """Act on one line; the answer to a question, None for a command (and for an unknown one)."""
        head, _, value = line.partition(" ")
        head = head.upper().lstrip(":")
        if head in self._questions:
            return self._questions[head]()
        if head in self._settings:
            self._settings[head](value.strip())
        elif head:
            self._errors.append(_UNKNOWN)
        return None

    def _number(self, value: str, most: float) -> float | None:
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not (isfinite(number) and 0 <= number <= most):
            self._errors.append(_RANGE)
            return None
        return number

    def _set_volts(self, value: str) -> None:
        volts = self._number(value, MOST_VOLTS)
        if volts is not None:
            self._volts = volts
            self._supply.set_voltage(volts)
            self._protect()

    def _set_amperes(self, value: str) -> None:
        amperes = self._number(value, MOST_AMPERES)
        self._amperes = self._amperes if amperes is None else amperes

    def _set_over_voltage(self, value: str) -> None:
        volts = self._number(value, MOST_VOLTS)
        if volts is not None:
            self._over_voltage = volts
            self._protect()

    def _protect(self) -> None:
        if self._on and self._volts > self._over_voltage:
            self._tripped = True
            self._switch(False)

    def _clear(self) -> None:
        self._tripped = False

    def _switch(self, on: bool) -> None:
        self._on = on and not self._tripped
        self._supply.output(self._on)
        self._protect()
