"""Every figure of the unit, drawn anew from where the requirements leave room."""

from __future__ import annotations

import random

from harness.foundation.units import MS, Ns, S
from harness.headunit.blueprint import Blueprint, Change, set_figure, together
from harness.headunit.decoration import THEMES

AROUND: dict[str, tuple[int, int]] = {
    "long_press": (-32, 0),  # BTN-02: +/- 50 ms until the bus says so, less a cycle
    "double_press_gap": (-4, 4),
    "silence_end": (-160, 300),  # MSG-03: -0.3/+0.7 s, less two steps and the tone
    "longest_recording": (-200, 100),
    "confirm_leave": (-40, 40),  # OUT-10: +/- 100 ms, less a cycle of the seat
}
"""Milliseconds beside the car's own figure, where each car has a limit of its own."""
PERCENT: dict[str, tuple[int, int]] = {
    "press_latency": (50, 150),
    "chime_latency": (42, 140),  # BTN-01: 250 ms with debouncing and a cycle
    "screen_latency": (40, 170),
    "encode_time": (50, 260),  # MSG-04
}
"""Of the car's own figure, which goes with its debouncing and its cycle times."""
MILLISECONDS: dict[str, tuple[int, int]] = {
    "end_tone_latency": (20, 160),
    "playback_latency": (80, 330),  # MSG-06: 500 ms from the press
    "duck_time": (50, 200),
    "duck_restore": (100, 350),
    "prompt_time": (6_000, 9_000),
    "idle_to_background": (2_500, 4_700),  # MSG-12
    "record_before_chime_end": (10, 90),
    "record_after_speech": (300, 800),
    "code_margin": (1_200, 4_500),  # QR-03: replaced before it is dead, not earlier than 5 s before
    "login_time": (100, 1_400),
    "logout_time": (100, 900),
    "code_after_network": (200, 2_500),
    "code_removed_after_moving": (50, 350),
    "notice_time": (2_500, 4_500),
    "boot_cold": (2_500, 7_500),
    "boot_resume": (800, 3_500),
    "post_run": (10_000, 20_000),
    "sleep_settle": (100, 2_000),
    "retry_interval": (600, 1_500),
    "bus_off_recovery": (100, 600),
}
NUMBERS: dict[str, tuple[float, float]] = {
    "duck_level": (-26.0, -16.0),
    "media_volume": (-12.0, 0.0),
    "chime_level": (-3.0, 1.0),
    "end_tone_level": (-3.0, 1.0),
    "sleep_current": (0.0008, 0.0028),
    "active_current": (1.2, 2.6),
    "standby_current": (0.2, 0.5),
}


def beside(name: str, offset: Ns) -> Change:
    """Move a figure by ``offset`` ns from what the car says."""

    def change(base: Blueprint) -> Blueprint:
        return set_figure(name, base.figures[name] + offset)(base)

    return change


def share(name: str, percent: int) -> Change:
    """A figure as so many hundredths of what the car says."""

    def change(base: Blueprint) -> Blueprint:
        return set_figure(name, base.figures[name] * percent // 100)(base)

    return change


def drawn(rng: random.Random) -> Change:
    changes = [beside(name, rng.randint(low, high) * MS) for name, (low, high) in AROUND.items()]
    changes += [share(name, rng.randint(low, high)) for name, (low, high) in PERCENT.items()]
    changes += [set_figure(name, rng.randint(low, high) * MS) for name, (low, high) in MILLISECONDS.items()]
    changes += [set_figure(name, round(rng.uniform(low, high), 4)) for name, (low, high) in NUMBERS.items()]
    changes += [
        set_figure("theme", rng.randrange(len(THEMES))),
        set_figure("language", rng.choice(("zh", "en"))),
        set_figure("ear_step", rng.choice((20, 25, 40)) * MS),
        set_figure("confirm_margin", rng.randint(1, 15) * S // 10),
    ]
    return together(*changes)
