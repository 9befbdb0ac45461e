"""The unit as a UDS server, asked over its bus by a tester."""

from __future__ import annotations

import pytest

from harness.diag import uds
from harness.diag.client import open_tester
from harness.diag.isotp import Settings
from harness.diag.keys import masked
from harness.foundation.units import MS, S
from harness.headunit.uds_security import key_for

DEFAULT, PROGRAMMING, EXTENDED = 1, 2, 3


@pytest.fixture
def tester(car):
    car.start()
    tester = open_tester(car.vehicle, car.clock, car.ports[car.vehicle.diagnostics.bus])
    yield tester
    tester.close()


def unlock(car, tester) -> bytes | None:
    tester.ask(uds.session(EXTENDED))
    seed = uds.seed(tester.ask(uds.request_seed(1)))
    assert seed is not None
    return tester.ask(uds.send_key(1, masked(1, seed, {"mask": car.vehicle.unit["security_mask"]})))


def status(car, tester, name: str) -> int:
    found = uds.dtcs(tester.ask(uds.supported_dtcs()))
    assert found is not None
    return found[car.vehicle.diagnostics.dtcs[name]]


def test_software_and_serial_can_be_read(car, tester):
    assert tester.read(0xF189) == str(car.vehicle.unit["software"]).encode()
    assert tester.read(0xF18C) == car.vehicle.serial.encode()


def test_several_identifiers_at_once(tester):
    answer = tester.ask(uds.read(0x0210, 0x0211, 0xF191))
    assert answer is not None
    assert answer.startswith(b"\x62\x02\x10\x02\x02\x11\x00\xf1\x91")


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("22 12 34", "7f 22 31"),
        ("22 f1", "7f 22 13"),
        ("22" + " f1 89" * 9, "7f 22 13"),
        ("99", "7f 99 11"),
        ("3e 00", "7e 00"),
        ("3e 07", "7f 3e 12"),
        ("3e", "7f 3e 13"),
        ("3e 00 00", "7f 3e 13"),
        ("19 77 ff", "7f 19 12"),
        ("19 02", "7f 19 13"),
        ("14 ff ff", "7f 14 13"),
        ("14 ff ff ff", "54"),
        ("14 00 00 01", "7f 14 31"),
        ("10 7e", "7f 10 12"),
        ("10 02", "7f 10 7e"),
        ("10 01", "50 01 00 32 01 f4"),
        ("27 01", "7f 27 7f"),
        ("2e 02 21 00", "7f 2e 31"),
        ("85 02", "7f 85 7f"),
        ("28 00 01", "7f 28 11"),
        ("83", "7f 83 11"),
    ],
)
def test_answers_and_refusals_in_the_default_session(tester, request_, answer):
    assert tester.ask(bytes.fromhex(request_)) == bytes.fromhex(answer)


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("27 05", "7f 27 12"),
        ("27 02 00 00 00 00", "7f 27 24"),
        ("27 02 00", "7f 27 13"),
        ("85 02 00", "7f 85 13"),
        ("85 02", "c5 02"),
        ("2e 02 20 00", "7f 2e 31"),
        ("2e 02 21 00", "7f 2e 13"),
        ("2e 02 21" + " 41" * 8, "7f 2e 33"),
        ("22 02 20", "7f 22 33"),
        ("10 02", "50 02 00 32 01 f4"),
    ],
)
def test_answers_and_refusals_in_the_extended_session(tester, request_, answer):
    tester.ask(uds.session(EXTENDED))
    assert tester.ask(bytes.fromhex(request_)) == bytes.fromhex(answer)


@pytest.mark.parametrize("request_", ["99", "3e 07", "22 12 34", "27 01", "2e 02 21 00", "85 02", "10 02"])
def test_not_supported_is_not_said_to_a_functional_request(tester, request_):
    assert tester.exchange(bytes.fromhex(request_), functional=True, within=200 * MS).answer is None


def test_other_refusals_and_answers_are_said_to_a_functional_request(tester):
    assert tester.exchange(b"\x3e\x00", functional=True).answer == b"\x7e\x00"
    assert tester.exchange(b"\x22\xf1", functional=True).answer == b"\x7f\x22\x13"


def test_a_suppressed_answer_is_not_sent_and_a_refusal_is(tester):
    assert tester.ask(b"\x10\x83", within=200 * MS) is None
    assert tester.read(0xF186) == b"\x03"
    assert tester.ask(b"\x10\xfe", within=200 * MS) == b"\x7f\x10\x12"


