"""The rows: for each limit that a figure or a small tap moves, what moves it; for each other one, why none does."""

from __future__ import annotations

from harness.foundation.units import S
from harness.headunit import edge_changes as to
from harness.headunit.blueprint import Change, Wrapper, tap, wrap
from harness.headunit.defects.filters import amplified, closes_early, later_by, opens_late, said, sound_later, speech
from harness.headunit.edges import FIGURE, NOTHING, Moved, Row, add

BUS = ("reaches", "says")
SEEN = ("reaches_seen", "says_seen", "shows")
WHEEL = ("wheel.messaging",)
POLLED = 0.12
"""Seconds from one answer of a tester, or reading of the supply, to the next, and a little."""
RAMP = 1.14
"""Music is back, to 1 dB, after so much less than all of its ramp."""
AWAY = add("code_removed_after_moving")
"""What comes on the screen in the place of a code."""
PRESS, CHIME, SCREEN = add("press_latency"), add("chime_latency"), add("screen_latency")


def late(action: str) -> Moved:
    """``action`` comes later by the amount, s."""
    return lambda amount: wrap(action, _later(amount))


def sound_late(name: str) -> Moved:
    """The sound ``name`` comes later by the amount, s."""
    return lambda amount: tap("mouth", sound_later(name, round(amount * S)))


def _later(amount: float) -> Wrapper:
    return later_by(round(amount * S))


def _speech_level(amount: float) -> Change:
    return tap("ear", speech(amplified(amount)))


def _counted(limit: str, defect: str, right: float = 0.0, side: str = "high") -> Row:
    """A count that the right unit has on the limit, and a seeded defect beyond it."""
    return Row(limit, to.seeded(defect, right), f"the defect {defect}", start=NOTHING, whole=True, sides=(side,))


def _press_rows(limit: str, *, chime: bool = False) -> tuple[Row, ...]:
    """The answer to a press, by each witness."""
    found = (
        Row(limit, PRESS, "the reaction on the bus", BUS, "bus"),
        Row(limit, SCREEN, "the answer of the screen", SEEN, "screen"),
    )
    return (*found, Row(limit, CHIME, "the chime", ("plays",), "chime")) if chime else found


