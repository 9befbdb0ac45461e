"""Answers to a tester that are held against what belongs to each request: refused, accepted, with these very bytes.

Theory. harness/judging/refusals.py is the table of wrong requests that fits every car. What a car guards by security
access, and what it may be asked only at rest, is the car's own: such requests are made when they are asked, and all of
them stands in the observation's arguments, so that it can be recomputed without a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harness.diag import names as uds
from harness.diag.uds import dtcs
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns
from harness.foundation.values import Limit, Measurement
from harness.judging.conversation import SOURCE, questions
from harness.judging.diagnostics import by_instant
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.refusals import Codes, named, told

MOST_SHOWN = 4
FORMATS = range(5)
"""DTCFormatIdentifier (ISO 14229-1, table of 0x19 01)."""


class Wanted(NamedTuple):
    """One request, the answers that are allowed (0: positive, None: silence), and what a positive one has to say after
    its service; None: anything."""

    name: str
    request: bytes
    codes: Codes
    data: bytes | None = None

    def fits(self, answer: bytes | None) -> bool:
        code = told(self.request, answer)
        return code in self.codes and (self.data is None or code != 0 or answer is None or answer[1:] == self.data)

    def __str__(self) -> str:
        data = "" if self.data is None else f" with {self.data.hex(' ').upper()}"
        return f"{named(self.codes)}{data}"


def answered_so(
    wanted: Sequence[tuple[Stamp, Wanted]], quantity: str, what: str, after: Stamp, until: Ns
) -> Observation:
    """How many of these requests, which ended at these instants, were answered otherwise than wanted."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        answers = by_instant(recording, after.early, until)
        wrong = []
        for stamp, one in wanted:
            answer = answers.get(stamp.t)
            if not one.fits(answer):
                wrong.append(f"{one.name} ({one.request[:8].hex(' ').upper()}): {uds.answer(answer)}, not {one}")
        said = "; ".join(wrong[:MOST_SHOWN]) if wrong else f"{len(wanted)} requests answered as they should be"
        return Measurement(quantity, "1", Interval.exact(len(wrong)), said, (), (after.t, until))

    rows = [
        [list(at), w.name, w.request.hex(), list(w.codes), None if w.data is None else w.data.hex()] for at, w in wanted
    ]
    arguments = {"after": list(after), "wanted": rows, "what": what, "until": until}
    return Observation("answered_so", arguments, quantity, SOURCE, after, look, what)


def lists_agree(codes: Sequence[int], after: Stamp, until: Ns) -> Observation:
    """How many answers about trouble codes contradict the list of all supported ones (0x19 0A): lists by a status mask
    (0x19 02) that hold others than those with one of its bits, counts (0x19 01) that are not their number, another
    status availability mask, a format that is none; and how many of the car's ``codes`` the list does not know."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        window = (after.t, until)
        answers = [
            (a.request.payload, b"" if a.answer is None else a.answer.payload)
            for a in questions(recording, after.early, until)
            if a.request.payload[:1] == bytes((uds.READ_DTCS,))
        ]
        every = next((answer for request, answer in answers if request[1:2] == b"\x0a"), b"")
        status = dtcs(every)
        if status is None:
            return Measurement("status_mismatches", "1", None, "the supported trouble codes were not told", (), window)
        wrong = [f"0x{code:06X} is not among the supported codes" for code in codes if code not in status]
        for request, answer in answers:
            wrong += _contradicts(request, answer, status, every[2])
        said = "; ".join(wrong[:MOST_SHOWN]) or f"{len(answers)} answers about {len(status)} codes agree"
        return Measurement("status_mismatches", "1", Interval.exact(len(wrong)), said, (), window)

    arguments = {"codes": list(codes), "after": list(after), "until": until}
    return Observation(
        "lists_agree", arguments, "status_mismatches", SOURCE, after, look, "lists and numbers of codes agree"
    )


def _contradicts(request: bytes, answer: bytes, status: dict[int, int], available: int) -> list[str]:
    kind = request[1] if len(request) == 3 else 0
    if kind not in (0x01, 0x02):
        return []
    asked = request.hex(" ").upper()
    mask = request[2] & available
    wanted = {code: bits for code, bits in status.items() if bits & mask}
    if kind == 0x02:
        found = dtcs(answer)
        if found is None:
            return [f"{asked}: {uds.answer(answer or None)}"]
        other = [] if answer[2] == available else [_mask(asked, answer[2], available)]
        return other if found == wanted else [*other, f"{asked}: {_listed(found)} where {_listed(wanted)} belong"]
    if answer[:2] != b"\x59\x01" or len(answer) != 6:
        return [f"{asked}: {uds.answer(answer or None)}"]
    wrong = [] if answer[2] == available else [_mask(asked, answer[2], available)]
    if answer[3] not in FORMATS:
        wrong.append(f"{asked}: 0x{answer[3]:02X} is no format of trouble codes")
    count = int.from_bytes(answer[4:], "big")
    return wrong if count == len(wanted) else [*wrong, f"{asked}: {count} codes, and the list has {len(wanted)}"]


def _mask(asked: str, found: int, available: int) -> str:
    return f"{asked}: status availability mask 0x{found:02X}, elsewhere 0x{available:02X}"


def _listed(codes: dict[int, int]) -> str:
    return ", ".join(f"0x{code:06X} 0x{bits:02X}" for code, bits in sorted(codes.items())) or "none"
