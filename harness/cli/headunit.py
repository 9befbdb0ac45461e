"""``hil headunit``: the simulated unit of a rig as a process, on the rig's own buses."""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import threading
from pathlib import Path

from harness.cli.project import project_root
from harness.foundation.errors import BadInput


def headunit(options: argparse.Namespace) -> int:
    """Run the unit until Ctrl-C, SIGTERM or (``--until-eof``) the end of standard input."""
    from harness.foundation.clock import WallClock
    from harness.foundation.places import find
    from harness.headunit.process.assembly import Process
    from harness.rig.load import load_rig
    from harness.vehicle.load import load_vehicle

    root = project_root(Path.cwd())
    rig = load_rig(find("rigs", options.rig, ".yaml", root))
    if rig.model.head_unit.simulated != "process":
        raise BadInput(rig.path, None, "head_unit", "this rig's unit is no process", "Write 'simulated: process'.")
    vehicle = load_vehicle(find("dbc", options.vehicle or rig.model.vehicle, project=root))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    process = Process(
        vehicle,
        WallClock(zero=options.zero),
        {name: port.settings for name, port in rig.model.can.items()},
        options.service,
        random.Random(options.seed),
        options.defect,
        options.variant_seed,
    )
    print(json.dumps(process.addresses), flush=True)
    if options.announce is not None:
        part = options.announce.with_suffix(".part")
        part.write_text(json.dumps(process.addresses), encoding="utf-8")
        part.rename(options.announce)
    if options.until_eof:
        threading.Thread(target=_at_eof, args=(stop,), name="standard input", daemon=True).start()
    try:
        process.run(stop.is_set)
    finally:
        process.close()
    return 0


def _at_eof(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()
