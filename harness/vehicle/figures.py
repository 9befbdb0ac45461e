"""The closed table of a unit's nominal figures: what the head unit of a car is built to do.

They are not the judge's limits: a unit built for 800 ms is judged against 800 ms +/- 50 ms, and the two stand in
different places of vehicle.yaml. Units are base units; times are held as integer ns.
"""

from __future__ import annotations

from harness.vehicle.quantities import duration, quantity

TIME, VOLTS, AMPERES, DECIBEL, COUNT, TEXT = "s", "V", "A", "dB", "1", "text"

FIGURES: dict[str, str] = {
    # button
    "press_latency": TIME,
    "chime_latency": TIME,
    "screen_latency": TIME,
    "long_press": TIME,
    "double_press_gap": TIME,
    "debounce_frames": COUNT,
    "stuck_time": TIME,
    "message_timeout_cycles": COUNT,
    "e2e_errors_to_invalid": COUNT,
    "e2e_good_to_valid": COUNT,
    # voice
    "silence_end": TIME,
    "longest_recording": TIME,
    "shortest_recording": TIME,
    "speech_threshold": "dBov",
    "microphone_gain": DECIBEL,
    "playback_gain": DECIBEL,
    "playback_latency": TIME,
    "voice_codec": TEXT,
    "encode_time": TIME,
    "retry_interval": TIME,
    "duck_level": DECIBEL,
    "duck_time": TIME,
    "duck_restore": TIME,
    "idle_to_background": TIME,
    "prompt_time": TIME,
    # login and logout
    "code_validity": TIME,
    "confirm_timeout": TIME,
    "confirm_leave": TIME,
    "login_time": TIME,
    "logout_time": TIME,
    "code_after_network": TIME,
    "code_removed_after_moving": TIME,
    "notice_time": TIME,
    # power and network management
    "boot_cold": TIME,
    "boot_resume": TIME,
    "post_run": TIME,
    "sleep_settle": TIME,
    "first_frame": TIME,
    "sleep_current": AMPERES,
    "standby_current": AMPERES,
    "active_current": AMPERES,
    "voltage_off": VOLTS,
    "voltage_low": VOLTS,
    "voltage_high": VOLTS,
    "voltage_overload": VOLTS,
    "nm_cycle": TIME,
    "nm_timeout": TIME,
    "nm_immediate_cycle": TIME,
    "nm_immediate_count": COUNT,
    "nm_repeat_message": TIME,
    "nm_wait_bus_sleep": TIME,
    "bus_off_recovery": TIME,
    # diagnostics
    "dtc_maturing": TIME,
    "dtc_healing": TIME,
    "dtc_enable_delay": TIME,
    "p2_server": TIME,
    "p2_star_server": TIME,
    "s3_server": TIME,
    "security_delay": TIME,
    "security_attempts": COUNT,
    "security_mask": COUNT,
    # identity
    "serial": TEXT,
    "software": TEXT,
    "hardware": TEXT,
    "part_number": TEXT,
    "language": TEXT,
}


def read_figure(name: str, value: str | int | float) -> int | float | str:
    """The figure ``name`` (a known one): a time in ns, a count as it is, a text, others in base units.

    ValueError, "problem. Remedy", when the unit is missing or another one, or where a unit has no business.
    """
    unit = FIGURES[name]
    if unit == TEXT:
        if not isinstance(value, str):
            raise ValueError("must be a text. Put it in quotes")
        return value
    if unit == COUNT:
        if not isinstance(value, int):
            raise ValueError("must be a whole number. Write it without a unit")
        return value
    return duration(value) if unit == TIME else quantity(value, unit, f"1.5 {unit}")
