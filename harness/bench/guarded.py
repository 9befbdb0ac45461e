"""What a unit guards by security access, asked for in every way that must not open it, and in the one that must.

Security access (ISO 14229-1, 0x27) is worth what it keeps shut: without the key, with a wrong one, with the key of an
older seed, with a key that has been used, and when the session in which it was opened is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from harness.diag import names as uds
from harness.diag import uds as requests
from harness.diag.client import Tester
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns
from harness.judging.answers import Wanted

ANSWERED_WITHIN: Ns = 500 * MS
DENIED = (uds.ACCESS_DENIED,)
NOT_HERE = (uds.NOT_IN_SESSION, uds.OUT_OF_RANGE, uds.ACCESS_DENIED)
"""In the default session; the standard leaves open what is looked at first."""
EXTENDED = requests.session(uds.EXTENDED)
DEFAULT = requests.session(uds.DEFAULT)

Key = Callable[[bytes], bytes]
"""The right key to a seed."""


@dataclass
class Asking:
    """Requests of one tester, each with what belongs to it."""

    tester: Tester
    wanted: list[tuple[Stamp, Wanted]] = field(default_factory=list)

    def ask(self, name: str, request: bytes, *codes: int | None, data: bytes | None = None) -> bytes:
        """The answer, b"" for none. HarnessError when the request was not seen on the bus."""
        done = self.tester.exchange(request, within=ANSWERED_WITHIN)
        if done.asked is None:
            raise HarnessError(f"{name}: the request was not seen on the bus")
        self.wanted.append((done.asked, Wanted(name, request, codes, data)))
        return done.answer or b""


@dataclass(frozen=True)
class Guarded:
    """``level`` opens the reading of ``read`` and the writing of ``written``, which anybody may read."""

    level: int
    key: Key
    read: int
    written: int


def without_the_key(asking: Asking, guarded: Guarded) -> None:
    """Nothing opens; ends in the default session, one right key having been the last, so that no wrong one counts."""
    tester, level = asking.tester, guarded.level
    tester.ask(DEFAULT)
    held = tester.read(guarded.written) or b""
    write, read = requests.write(guarded.written, _other(held)), requests.read(guarded.read)
    asking.ask("write in the default session", write, *NOT_HERE)
    asking.ask("read in the default session", read, *NOT_HERE)
    tester.ask(EXTENDED)
    asking.ask("write without a key", write, *DENIED)
    asking.ask("read without a key", read, *DENIED)
    first = _seed(asking, guarded)
    asking.ask("write with a seed and no key", write, *DENIED)
    second = _seed(asking, guarded)
    asking.ask("the key of an older seed", requests.send_key(level, guarded.key(first)), uds.INVALID_KEY)
    asking.ask("the key, when its seed is used up", requests.send_key(level, guarded.key(second)), uds.WRONG_SEQUENCE)
    asking.ask("write after a wrong key", write, *DENIED)
    asking.ask("read after a wrong key", read, *DENIED)
    asking.ask("what cannot be written stays as it was", requests.read(guarded.written), 0, data=_told(guarded, held))
    _open(asking, guarded)
    asking.ask("the extended session anew", EXTENDED, 0)
    asking.ask("write after the session of the key", write, *DENIED)
    asking.ask("read after the session of the key", read, *DENIED)
    _open(asking, guarded)
    tester.ask(DEFAULT)
    tester.ask(EXTENDED)
    asking.ask("write after the default session", write, *DENIED)
    tester.ask(DEFAULT)


def with_the_key(asking: Asking, guarded: Guarded) -> bytes:
    """What is guarded opens; what is written reads back. Returns what has been written last."""
    tester = asking.tester
    held = tester.read(guarded.written) or b""
    new = _other(held)
    tester.ask(EXTENDED)
    none = bytes((guarded.level, *bytes(len(_open(asking, guarded)))))
    asking.ask("a seed of the open level", requests.request_seed(guarded.level), 0, data=none)
    asking.ask("read with the key", requests.read(guarded.read), 0)
    asking.ask("write too little", requests.write(guarded.written, new[:-1]), uds.WRONG_LENGTH)
    asking.ask("write too much", requests.write(guarded.written, new + b"\x00"), uds.WRONG_LENGTH)
    asking.ask("write", requests.write(guarded.written, new), 0, data=guarded.written.to_bytes(2, "big"))
    reads_back(asking, guarded, new)
    tester.ask(DEFAULT)
    reads_back(asking, guarded, new)
    return new


def reads_back(asking: Asking, guarded: Guarded, data: bytes) -> None:
    asking.ask("what was written reads back", requests.read(guarded.written), 0, data=_told(guarded, data))


def _open(asking: Asking, guarded: Guarded) -> bytes:
    """The seed to which the right key was given."""
    seed = _seed(asking, guarded)
    asking.ask(
        "the right key", requests.send_key(guarded.level, guarded.key(seed)), 0, data=bytes((guarded.level + 1,))
    )
    return seed


def _seed(asking: Asking, guarded: Guarded) -> bytes:
    return requests.seed(asking.ask("a seed", requests.request_seed(guarded.level), 0)) or bytes(4)


def _told(guarded: Guarded, data: bytes) -> bytes:
    return guarded.written.to_bytes(2, "big") + data


def _other(data: bytes) -> bytes:
    """Of the same length, and no byte as it was."""
    return bytes((b + 0x31) & 0xFF for b in data)
