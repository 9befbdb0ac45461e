"""What a unit is built to where its car does not say.

A car that was just drawn up from logs or databases says few figures, and shall run all the same. The four cars of this
project say each of these, so none of their units is built with any: what stands here is tried by a test of its own.
"""

from __future__ import annotations

from typing import Any

from harness.foundation.units import MS, S

USUAL: dict[str, Any] = {
    "press_latency": 20 * MS,
    "chime_latency": 110 * MS,
    "screen_latency": 100 * MS,
    "message_timeout_cycles": 5,
    "e2e_errors_to_invalid": 3,
    "e2e_good_to_valid": 3,
    "silence_end": 2 * S,
    "longest_recording": 60 * S,
    "shortest_recording": 300 * MS,
    "speech_threshold": -50.0,
    "microphone_gain": 0.0,
    "playback_gain": 0.0,
    "playback_latency": 200 * MS,
    "encode_time": 150 * MS,
    "retry_interval": 1 * S,
    "duck_level": -20.0,
    "duck_time": 100 * MS,
    "duck_restore": 300 * MS,
    "idle_to_background": 4 * S,
    "prompt_time": 8 * S,
    "code_validity": 300 * S,
    "confirm_timeout": 60 * S,
    "confirm_leave": 2 * S,
    "login_time": 500 * MS,
    "logout_time": 300 * MS,
    "code_after_network": 1 * S,
    "code_removed_after_moving": 150 * MS,
    "notice_time": 4 * S,
    "boot_cold": 4 * S,
    "boot_resume": 1500 * MS,
    "post_run": 15 * S,
    "sleep_current": 0.002,
    "standby_current": 0.35,
    "active_current": 1.8,
    "voltage_off": 6.5,
    "voltage_low": 9.0,
    "voltage_high": 16.0,
    "nm_cycle": 500 * MS,
    "nm_timeout": 2 * S,
    "bus_off_recovery": 200 * MS,
    "dtc_maturing": 500 * MS,
    "dtc_healing": 1 * S,
    "dtc_enable_delay": 3 * S,
    "p2_server": 50 * MS,
    "p2_star_server": 5 * S,
    "s3_server": 5 * S,
    "security_delay": 10 * S,
    "security_attempts": 3,
    "security_mask": 0,
    "serial": "HU-0",
    "software": "1.0.0",
    "hardware": "H01",
    "part_number": "",
    "language": "zh",
}
