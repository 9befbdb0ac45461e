"""A message's attributes, and the codec where cantools has no say: start values, ranges, lengths."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.can.database import Database, Undecodable, load_dbc
from harness.can.port import Frame
from harness.foundation.units import MS


def test_attributes_come_from_the_database(small: Database) -> None:
    buttons, door, status = (small.by_name(n) for n in ("Buttons", "Door", "Status"))
    assert (buttons.id, buttons.extended, buttons.length, buttons.senders) == (419, False, 8, ("Wheel",))
    assert (buttons.cycle, buttons.fast_cycle, buttons.repetitions, buttons.send_type) == (10 * MS, None, 0, "Cyclic")
    assert (door.cycle, door.fast_cycle, door.repetitions) == (500 * MS, 20 * MS, 2)
    assert door.send_type == "CyclicAndTriggered"
    assert status.send_type == "NoMsgSendType"
    assert (buttons.fd, status.fd, status.brs) == (False, True, True)
    assert buttons.comment == "The steering wheel buttons."
    assert small.nodes == ("Wheel", "Body", "Unit")


def test_lines_point_into_the_file(small: Database) -> None:
    rows = small.path.read_text().splitlines()
    for message in small.messages.values():
        assert rows[message.line - 1].startswith(f"BO_ {message.id | (message.extended << 31)} {message.name}:")
        for signal in message.signals.values():
            assert rows[signal.line - 1].strip().startswith(f"SG_ {signal.name} ")


def test_standard_and_extended_ids_are_kept_apart(small: Database) -> None:
    assert small.messages[(256, False)].name == "Speed"
    assert small.messages[(256, True)].name == "SpeedX"


def test_an_unknown_name_is_a_key_error(small: Database) -> None:
    with pytest.raises(KeyError):
        small.by_name("Nothing")


def test_start_data_is_made_of_raw_start_values(small: Database) -> None:
    # Msg (raw 3) at bits 12 and 13: byte 1 is 0x30; Temp (raw 60) is byte 2
    assert small.by_name("Buttons").start_data() == bytes([0, 0x30, 0, 0, 0, 0, 0, 0])
    assert small.by_name("Speed").start_data() == bytes([0, 0, 60, 0, 0, 0, 0, 0])


def test_missing_signals_take_their_start_values(small: Database) -> None:
    assert small.by_name("Buttons").encode({"Counter": 5}) == bytes([0, 0x35, 0, 0, 0, 0, 0, 0])


def test_missing_signals_keep_what_is_in_start(small: Database) -> None:
    start = bytes([0xAA, 0xFF, 0, 0, 0, 0, 0, 0x77])
    out = small.by_name("Buttons").encode({"Msg": "Pressed"}, start=start)
    assert out == bytes([0xAA, 0xDF, 0, 0, 0, 0, 0, 0x77])


def test_bits_of_no_signal_stay_as_they_are_in_start(small: Database) -> None:
    values = {"Crc": 1, "Counter": 2, "Msg": 0, "Torque": 0}
    assert small.by_name("Buttons").encode(values, start=b"\xff" * 8) == bytes.fromhex("01C2 000F FFFF FFFF")
    assert small.by_name("Buttons").encode(values) == bytes.fromhex("0102 0000 0000 0000")


def test_start_data_of_another_length_is_refused(small: Database) -> None:
    with pytest.raises(ValueError, match="7 bytes instead of 8"):
        small.by_name("Buttons").encode({"Crc": 1}, start=bytes(7))


def test_labels_encode(small: Database) -> None:
    buttons = small.by_name("Buttons")
    assert buttons.decode(buttons.encode({"Msg": "Pressed"}))["Msg"] == 1
    assert buttons.signals["Msg"].label(3) == "SNA"
    assert buttons.signals["Msg"].label(2) is None


@pytest.mark.parametrize(("values", "words"), [
    ({"Torque": 204.8}, ["Torque", "204.8", "-204.8", "204.7", "Nm"]),
    ({"Torque": -204.9}, ["Torque", "-204.9"]),
    ({"Counter": 16}, ["Counter", "16", "0 to 15"]),
    ({"Counter": -1}, ["Counter", "-1"]),
    ({"Counter": float("nan")}, ["Counter", "nan"]),
    ({"Counter": float("inf")}, ["Counter", "inf"]),
    ({"Msg": "Prest"}, ["Msg", "Prest", "Pressed"]),
    ({"Torque": "high"}, ["Torque", "high", "no value table"]),
    ({"Nothing": 1}, ["Buttons", "Nothing", "Torque"]),
])
def test_what_a_signal_cannot_carry_is_named(small: Database, values: dict[str, float | str], words: list[str]) -> None:
    buttons = small.by_name("Buttons")
    for given in (values, {"Crc": 0, "Counter": 0, "Msg": 0, "Torque": 0} | values):
        with pytest.raises(ValueError) as caught:
            buttons.encode(given)
        assert all(word in str(caught.value) for word in words), str(caught.value)


def test_raw_values_out_of_range_are_named(small: Database) -> None:
    with pytest.raises(ValueError, match="Counter: raw 16 is outside 0 to 15"):
        small.by_name("Buttons").encode_raw({"Counter": 16})


def test_raw_ranges_are_what_the_bits_carry(small: Database) -> None:
    buttons, status = small.by_name("Buttons"), small.by_name("Status")
    assert buttons.signals["Torque"].raw_range == (-2048, 2047)
    assert buttons.signals["Counter"].raw_range == (0, 15)
    assert status.signals["Real"].raw_range == (-3.4028234663852886e38, 3.4028234663852886e38)
    assert buttons.signals["Torque"].to_raw(-204.8) == -2048
    assert buttons.signals["Torque"].to_raw(204.7) == 2047


@pytest.mark.parametrize(("bits", "kind", "largest"), [
    (16, 1, 65504.0), (32, 1, 3.4028234663852886e38), (64, 2, 1.7976931348623157e308)])
def test_a_float_reaches_as_far_as_its_bits(tmp_path: Path, bits: int, kind: int, largest: float) -> None:
    """IEEE 754: (2 - 2^-p) x 2^emax."""
    path = tmp_path / "float.dbc"
    path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: Car Unit\n\nBO_ 291 M: 8 Car\n'
                    f' SG_ F : 0|{bits}@1- (1,0) [0|0] "" Unit\n\nSIG_VALTYPE_ 291 F : {kind};\n')
    message = load_dbc(path).by_name("M")
    low, high = message.signals["F"].raw_range
    assert (low, high) == (-largest, largest)
    assert message.decode(message.encode({"F": high}))["F"] == high
    places, exponent = {16: (10, 15), 32: (23, 127), 64: (52, 1023)}[bits]
    assert high == (2 - 2.0**-places) * 2.0**exponent


@pytest.mark.parametrize(("length", "signed", "low", "high"), [
    (1, "+", 0, 1), (1, "-", -1, 0), (8, "+", 0, 255), (8, "-", -128, 127), (64, "+", 0, 2**64 - 1)])
def test_whole_numbers_reach_as_far_as_their_bits(
        tmp_path: Path, length: int, signed: str, low: int, high: int) -> None:
    path = tmp_path / "whole.dbc"
    path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: Car Unit\n\nBO_ 291 M: 8 Car\n'
                    f' SG_ W : 0|{length}@1{signed} (1,0) [0|0] "" Unit\n')
    signal = load_dbc(path).by_name("M").signals["W"]
    assert signal.raw_range == (low, high)
    assert [signal.to_raw(x) for x in (low, high)] == [low, high]
    for beyond in (low - 1, high + 1):
        with pytest.raises(ValueError, match="W"):
            signal.to_raw(beyond)


def test_values_beyond_the_sensible_range_can_be_sent(small: Database) -> None:
    buttons = small.by_name("Buttons")
    assert buttons.signals["Counter"].maximum == 14
    assert buttons.decode(buttons.encode({"Counter": 15}))["Counter"] == 15


def test_only_the_selected_page_is_written_and_read(small: Database) -> None:
    pages = small.by_name("Pages")
    assert pages.encode({"Page": 1, "A": 0xFFFF, "B": 7, "C": 9}) == bytes([1, 7, 0, 0, 0, 0, 0, 9])
    assert pages.decode(bytes([1, 7, 0, 0, 0, 0, 0, 9])) == {"Page": 1, "B": 7, "C": 9}
    assert pages.signals["A"].mux == ("Page", frozenset({0}))
    assert pages.signals["Page"].is_multiplexer


def test_turning_the_page_does_not_read_the_old_page_as_the_new(small: Database) -> None:
    pages = small.by_name("Pages")
    start = pages.encode({"Page": 0, "A": 0x1234, "C": 5})
    assert pages.decode(pages.encode({"Page": 1}, start=start)) == {"Page": 1, "B": 0, "C": 5}


def test_a_page_that_is_not_there_is_an_error_both_ways(small: Database) -> None:
    pages = small.by_name("Pages")
    with pytest.raises(ValueError, match="multiplexer id 7"):
        pages.encode({"Page": 7})
    with pytest.raises(ValueError, match="multiplexer id 7"):
        pages.decode(bytes([7]) + bytes(7))


@pytest.mark.parametrize(("frame", "words"), [
    (Frame(419, bytes(7)), "7 bytes instead of 8"),
    (Frame(419, bytes(9)), "9 bytes instead of 8"),
    (Frame(419, b""), "0 bytes"),
    (Frame(419, bytes(8), extended=True), "no message 0x1A3 (extended)"),
    (Frame(0x7FF, bytes(8)), "no message 0x7FF"),
    (Frame(512, b"\x09" + bytes(7)), "multiplexer id 9"),
])
def test_a_frame_that_cannot_be_read_is_undecodable_and_nothing_is_raised(
        small: Database, frame: Frame, words: str) -> None:
    result = small.decode_frame(frame)
    assert isinstance(result, Undecodable)
    assert words in result.reason


def test_a_frame_that_can_be_read_is_its_physical_values(small: Database) -> None:
    # Speed is Motorola from bit 7, 16 bits: 0x2710 = 10000 -> 100.00 km/h; Temp raw 0x3C - 40 = 20 degC
    result = small.decode_frame(Frame(256, bytes([0x27, 0x10, 0x3C, 0, 0, 0, 0x05, 0xAB])))
    assert result == {"Speed": 100.0, "Temp": 20, "Alive": 5, "Sum": 0xAB}


def test_not_a_number_and_infinity_pass_through_a_float(small: Database) -> None:
    status = small.by_name("Status")
    for x in (float("inf"), float("-inf"), 1.5, -0.0):
        assert status.decode(status.encode({"Real": x}))["Real"] == x
    out = status.decode(status.encode({"State": 1, "Real": float("nan")}))["Real"]
    assert out != out
    with pytest.raises(ValueError, match="Real"):
        status.encode({"Real": 1e300})


@pytest.mark.parametrize(("pages", "more"), [(10, ""), (11, ", ...")])
def test_ten_pages_are_named_of_those_there_are(tmp_path: Path, pages: int, more: str) -> None:
    path = tmp_path / "pages.dbc"
    rows = "".join(f' SG_ S{n} m{n} : 8|8@1+ (1,0) [0|0] "" Unit\n' for n in reversed(range(pages)))
    path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: Car Unit\n\nBO_ 291 M: 2 Car\n'
                    f' SG_ Page M : 0|8@1+ (1,0) [0|0] "" Unit\n{rows}')
    message = load_dbc(path).by_name("M")
    text = f"M.Page: multiplexer id 99 selects nothing; ids: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9{more}"
    for ask in (lambda: message.decode(b"\x63\0"), lambda: message.decode_raw(b"\x63\0"),
                lambda: message.encode({"Page": 99}), lambda: message.encode_raw({"Page": 99})):  # fmt: skip
        with pytest.raises(ValueError, match="multiplexer") as caught:
            ask()
        assert str(caught.value) == text


def test_a_wrong_length_is_told_whatever_is_asked(small: Database) -> None:
    pages = small.by_name("Pages")
    for ask in (lambda: pages.decode(bytes(9)), lambda: pages.decode_raw(bytes(9)),
                lambda: pages.encode({}, bytes(9)), lambda: pages.encode_raw({}, bytes(9))):  # fmt: skip
        with pytest.raises(ValueError, match="Pages: 9 bytes instead of 8"):
            ask()


def test_raw_values_keep_what_is_in_start_and_turn_pages_too(small: Database) -> None:
    pages = small.by_name("Pages")
    start = pages.encode_raw({"Page": 0, "A": 0x1234, "C": 5})
    assert start == bytes([0, 0x34, 0x12, 0, 0, 0, 0, 5])
    assert pages.encode_raw({"C": 6}, start) == bytes([0, 0x34, 0x12, 0, 0, 0, 0, 6])
    assert pages.encode_raw({"Page": 1, "B": 9}, start) == bytes([1, 9, 0x12, 0, 0, 0, 0, 5])
    assert pages.encode_raw({"Page": 1}) == bytes([1, 0, 0, 0, 0, 0, 0, 0])
    with pytest.raises(ValueError, match="Pages: no signal 'X'; signals: Page, A, B, C"):
        pages.encode_raw({"Y": 1, "X": 1})


def test_a_raw_value_has_its_label_whatever_kind_of_number_it_is(small: Database) -> None:
    signal = small.by_name("Buttons").signals["Msg"]
    assert [signal.label(x) for x in (1, 1.0, 2, float("nan"), float("inf"), float("-inf"))] == [
        "Pressed", "Pressed", None, None, None, None]  # fmt: skip


def test_what_does_not_fit_is_told_with_the_unit_and_the_ends_in_order(tmp_path: Path) -> None:
    path = tmp_path / "ends.dbc"
    path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: Car Unit\n\nBO_ 291 M: 8 Car\n'
                    ' SG_ Down : 0|4@1+ (-2,10) [0|0] "V" Unit\n SG_ Bare : 8|4@1- (1,0) [0|0] "" Unit\n')
    signals = load_dbc(path).by_name("M").signals
    with pytest.raises(ValueError, match=r"^Down: 11.5 V is outside what its 4 bits carry, -20 to 10 V$"):
        signals["Down"].to_raw(11.5)
    with pytest.raises(ValueError, match=r"^Bare: 8 is outside what its 4 bits carry, -8 to 7$"):
        signals["Bare"].to_raw(8)
    assert [signals["Down"].to_raw(x) for x in (10, -20, 0)] == [0, 15, 5]
