"""The messaging service as a process of its own: the core behind HTTP, on 127.0.0.1.

``POST /call`` with {"method", "args"} answers {"result", "at"}; ``GET /push/SERIAL?after=N&wait=S`` gives what the unit
was told beyond the first N things, as soon as there is something. Everything runs in one thread, one call after the
other, so the core needs no lock; its time-outs are driven by whoever waits.

``python -m harness.phone.server`` says {"service": url} once it can be reached. With ``--orders`` it is made anew by
each order on its standard input ({"zero", "seed", "announce"}) and ends with it, so it never outlives who started it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
import threading
from random import Random
from typing import TYPE_CHECKING, Any

from harness.foundation.clock import Clock, WallClock
from harness.foundation.errors import HarnessError
from harness.foundation.orders import answer, orders
from harness.foundation.units import S
from harness.phone.backend import Backend
from harness.phone.client import UNIT_CALLS
from harness.phone.wire import pack, unpack

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse

TIMED = UNIT_CALLS | {"scan", "confirm", "refuse", "account_send", "account_answers", "account_hangs_up"}
"""Calls of the core that are told the present instant."""
UNTIMED = frozenset(
    {
        "add_account", "befriend", "accounts", "inbox", "unread", "unread_log", "session_log", "call_log", "call_of",
        "mute", "issued",
    },
)  # fmt: skip
LONGEST_WAIT_S = 2.0
LONGEST_IDLE_S = 86_400
"""A connection on which nobody asks anything stays open: closing it would look like a service that died."""


class Served:
    """The core, and what each unit was told so far."""

    def __init__(self, clock: Clock, rng: Random) -> None:
        self.clock = clock
        self.backend = Backend(rng)
        self._told: dict[str, list[Any]] = {}
        self._news = asyncio.Event()

    def renew(self, clock: Clock, rng: Random) -> None:
        """Nobody and nothing of before. Whoever still waits for news of the old core gets none."""
        self.clock, self.backend, self._told = clock, Backend(rng), {}
        news, self._news = self._news, asyncio.Event()
        news.set()

    def call(self, method: str, args: tuple[Any, ...]) -> tuple[Any, int]:
        """(result, when). HarnessError for what nobody may call."""
        now = self.clock.now()
        self.backend.advance(now)
        if method in TIMED:
            return getattr(self.backend, method)(*args, now), now
        if method in UNTIMED:
            return getattr(self.backend, method)(*args), now
        raise HarnessError(f"the messaging service has no call {method!r}")

    async def told(self, serial: str, after: int, wait: float) -> list[Any]:
        """What ``serial`` was told beyond the first ``after`` things; waits up to ``wait`` seconds for something."""
        core, told = self.backend, self._told.get(serial)
        if told is None:
            told = self._told[serial] = []
            self.backend.on_push(serial, lambda event: self._add(serial, event))
        until = self.clock.now() + round(min(wait, LONGEST_WAIT_S) * S)
        while core is self.backend:
            now = self.clock.now()
            due = self.backend.advance(now)
            if len(told) > after or now >= until:
                return told[after:]
            news = self._news
            rest = (until if due is None else min(until, due)) - now
            try:
                await asyncio.wait_for(news.wait(), max(rest, 0) / S)
            except TimeoutError:
                continue
        return []

    def _add(self, serial: str, event: Any) -> None:
        self._told[serial].append(event)
        news, self._news = self._news, asyncio.Event()
        news.set()


def app(served: Served) -> Starlette:
    """The service's application; any ASGI server or test client may hold it."""
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def call(request: Request) -> JSONResponse:
        try:
            asked = json.loads(await request.body())
            result, at = served.call(asked["method"], unpack(asked["args"]))
        except (HarnessError, ValueError, TypeError, KeyError) as why:
            return JSONResponse({"error": str(why)}, status_code=400)
        return JSONResponse({"result": pack(result), "at": at})

    async def push(request: Request) -> JSONResponse:
        after, wait = int(request.query_params.get("after", 0)), float(request.query_params.get("wait", 0))
        told = await served.told(request.path_params["serial"], after, wait)
        return JSONResponse({"told": [pack(event) for event in told], "at": served.clock.now()})

    return Starlette(routes=[Route("/call", call, methods=["POST"]), Route("/push/{serial}", push)])


def serve(clock: Clock, rng: Random, *, obey: bool) -> None:
    """Serve until a signal comes, or with ``obey`` until standard input ends."""
    import uvicorn

    # asyncio turns TCP_NODELAY on only for sockets that name their protocol; without it an answer takes 44 ms
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    address = {"service": f"http://127.0.0.1:{listening.getsockname()[1]}"}
    served = Served(clock, rng)
    server = uvicorn.Server(
        uvicorn.Config(app(served), log_level="warning", access_log=False, timeout_keep_alive=LONGEST_IDLE_S)
    )

    async def run() -> None:
        loop = asyncio.get_running_loop()

        def renewed(order: dict[str, Any]) -> None:
            served.renew(WallClock(zero=order["zero"]), Random(order["seed"]))
            answer(order, address)

        def listen() -> None:
            for order in orders():
                loop.call_soon_threadsafe(renewed, order)
            server.should_exit = True

        if obey:
            threading.Thread(target=listen, name="orders", daemon=True).start()
        await server.serve(sockets=[listening])

    print(json.dumps(address), flush=True)
    asyncio.run(run())


def main(arguments: list[str]) -> int:
    words = argparse.ArgumentParser(prog="harness.phone.server", description="The messaging service as a process.")
    words.add_argument("--seed", default="service")
    words.add_argument("--zero", type=int, help="the monotonic counter at bench time 0, in ns")
    words.add_argument("--orders", action="store_true", help="take orders on standard input, and end with it")
    asked = words.parse_args(arguments)
    serve(WallClock(zero=asked.zero), Random(asked.seed), obey=asked.orders)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
