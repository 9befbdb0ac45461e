"""Buses as the recording shows them: how loaded they were, which error frames there were, when the unit was back."""

from __future__ import annotations

from harness.can.timing import INTERMISSION, Timing
from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.cyclic import own_messages
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import frame_ref, stamp_of

SOURCE = "role/head_unit.alive"


def load(recording: Recording, bus: str, start: Ns, stop: Ns) -> float:
    """Share of [start, stop] in which the bus was busy: each frame with its bits, stuffing and the pause after it."""
    of = recording.vehicle.buses[bus]
    timing = Timing(of.bitrate, of.data_bitrate)
    pause = timing.bits(INTERMISSION)
    frames = [h.frame for h in recording.everything(bus, start, stop) if h.kind == "data" and h.frame is not None]
    busy = sum(timing.duration(frame) + pause for frame in frames)
    return min(1.0, busy / max(1, stop - start))


def returns(after: Stamp, watch: Ns) -> Observation:
    """Seconds from ``after`` (the end of a short) until the unit has sent on every bus on which it sends; the slowest
    bus counts."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        end = after.late + watch
        back, refs = [], []
        for bus in sorted({own.bus for own in own_messages(recording)}):
            own = [o for o in own_messages(recording) if o.bus == bus and not o.may_rest]
            first = [f[0] for o in own if (f := recording.frames(bus, o.message.key, after.early, end))]
            if first:
                heard = min(first, key=lambda h: h.t)
                back.append((elapsed(after, stamp_of(heard)), bus))
                refs.append(frame_ref(bus, heard))
            elif recording.seen_to(f"can/{bus}") < end:
                return Undecided(end)
            elif own:
                return Measurement("latency", "s", None, f"nothing on {bus} to {show_time(end)}", (), (after.t, end))
        if not back:
            return Measurement("latency", "s", None, "the unit has no cyclic message", (), (after.t, end))
        slowest, bus = max(back)
        return Measurement("latency", "s", slowest, f"back on {bus} last", tuple(refs), (after.t, end))

    arguments = {"after": list(after), "watch": watch}
    return Observation("returns", arguments, "latency", SOURCE, after, look, "the unit is back on the bus")


def error_frames(after: Stamp, watch: Ns) -> Observation:
    """How many error frames there were on all buses within ``watch``."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        end = after.late + watch
        if any(recording.seen_to(f"can/{bus}") < end for bus in recording.vehicle.buses):
            return Undecided(end)
        found = [
            (bus, h) for bus in recording.vehicle.buses for h in recording.everything(bus, after.late, end)
            if h.kind == "error"
        ]  # fmt: skip
        said = f"{len(found)} error frames, first on {found[0][0]} at {show_time(found[0][1].t)}" if found else "none"
        return Measurement("error_frames", "1", Interval.exact(len(found)), said, (), (after.t, end))

    arguments = {"after": list(after), "watch": watch}
    return Observation("error_frames", arguments, "error_frames", SOURCE, after, look, "error frames")
