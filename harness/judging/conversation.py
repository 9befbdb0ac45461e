"""What tester and unit said to each other, put together again from the recorded frames.

Nothing of the tester's own book-keeping is believed: requests and answers are read off the bus (ISO 15765-2), each with
the instants of its first and its last frame. ISO 14229-2 counts P2 from the end of the request to the start of the
answer.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.diag import names as uds
from harness.diag.addresses import address
from harness.diag.isotp import Begun, Message, Settings, Transport
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.judging.recording import Recording
from harness.judging.signals import stamp_of

SOURCE = "diagnostics"
ANY_LENGTH = (1 << 32) - 1


class Said(NamedTuple):
    """One whole message. ``first`` and ``last`` are the ends of its first and last frame."""

    payload: bytes
    first: Stamp
    last: Stamp
    by_unit: bool
    functional: bool


class Asked(NamedTuple):
    """A request, the "response pending" that followed, and the answer (None: none before the next request)."""

    request: Said
    pending: tuple[Said, ...]
    answer: Said | None

    @property
    def first_word(self) -> Said | None:
        return self.pending[0] if self.pending else self.answer


def conversation(recording: Recording, start: Ns, stop: Ns) -> list[Said]:
    """All messages whose frames lie within [start, stop], in the order of their ends."""
    d = recording.vehicle.diagnostics
    database = recording.vehicle.buses[d.bus].database
    frames = []
    ends_of = ((d.request, False, False), (d.functional, False, True), (d.response, True, False))
    for where, by_unit, functional in ends_of:
        key = address(where, database).key
        frames += [(h.t, n, h, by_unit, functional) for n, h in enumerate(recording.frames(d.bus, key, start, stop))]
    ends = {True: Transport(Settings(longest=ANY_LENGTH)), False: Transport(Settings(longest=ANY_LENGTH))}
    first: dict[bool, Stamp] = {}
    out = []
    for _, _, heard, by_unit, functional in sorted(frames, key=lambda f: (f[0], f[1])):
        assert heard.frame is not None  # they were asked for by their identity
        for action in ends[by_unit].take(heard.frame.data, heard.t, functional):
            if isinstance(action, Begun):
                first[by_unit] = stamp_of(heard)
            elif isinstance(action, Message):
                began = stamp_of(heard) if functional else first.pop(by_unit, stamp_of(heard))
                out.append(Said(action.payload, began, stamp_of(heard), by_unit, functional))
    return out


def questions(recording: Recording, start: Ns, stop: Ns) -> list[Asked]:
    """The conversation as questions and answers. "Tester present" that asks for silence is no question."""
    out: list[tuple[Said, list[Said], list[Said]]] = []
    for said in conversation(recording, start, stop):
        if not said.by_unit:
            if said.payload[:2] != bytes((uds.TESTER_PRESENT, uds.SUPPRESS)):
                out.append((said, [], []))
        elif out:
            request, pending, answers = out[-1]
            is_pending = said.payload == bytes((uds.NEGATIVE, request.payload[0], uds.PENDING_RESPONSE))
            (pending if is_pending and not answers else answers).append(said)
    return [Asked(request, tuple(pending), answers[0] if answers else None) for request, pending, answers in out]
