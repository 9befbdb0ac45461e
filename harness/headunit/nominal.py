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
from harness.headunit.usual import USUAL

if TYPE_CHECKING:
    from harness.vehicle.vehicle import Vehicle

FIGURES: dict[str, Any] = {
    # what a car's ``unit`` may say otherwise, and one of the four cars at least does not
    "long_press": 800 * MS,
    "double_press_gap": 400 * MS,
    "debounce_frames": 2,
    "stuck_time": 10 * S,
    "voice_codec": "opus",
    "nm_immediate_cycle": 20 * MS,
    "nm_immediate_count": 0,
    "nm_repeat_message": 0,
    "nm_wait_bus_sleep": 0,
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
    """The unit as ``vehicle`` describes it: its figures over the usual ones, its table of gestures."""
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
        figures={**USUAL, **FIGURES, **vehicle.unit},
        gestures=vehicle.gestures,
        ram={**dtc.RAM, **uds_security.RAM},
        flash={**dtc.FLASH, **uds_security.FLASH, "did_written": {}},
    )
    return network_management.fitted(base, vehicle)