def test_a_session_ends_by_itself_unless_the_tester_is_present(car, tester):
    tester.ask(uds.session(EXTENDED))
    for _ in range(4):
        car.run(3 * S)
        assert tester.ask(uds.still_here(quietly=True), within=50 * MS) is None
    assert tester.read(0xF186) == b"\x03"
    car.run(5100 * MS)
    assert tester.read(0xF186) == b"\x01"


def test_a_slow_service_is_announced_within_p2(tester):
    done = tester.exchange(uds.clear_dtcs())
    assert done.answer == b"\x54"
    assert len(done.pending) == 1
    assert done.asked is not None
    assert 0 < done.pending[0].t - done.asked.t <= 50 * MS


def test_who_asks_while_the_unit_is_at_work_is_not_heard(car, tester):
    bus = car.vehicle.diagnostics
    port = car.ports[bus.bus]
    heard = []
    port.listen(lambda h: heard.append(h.frame.data) if h.frame and h.frame.id == bus.response and not h.own else None)
    from harness.can.port import Frame

    port.send(Frame(bus.request, bytes.fromhex("0414ffffffaaaaaa")))
    car.run(40 * MS)
    port.send(Frame(bus.request, bytes.fromhex("0322f189aaaaaaaa")))
    car.run(300 * MS)
    assert [d[1:4].hex() for d in heard] == ["7f1478", "54aaaa"]


def test_both_ends_agree_on_the_key_of_each_level():
    seed, mask = bytes.fromhex("9C0F1234"), 0x5A17C3E9
    for level in (1, 3, 5, 33):
        assert masked(level, seed, {"mask": mask}) == key_for(level, seed, mask)
    assert key_for(1, seed, mask) == bytes.fromhex("8C31A3BB")  # (9C0F1234 xor 5A17C3E9) turned left by one bit


def test_unlocked_more_can_be_read_and_written(car, tester):
    assert unlock(car, tester) == b"\x67\x02"
    assert tester.ask(uds.request_seed(1)) == b"\x67\x01" + bytes(4)
    assert tester.ask(uds.write(0x0221, b"WORKSHOP")) == b"\x6e\x02\x21"
    assert tester.read(0x0221) == b"WORKSHOP"
    assert tester.read(0x0220) is not None
    tester.ask(uds.session(EXTENDED))
    assert tester.ask(uds.read(0x0220)) == b"\x7f\x22\x33"


def wrong_keys(tester, count: int) -> list[bytes | None]:
    out = []
    for _ in range(count):
        tester.ask(uds.request_seed(1))
        out.append(tester.ask(uds.send_key(1, b"\0\0\0\0")))
    return out


def test_three_wrong_keys_lock_for_the_delay(car, tester):
    tester.ask(uds.session(EXTENDED))
    assert wrong_keys(tester, 3) == [b"\x7f\x27\x35", b"\x7f\x27\x35", b"\x7f\x27\x36"]
    locked = car.clock.now()
    while tester.ask(uds.request_seed(1)) == b"\x7f\x27\x37":
        car.run(100 * MS)
    assert 10 * S <= car.clock.now() - locked <= 10.5 * S
    assert wrong_keys(tester, 1) == [b"\x7f\x27\x36"]


def test_the_lock_survives_kl30(car, tester):
    tester.ask(uds.session(EXTENDED))
    wrong_keys(tester, 3)
    car.supply.output(False)
    car.run(1 * S)
    car.supply.output(True)
    car.run(6 * S)
    tester.ask(uds.session(EXTENDED))
    assert tester.ask(uds.request_seed(1)) == b"\x7f\x27\x37"
    car.run(6 * S)
    assert unlock(car, tester) == b"\x67\x02"


def test_a_reset_is_answered_and_then_done(car, tester):
    starts = car.unit.flash.starts
    assert tester.ask(uds.reset(1)) == b"\x51\x01"
    car.run(8 * S)
    assert car.unit.flash.starts == starts + 1
    assert tester.ask(b"\x3e\x00") == b"\x7e\x00"


def test_a_moving_car_is_neither_reset_nor_reprogrammed(car, tester):
    car.set("gear", "D")
    car.set("speed", 50)
    car.run(1 * S)
    assert tester.ask(uds.reset(1)) == b"\x7f\x11\x22"
    tester.ask(uds.session(EXTENDED))
    assert tester.ask(uds.session(PROGRAMMING)) == b"\x7f\x10\x22"


