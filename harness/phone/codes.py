"""Login codes: what the unit shows as a QR code and the phone scans.

Theory. A code is 128 random bits behind the service's address; nothing of an account or a unit is in it. It has one
life, which only goes forward:

    OPEN --scan--> SCANNED --confirm--> CONFIRMED
      |               |-----refuse----> REFUSED
      |               '--60 s, or the code's own end--> TIMED_OUT
      '--300 s, or its unit has logged in otherwise--> EXPIRED

The only one who may confirm or refuse is the account that scanned first. At the instant of its end a code is expired.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from harness.foundation.units import Ns, S

SCHEME = "https://login.example.invalid/c/"
"""What every code begins with; 26 characters of base32 (RFC 4648, without padding) follow."""
VALID_FOR: Ns = 300 * S
CONFIRM_WITHIN: Ns = 60 * S


class CodeState(StrEnum):
    OPEN = "open"
    SCANNED = "scanned"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    EXPIRED = "expired"


ANSWERS = {
    CodeState.SCANNED: "used",
    CodeState.CONFIRMED: "used",
    CodeState.REFUSED: "refused",
    CodeState.TIMED_OUT: "expired",
    CodeState.EXPIRED: "expired",
}
"""What scanning a code says that is no longer open."""


@dataclass(frozen=True)
class Code:
    """A code, whom it logs in where, and ``ends``: the instant at which its present state times out, if it does."""

    text: str
    serial: str
    expires: Ns
    state: CodeState = CodeState.OPEN
    account: str = ""
    ends: Ns | None = None

    def moved(self, state: CodeState) -> Code:
        return replace(self, state=state, ends=None)


def draw_secret(rng: Random) -> str:
    """128 unbiased bits of ``rng`` as 26 characters of base32."""
    return base64.b32encode(rng.getrandbits(128).to_bytes(16, "big")).decode("ascii").rstrip("=")


class CodeBook:
    """All codes of the service, oldest first."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._codes: dict[str, Code] = {}

    def new(self, serial: str, now: Ns) -> Code:
        text = SCHEME + draw_secret(self._rng)
        expires = now + VALID_FOR
        return self._keep(Code(text, serial, expires, ends=expires))

    def get(self, text: str) -> Code | None:
        return self._codes.get(text)

    def scan(self, text: str, account: str, now: Ns) -> tuple[str, Code | None]:
        """The outcome (accepted, used, refused, expired, unknown), and the code if it was accepted."""
        code = self._codes.get(text)
        if code is None:
            return "unknown", None
        if code.state is not CodeState.OPEN:
            return ANSWERS[code.state], None
        ends = min(now + CONFIRM_WITHIN, code.expires)
        return "accepted", self._keep(replace(code, state=CodeState.SCANNED, account=account, ends=ends))

    def decide(self, text: str, account: str, to: CodeState) -> tuple[str, Code | None]:
        """Confirm or refuse, for ``account``: the outcome as for ``scan``; who did not scan it is "refused"."""
        code = self._codes.get(text)
        if code is None:
            return "unknown", None
        if code.state is not CodeState.SCANNED:
            return ("refused" if code.state is CodeState.OPEN else ANSWERS[code.state]), None
        if code.account != account:
            return "refused", None
        return "accepted", self._keep(code.moved(to))

    def retire(self, serial: str) -> None:
        """Nothing that ``serial`` has shown and nobody has confirmed logs in any more."""
        for code in list(self._codes.values()):
            if code.serial == serial and code.state in (CodeState.OPEN, CodeState.SCANNED):
                self._keep(code.moved(CodeState.EXPIRED))

    def time_out(self, now: Ns) -> list[Code]:
        """The codes whose time has come by ``now``, in their new state, in the order in which it came."""
        due = sorted((c.ends, n, c) for n, c in enumerate(self._codes.values()) if c.ends is not None and c.ends <= now)
        ended = {CodeState.OPEN: CodeState.EXPIRED, CodeState.SCANNED: CodeState.TIMED_OUT}
        return [self._keep(code.moved(ended[code.state])) for _, _, code in due]

    def next_end(self) -> Ns | None:
        return min((c.ends for c in self._codes.values() if c.ends is not None), default=None)

    def _keep(self, code: Code) -> Code:
        self._codes[code.text] = code
        return code
