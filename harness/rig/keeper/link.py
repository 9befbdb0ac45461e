"""The test process's side of the keeper: calls that are answered, and a stream of what was heard.

Theory. Two connections. On one each call waits for its answer (about 0.2 ms on this machine). On the other the keeper
sends what it recorded; a thread takes it off the wire at once, so that the keeper never waits for a busy test, and it
is handed over while the bench's clock runs, as every driver does it. When the keeper is gone, calls raise RigFault and
the watermarks stand still, which is BLOCKED.
"""

from __future__ import annotations

import marshal
import os
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from typing import Any, NamedTuple

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns

DELIVER_EVERY: Ns = 5 * MS
SOON: Ns = 500_000
EAGER: Ns = 50 * MS
"""After a frame was sent an answer may come: for so long it is looked for every ``SOON``."""
VARIABLE = "HIL_KEEPER"
"""Where a supervisor tells its children the keeper it started."""


class Address(NamedTuple):
    """Where a keeper is, and what proves that one may ask it."""

    where: str
    key: str

    @classmethod
    def from_environment(cls) -> Address | None:
        said = os.environ.get(VARIABLE, "")
        where, _, key = said.rpartition("#")
        return cls(where, key) if where and key else None

    def to_environment(self) -> dict[str, str]:
        return {VARIABLE: f"{self.where}#{self.key}"}


class Link:
    """``call`` for one bench of one keeper. RigFault when it cannot be reached or ends."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._calls = self._connect("calls")
        self._lock = threading.Lock()

    def call(self, target: str, method: str, *args: object, **options: object) -> Any:
        """The result of ``target.method(*args)`` in the keeper; what it raises is raised here."""
        try:
            with self._lock:
                self._calls.send((target, method, args, options))
                raised, result = self._calls.recv()
        except (EOFError, OSError) as why:
            raise RigFault(f"the rig's keeper is gone ({type(why).__name__}): {target} {method} was not done") from why
        if raised:
            raise result
        return result

    def stream(self) -> Stream:
        """What the bench that this link opened hears from now on."""
        return Stream(self._connect("stream"))

    def close(self) -> None:
        """Give the lease back. Without a bench's ``close`` before it, this is how the death of a test looks."""
        self._calls.close()

    def _connect(self, purpose: str) -> Connection:
        try:
            made = Client(self.address.where, authkey=bytes.fromhex(self.address.key))
            made.send(purpose)
        except (OSError, EOFError, ValueError, AuthenticationError) as why:
            raise RigFault(f"the rig's keeper cannot be reached: {why or type(why).__name__}") from why
        return made


class Stream:
    """Batches as the keeper sent them, given to whoever asked for their kind."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._arrived: deque[bytes] = deque()
        self._takers: dict[str, Callable[[Any], None]] = {}
        self._handle: Handle | None = None
        self._eager_until: Ns = -1
        self._thread = threading.Thread(target=self._take, name="keeper stream", daemon=True)

    def start(self, clock: Clock, takers: dict[str, Callable[[Any], None]]) -> None:
        """Give each kind of news to its taker from now on, while ``clock`` runs."""
        self._clock = clock
        self._takers = takers
        self._thread.start()
        self._deliver()

    def look_soon(self) -> None:
        """An answer is expected: look for it more often for a while."""
        now = self._clock.now()
        if now >= self._eager_until and self._handle is not None:
            self._handle.cancel()
            self._handle = self._clock.at(now + SOON, self._deliver, name="keeper delivery")
        self._eager_until = now + EAGER

    def close(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
        self._connection.close()

    def _take(self) -> None:
        while True:
            try:
                self._arrived.append(self._connection.recv_bytes())
            except (EOFError, OSError, TypeError):  # TypeError: closed under the thread's hands
                return

    def _deliver(self) -> None:
        for _ in range(len(self._arrived)):
            news_by_kind = marshal.loads(self._arrived.popleft())  # noqa: S302 - from our own keeper, proven by its key
            for kind, news in news_by_kind.items():
                self._takers[kind](news)
        now = self._clock.now()
        step = SOON if now < self._eager_until else DELIVER_EVERY
        self._handle = self._clock.at((now // step + 1) * step, self._deliver, name="keeper delivery")
