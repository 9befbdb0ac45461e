"""UDS over ISO-TP, and the trouble codes behind it."""

from __future__ import annotations

import pytest

from harness.can.port import Frame
from harness.foundation.units import MS, S


def ask(car, *payload, functional=False):
    """Send one request (short or segmented), return the complete answer, b"" for none."""
    diag = car.vehicle.diagnostics
    port, frames = car.ports[diag.bus], car.frames[diag.bus]
    mark = len(frames)
    data = bytes(payload)
    target = diag.functional if functional else diag.request

    def put(raw):
        port.send(Frame(target, raw.ljust(8, b"\xaa")))
        car.run(10 * MS)

    if len(data) <= 7:
        put(bytes((len(data),)) + data)
    else:
        put(bytes((0x10, len(data))) + data[:6])
        rest, n = data[6:], 1
        while rest:
            put(bytes((0x20 | n,)) + rest[:7])
            rest, n = rest[7:], n + 1
    car.run(100 * MS)
    answers = [h.frame.data for h in frames[mark:] if h.frame and h.frame.id == diag.response and not h.own]
    answers = [a for a in answers if a[0] >> 4 != 3]
    if not answers:
        return b""
    if answers[0][0] >> 4 == 0:
        return answers[0][1 : 1 + answers[0][0]]
    total = (answers[0][0] & 15) << 8 | answers[0][1]
    put(b"\x30\x00\x00")
    car.run(200 * MS)
    consecutive = [h.frame.data for h in frames[mark:] if h.frame and h.frame.id == diag.response and not h.own]
    consecutive = [c for c in consecutive if c[0] >> 4 == 2]
    return (answers[0][2:] + b"".join(c[1:] for c in consecutive))[:total]


def test_software_and_serial_can_be_read(car):
    car.start()
    assert ask(car, 0x22, 0xF1, 0x89) == b"\x62\xf1\x89" + str(car.vehicle.unit["software"]).encode()
    assert ask(car, 0x22, 0xF1, 0x8C) == b"\x62\xf1\x8c" + car.vehicle.serial.encode()


def test_several_identifiers_at_once(car):
    car.start()
    answer = ask(car, 0x22, 0x02, 0x10, 0x02, 0x11, 0xF1, 0x91, 0x02, 0x14)
    assert answer.startswith(b"\x62\x02\x10\x02")


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ((0x22, 0x12, 0x34), b"\x7f\x22\x31"),
        ((0x22, 0xF1), b"\x7f\x22\x13"),
        ((0x99,), b"\x7f\x99\x11"),
        ((0x3E, 0x00), b"\x7e\x00"),
        ((0x3E, 0x80), b""),
        ((0x3E, 0x07), b"\x7f\x3e\x12"),
        ((0x19, 0x77, 0xFF), b"\x7f\x19\x12"),
        ((0x14, 0xFF, 0xFF), b"\x7f\x14\x13"),
        ((0x14, 0xFF, 0xFF, 0xFF), b"\x54"),
    ],
)
def test_answers_and_refusals(car, request_, answer):
    car.start()
    assert ask(car, *request_) == answer


def test_what_is_unknown_is_not_answered_functionally(car):
    car.start()
    assert ask(car, 0x99, functional=True) == b""
    assert ask(car, 0x3E, 0x00, functional=True) == b"\x7e\x00"


def test_a_dtc_matures_is_reported_heals_and_is_cleared(car):
    car.log_in()
    car.run(3 * S)
    car.silent.add("SWC_Buttons")
    car.run(2 * S)
    code = car.vehicle.diagnostics.dtcs["wheel_communication"].to_bytes(3, "big")
    assert code in ask(car, 0x19, 0x02, 0x01)
    car.silent.clear()
    car.run(3 * S)
    assert code not in ask(car, 0x19, 0x02, 0x01)
    assert code in ask(car, 0x19, 0x02, 0x08)
    ask(car, 0x14, 0xFF, 0xFF, 0xFF)
    assert code not in ask(car, 0x19, 0x02, 0xFF)


def test_no_dtc_without_ignition(car):
    car.log_in()
    car.run(3 * S)
    car.ignition(False)
    car.silent.add("SWC_Buttons")
    car.run(5 * S)
    assert "wheel_communication" not in car.unit.flash.dtcs


def test_no_identifier_tells_of_the_user(car):
    car.log_in()
    told = b""
    for identifier in range(0xF100, 0xF1FF):
        told += car.unit.diagnostics.value(identifier) or b""
    for identifier in car.vehicle.diagnostics.dids.values():
        told += car.unit.diagnostics.value(identifier) or b""
    for word in (b"Li Wei", b"li.wei", b"Wang", car.unit.flash.session.token.encode()):
        assert word not in told
