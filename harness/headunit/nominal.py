"""The right unit of a car: every table, every action, and the figures the car says it is built to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.foundation.units import MS, S
from harness.headunit import (
    call,
    driving,
    dtc,
    gestures,
    intake,
    messaging,
    mixer,
    network_management,
    phone_call,
    power,
    presence,
    screens,
    session,
    uds_data,
    uds_security,
    uds_services,
    voice,
    wheel_events,
)
from harness.headunit.blueprint import Action, Blueprint

if TYPE_CHECKING:
    from harness.vehicle.vehicle import Vehicle

FIGURES: dict[str, Any] = {
    # what a car's ``unit`` may say otherwise
    "press_latency": 20 * MS,
    "chime_latency": 110 * MS,
    "screen_latency": 100 * MS,
    "long_press": 800 * MS,
    "double_press_gap": 400 * MS,
    "debounce_frames": 2,
    "stuck_time": 10 * S,
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
    "voice_codec": "opus",
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
    "voltage_overload": 18.0,
    "nm_cycle": 500 * MS,
    "nm_timeout": 2 * S,
    "nm_immediate_cycle": 20 * MS,
    "nm_immediate_count": 0,
    "nm_repeat_message": 0,
    "nm_wait_bus_sleep": 0,
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
    # what is this unit's own affair
    "voltage_reset": 6.0,
    "first_frame": 400 * MS,
    "screen_wakes": 0,  # after the start began, at the earliest
    "sleep_settle": 500 * MS,
    "clock_drift": 0.0,  # ppm that its timers and cycles last longer
    "sample_drift": 0.0,  # ppm that its converters are fast
    "record_before_chime_end": 40 * MS,
    "record_after_speech": 400 * MS,
    "ear_step": 40 * MS,
    "end_tone_latency": 60 * MS,
    "sending_shown": 4 * S,
    "ring_period": 2 * S,
    "call_media": "voice",
    "talk_work": 5 * MS,
    "talk_buffer": 20 * MS,
    "between_prompts": 600 * MS,
    "code_margin": 3 * S,
    "confirm_margin": 500 * MS,
    "chime_level": 0.0,
    "end_tone_level": 0.0,
    "media_volume": -6.0,
    "ducks_in": mixer.DUCKING,
    "theme": 0,
    "button_order": "table",
    "vin": "",
    "key": "unit key",
    "isotp_block_size": 0,
    "isotp_stmin": 0,
    "isotp_longest": 4095,
    "slow_service": 120 * MS,
    "uds_services": uds_services.SERVICES,
    "did_access": uds_data.ACCESS,
}
ONE_STATE = "on"


def base_blueprint(vehicle: Vehicle) -> Blueprint:
    """The unit as ``vehicle`` describes it: its figures over the ones above, its table of gestures."""
    actions: dict[str, Action] = {}
    parts = (
        power, gestures, wheel_events, voice, call, session, messaging, driving, presence, dtc, screens, intake,
        uds_security,
    )  # fmt: skip
    for part in parts:
        actions.update(part.ACTIONS)
    base = Blueprint(
        tables={
            "power": power.TABLE,
            "car": intake.TABLE,
            "driving": driving.TABLE,
            "button": {**gestures.TABLE, **wheel_events.TABLE},
            "session": session.TABLE,
            "outbox": messaging.TABLE,
            "voice": {**voice.TABLE, **phone_call.rows(vehicle.phone_call)},
            "faults": dtc.TABLE,
            "pages": screens.TABLE,
            "security": uds_security.TABLE,
        },
        initial={
            "power": power.OFF,
            "car": ONE_STATE,
            "driving": "MOVING",  # until somebody says otherwise
            "button": wheel_events.first_state(vehicle.role("wheel.messaging").event is None),
            "session": session.NONE,
            "outbox": messaging.IDLE,
            "voice": voice.IDLE,
            "faults": ONE_STATE,
            "pages": ONE_STATE,
            "security": ONE_STATE,
        },
        actions=actions,
        figures={**FIGURES, **vehicle.unit},
        gestures=vehicle.gestures,
        ram={**dtc.RAM, **uds_security.RAM},
        flash={**dtc.FLASH, **uds_security.FLASH, "did_written": {}},
    )
    return network_management.fitted(base, vehicle)
