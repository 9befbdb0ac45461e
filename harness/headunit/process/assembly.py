"""The unit between real plugs: one process with servers on 127.0.0.1, and the wall clock.

Theory. What the bench reaches from outside is: the buses (through python-can), the console (a pty), the screen (HTTP),
a supply on KL30 (SCPI over TCP), relays on the lines (a board's protocol over TCP) and a shaper of the link. Behind
them are the same memory ends as in one process, and the same unit; only the clock is true. The messaging service is
another process, reached through the link.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harness.foundation.clock import WallClock
from harness.foundation.desk import Desk
from harness.foundation.units import Ns

if TYPE_CHECKING:
    from harness.headunit.process.sound import Device
    from harness.vehicle.vehicle import Vehicle


MOST_LATE = 1_000


class Process:
    """``addresses`` says where everything is, by port: what a rig file's "plant:NAME" stands for."""

    def __init__(
        self,
        vehicle: Vehicle,
        clock: WallClock,
        can: Mapping[str, Mapping[str, object]],
        service: str,
        rng: random.Random,
        defects: Sequence[str] = (),
        variant_seed: int | None = None,
        sound: Callable[[WallClock], tuple[Device, Ns] | None] = lambda clock: None,
    ) -> None:
        """``can`` has each bus's settings as in a rig file; ``sound`` gives a share of the unit's sound device and its
        latency, or None. RigFault when a bus or the sound cannot be opened, BadInput for an unknown defect."""
        from harness.can.python_can import open_python_can
        from harness.headunit.embedded import blueprint, sounding
        from harness.headunit.ends import Ends
        from harness.headunit.process.aside import aside
        from harness.headunit.process.control import Control
        from harness.headunit.process.instrument import Instrument
        from harness.headunit.process.line_server import LineServer
        from harness.headunit.process.no_sound import NoSound
        from harness.headunit.process.pty_console import PtyConsole
        from harness.headunit.process.relays import Relays, RelayServer
        from harness.headunit.process.served_screen import ServedScreen
        from harness.headunit.process.sound import Sound, sooner
        from harness.headunit.unit import HeadUnit
        from harness.io.memory import pair as lines
        from harness.network.memory import pair as link
        from harness.phone.http import HttpUnitService
        from harness.supply.memory import pair as power

        self.clock = clock
        self.desk = Desk()
        plan = blueprint(vehicle, defects, variant_seed)
        device = sound(clock)
        audio: Any = NoSound()
        if device is not None:
            audio = Sound(clock, *device)
            plan = sooner(plan, audio.output, audio.input)
        buses = {
            name: open_python_can(
                clock, name, can[name], bus.bitrate, None if can[name].get("fd") is False else bus.data_bitrate
            )
            for name, bus in vehicle.buses.items()
        }
        supply, kl30 = power(clock)
        io, wires = lines(clock)
        network, far_network = link(clock, random.Random(rng.getrandbits(64)))
        screen, console = ServedScreen(clock, self.desk), PtyConsole(self.desk)
        instrument, relays, control = Instrument(supply), Relays(io), Control(network)
        scpi = LineServer(lambda line: self.desk.ask(lambda: instrument.answer(line)), "supply")
        board = RelayServer(relays, self.desk)
        shaper = LineServer(lambda line: self.desk.ask(lambda: control.answer(line)), "link")
        messaging = HttpUnitService(clock, service)
        ends: Any = Ends(
            can=buses,
            audio=audio,
            screen=screen,  # type: ignore[arg-type]
            supply=kl30,
            console=console,  # type: ignore[arg-type]
            io=wires,
            network=far_network,
            service=messaging,  # type: ignore[arg-type]
            aside=aside,
        )
        self.unit = HeadUnit(plan, sounding(vehicle, variant_seed), clock, ends, rng)
        self.addresses = {
            "console": console.path,
            "screen": screen.url,
            "supply": f"TCPIP::127.0.0.1::{scpi.port}::SOCKET",
            "io": f"socket://127.0.0.1:{board.port}",
            "network": f"127.0.0.1:{shaper.port}",
        }
        self._open: list[Any] = [audio, messaging, shaper, board, scpi, screen, console, *buses.values()]

    def run(self, stopped: Any) -> None:
        """Until ``stopped()``."""
        self.desk.work(self.clock, stopped)

    def late(self) -> list[tuple[Ns, Ns, str]]:
        """(planned, late by, name) of what this unit did too late because its computer was busy, the first thousand;
        what only takes over what has come is not among it."""
        return [entry for entry in self.clock.late if not entry[2].endswith((" delivery", " pushes"))][:MOST_LATE]

    def raised(self) -> list[tuple[Ns, str]]:
        """(when, who and what) of exceptions while this unit took frames."""
        return [fault for port in self.unit.ends.can.values() for fault in port.raised]

    def close(self) -> None:
        for one in self._open:
            one.close()
