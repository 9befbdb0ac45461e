"""The keeper's process: one rig, one bench at a time, and a lease that ends with whoever holds it.

Theory. Two hold the lease: who started the keeper (its standard input stays open as long as that process lives) and
the test process whose bench is open (its connection does). The kernel closes both ends of a dead process at once, by
SIGKILL too, so nobody has to be asked whether he is still there. When either is gone while a bench is open, the rig's
``safe_state`` begins. A test process that is stopped or hangs keeps its lease: an engineer may be at its debugger.

The simulated plant of a loop rig belongs to the keeper, because it must outlive the test process as the real unit does.
"""

from __future__ import annotations

import os
import threading
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from harness.foundation.errors import BadInput, HarnessError, NotOffered, RigFault, SeveralBadInputs
from harness.foundation.orders import answer, orders
from harness.rig.keeper.bench import Asked, Bench
from harness.rig.keeper.targets import ASKABLE
from harness.rig.load import RigFile, load_rig
from harness.rig.plant import Plant
from harness.rig.priority import prioritise
from harness.vehicle.load import load_vehicle

KEY = "HIL_KEEPER_KEY"
GONE = "the test process is gone"
STARTER_GONE = "who started the keeper is gone"


class Keeper:
    """``address`` is where it can be reached; ``run`` blocks until its starter lets go."""

    def __init__(self, file: RigFile, key: str, logs: Path | None = None) -> None:
        """``logs`` gets what the plant says (default: a temporary folder)."""
        self._file = file
        self._listener = Listener(authkey=bytes.fromhex(key))
        self._lock = threading.RLock()
        self._bench: Bench | None = None
        self._plant: Plant | None = None
        if file.model.head_unit.simulated == "process":
            self._plant = Plant(file.path, logs)
            self._plant.start()
        self._over = threading.Event()

    @property
    def address(self) -> str:
        return str(self._listener.address)

    def run(self) -> None:
        """Serve until ``end``."""
        threading.Thread(target=self._accept, name="keeper door", daemon=True).start()
        self._over.wait()
        with self._lock:
            self._abandon(STARTER_GONE)
            if self._plant is not None:
                self._plant.close()
        self._listener.close()

    def end(self) -> None:
        self._over.set()

    # -- connections -----------------------------------------------------------------------------------------------
    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection = self._listener.accept()
            except Exception:  # noqa: BLE001, S112 - a caller with a wrong key or none must not end the keeper
                continue
            threading.Thread(target=self._serve, args=(connection,), name="keeper caller", daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        try:
            if connection.recv() == "stream":
                self._send_news(connection)
            else:
                self._answer(connection)
        except (EOFError, OSError):
            pass
        finally:
            connection.close()

    def _send_news(self, connection: Connection) -> None:
        bench = self._bench
        if bench is None:
            return
        while (batch := bench.batches.get()) is not None:
            connection.send_bytes(batch)

    def _answer(self, connection: Connection) -> None:
        mine: list[Bench] = []
        try:
            while True:
                target, method, args, options = connection.recv()
                try:
                    reply = (False, self._do(mine, target, method, args, options))
                except Exception as why:  # noqa: BLE001 - whatever it is, it is the caller's
                    reply = (True, _portable(why))
                connection.send(reply)
        finally:
            with self._lock:
                if mine and mine[0] is self._bench:
                    self._abandon(GONE)

    def _do(self, mine: list[Bench], target: str, method: str, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if target == "keeper":
            with self._lock:
                if method == "open":
                    facts = self._open(*args, **options)
                    mine[:] = [self._bench] if self._bench is not None else []
                    return facts
                if method == "close" and mine and mine[0] is self._bench:
                    return self._close(*args, **options)
                if method == "late" and mine:
                    return mine[0].late()
                if method == "plant_late" and mine:
                    return self._plant.late() if self._plant is not None else []
                if method == "raised" and mine:
                    return mine[0].raised() + (self._plant.raised() if self._plant is not None else [])
                if method == "check":
                    return self._plant.check() if self._plant is not None else None
            raise HarnessError(f"the keeper cannot {method}")
        if method not in ASKABLE.get(target.partition("/")[0], ()):
            raise HarnessError(f"the keeper does not do {target} {method}")
        if not mine or mine[0] is not self._bench:
            raise RigFault("the rig is not open, or no longer")
        return mine[0].ask(target, method, args, options)

    # -- the bench -------------------------------------------------------------------------------------------------
    def _open(
        self, vehicle: Path, asked: Asked, plant_seed: str, defects: tuple[str, ...], variant_seed: int | None
    ) -> dict[str, Any]:
        if self._bench is not None:
            raise RigFault(f"{self._file.path.name} is in use by another test process; wait for it, or end it")
        car = load_vehicle(vehicle)
        if self._plant is not None:
            self._plant.renew(vehicle, asked.zero, plant_seed, defects, variant_seed)
        addresses = {} if self._plant is None else self._plant.addresses
        self._bench = Bench(self._file, car, addresses, asked)
        return {**self._bench.facts(), "addresses": addresses}

    def _close(self, hold: bool = False) -> list[str]:
        """The case is over: leave a real unit safe (``hold``: as it is), and close. What went wrong."""
        bench, self._bench = self._bench, None
        if bench is None:
            return []
        if self._plant is None and not hold:
            bench.make_safe("the case is over")
        return bench.close()

    def _abandon(self, why: str) -> None:
        bench, self._bench = self._bench, None
        if bench is not None:
            bench.make_safe(why)
            bench.close()


def _portable(why: Exception) -> Exception:
    """``why`` as it can cross to another process: the harness's own errors as they are, anything else in words."""
    if isinstance(why, RigFault | HarnessError | NotOffered | BadInput | SeveralBadInputs | ValueError):
        return why
    return HarnessError(f"{type(why).__name__}: {why}")


def serve(rig: Path, logs: Path | None) -> None:
    """Keep ``rig`` until standard input ends or SIGTERM comes. Its one order asks for the address. ``logs``: a folder
    for what the plant says."""
    import signal

    file = load_rig(rig)
    prioritise(file.model.priority)
    keeper = Keeper(file, os.environ.pop(KEY), logs)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: keeper.end())

    def obey() -> None:
        for order in orders():
            answer(order, {"keeper": keeper.address})
        keeper.end()

    threading.Thread(target=obey, name="orders", daemon=True).start()
    keeper.run()
