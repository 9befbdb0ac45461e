"""Trouble codes as the recorded answers tell them: when a status bit came or went, and what it has to be at each stage.

Theory (ISO 14229-1, annex D.2). A status byte is looked up by the unit somewhere between the end of the question and
the start of the answer, so a bit that is there in one answer and was not in the one before came between the two: that
is the interval, and asking more often makes it narrower. The stages are what the bits must be, whatever the monitor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from harness.diag import names as uds
from harness.diag.uds import dtcs, snapshots
from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import MS, Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.conversation import SOURCE, questions
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording

STORED = uds.FAILED | uds.PENDING | uds.CONFIRMED
FAILING = uds.FAILED | uds.FAILED_THIS_CYCLE | uds.PENDING | uds.CONFIRMED | uds.FAILED_SINCE_CLEAR
NEAR: Ns = 300 * MS
"""A snapshot tells the supply as it was when the code matured, give or take a sample of the supply's log."""


class Stage(NamedTuple):
    """Bits that must be set and bits that must not; the others may be either."""

    on: int
    off: int
    about: str


STAGES: dict[str, Stage] = {
    "cleared": Stage(
        uds.NOT_COMPLETED_SINCE_CLEAR | uds.NOT_COMPLETED_THIS_CYCLE,
        STORED | uds.FAILED_THIS_CYCLE | uds.FAILED_SINCE_CLEAR,
        "right after a clear",
    ),
    "passed": Stage(0, 0x7F, "tested, and never failed since the clear"),
    "failing": Stage(FAILING, uds.NOT_COMPLETED_SINCE_CLEAR | uds.NOT_COMPLETED_THIS_CYCLE, "the fault is there"),
    "healed": Stage(
        FAILING & ~uds.FAILED,
        uds.FAILED | uds.NOT_COMPLETED_SINCE_CLEAR | uds.NOT_COMPLETED_THIS_CYCLE,
        "the fault has gone, in the operation cycle in which it was there",
    ),
    "next cycle": Stage(
        uds.PENDING | uds.CONFIRMED | uds.FAILED_SINCE_CLEAR,
        uds.FAILED | uds.FAILED_THIS_CYCLE | uds.NOT_COMPLETED_SINCE_CLEAR | uds.NOT_COMPLETED_THIS_CYCLE,
        "tested without a failure in the operation cycle after",
    ),
    "cycle after": Stage(
        uds.CONFIRMED | uds.FAILED_SINCE_CLEAR,
        uds.FAILED | uds.FAILED_THIS_CYCLE | uds.PENDING | uds.NOT_COMPLETED_SINCE_CLEAR,
        "after a whole operation cycle without a failure",
    ),
    "not tested": Stage(
        uds.PENDING | uds.CONFIRMED | uds.FAILED_SINCE_CLEAR | uds.NOT_COMPLETED_THIS_CYCLE,
        uds.FAILED | uds.FAILED_THIS_CYCLE | uds.NOT_COMPLETED_SINCE_CLEAR,
        "failed in the last operation cycle, and not tested yet in this one",
    ),
    "not failed": Stage(0, uds.FAILED | uds.PENDING | uds.CONFIRMED, "a fault that nobody was to judge"),
}


class Told(NamedTuple):
    """One answer: between ``asked`` and ``answered`` the codes had this status (what is not listed has none)."""

    asked: Stamp
    answered: Stamp
    status: Mapping[int, int]


def told(recording: Recording, start: Ns, stop: Ns) -> list[Told]:
    """Every list of codes with their status that the unit gave within [start, stop]."""
    out = []
    for asked in questions(recording, start, stop):
        if asked.request.payload[:2] not in (b"\x19\x02", b"\x19\x0a") or asked.answer is None:
            continue
        status = dtcs(asked.answer.payload)
        if status is not None:
            out.append(Told(asked.request.last, asked.answer.first, status))
    return out


def changes(name: str, code: int, bit: int, on: bool, after: Stamp, until: Ns, quantity: str) -> Observation:
    """Seconds from ``after`` until ``bit`` of the code was first told to be ``on`` (or off), asked up to ``until``."""
    what = f"{name} (0x{code:06X}) {uds.STATUS_BITS[bit]} {'set' if on else 'clear'}"

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        answers = [t for t in told(recording, after.early, until) if t.asked.t >= after.t]
        before = after
        for answer in answers:
            if bool(answer.status.get(code, 0) & bit) is on:
                latest, earliest = elapsed(after, answer.answered), elapsed(after, before)
                value = Interval(latest.value, max(0.0, earliest.low), latest.high)
                observation.found = answer.answered
                said = f"{what} in the answer of {show_time(answer.answered.t)}"
                return Measurement(quantity, "s", value, said, (), (after.t, answer.answered.t))
            before = answer.asked
        said = f"{what} in none of {len(answers)} answers up to {show_time(until)}"
        return Measurement(quantity, "s", None, said, (), (after.t, until))

    arguments = {"name": name, "code": code, "bit": bit, "on": on, "after": list(after), "until": until}
    sentence = f"{name} {'matures' if on else 'heals'}"
    observation = Observation("changes", arguments, quantity, SOURCE, after, look, sentence)
    return observation


