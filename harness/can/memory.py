"""A CAN bus in memory: bit timing, arbitration, errors and exact stamps, on the bench's clock.

Theory. All frames that wait, of all nodes, are in one queue ordered as arbitration orders them: by identifier, a
standard frame before an extended one of the same base id (ISO 11898-1: its RTR and IDE bits are dominant), then by
when they were queued. When the bus is free the first of the queue takes it for exactly the time its bits need; at the
end every node hears it at the same instant. So a frame costs two events on the clock and no thread.

Errors. A destroyed frame takes the bus up to its CRC and then an error frame (6 + 8 bits); the sender's transmit error
counter grows by 8, each receiver's receive error counter by 1; a frame that got through lowers them by 1. From 96 a
node is in warning, from 128 passive, above 255 off (ISO 11898-1, 12.1.4). On a shorted bus each attempt fails at SOF,
so a node is off after 32. A node comes back 128 * 11 bits after it asked to. Not modelled: the 8 bits a passive node
waits between its frames, passive error flags, and the missing acknowledgement of a node that is alone.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_right
from collections import Counter

from harness.can.node import MemoryCan
from harness.can.port import Frame, Heard
from harness.can.timing import FD_LENGTHS, INTERMISSION, TAIL, Timing
from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns

ARBITRATION = 1_000
"""Priority of the arbitration event: after everything else at its instant, so that all who send then compete."""
ERROR_FRAME = 14
"""Error flag (6) and delimiter (8), in bits."""

_heard = tuple.__new__  # skips the keyword handling of the NamedTuple constructor, per frame and node


class MemoryBus:
    """One bus. ``node(name)`` gives a port; ``bitrate`` and ``data_bitrate`` in bit/s, FD only with the latter."""

    def __init__(self, clock: Clock, bitrate: int, data_bitrate: int | None = None, name: str = "") -> None:
        self.clock = clock
        self.name = name
        self.timing = Timing(bitrate, data_bitrate)
        self.fd = data_bitrate is not None
        self._nodes: dict[str, MemoryCan] = {}
        self._waiting: list[tuple[int, int, MemoryCan, Frame]] = []
        self._sequence = 0
        self._armed = False
        self._free_at: Ns = 0
        self._current: tuple[int, int, MemoryCan, Frame] | None = None
        self._began: Ns = -1
        self._end: Handle | None = None
        self._gap = self.timing.bits(INTERMISSION)
        self._ends = array("q")
        self._busy = array("q")
        self._busy_total = 0
        self._destroy: Counter[tuple[int, bool]] = Counter()
        self._shorted = False
        self._silenced: set[str] = set()
        self._label = f"can {name}".rstrip()

    def node(self, name: str) -> MemoryCan:
        """The node called ``name``; made when there is none yet."""
        if name not in self._nodes:
            self._nodes[name] = MemoryCan(self, name)
        return self._nodes[name]

    def detach(self, node: MemoryCan) -> None:
        """Take the node off the bus; what it had queued is gone."""
        self.drop(node)
        self._nodes = {name: other for name, other in self._nodes.items() if other is not node}

    # -- sending ----------------------------------------------------------------------------------------------

    def queue(self, node: MemoryCan, frame: Frame) -> None:
        """Let ``frame`` of ``node`` compete for the bus. HarnessError for a frame that this bus cannot carry."""
        identifier, data, extended, fd, _ = frame
        size = len(data)
        if (size > 8 or fd) and not (fd and self.fd and size in FD_LENGTHS):
            raise self._impossible(frame)
        if extended:
            if identifier >> 29:
                raise self._impossible(frame)
            order = (identifier >> 18) << 19 | 0x40000 | identifier & 0x3FFFF
        else:
            if identifier >> 11:
                raise self._impossible(frame)
            order = identifier << 19
        if self._silenced and node.name in self._silenced:
            node.unsent += 1
            return
        self._sequence += 1
        entry = (order, self._sequence, node, frame)
        now = self.clock.now()
        if not self._armed:
            self._armed = True
            if self._free_at > now:
                heapq.heappush(self._waiting, entry)
                self.clock.at(self._free_at, self._arbitrate, name=self._label, priority=ARBITRATION)
            elif self._shorted:
                heapq.heappush(self._waiting, entry)
                self._fail_all(now)
            else:
                self._begin(now, entry)
            return
        heapq.heappush(self._waiting, entry)
        if self._began == now and self._current is not None and order < self._current[0]:
            current = self._current
            if self._withdraw():
                heapq.heappush(self._waiting, current)
                self._arbitrate()

    def _impossible(self, frame: Frame) -> HarnessError:
        kind = "FD" if frame.fd else "classic"
        why = "the bus has no data bit rate" if frame.fd and not self.fd else "id or length is out of range"
        return HarnessError(f"{self._label}: {kind} frame 0x{frame.id:X} with {len(frame.data)} bytes: {why}")

    def drop(self, node: MemoryCan) -> int:
        """Forget what ``node`` had queued; returns how many frames."""
        kept = [entry for entry in self._waiting if entry[2] is not node]
        gone = len(self._waiting) - len(kept)
        if gone:
            heapq.heapify(kept)
            self._waiting[:] = kept
        return gone

    def _arbitrate(self) -> None:
        if not self._waiting:
            self._armed = False
            return
        now = self.clock.now()
        if self._shorted:
            self._fail_all(now)
            return
        self._begin(now, heapq.heappop(self._waiting))

    def _begin(self, now: Ns, entry: tuple[int, int, MemoryCan, Frame]) -> None:
        """Let the frame that won have the bus."""
        self._current = entry
        frame = entry[3]
        duration = self.timing.duration(frame)
        if self._destroy and self._destroy[(frame.id, frame.extended)] > 0:
            bits = self.timing.bits
            self._end = None
            self._occupy(now, duration - bits(TAIL) + bits(ERROR_FRAME))
            self.clock.at(self._ends[-1] - self._gap, self._destroyed, name=self._label)
            return
        end = now + duration
        self._free_at = end + self._gap
        self._busy_total += duration + self._gap
        self._ends.append(self._free_at)
        self._busy.append(self._busy_total)
        self._began = now
        self._end = self.clock.at(end, self._finish, name=self._label)

    def _withdraw(self) -> bool:
        """Take back a frame that began at this very instant: a better id has come, or its node has gone. False for one
        that is being destroyed: its error frame keeps the bus."""
        if self._end is None:
            return False
        self._end.cancel()
        self._end = self._current = None
        self._free_at = self._began
        self._ends.pop()
        self._busy.pop()
        self._busy_total = self._busy[-1] if self._busy else 0
        return True

    def _occupy(self, start: Ns, duration: Ns) -> None:
        self._free_at = start + duration + self._gap
        self._busy_total += duration + self._gap
        self._ends.append(self._free_at)
        self._busy.append(self._busy_total)

    def _finish(self) -> None:
        current, self._current = self._current, None
        if current is None:
            raise HarnessError(f"{self._label}: a frame ended that never began")
        sender, frame = current[2], current[3]
        t = self.clock.now()
        if self._waiting:
            self.clock.at(self._free_at, self._arbitrate, name=self._label, priority=ARBITRATION)
        else:
            self._armed = False
        other = _heard(Heard, (t, t, t, "data", frame, False, ""))
        for node in self._nodes.values():
            if node is sender:
                own = _heard(Heard, (t, t, t, "data", frame, True, ""))
                for listener in node.listeners:
                    try:
                        listener(own)
                    except Exception as why:  # noqa: BLE001 - reception goes on whatever a listener does
                        node.fault(t, listener, why)
                if node.transmit_errors:
                    node.count_errors(transmit=-1)
            else:
                for listener in node.listeners:
                    try:
                        listener(other)
                    except Exception as why:  # noqa: BLE001
                        node.fault(t, listener, why)
                if node.receive_errors:
                    node.count_errors(receive=-1)

    def _next(self) -> None:
        if self._waiting:
            self.clock.at(self._free_at, self._arbitrate, name=self._label, priority=ARBITRATION)
        else:
            self._armed = False

    # -- what goes wrong --------------------------------------------------------------------------------------

    def _destroyed(self) -> None:
        current, self._current = self._current, None
        if current is None:
            raise HarnessError(f"{self._label}: a frame was destroyed that never began")
        _, _, sender, frame = current
        self._destroy[(frame.id, frame.extended)] -= 1
        heapq.heappush(self._waiting, current)  # it keeps its place: retransmission is automatic
        t = self.clock.now()
        for node in list(self._nodes.values()):
            node.deliver(Heard(t, t, t, "error", frame, node is sender, "destroyed"))
            if node is sender:
                node.count_errors(transmit=8)
            else:
                node.count_errors(receive=1)
        self._next()

    def _fail_all(self, now: Ns) -> None:
        """One attempt on a shorted bus: every node that has something to send reads back what it did not write."""
        first: dict[str, tuple[MemoryCan, Frame]] = {}
        for _, _, node, frame in sorted(self._waiting, key=lambda entry: entry[:2]):
            first.setdefault(node.name, (node, frame))
        self._occupy(now, self.timing.bits(1 + ERROR_FRAME))
        for node, frame in first.values():
            node.deliver(Heard(now, now, now, "error", frame, True, "bit error, bus short"))
            node.count_errors(transmit=8)
        self._next()

    def destroy_next(self, key: tuple[int, bool], count: int = 1) -> None:
        """Destroy the next ``count`` transmissions of the message (id, extended); all nodes hear error frames."""
        self._destroy[key] += count

    def short(self, on: bool) -> None:
        """Short the bus, or end the short. A frame under way when it begins still gets through."""
        self._shorted = on

    def silence(self, node: str | MemoryCan, on: bool = True) -> None:
        """Cut the node's transmitter off (it still hears), or connect it again. What it queued is dropped."""
        name = node if isinstance(node, str) else node.name
        if not on:
            self._silenced.discard(name)
            return
        self._silenced.add(name)
        if name in self._nodes:
            node_ = self._nodes[name]
            node_.unsent += self.drop(node_)
            current = self._current
            if current and current[2] is node_ and self._began == self.clock.now() and self._withdraw():
                node_.unsent += 1
                self._arbitrate()

    def inject(self, heard: Heard) -> None:
        """Let every node hear ``heard`` (such as kind "bad") at ``heard.t``, or now when that has passed."""
        t = max(heard.t, self.clock.now())
        stamped = heard._replace(t=t, early=min(heard.early, t), late=max(heard.late, t))

        def deliver() -> None:
            for node in list(self._nodes.values()):
                node.deliver(stamped)

        self.clock.at(t, deliver, name=f"{self._label} inject")

    # -- load -------------------------------------------------------------------------------------------------

    def load(self, start: Ns, stop: Ns) -> float:
        """Share of [start, stop] in which the bus was taken (frames, error frames and intermissions), 0 to 1."""
        if stop <= start:
            raise HarnessError(f"{self._label}: load of an empty window, {start} to {stop}")
        return (self._busy_until(stop) - self._busy_until(start)) / (stop - start)

    def _busy_until(self, t: Ns) -> Ns:
        index = bisect_right(self._ends, t)
        before = self._busy[index - 1] if index else 0
        if index == len(self._ends):
            return before
        under_way = self._busy[index] - before
        return before + max(0, under_way - (self._ends[index] - t))


def pair(clock: Clock, bitrate: int = 500_000, data_bitrate: int | None = 2_000_000, name: str = "") \
        -> tuple[MemoryCan, MemoryCan]:
    """(port, far end): two nodes of one bus of their own."""
    bus = MemoryBus(clock, bitrate, data_bitrate, name)
    return bus.node("port"), bus.node("far")