ROWS = (
    *_press_rows("BTN-01.latency", chime=True),
    Row("BTN-02.long_press", add("long_press"), "the long-press time", ("reaches", "reaches_seen"), room=0.002),
    *_press_rows("BTN-02.latency"),
    Row("BTN-03.double_press_gap", add("double_press_gap"), "the double-press gap", start=FIGURE,
        figure="double_press_gap", room=0.002, roles=WHEEL),
    Row("BTN-04.debounce_frames", add("debounce_frames"), "the debounce count", start=FIGURE,
        figure="debounce_frames", whole=True),
    *_press_rows("BTN-04.latency"),
    Row("BTN-05.stuck_time", add("stuck_time"), "the stuck time", ("changes",), room=POLLED),
    *_press_rows("BTN-05.latency"),
    Row("BTN-05.dtc_healing", add("dtc_healing"), "the time a code needs to heal", ("changes",), room=POLLED),
    *_press_rows("BTN-06.latency"),
    Row("BTN-06.dtc_maturing", add("dtc_maturing"), "the time a code needs to mature", ("changes",), room=POLLED),
    Row("BTN-06.dtc_healing", add("dtc_healing"), "the time a code needs to heal", ("changes",), room=POLLED),
    Row("BTN-07.dtc_maturing", add("dtc_maturing"), "the time a code needs to mature", ("changes",), room=POLLED),
    Row("BTN-07.dtc_healing", add("dtc_healing"), "the time a code needs to heal", ("changes",), room=POLLED),
    Row("BTN-09.sleep_current", add("sleep_current"), "the current asleep", room=0.00005),
    Row("BTN-11.latency", CHIME, "the chime", ("latency",), "chime"),
    *_press_rows("BTN-12.latency", chime=True),
    *_press_rows("CALL-01.latency"),
    Row("CALL-01.latency", sound_late("ring"), "the ring", ("plays",), "ring"),
    Row("CALL-01.latency", late("answer_call"), "the call's being taken", ("call_is",), "answer"),
    Row("CALL-01.latency_after_network", to.hung_up_late, "the hanging-up's way to the service", start=NOTHING,
        room=0.1),
    Row("CALL-01.rings_again", to.next_ring, "the time from ring to ring", ("plays",)),
    Row("CALL-02.latency", SCREEN, "the answer of the screen", SEEN, "screen"),
    Row("CALL-02.latency", sound_late("ring"), "the ring", ("plays",), "ring"),
    Row("CALL-02.latency", late("answer_call"), "the call's being taken", ("call_is",), "answer"),
    Row("CALL-03.delay", add("talk_work"), "the work on a packet of the microphone", ("added_delay",), "microphone"),
    Row("CALL-03.delay", add("talk_buffer"), "the buffer of what the friend says", ("added_delay",), "buffer"),
    Row("CALL-04.latency", PRESS, "the reaction on the bus", BUS, "bus", only=True),
    Row("CALL-04.latency", SCREEN, "the answer of the screen", SEEN, "screen", only=True),
    Row("DIA-01.latency", add("p2_server", 2.0), "the time for an answer", ("response_time",)),
    Row("DIA-01.dtc_maturing", add("dtc_maturing"), "the time a code needs to mature", ("changes",), room=POLLED),
    Row("DIA-01.dtc_healing", add("dtc_healing"), "the time a code needs to heal", ("changes",), room=POLLED),
    Row("DIA-01.dtc_enable_delay", add("dtc_enable_delay"), "the delay before codes are stored", ("changes",),
        room=POLLED),
    Row("DIA-02.latency", add("p2_server", 2.0), "the time for an answer", ("response_time",)),
    Row("DIA-03.security_attempts", add("security_attempts"), "the number of keys", ("keys_until_locked",),
        whole=True),
    Row("DIA-03.security_delay", add("security_delay"), "the lock's time", ("stays_locked",), room=POLLED),
    Row("DRV-06.latency", SCREEN, "the leaving of a page", ("leaves",), "page"),
    Row("DRV-06.latency", add("code_removed_after_moving"), "the leaving of the code", ("code_gone",), "code"),
    Row("DRV-06.standstill", to.standing, "the time for which the car has to stand"),
    Row("MSG-01.onset_loss", lambda x: tap("ear", speech(opens_late(round(x * S)))), "the speech lost at the start",
        start=NOTHING, room=0.02),
    Row("MSG-01.end_loss", lambda x: tap("ear", speech(closes_early(round(x * S)))), "the speech lost at the end",
        start=NOTHING, room=0.02),
    Row("MSG-02.level_change", _speech_level, "the level of what is sent", room=0.05),
    Row("MSG-03.silence_end", add("silence_end"), "the silence that ends a recording", ("plays",), room=0.045),
    Row("MSG-03.longest_recording", add("longest_recording"), "the longest recording", ("plays",), room=0.045),
    Row("MSG-04.latency", add("encode_time"), "the time for coding", ("arrives",)),
    Row("MSG-04.latency_after_network", late("send_head"), "the sending", ("arrives",)),
    Row("MSG-05.latency", late("announce"), "the announcement"),
    Row("MSG-06.latency", add("playback_latency"), "the beginning of playback", ("plays_speech",)),
    Row("MSG-08.latency", add("duck_restore", RAMP), "the music's return", ("returns",), "music", room=0.04),
    Row("MSG-08.latency", add("playback_latency"), "the beginning of playback", ("plays_speech",), "message"),
    Row("MSG-08.duck_depth", add("duck_level", -1.0), "the depth to which music is lowered", ("gives_way",), room=0.1),
    Row("MSG-08.latency_source", to.silent_late, "the word that nothing sounds", BUS),
    Row("MSG-12.latency", add("sending_shown"), "the time to the background",
        ("says", "reaches", "shows", "says_seen", "messaging_leaves")),
    Row("MSG-13.latency", late("set_destination"), "the new destination"),
    Row("NET-01.changes_repeated", to.repeated, "repetitions that are saved", start=NOTHING, whole=True,
        sides=("low",)),
    Row("NET-01.first_votes", add("nm_immediate_cycle", 1 / 3), "the time between the first votes", ("first_votes",)),
    Row("NET-02.latency", add("bus_off_recovery"), "the return from bus-off", ("returns",), room=0.11),
    *_press_rows("NET-03.latency"),
    Row("NET-03.logout_latency", add("logout_time"), "the time to log out"),
    Row("OUT-01.latency", add("logout_time"), "the time to log out", (*BUS, *SEEN), "erased"),
    Row("OUT-01.latency", add("confirm_leave"), "the confirm time", way="confirmed"),
    Row("OUT-03.confirm_leave", add("confirm_leave"), "the confirm time", start=FIGURE, figure="confirm_leave",
        room=0.102, roles=("seat.driver",), sides=("low",)),
    Row("OUT-04.latency", add("logout_time"), "the time to log out", (*BUS, *SEEN)),
    Row("OUT-06.latency", late("fetch_code"), "the next driver's code", ("code_shown",), room=0.12),
    Row("OUT-07.latency", add("boot_cold"), "the start", room=1.2),
    Row("OUT-08.latency", add("logout_time"), "the time to log out", (*BUS, *SEEN)),
    Row("OUT-09.latency", add("logout_time"), "the time to log out", (*BUS, *SEEN)),
    Row("OUT-10.latency", late("fetch_code"), "the code for who comes back late", ("code_shown",), room=0.12),
    Row("OUT-10.confirm_leave", add("confirm_leave"), "the confirm time", start=FIGURE, figure="confirm_leave",
        room=0.102, roles=("seat.driver",), sides=("low",)),
    Row("PWR-02.voltage_off", add("voltage_off"), "the voltage from which the unit runs", room=0.08),
    Row("PWR-02.voltage_low", add("voltage_low"), "the lower end of the range", room=0.08),
    Row("PWR-02.voltage_high", add("voltage_high"), "the upper end of the range", room=0.08),
    Row("PWR-02.latency", add("boot_cold"), "the start after a loss of supply", ("says", "says_seen")),
    Row("PWR-02.press_latency", PRESS, "the reaction on the bus", BUS, "bus"),
    Row("PWR-02.press_latency", SCREEN, "the answer of the screen", SEEN, "screen"),
    Row("PWR-03.latency", add("sleep_settle"), "the time until the current has fallen", ("falls_below",), room=POLLED),
    Row("PWR-03.sleep_current", add("sleep_current"), "the current asleep", room=0.00005),
    Row("PWR-03.standby_current", add("standby_current"), "the current standing by", room=0.005),
    Row("PWR-03.active_current", add("active_current"), "the current at work", room=0.03),
    Row("PWR-04.latency", add("boot_cold"), "the cold start", (*BUS, "reaches_seen", "says_seen", "code_shown")),
    Row("PWR-04.latency_resume", add("boot_resume"), "the resume"),
    Row("QR-01.latency", add("boot_cold"), "the cold start"),
    Row("QR-01.latency_resume", late("fetch_code"), "the code after a resume", room=0.12),
    Row("QR-02.latency", add("login_time"), "the time to log in", (*BUS, *SEEN)),
    Row("QR-03.code_validity", add("code_margin", -1.0), "the time until a code is replaced", ("code_shown",)),
    Row("QR-05.latency", AWAY, "the screen's word on a refusal", ("shows",)),
    Row("QR-05.confirm_timeout", add("confirm_margin", -1.0), "the time to confirm", ("shows",), "early",
        sides=("low",)),
    Row("QR-05.confirm_timeout", SCREEN, "the screen's word on its end", ("shows",), "late", sides=("high",)),
    Row("QR-07.latency", add("code_after_network"), "the code after the network", ("code_shown",), "code"),
    Row("QR-07.latency", add("code_removed_after_moving"), "the dead code's leaving", ("code_gone", "shows"), "gone"),
    Row("QR-07.latency_cold", add("boot_cold"), "the cold start"),
    Row("QR-08.latency", add("code_removed_after_moving"), "the code's leaving", ("code_gone",)),
    Row("QR-09.latency", add("logout_time"), "the time to log out", (*BUS, *SEEN)),
    Row("BTN-03.identity", to.alike, "noise on what is played", start=NOTHING, room=0.03, sides=("low",)),
    Row("BTN-11.latency_growth", to.slowing_chime, "the chime, later each time", ("latency_growth",)),
    Row("DRV-05.list_items", to.listing, "the list of contacts", start=NOTHING, whole=True),
    Row("MSG-02.snr", to.noisy, "noise on what is sent", start=NOTHING, room=2.0),
    Row("MSG-02.gaps", lambda x: tap("ear", speech(to.with_gaps(x))), "a gap of 40 ms", start=NOTHING, whole=True,
        sides=("high",)),
    Row("MSG-02.drift", to.drifting, "the microphone's clock", start=NOTHING, room=5.0),
    Row("MSG-02.slips", to.slipping, "5 ms left out", start=NOTHING, whole=True, sides=("high",)),
    Row("MSG-06.identity", to.alike, "noise on what is played", start=NOTHING, room=0.03),
    Row("MSG-06.gaps", lambda x: tap("mouth", said(to.with_gaps(x))), "a gap of 40 ms", start=NOTHING, whole=True,
        sides=("high",)),
    Row("MSG-06.distortion", to.distorted, "the amplifier's third harmonic", start=NOTHING, room=0.5),
    Row("MSG-06.response", to.coloured, "the treble of playback", start=NOTHING, room=0.3),
    Row("MSG-07.channel_separation", to.leaking, "a message heard behind", start=NOTHING, room=0.5),
    Row("MSG-08.level_change", to.music_after, "the music after a message", room=0.1),
    Row("MSG-09.identity", to.alike, "noise on what is played", start=NOTHING, room=0.03),
    Row("NET-01.cycle_within_10_percent", to.uneven, "frames that come late", start=NOTHING, room=0.34),
    Row("OUT-08.latency_after_network", to.told_late, "the logout's way to the service"),
    _counted("BTN-05.dtc_count", "btn-05-two-codes", 1.0),
    _counted("CALL-02.with_picture", "call-02-taken-with-picture"),
    _counted("CALL-04.delivered", "call-04-half-sent"),
    _counted("DIA-01.identification_mismatches", "dia-01-session-not-told"),
    _counted("DIA-01.status_mismatches", "dia-01-pending-for-ever"),
    _counted("DIA-02.response_mismatches", "dia-02-any-session"),
    _counted("DIA-03.access_mismatches", "dia-03-old-key-opens"),
    _counted("DIA-03.canaries", "dia-03-account-readable"),
    _counted("DRV-01.found", "drv-01-keyboard-in-contacts"),
    Row("DRV-02.found", to.reachable("transfer"), "a transfer behind a button", start=NOTHING, whole=True,
        sides=("high",)),
    Row("DRV-03.found", to.reachable("moments"), "moments behind a button", start=NOTHING, whole=True,
        sides=("high",)),
    _counted("DRV-06.found", "drv-06-settings-open-while-driving"),
    _counted("MSG-04.delivered", "msg-04-doubled-after-drop", 1.0),
    _counted("MSG-09.count_difference", "msg-09-counter-never-falls"),
    _counted("OUT-07.reported_wrongly", "out-07-reported-though-sent"),
    _counted("PWR-03.vote_mismatches", "pwr-03-asks-to-repeat"),
    _counted("NET-01.counter_errors", "net-01-counter-stands"),
    _counted("NET-01.checksum_errors", "net-01-checksum-wrong"),
    _counted("NET-02.error_frames", "net-02-disturbs-after-bus-off"),
    _counted("QR-06.canaries", "qr-06-account-in-code"),
    _counted("QR-06.place", "qr-06-without-encryption", 100.0, "low"),
    _counted("QR-10.canaries", "qr-10-token-on-console"),
)  # fmt: skip

