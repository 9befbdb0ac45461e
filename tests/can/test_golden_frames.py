"""Frames worked out by hand, so that codec, protection and rest-bus cannot all be wrong in the same way.

The arithmetic is in the comments. CRC-8 SAE J1850 has the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x1D).
"""

from __future__ import annotations

from harness.can.database import Database
from harness.can.port import Frame
from harness.can.protection import Protection, Protector
from harness.can.timing import frame_bits


def crc8_by_hand(data: bytes) -> int:
    """Long division, one bit at a time, start value 0: as one does it on paper."""
    rest = 0
    for byte in data:
        for i in range(7, -1, -1):
            carry = rest >> 7
            rest = (rest << 1 & 0xFF) | byte >> i & 1
            if carry:
                rest ^= 0x1D
    for _ in range(8):  # the eight zeros appended to the message
        carry = rest >> 7
        rest = rest << 1 & 0xFF
        if carry:
            rest ^= 0x1D
    return rest


def test_the_long_division_gives_what_paper_gives() -> None:
    # 0x01 followed by eight zeros divided by 1_0001_1101: one step, the rest is the polynomial's low byte
    assert crc8_by_hand(b"\x01") == 0x1D
    # 0x02: 0x1D shifted once, no carry
    assert crc8_by_hand(b"\x02") == 0x3A
    # 0x10: 0x1D -> 3A -> 74 -> E8 -> (1)D0 ^ 1D = CD
    assert crc8_by_hand(b"\x10") == 0xCD


def test_a_pressed_button(small: Database) -> None:
    # Buttons, 0x1A3. Counter 5 at bits 8..11, Msg "Pressed" = 1 at bits 12..13: byte 1 = 5 | 1 << 4 = 0x15.
    # Torque 12.3 Nm / 0.1 = 123 = 0x07B, Motorola, 12 bits from bit 23: byte 2 = 0x07, high nibble of byte 3 = 0xB.
    buttons = small.by_name("Buttons")
    data = buttons.encode({"Counter": 5, "Msg": "Pressed", "Torque": 12.3})
    assert data == bytes.fromhex("0015 07B0 0000 0000")


def test_a_negative_motorola_value(small: Database) -> None:
    # -0.1 Nm = raw -1 = 0xFFF in 12 bits: byte 2 = 0xFF, byte 3 = 0xF0. Msg starts as 3 (SNA): byte 1 = 0x30.
    assert small.by_name("Buttons").encode({"Torque": -0.1}) == bytes.fromhex("0030 FFF0 0000 0000")


def test_speed_with_its_sum(small: Database) -> None:
    # Speed 123.45 km/h / 0.01 = 12345 = 0x3039, Motorola: bytes 0, 1 = 30 39. Temp -40 degC: raw 0, byte 2 = 00.
    # Alive 7 in the low nibble of byte 6. Sum = 0x30 + 0x39 + 0x07 = 0x70, in byte 7 (bit 63, Motorola).
    speed = small.by_name("Speed")
    protector = Protector(speed, Protection("SUM", counter="Alive", checksum="Sum"))
    assert protector.apply(speed.encode({"Speed": 123.45, "Temp": -40}), 7) == bytes.fromhex("3039 0000 0000 0770")


def test_a_button_frame_with_profile_1(small: Database) -> None:
    # Data id 0x01A3, low byte first, then bytes 1 to 7; start value and final value 0. Byte by byte, where T(x) is the
    # rest of x * 256 divided by 0x11D:
    #   T(00^A3) = 86   T(86^01) = 75   T(75^15) = 94   T(94^07) = CC   T(CC^B0) = C5
    #   T(C5^00) = 5C   T(5C^00) = 42   T(42^00) = 29   T(29^00) = 72
    buttons = small.by_name("Buttons")
    protector = Protector(buttons, Protection("E2E-P01", 0x1A3, "both", "Counter", "Crc", max_delta=2))
    data = protector.apply(buttons.encode({"Msg": "Pressed", "Torque": 12.3}), 5)
    assert data == bytes.fromhex("7215 07B0 0000 0000")
    assert crc8_by_hand(bytes.fromhex("A301 15 07B0 0000 0000")) == 0x72


def test_the_example_of_the_standard_by_long_division() -> None:
    # AUTOSAR PRS_E2EProtocol: data id 0x123, eight bytes of 0, counter 0: CRC 0xCC.
    assert crc8_by_hand(bytes([0x23, 0x01]) + bytes(7)) == 0xCC


def test_the_bits_of_a_frame_counted_by_hand() -> None:
    # id 0x7FF without data: SOF 0, eleven 1s, RTR 0, IDE 0, r0 0, DLC 0000, CRC.
    #   0 11111(0)11111(0)1 000 00(1)00: after the 1st and the 2nd run of five 1s a stuff bit 0 each; then 1, five 0s,
    #   a stuff bit 1, two 0s. Ahead of the CRC: 19 bits and 3 stuff bits, the run is two 0s.
    # CRC-15 of 0111 1111 1111 0000 000: the rest of the 12 leading bits shifted by 7 + 15, divided by 0xC599.
    work = 0b0111_1111_1111_0000_000 << 15
    for shift in range(18, -1, -1):
        if work >> shift + 15 & 1:
            work ^= 0xC599 << shift
    wire, run, last, stuff_bits = "", 2, "0", 0
    for bit in format(work, "015b"):
        run = run + 1 if bit == last else 1
        last = bit
        wire += bit
        if run == 5:
            stuff_bits, last, run = stuff_bits + 1, "1" if bit == "0" else "0", 1
    assert frame_bits(Frame(0x7FF, b"")) == (19 + 3 + 15 + stuff_bits + 10, 0)
