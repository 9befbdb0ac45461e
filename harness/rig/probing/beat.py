"""How well the rig keeps the beat of a cyclic frame, and how wide its stamps are, by the echoes of its own frames."""

from __future__ import annotations

from itertools import pairwise

from harness.can.port import Frame, Heard
from harness.foundation.units import MS, Ns, S, show_time
from harness.rig.probing.alone import free_id
from harness.rig.probing.findings import Value, not_measured
from harness.rig.probing.holding import Together

PERIOD: Ns = 10 * MS
BEATS = 200


def beat(rig: Together) -> list[Value]:
    """A frame every 10 ms on every bus at once, for 2 s, by its own echoes."""
    began = {name: len(heard) for name, heard in rig.heard.items()}
    tasks, values = [], []
    frames = {name: Frame(free_id(rig.vehicle.buses[name].database), bytes(8)) for name in rig.held.can}
    for name, can in rig.held.can.items():
        tasks.append(can.cyclic([frames[name]], PERIOD))
    rig.wait(BEATS * PERIOD)
    for task in tasks:
        task.stop()
    rig.wait(100 * MS)
    for name in rig.held.can:
        seen = rig.heard[name][began[name] :]
        own = [h for h in seen if h.kind == "data" and h.own and h.frame is not None and h.frame == frames[name]]
        values += beat_of(f"can/{name}", own, rig.file.model.lateness)
        data = [h for h in seen if h.kind == "data"]
        if data:
            widths = sorted(h.late - h.early for h in data)
            said = f"{len(data)} frames, the widest {show_time(widths[-1])}"
            middle = widths[len(widths) // 2] / S
            values.append(Value(f"can/{name}", "width of a stamp, median", "s", middle, said=said))
        bad = [h.detail for h in seen if h.kind in ("bad", "error")]
        if bad:
            text = f"{len(bad)} error frames or unreadable ones: {bad[0]}. Look at termination and bit rates"
            values.append(Value(f"can/{name}", "errors", "", float(len(bad)), said=bad[0], wrong=text))
    return values


def beat_of(port: str, own: list[Heard], lateness: Ns) -> list[Value]:
    if len(own) < BEATS // 2:
        why = f"{len(own)} of {BEATS} own frames came back: nobody acknowledges while the unit is off (--power)"
        return [not_measured(port, "cycle error", why)]
    pairs = list(pairwise(own))
    errors = sorted(abs(b.t - a.t - PERIOD) for a, b in pairs)
    width = max((b.late - b.t) + (a.t - a.early) for a, b in pairs)
    values = []
    for label, place in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
        error = errors[min(int(place * len(errors)), len(errors) - 1)]
        wrong = ""
        if label == "max" and error - width > lateness:
            wrong = (
                f"a frame of {show_time(PERIOD)} came {show_time(error)} off its time, the rig file allows "
                f"{show_time(lateness)}. Close what loads this computer, or set 'priority'"
            )
        said = f"{len(own)} echoes of a frame every {show_time(PERIOD)}, sent by the keeper"
        low, high = max(error - width, 0) / S, (error + width) / S
        values.append(Value(port, f"cycle error, {label}", "s", error / S, low, high, said, wrong))
    return values