def status_is(name: str, code: int, stage: str, asked: Stamp, until: Ns) -> Observation:
    """How many status bits of the code are wrong for ``stage``, in the first answer after ``asked``."""
    on, off, about = STAGES[stage]

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        window = (asked.t, until)
        answers = told(recording, asked.early, until)
        if not answers:
            return Measurement("status_mismatches", "1", None, "no trouble codes were told", (), window)
        status = answers[0].status.get(code, 0)
        missing, surplus = on & ~status, off & status
        said = f"{name} 0x{status:02X} ({uds.status(status)}): {about}"
        said += f"; missing {uds.status(missing)}" if missing else ""
        said += f"; should be clear {uds.status(surplus)}" if surplus else ""
        wrong = (missing | surplus).bit_count()
        return Measurement("status_mismatches", "1", Interval.exact(wrong), said, (), window)

    arguments = {"name": name, "code": code, "stage": stage, "asked": list(asked), "until": until}
    return Observation("status_is", arguments, "status_mismatches", SOURCE, asked, look, f"{name} is {stage}")


def stored(codes: Mapping[str, int], what: str, asked: Stamp, until: Ns) -> Observation:
    """How many of these codes were pending, confirmed or failing in the first answer after ``asked``."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        window = (asked.t, until)
        answers = told(recording, asked.early, until)
        if not answers:
            return Measurement("dtc_count", "1", None, "no trouble codes were told", (), window)
        found = {code: status for code, status in answers[0].status.items() if status & STORED}
        named = {code: name for name, code in codes.items()}
        there = [f"{named[code]} 0x{status:02X}" for code, status in found.items() if code in named]
        said = ", ".join(there) if there else f"none of {len(codes)} codes"
        return Measurement("dtc_count", "1", Interval.exact(len(there)), said, (), window)

    arguments = {"codes": dict(codes), "what": what, "asked": list(asked), "until": until}
    return Observation("stored", arguments, "dtc_count", SOURCE, asked, look, f"trouble codes {what}")


def snapshot_tells_supply(
    name: str, code: int, identifier: int, lengths: Mapping[int, int], matured: Stamp, asked: Stamp, until: Ns
) -> Observation:
    """Volts by which the supply in the code's snapshot (0.1 V a bit) differs from what the supply read when it
    matured."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        window = (asked.t, until)
        for question in questions(recording, asked.early, until):
            if question.request.payload[:2] == b"\x19\x04" and question.answer is not None:
                for record in snapshots(question.answer.payload, lengths):
                    if record.code == code and identifier in record.data:
                        return _differs(recording, record.data[identifier], matured, window)
        said = f"{name} has no snapshot with the supply in it"
        return Measurement("snapshot_deviation", "V", None, said, (), window)

    arguments = {"name": name, "code": code, "identifier": identifier, "lengths": [list(x) for x in lengths.items()],
                 "matured": list(matured), "asked": list(asked), "until": until}  # fmt: skip
    return Observation(
        "snapshot_tells_supply", arguments, "snapshot_deviation", SOURCE, asked, look, f"{name} has a snapshot"
    )


def forgotten(name: str, code: int, asked: Stamp, until: Ns) -> Observation:
    """1 where the code still has a snapshot in the first answer after ``asked``, 0 where it has none any more."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        window = (asked.t, until)
        for question in questions(recording, asked.early, until):
            answer = question.answer
            if question.request.payload[:5] == b"\x19\x04" + code.to_bytes(3, "big") and answer is not None:
                kept = answer.payload[6:] if answer.payload[:2] == b"\x59\x04" else b""
                said = f"{name} has a snapshot: {kept[:8].hex(' ').upper()}" if kept else f"{name} has no snapshot"
                return Measurement("status_mismatches", "1", Interval.exact(bool(kept)), said, (), window)
        return Measurement("status_mismatches", "1", None, "no snapshot was asked for", (), window)

    arguments = {"name": name, "code": code, "asked": list(asked), "until": until}
    return Observation("forgotten", arguments, "status_mismatches", SOURCE, asked, look, f"{name}'s snapshot is gone")


def _differs(recording: Recording, data: bytes, matured: Stamp, window: tuple[Ns, Ns]) -> Measurement:
    told_volts = int.from_bytes(data, "big") / 10
    readings = recording.supply(matured.early - NEAR, matured.late + NEAR)
    if not readings:
        return Measurement("snapshot_deviation", "V", None, "no reading of the supply", (), window)
    near = min(readings, key=lambda r: abs(r.volts - told_volts))
    off, within = abs(near.volts - told_volts), near.volts_within
    value = Interval(off, max(off - within, 0.0), off + within)
    said = f"the snapshot says {told_volts:g} V, the supply read {near.volts:.2f} V"
    return Measurement("snapshot_deviation", "V", value, said, (), window)
