"""A multimeter in the KL30 line, for the sleep current that a supply cannot resolve.

Theory. A supply that delivers 10 A reads 5 mA as noise. The meter is set to the range of the sleep current; what
exceeds it reads as overload, and then the supply's own reading counts. (On the bench a relay or the meter's range for
large currents must carry the running unit: see the manual of the meter for what its fuse bears.)
"""

from __future__ import annotations

import re
from typing import NamedTuple

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.supply.accuracy import Accuracy
from harness.supply.dialect import MeterDialect, fill, load_meter
from harness.supply.visa import VisaSession


class Current(NamedTuple):
    """``amperes`` is None when it was more than the range of the meter; the truth is within ``within`` of it."""

    amperes: float | None
    stamp: Stamp
    within: float = 0.0


class ScpiMeter:
    """Reads direct current up to ``largest`` A. RigFault when it is not the instrument that was asked for."""

    def __init__(
        self,
        clock: Clock,
        resource: str,
        dialect: MeterDialect | str = "meter-generic",
        visa_library: str = "@py",
        *,
        largest: float = 0.1,
        accuracy: Accuracy | None = None,
    ) -> None:
        self.dialect = load_meter(dialect) if isinstance(dialect, str) else dialect
        self.largest = largest
        self.accuracy = self.dialect.accuracy if accuracy is None else accuracy
        self._clock = clock
        link = self.dialect.connection
        self._session = VisaSession(resource, visa_library, link.write_termination, link.read_termination, link.timeout)
        self._closed = False
        name = self._session.ask("*IDN?")
        if re.search(self.dialect.identification, name) is None:
            raise RigFault(
                f"instrument {resource} says it is {name!r}, the dialect is for {self.dialect.title}. Choose another "
                f"dialect or resource."
            )
        for command in self.dialect.prepare:
            said = fill(command, amperes=largest)
            self._session.tell(said)
            answer = self._session.ask(self.dialect.errors.ask)
            if re.match(self.dialect.errors.none, answer) is None:
                raise RigFault(f"instrument {resource}: {said!r} was refused with {answer!r}. Check range and dialect.")

    def read(self) -> Current:
        """One reading, now; its stamp covers the time it was integrated. RigFault for no answer or no number."""
        if self._closed:
            raise HarnessError("read: the meter is closed")
        asked = self._clock.now()
        value, step = self._session.figure(self.dialect.measure)
        came = self._clock.now()
        early = min(asked, came - self.dialect.integrates)
        amperes = None if abs(value) >= min(self.dialect.overload, 1.2 * self.largest) else value
        return Current(amperes, Stamp((early + came) // 2, early, came), self.accuracy.half_width(value, step))

    def close(self) -> None:
        self._closed = True
        self._session.close()
