"""The wheel button: presses and what is none."""

from __future__ import annotations

import pytest

from harness.can.port import Frame
from harness.foundation.units import MS, S


@pytest.fixture
def ready(car):
    car.log_in()
    return car


def send_raw(car, state, *, counter=None, spoil=False):
    """One wheel frame outside the cycle; returns the counter it carried."""
    role = car.vehicle.role("wheel.messaging")
    key = (role.bus, role.message.name)
    protector = car._protectors[key]
    counter = car.counter[key] if counter is None else counter
    data = role.message.encode_raw({role.signal.name: role.raw(state)}, start=car.payload[key])
    data = protector.apply(data, counter)
    if spoil:
        data = protector.spoil(data)
    car.counter[key] = protector.next_counter(counter)
    car.ports[role.bus].send(Frame(role.message.id, data))
    return counter


def test_a_press_listens_with_chime_bus_and_screen(ready):
    began = ready.press()
    ready.run(300 * MS)
    t, _ = next(x for x in ready.history("head_unit.app") if x[1] == "listening")
    assert t - began <= 250 * MS
    heard = ready.audio.heard("amp.front_left", began, began + 250 * MS)
    assert not heard.silent
    shown = [p.stamp.t for p in ready.screen.frames(began, began + 250 * MS)]
    assert len(shown) == 2


def test_the_chime_begins_90_to_140_ms_after_the_debounced_press(ready):
    began = ready.press()
    ready.run(400 * MS)
    pressed = ready.unit.ram.button.pressed_at
    samples = ready.audio.heard("amp.front_left", began, ready.clock.now()).samples
    first = began + int(abs(samples).astype(bool).argmax()) * S // 48_000
    assert 90 * MS <= first - pressed - 20 * MS <= 140 * MS


@pytest.mark.parametrize(("hold", "undone"), [(740, False), (760, False), (860, True)])
def test_a_long_press_undoes_and_a_shorter_one_does_not(ready, hold, undone):
    ready.press(hold * MS)
    ready.run(150 * MS)
    assert (ready.state("voice") == "idle") is undone


@pytest.mark.parametrize(("gap", "double"), [(200, True), (380, True), (460, False)])
def test_two_presses_within_the_gap_replay(ready, gap, double):
    ready.contact.send_voice("li.wei", ready.say(1.0), 48_000)
    ready.run(300 * MS)
    ready.until(lambda: ready.state("voice") == "prompt")
    ready.until(lambda: ready.state("voice") == "idle", 20 * S)
    ready.press(100 * MS)
    ready.run(gap * MS)
    ready.press(100 * MS)
    ready.run(100 * MS)
    assert (ready.state("voice") == "playing") is double


def test_one_frame_is_no_press(ready):
    ready.press(20 * MS)
    ready.run(300 * MS)
    assert ready.state("voice") == "idle"
    ready.press(40 * MS)
    ready.run(300 * MS)
    assert ready.state("voice") == "listening"


def test_a_stuck_button_is_ignored_until_released_with_one_dtc(ready):
    ready.press(10 * S + 600 * MS)
    assert ready.unit.flash.dtcs["button_stuck"] & 1
    assert ready.state("button") in ("stuck", "released")
    ready.run(2 * S)
    assert ready.state("voice") == "idle"
    assert not ready.unit.flash.dtcs["button_stuck"] & 1
    ready.press()
    ready.run(200 * MS)
    assert ready.state("voice") == "listening"


@pytest.mark.parametrize("kind", ["checksum", "frozen", "jump"])
def test_unprotected_frames_do_nothing_and_mature_a_dtc(ready, kind):
    ready.run(3 * S)
    ready.silent.add("SWC_Buttons")
    counter = None
    for n in range(60):
        if kind == "checksum":
            send_raw(ready, "pressed", spoil=True)
        elif kind == "frozen":
            counter = send_raw(ready, "pressed", counter=counter)
        else:
            send_raw(ready, "pressed", counter=(n * 4) % 15)
        ready.run(20 * MS)
    assert ready.state("voice") == "idle"
    assert ready.unit.flash.dtcs["wheel_invalid"] & 1
    ready.silent.clear()
    ready.run(3 * S)
    assert not ready.unit.flash.dtcs["wheel_invalid"] & 1
    ready.press()
    ready.run(100 * MS)
    assert ready.state("voice") == "listening"


def test_a_small_jump_of_the_counter_is_obeyed(ready):
    ready.silent.add("SWC_Buttons")
    last = ready.counter[("body", "SWC_Buttons")]
    for n in range(4):
        send_raw(ready, "pressed", counter=(last + 1 + 2 * n) % 15)
        ready.run(20 * MS)
    assert ready.state("voice") == "listening"


def test_a_button_held_when_the_message_comes_back_is_no_press(ready):
    ready.silent.add("SWC_Buttons")
    ready.run(400 * MS)
    ready.set("wheel.messaging", "pressed")
    ready.silent.clear()
    ready.run(2 * S)
    assert ready.state("voice") == "idle"
    ready.set("wheel.messaging", "released")
    ready.run(200 * MS)
    ready.press()
    ready.run(100 * MS)
    assert ready.state("voice") == "listening"


def test_a_time_out_in_the_middle_of_a_press_is_no_gesture(ready):
    ready.run(3 * S)
    ready.set("wheel.messaging", "pressed")
    ready.run(300 * MS)
    assert ready.state("voice") == "listening"
    ready.silent.add("SWC_Buttons")
    ready.run(1200 * MS)
    assert ready.state("voice") == "listening"
    assert ready.unit.flash.dtcs["wheel_communication"] & 1
    assert not ready.contact.inbox()


def test_invalid_does_nothing(ready):
    ready.set("wheel.messaging", "invalid")
    ready.run(1500 * MS)
    ready.set("wheel.messaging", "released")
    ready.run(300 * MS)
    assert ready.state("voice") == "idle"


def test_nothing_opens_over_the_reverse_camera(ready):
    ready.set("camera.reverse", "on")
    ready.run(200 * MS)
    ready.press()
    ready.run(300 * MS)
    assert ready.state("voice") == "idle"


def test_logged_out_the_button_opens_nothing(car):
    car.start()
    car.press()
    car.run(500 * MS)
    assert car.state("voice") == "idle"


def test_a_hundred_presses_are_all_taken_once(ready):
    for _ in range(40):
        ready.press(100 * MS)
        ready.run(500 * MS)
        ready.press(100 * MS)
        ready.run(900 * MS)
    taken = [s for _, s in ready.history("head_unit.app")]
    assert taken.count("listening") == 40


def test_a_button_of_higher_priority_makes_the_press_worth_nothing(ready):
    ready.set("wheel.hangup", "pressed")
    ready.press()
    ready.set("wheel.hangup", "released")
    ready.run(300 * MS)
    assert ready.state("voice") == "idle"
    ready.press()
    ready.run(300 * MS)
    assert ready.state("voice") == "listening"


def test_the_hang_up_button_ends_a_call(ready):
    ready.contact.send_text("li.wei", "", "voice_call")
    ready.until(lambda: ready.state("voice") == "ringing", 1 * S)
    ready.press()
    ready.until(lambda: ready.state("voice") == "call", 1 * S)
    ready.set("wheel.hangup", "pressed")
    ready.run(200 * MS)
    assert ready.state("voice") == "idle"
