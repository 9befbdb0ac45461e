"""A rig outside the process: how well its keeper keeps time beside a busy test, and what a frame's way costs.

Run: ``python -P benchmarks/loop.py`` from the root, on an otherwise quiet machine; a minute and a half. With ``vcan0``
and ``vcan1`` present it measures on SocketCAN (``tools/kernel-vm -- .venv/bin/python -P benchmarks/loop.py`` where this
kernel has none: then the ratios count and the times do not), else on UDP multicast.

1. Cycle error of the car's messages while four Python threads of the test process compute: ours (the rig's keeper, or
   the kernel for it) against python-can's own cyclic tasks with a counter in each frame, seen by a third process.
2. Round trip: a frame to another process and its answer, through the keeper, through our driver, by bare python-can.
3. Frames per second that our driver takes without a loss, and bare python-can's ``recv``.
4. Processor time of an idle rig: buses awake, nothing happening.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from harness.can.port import Frame, Heard  # noqa: E402
from harness.can.python_can import open_python_can  # noqa: E402
from harness.foundation.clock import WallClock, pause, stopwatch  # noqa: E402
from harness.foundation.units import MS, S  # noqa: E402
from harness.rig.load import load_rig  # noqa: E402
from harness.rig.rig import Rig, open_rig  # noqa: E402
from harness.vehicle.load import load_vehicle  # noqa: E402

SECONDS = 10
BUSY_THREADS = 4
ROUND_TRIPS = 300
FLOOD = 20_000
SOCKETCAN = Path("/sys/class/net/vcan0").exists() and Path("/sys/class/net/vcan1").exists()

LISTENER = """
import json, sys, time, can
settings, seconds = json.loads(sys.argv[1]), float(sys.argv[2])
seen = {}
with can.Bus(**settings) as bus:
    print("ready", flush=True)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        message = bus.recv(0.1)
        if message is not None:
            seen.setdefault(message.arbitration_id, []).append(message.timestamp)
print(json.dumps(seen))
"""
ANSWERER = """
import json, sys, can
with can.Bus(**json.loads(sys.argv[1])) as bus:
    print("ready", flush=True)
    while True:
        message = bus.recv(1)
        if message is not None and message.arbitration_id == 0x7A0:
            bus.send(can.Message(arbitration_id=0x7A8, data=message.data, is_extended_id=False))
"""
FLOODER = """
import json, sys, can
with can.Bus(**json.loads(sys.argv[1])) as bus:
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(int(sys.argv[2])):
        while True:
            try:
                bus.send(can.Message(arbitration_id=0x7B0, data=n.to_bytes(8, "big"), is_extended_id=False))
                break
            except can.CanError:
                pass