def test_a_long_answer_follows_the_testers_flow_control(car):
    car.start()
    bus = car.vehicle.diagnostics
    slow = open_tester(car.vehicle, car.clock, car.ports[bus.bus], Settings(padding=0xAA, block_size=1, stmin=20))
    mark = len(car.frames[bus.bus])
    answer = slow.ask(uds.supported_dtcs())
    assert answer is not None
    assert len(answer) == 3 + 4 * len(bus.dtcs)
    heard = [h for h in car.frames[bus.bus][mark:] if h.frame and h.kind == "data"]
    controls = [h for h in heard if h.frame.id == bus.request and h.frame.data[0] >> 4 == 3]
    assert len(controls) == -(-(len(answer) - 6) // 7)
    slow.close()


# -- trouble codes --------------------------------------------------------------------------------------------------


def test_the_status_bits_of_a_code_from_first_to_last(car, tester):
    car.run(5 * S)
    assert status(car, tester, "wheel_communication") == 0x00
    car.silent.add("SWC_Buttons")
    car.run(2 * S)
    assert status(car, tester, "wheel_communication") == 0x2F
    car.silent.clear()
    car.run(3 * S)
    assert status(car, tester, "wheel_communication") == 0x2E
    for expected in (0x6C, 0x68):
        car.ignition(False)
        car.run(2 * S)
        car.ignition(True)
        car.run(1 * S)
        assert status(car, tester, "wheel_communication") == expected
        car.run(5 * S)
        assert status(car, tester, "wheel_communication") == expected & ~0x40
    tester.ask(uds.clear_dtcs())
    assert status(car, tester, "wheel_communication") == 0x50
    car.run(2 * S)
    assert status(car, tester, "wheel_communication") == 0x00


def test_a_failed_code_has_a_snapshot_and_counts(car, tester):
    car.run(5 * S)
    code = car.vehicle.diagnostics.dtcs["wheel_communication"]
    assert uds.snapshots(tester.ask(uds.read_snapshot(code)), {}) == ()
    car.silent.add("SWC_Buttons")
    car.run(2 * S)
    lengths = {n: len(tester.read(n) or b"") for n in (0x0213, 0x0212, 0x0210)}
    (found,) = uds.snapshots(tester.ask(uds.read_snapshot(code)), lengths)
    assert (found.code, found.status, found.record) == (code, 0x2F, 1)
    assert found.data == {0x0213: b"\x7e", 0x0212: b"\x4b", 0x0210: b"\x02"}
    assert tester.ask(b"\x19\x01\x08") == b"\x59\x01\x7f\x01\x00\x01"
    assert tester.ask(b"\x19\x04\x00\x00\x01\x01") == b"\x7f\x19\x31"


def test_no_code_matures_while_recording_is_off(car, tester):
    car.run(5 * S)
    tester.ask(uds.session(EXTENDED))
    assert tester.ask(uds.dtc_setting(False)) == b"\xc5\x02"
    car.silent.add("SWC_Buttons")
    for _ in range(3):
        car.run(2 * S)
        tester.ask(uds.still_here())
    assert status(car, tester, "wheel_communication") == 0x00
    tester.ask(uds.dtc_setting(True))
    car.run(300 * MS)
    assert status(car, tester, "wheel_communication") == 0x00
    car.run(1 * S)
    assert status(car, tester, "wheel_communication") & 0x01


def test_no_code_matures_without_ignition_or_voltage(car, tester):
    car.run(5 * S)
    car.supply.set_voltage(8.5)
    car.silent.add("SWC_Buttons")
    car.run(5 * S)
    assert not status(car, tester, "wheel_communication") & 0x01
    assert status(car, tester, "undervoltage") & 0x01
    car.ignition(False)
    car.supply.set_voltage(12.6)
    car.run(5 * S)
    assert "wheel_communication" not in car.unit.flash.dtcs


def test_a_fault_from_the_start_on_matures_after_the_delay(car):
    car.silent.add("SWC_Buttons")
    car.set("speed", 0)
    car.start()
    car.silent.add("ESP_Speed")
    car.run(500 * MS)
    tester = open_tester(car.vehicle, car.clock, car.ports[car.vehicle.diagnostics.bus])
    began = car.unit.ram.more["dtc_started"]
    at = car.until(lambda: bool(car.unit.flash.dtcs.get("speed_lost", 0) & 1), 10 * S)
    assert 3 * S <= at - began <= 4 * S
    tester.close()


def test_no_identifier_tells_of_the_user(car):
    car.log_in()
    told = b""
    for identifier in range(0xF100, 0xF1FF):
        told += car.unit.diagnostics.value(identifier) or b""
    for identifier in car.vehicle.diagnostics.dids.values():
        told += car.unit.diagnostics.value(identifier) or b""
    for word in (b"Li Wei", b"li.wei", b"Wang", car.unit.flash.session.token.encode()):
        assert word not in told