OF_THE_RIG = "says how hard the scenario tries, and moves with no unit"
PICTURE = "how bad a picture may be is measured in steps: a row would need a picture that is as bad as the step before"
COUNTED = "a count or share whose seeded defects the matrix shows: none of them is one step beyond"
BY_SEARCH = "no amount leads to it by calculation: it would have to be searched for, by the judge that it is to try"

UNMOVED: dict[str, str] = {
    **dict.fromkeys(
        ("DRV-01.depth", "DRV-01.coverage", "DRV-02.coverage", "DRV-03.coverage",
         "NET-03.bus_load", "OUT-07.cut_spacing", "PWR-01.profile_deviation", "QR-06.shown", "BTN-06.heal_time",
         "PWR-02.voltage_overload"), OF_THE_RIG),
    **dict.fromkeys(
        ("QR-01.readable", "QR-01.bears_blur", "QR-01.bears_tilt", "QR-01.bears_moire", "QR-01.bears_low_light",
         "QR-01.bears_noise", "QR-01.bears_dimming", "DRV-04.content_shown", "MSG-05.content_shown",
         "MSG-13.place_shown"), PICTURE),
    **dict.fromkeys(
        ("BTN-11.answered", "CALL-02.motion", "CALL-03.gaps", "CALL-04.as_the_table", "DIA-03.unlock_failures",
         "DRV-05.list_depth",
         "DRV-05.characters", "MSG-02.clipping", "MSG-04.reordered", "MSG-09.reordered",
         "NET-01.cycle_within_50_percent",
         "OUT-05.canaries", "OUT-06.session", "OUT-07.half_states", "OUT-07.kept",
         "OUT-07.delivered_wrongly",
         "PWR-01.dtc_count", "QR-03.accepted", "QR-04.accepted", "QR-06.distinct",
         "QR-06.bits", "QR-06.bias"), COUNTED),
    **dict.fromkeys(
        ("CALL-03.stoi", "MSG-02.stoi", "MSG-02.stoi_narrow", "MSG-02.stoi_drop", "MSG-06.identity_ratio",
         "MSG-06.stoi", "MSG-11.stoi",
         "DIA-01.snapshot_deviation"), BY_SEARCH),
    "BTN-07.rest": "the unit counts it in stuck times: a row would move those, too",
    "BTN-03.latency": "a unit that answers so late has not yet told of the first press when the second comes",
    "OUT-02.latency": "the session is never gone: a unit would have to lose it and find it again",
}  # fmt: skip
"""Limits that no row moves, and why."""