"""


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("", 0))
        return int(one.getsockname()[1])


def rig_file(folder: Path) -> Path:
    """A copy of the loop rig on UDP ports of its own, without sound."""
    text = (ROOT / "rigs" / ("vcan.yaml" if SOCKETCAN else "udp.yaml")).read_text("utf-8")
    text = re.sub(r"port: \d+", lambda _: f"port: {free_port()}", text)
    path = folder / "loop.yaml"
    path.write_text(re.sub(r"(?m)^audio:.*$", "audio: {driver: none}", text), "utf-8")
    return path


def bus_settings(rig: Path) -> dict[str, Any]:
    """python-can's arguments for the rig's body bus."""
    settings = dict(load_rig(rig).model.can["body"].settings)
    return {**settings, "fd": True} if SOCKETCAN else settings


@contextmanager
def other(program: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", program, *words], text=True, stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def busy() -> Iterator[None]:
    """Python threads that compute, as a test that searches pictures does."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            sum(n * n for n in range(2_000))

    threads = [threading.Thread(target=work) for _ in range(BUSY_THREADS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def errors(seen: dict[str, list[float]], cycles: dict[int, int]) -> list[float]:
    """ms by which each gap between frames of one message differs from its cycle, ascending."""
    found = []
    for identifier, stamps in seen.items():
        cycle = cycles.get(int(identifier))
        if cycle:
            found += [abs(b - a - cycle / S) * 1000 for a, b in pairwise(stamps)]
    return sorted(found)


def told(name: str, found: list[float]) -> float:
    p99 = found[int(len(found) * 0.99)]
    print(f"  {name:34} p50 {found[len(found) // 2]:8.3f} ms   p99 {p99:8.3f} ms   worst {found[-1]:8.2f} ms")
    return p99


def listened(settings: dict[str, Any], wait: Callable[[], None]) -> dict[str, list[float]]:
    with other(LISTENER, json.dumps(settings), str(SECONDS)) as process:
        wait()
        assert process.stdout is not None
        return dict(json.loads(process.stdout.readline()))


def wake(rig: Rig) -> dict[str, Any]:
    """The car as with ignition on."""
    rig.supply.set_voltage(13.5)
    rig.supply.output(True)
    for line in ("ACC", "KL15"):
        rig.io.set(line, True)
    buses = {name: rig.restbus(name, random.Random(1)) for name in rig.can}
    for bus in buses.values():
        bus.start()
    return buses


def cycle_error(rig: Rig, settings: dict[str, Any]) -> float:
    import can

    database = rig.vehicle.buses["body"].database
    cyclic = [m for m in database.messages.values() if m.cycle and "OnChange" not in m.send_type]
    cycles = {m.id: m.cycle for m in cyclic}
    buses = wake(rig)
    rig.clock.run_until(rig.clock.now() + 2 * S)

    def wait() -> None:
        rig.clock.run_until(rig.clock.now() + (SECONDS + 1) * S)

    with busy():
        ours = told("ours", errors(listened(settings, wait), cycles))
    for bus in buses.values():
        bus.silence()
    rig.clock.run_until(rig.clock.now() + 1 * S)
    with can.Bus(**settings) as bus:
        tasks = []
        for m in cyclic:

            def count(message: Any) -> None:
                message.data[0] = (message.data[0] + 1) % 15

            message = can.Message(arbitration_id=m.id, data=bytes(m.length), is_extended_id=m.extended)
            tasks.append(bus.send_periodic(message, m.cycle / S, modifier_callback=count))
        with busy():
            theirs = told("python-can, cyclic with a counter", errors(listened(settings, wait), cycles))
        for task in tasks:
            task.stop()
        pause(0.5)  # they end when they come by
    return theirs / ours


def round_trip(rig: Rig, settings: dict[str, Any]) -> None:
    import can

    def measured(name: str, once: Callable[[], None]) -> None:
        took = []
        for _ in range(ROUND_TRIPS):
            watch = stopwatch()
            once()
            took.append(watch() * 1000)
        told(name, sorted(took))

    def through(port: Any, clock: Any) -> Callable[[], None]:
        answers: list[Heard] = []
        port.listen(lambda h: answers.append(h) if h.frame is not None and h.frame.id == 0x7A8 else None)

        def once() -> None:
            answers.clear()
            getattr(port, "look_soon", lambda: None)()
            port.send(Frame(0x7A0, bytes(8)))
            while not answers:
                clock.run_until(clock.now() + MS // 2)

        return once

    with other(ANSWERER, json.dumps(settings)):
        measured("through the keeper", through(rig.can["body"], rig.clock))
        clock = WallClock()
        ours = {"interface": settings["interface"], "channel": settings["channel"], "fd": True}
        ours |= {"port": settings["port"]} if "port" in settings else {}
        port = open_python_can(clock, "body", ours)
        measured("our driver in the test process", through(port, clock))
        port.close()
        with can.Bus(**settings) as bus:

            def bare() -> None:
                bus.send(can.Message(arbitration_id=0x7A0, data=bytes(8), is_extended_id=False))
                while (message := bus.recv(1)) is None or message.arbitration_id != 0x7A8:
                    pass

            measured("bare python-can", bare)


def flood(settings: dict[str, Any]) -> None:
    import can

    def told_flood(name: str, count: int, seconds: float) -> None:
        print(f"  {name:34} {count / seconds:8.0f} frames/s, {FLOOD - count} of {FLOOD} lost")

    ours = {k: v for k, v in settings.items() if k in ("interface", "channel", "port")}
    clock = WallClock()
    port = open_python_can(clock, "body", {**ours, "fd": True})
    heard = []
    port.listen(lambda h: heard.append(h.frame.data) if h.frame is not None and h.frame.id == 0x7B0 else None)
    with other(FLOODER, json.dumps(settings), str(FLOOD)) as process:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        watch, last, since = stopwatch(), 0, 0.0
        while watch() - since < 1 and len(heard) < FLOOD:
            clock.run_until(clock.now() + 10 * MS)
            if len(heard) != last:
                last, since = len(heard), watch()
        told_flood("our driver", len(heard), since)
    port.close()
    with can.Bus(**settings) as bus, other(FLOODER, json.dumps(settings), str(FLOOD)) as process:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        watch, count, since = stopwatch(), 0, 0.0
        while watch() - since < 1 and count < FLOOD:
            message = bus.recv(0.1)
            if message is not None and message.arbitration_id == 0x7B0:
                count, since = count + 1, watch()
        told_flood("bare python-can", count, since)


def processor_time() -> dict[str, float]:
    """CPU seconds so far of this process and the rig's, by what they are (Linux)."""
    found: dict[str, float] = defaultdict(float)
    names = {"rig.keeper": "keeper", "headunit": "simulated unit", "phone.server": "messaging service"}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        for word, name in names.items():
            if word in command:
                found[name] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return {**found, "test process": sum(os.times()[:2])}


def idle(rig: Rig) -> None:
    for name, prepare in (("asleep", lambda: None), ("ignition on", lambda: wake(rig))):
        prepare()
        rig.clock.run_until(rig.clock.now() + 5 * S)
        watch, before = stopwatch(), processor_time()
        rig.clock.run_until(rig.clock.now() + SECONDS * S)
        spent = {k: (v - before[k]) / watch() * 100 for k, v in processor_time().items()}
        shown = ", ".join(f"{k} {v:.1f} %" for k, v in spent.items())
        print(f"  {name:12} {shown} of one core")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="hil-loop-"))
    path = rig_file(folder)
    settings = bus_settings(path)
    medium = "SocketCAN" if SOCKETCAN else "UDP multicast"
    print(f"on {medium}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    rig = open_rig(load_rig(path), load_vehicle(ROOT / "dbc" / "gs4"), random.Random(1), logs=folder)
    try:
        print(f"processor time of an idle rig, {SECONDS} s each:")
        idle(rig)
        print(f"cycle error beside {BUSY_THREADS} busy threads in the test process, {SECONDS} s:")
        ratio = cycle_error(rig, settings)
        print(f"  p99 of the cycle error: {ratio:.1f} times better than python-can's own cyclic tasks")
        print(f"round trip, {ROUND_TRIPS} of them:")
        round_trip(rig, settings)
    finally:
        rig.close()
    pause(0.5)
    print("frames per second:")
    flood(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
