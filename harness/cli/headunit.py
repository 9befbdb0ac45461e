"""``hil headunit``: the simulated unit of a rig as a process, on the rig's own buses."""

from __future__ import annotations

import argparse
import json
import queue
import random
import signal
import threading
from pathlib import Path
from typing import Any

from harness.cli.project import project_root
from harness.foundation.clock import WallClock
from harness.foundation.errors import BadInput, RigFault, SeveralBadInputs
from harness.foundation.orders import answer, orders


def headunit(options: argparse.Namespace) -> int:
    """Run the unit until Ctrl-C or SIGTERM; with ``--orders`` anew for each order, until standard input ends."""
    from harness.foundation.places import find
    from harness.rig.drivers_sound import UnitSound
    from harness.rig.load import load_rig
    from harness.vehicle.load import load_vehicle

    root = project_root(Path.cwd())
    rig = load_rig(find("rigs", options.rig, ".yaml", root))
    if rig.model.head_unit.simulated != "process":
        raise BadInput(rig.path, None, "head_unit", "this rig's unit is no process", "Write 'simulated: process'.")
    vehicle = find("dbc", options.vehicle or rig.model.vehicle, project=root)
    load_vehicle(vehicle)  # what is wrong with it is told before anything is started
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    sound = UnitSound(rig.model.audio.settings if rig.model.audio.driver == "portaudio" else None)
    settings = {"can": {name: port.settings for name, port in rig.model.can.items()}, "sound": sound.share}
    try:
        if options.orders:
            return _obey(settings, stop)
        return _by_hand(vehicle, settings, stop, options)
    finally:
        sound.close()


def _obey(settings: dict[str, Any], stop: threading.Event) -> int:
    """One unit after the other, as the plant wants them."""
    from harness.headunit.process.assembly import Process
    from harness.headunit.process.warm import warm_up

    wanted: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()

    def listen() -> None:
        for order in orders():
            wanted.put(order)
        wanted.put(None)

    threading.Thread(target=listen, name="orders", daemon=True).start()
    warm_up()
    _have_sound(settings)
    unit: Process | None = None
    try:
        while not stop.is_set():
            order = _next(wanted, stop)
            if order is not None and order.get("how_it_went") and unit is not None:
                answer(order, {"late": json.dumps(unit.late()), "raised": json.dumps(unit.raised())})
                unit.run(lambda: stop.is_set() or not wanted.empty())
                continue
            if unit is not None:
                unit.close()
                unit = None
            if order is None:
                break
            try:
                unit = _make(settings, order)
            except (RigFault, BadInput, SeveralBadInputs) as why:
                answer(order, {"error": str(why)})
                continue
            answer(order, unit.addresses)
            unit.run(lambda: stop.is_set() or not wanted.empty())
    finally:
        if unit is not None:
            unit.close()
    return 0


def _have_sound(settings: dict[str, Any]) -> None:
    """Open the sound before it is wanted, which takes seconds; what is wrong is told when it is."""
    try:
        settings["sound"](WallClock())
    except RigFault:
        return


def _next(wanted: queue.SimpleQueue[dict[str, Any] | None], stop: threading.Event) -> dict[str, Any] | None:
    while not stop.is_set():
        try:
            return wanted.get(timeout=0.1)
        except queue.Empty:
            continue
    return None


def _by_hand(vehicle: Path, settings: dict[str, Any], stop: threading.Event, options: argparse.Namespace) -> int:
    """One unit, and a messaging service beside it unless there is one already."""
    from harness.rig.plant import Member

    service = None
    order = {
        "vehicle": str(vehicle), "zero": options.zero, "seed": options.seed, "service": options.service,
        "defects": options.defect, "variant_seed": options.variant_seed,
    }  # fmt: skip
    try:
        unit = None
        if not options.service:
            import tempfile

            order["zero"] = WallClock(zero=options.zero).zero
            folder = Path(tempfile.mkdtemp(prefix="hil-headunit-"))
            service = Member("messaging-service", ["harness.phone.server", "--orders"], folder)
            order["service"] = service.order(zero=order["zero"], seed=options.seed)["service"]
        unit = _make(settings, order)
        print(json.dumps({**unit.addresses, "service": order["service"]}), flush=True)
        unit.run(stop.is_set)
    finally:
        if unit is not None:
            unit.close()
        if service is not None:
            service.close()
    return 0


def _make(settings: dict[str, Any], order: dict[str, Any]) -> Any:
    from harness.headunit.process.assembly import Process
    from harness.vehicle.load import load_vehicle

    return Process(
        load_vehicle(Path(order["vehicle"])),
        WallClock(zero=order["zero"]),
        settings["can"],
        order["service"],
        random.Random(order["seed"]),
        order["defects"],
        order["variant_seed"],
        settings["sound"],
    )
