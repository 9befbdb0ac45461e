"""Protection against the library that is the oracle for it, and against published examples."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from crccheck.crc import Crc8SaeJ1850
from e2e.p01 import (
    E2E_P01_DATAID_ALT,
    E2E_P01_DATAID_BOTH,
    E2E_P01_DATAID_LOW,
    E2E_P01_DATAID_NIBBLE,
    e2e_p01_protect,
)
from e2e.p02 import e2e_p02_protect
from e2e.p05 import e2e_p05_protect
from e2e.p11 import E2E_P11_DATAID_BOTH, E2E_P11_DATAID_NIBBLE, e2e_p11_protect
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.database import Database, Message, load_dbc
from harness.can.protection import Protection, Protector

E2E = """BO_ 291 M: 8 Car
 SG_ Crc : 0|8@1+ (1,0) [0|0] "" Unit
 SG_ Counter : 8|4@1+ (1,0) [0|0] "" Unit
 SG_ Rest : 16|48@1+ (1,0) [0|0] "" Unit

BO_ 292 P5: 8 Car
 SG_ Crc : 0|16@1+ (1,0) [0|0] "" Unit
 SG_ Counter : 16|8@1+ (1,0) [0|0] "" Unit

BO_ 293 Tail: 8 Car
 SG_ Alive : 51|4@0+ (1,0) [0|0] "" Unit
 SG_ Check : 63|8@0+ (1,0) [0|0] "" Unit
 SG_ Nibble : 55|4@0+ (1,0) [0|0] "" Unit
 SG_ Signed : 0|8@1- (1,0) [0|0] "" Unit
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    path: Path = tmp_path_factory.mktemp("e2e") / "e2e.dbc"
    path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: Car Unit\n' + E2E)
    return load_dbc(path)


P01 = {"both": E2E_P01_DATAID_BOTH, "low": E2E_P01_DATAID_LOW, "alternating": E2E_P01_DATAID_ALT,
       "nibble": E2E_P01_DATAID_NIBBLE}
P11 = {"both": E2E_P11_DATAID_BOTH, "nibble": E2E_P11_DATAID_NIBBLE}
payloads = st.binary(min_size=8, max_size=8)


def agree(message: Message, protection: Protection, oracle: Callable[[bytearray], None], counters: int) -> None:
    protector = Protector(message, protection)

    @settings(deadline=None, max_examples=60, database=None, derandomize=True)
    @given(payloads, st.integers(0, counters - 1))
    def check(data: bytes, counter: int) -> None:
        ours = protector.apply(data, counter)
        theirs = bytearray(ours)  # counter in place; the oracle only has to find the same checksum
        oracle(theirs)
        assert ours == bytes(theirs)
        assert protector.check(ours) == (counter, True)
        for i in range(8):  # any one bit spoils it
            wrong = bytearray(ours)
            wrong[i] ^= 1 << (counter % 8)
            assert not protector.check(bytes(wrong)).checksum_ok

    check()


@pytest.mark.parametrize("mode", P01)
def test_profile_1_agrees_with_the_library(database: Database, mode: str) -> None:
    protection = Protection("E2E-P01", 0xFB7, mode, "Counter", "Crc")
    agree(database.by_name("M"), protection,
          lambda d: e2e_p01_protect(d, 0xFB7, data_id_mode=P01[mode], increment_counter=False), 15)


@pytest.mark.parametrize("mode", P11)
def test_profile_11_agrees_with_the_library(database: Database, mode: str) -> None:
    protection = Protection("E2E-P11", 0xFB7, mode, "Counter", "Crc")
    agree(database.by_name("M"), protection,
          lambda d: e2e_p11_protect(d, 0xFB7, data_id_mode=P11[mode], increment_counter=False), 15)


def test_profile_2_agrees_with_the_library(database: Database) -> None:
    ids = bytes(range(0x30, 0x40))
    agree(database.by_name("M"), Protection("E2E-P02", counter="Counter", checksum="Crc", data_ids=ids),
          lambda d: e2e_p02_protect(d, ids, increment_counter=False), 16)


def test_profile_5_agrees_with_the_library(database: Database) -> None:
    agree(database.by_name("P5"), Protection("E2E-P05", 0x1234, counter="Counter", checksum="Crc"),
          lambda d: e2e_p05_protect(d, 0x1234, increment_counter=False), 256)


def test_published_examples(database: Database) -> None:
    """AUTOSAR PRS_E2EProtocol gives these for all-zero data of 8 bytes."""
    p01 = Protector(database.by_name("M"), Protection("E2E-P01", 0x123, "both", "Counter", "Crc"))
    assert p01.apply(bytes(8), 0).hex() == "cc00000000000000"
    assert p01.apply(bytes(8), 1).hex() == "9101000000000000"
    p05 = Protector(database.by_name("P5"), Protection("E2E-P05", 0x1234, counter="Counter", checksum="Crc"))
    assert p05.apply(bytes(8), 0).hex() == "1cca000000000000"


def test_j1850_is_the_crc_of_the_other_bytes(database: Database) -> None:
    assert Crc8SaeJ1850.calc(b"123456789") == 0x4B  # the catalogue's check value
    for profile in ("J1850", "CRC8"):
        protector = Protector(database.by_name("Tail"), Protection(profile, counter="Alive", checksum="Check"))
        data = protector.apply(bytes([1, 2, 3, 4, 5, 6, 0x50, 0]), 9)
        assert data[:7] == bytes([1, 2, 3, 4, 5, 6, 0x59])
        assert data[7] == Crc8SaeJ1850.calc(data[:7])
        assert protector.check(data) == (9, True)
    with_id = Protector(database.by_name("Tail"), Protection("J1850", 0x0201, counter="Alive", checksum="Check"))
    data = with_id.apply(bytes(8), 0)
    assert data[7] == Crc8SaeJ1850.calc(bytes([0x01, 0x02]) + bytes(7))


def test_sum_and_xor_by_hand(database: Database) -> None:
    tail = database.by_name("Tail")
    # 1 + 2 + 3 + 4 + 5 + 6 = 21, and byte 6 is the counter 9: 30 = 0x1E
    summed = Protector(tail, Protection("SUM", counter="Alive", checksum="Check"))
    assert summed.apply(bytes([1, 2, 3, 4, 5, 6, 0, 0xEE]), 9) == bytes([1, 2, 3, 4, 5, 6, 9, 0x1E])
    # with data id 0x1A3: + 0xA3 + 0x01 = 0xC2
    with_id = Protector(tail, Protection("SUM", 0x1A3, counter="Alive", checksum="Check"))
    assert with_id.apply(bytes([1, 2, 3, 4, 5, 6, 0, 0]), 9)[7] == 0xC2
    # 1 ^ 2 ^ 3 ^ 4 ^ 5 ^ 6 = 7; 7 ^ 9 = 14
    xored = Protector(tail, Protection("XOR", counter="Alive", checksum="Check"))
    assert xored.apply(bytes([1, 2, 3, 4, 5, 6, 0, 0]), 9)[7] == 14
    # four bits of checksum in the counter's own byte: the sum without it, modulo 16
    nibble = Protector(tail, Protection("SUM", counter="Alive", checksum="Nibble"))
    assert nibble.apply(bytes([1, 2, 3, 4, 5, 6, 0, 0]), 9)[6] == 0xE9
    assert nibble.check(bytes([1, 2, 3, 4, 5, 6, 0xE9, 0])) == (9, True)


def test_the_counter_wraps_where_the_profile_says(database: Database) -> None:
    message = database.by_name("M")
    p01 = Protector(message, Protection("E2E-P01", 0x123, counter="Counter", checksum="Crc"))
    assert [p01.next_counter(c) for c in (0, 13, 14)] == [1, 14, 0]
    p11 = Protector(message, Protection("E2E-P11", 0x123, counter="Counter", checksum="Crc"))
    p02 = Protector(message, Protection("E2E-P02", counter="Counter", checksum="Crc", data_ids=bytes(16)))
    p05 = Protector(database.by_name("P5"), Protection("E2E-P05", 1, counter="Counter", checksum="Crc"))
    assert (p01.modulus, p11.modulus, p02.modulus, p05.modulus) == (15, 15, 16, 256)
    without = Protector(message, Protection("XOR", checksum="Crc"))
    assert (without.modulus, without.next_counter(0), without.counter_of(b"\xff" * 8)) == (1, 0, 0)
    own = Protector(message, Protection("XOR", counter="Counter", checksum="Crc", counter_modulus=4))
    assert own.next_counter(3) == 0
    plain = Protector(message, Protection("XOR", counter="Counter", checksum="Crc"))
    assert (plain.modulus, plain.next_counter(15)) == (16, 0)


def test_a_counter_value_that_the_profile_does_not_have_is_wrong(database: Database) -> None:
    p01 = Protector(database.by_name("M"), Protection("E2E-P01", 0x123, counter="Counter", checksum="Crc"))
    assert p01.check(p01.apply(bytes(8), 15)) == (15, False)


def test_data_of_a_wrong_length_is_wrong(database: Database) -> None:
    p01 = Protector(database.by_name("M"), Protection("E2E-P01", 0x123, counter="Counter", checksum="Crc"))
    assert p01.check(bytes(7)) == (None, False)
    assert p01.check(b"") == (None, False)


def test_a_counter_alone_is_told_and_never_wrong(database: Database) -> None:
    alone = Protector(database.by_name("M"), Protection("XOR", counter="Counter"))
    assert alone.check(alone.apply(bytes(8), 9)) == (9, True)
    with pytest.raises(ValueError, match="M has no checksum to spoil"):
        alone.spoil(bytes(8))


def test_a_spoiled_checksum_is_wrong(database: Database) -> None:
    p01 = Protector(database.by_name("M"), Protection("E2E-P01", 0x123, counter="Counter", checksum="Crc"))
    good = p01.apply(bytes(8), 3)
    assert p01.check(p01.spoil(good)) == (3, False)
    assert p01.spoil(p01.spoil(good)) == good


@pytest.mark.parametrize(("message", "protection", "words"), [
    ("M", Protection("E2E-P99", 1, counter="Counter", checksum="Crc"), "unknown profile"),
    ("M", Protection("E2E-P01", 1, "all", "Counter", "Crc"), "unknown data id mode"),
    ("M", Protection("E2E-P01", 1, checksum="Crc"), "needs a counter"),
    ("M", Protection("E2E-P01", counter="Counter", checksum="Crc"), "data id"),
    ("M", Protection("E2E-P01", 0x10000, counter="Counter", checksum="Crc"), "data id"),
    ("M", Protection("E2E-P02", counter="Counter", checksum="Crc", data_ids=b"abc"), "16 data ids"),
    ("M", Protection("E2E-P11", 1, "low", "Counter", "Crc"), "both and nibble"),
    ("M", Protection("E2E-P01", 1, counter="Zaehler", checksum="Crc"), "no signal 'Zaehler'"),
    ("M", Protection("E2E-P05", 1, counter="Counter", checksum="Crc"), "16 bits"),
    ("M", Protection("SUM"), "protects nothing"),
    ("M", Protection("SUM", counter="Counter", checksum="Crc", counter_modulus=17), "17 values"),
    ("Tail", Protection("J1850", checksum="Nibble"), "8 bits"),
    ("Tail", Protection("SUM", checksum="Signed"), "unsigned"),
    ("Tail", Protection("E2E-P01", 1, "nibble", "Nibble", "Check"), "low nibble"),
    ("Tail", Protection("E2E-P11", 1, "nibble", "Nibble", "Check"), "low nibble"),
])
def test_a_protection_that_does_not_fit_is_refused(
        database: Database, message: str, protection: Protection, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Protector(database.by_name(message), protection)


@pytest.mark.parametrize("mode", ["both", "low", "alternating"])
def test_only_the_nibble_mode_cares_where_the_counter_is(database: Database, mode: str) -> None:
    protector = Protector(database.by_name("Tail"), Protection("E2E-P01", 1, mode, "Nibble", "Check"))
    assert protector.check(protector.apply(bytes(8), 5)) == (5, True)


def crc(data: bytes, bits: int, polynomial: int, start: int, final: int) -> int:
    """Bit by bit, most significant first."""
    register = start
    for byte in data:
        register ^= byte << bits - 8
        for _ in range(8):
            register = (register << 1) ^ (polynomial if register >> bits - 1 else 0)
            register &= (1 << bits) - 1
    return register ^ final


def by_hand(profile: str, mode: str, number: int | None, ids: bytes, counter: int, rest: bytes) -> int:
    """The checksum over ``rest``, the data without it (AUTOSAR PRS_E2EProtocol, 6.2 to 6.12; CRC8 as J1850)."""
    low, high = (number or 0) & 0xFF, (number or 0) >> 8 & 0xFF
    if profile in ("E2E-P01", "E2E-P11"):
        head = {"both": [low, high], "low": [low], "alternating": [(low, high)[counter % 2]], "nibble": [low, 0]}[mode]
        return crc(bytes(head) + rest, 8, 0x1D, 0, 0)
    if profile == "E2E-P02":
        return crc(rest + ids[counter : counter + 1], 8, 0x2F, 0xFF, 0xFF)
    if profile == "E2E-P05":
        return crc(rest + bytes([low, high]), 16, 0x1021, 0xFFFF, 0)
    if profile in ("J1850", "CRC8"):
        return crc((b"" if number is None else bytes([low, high])) + rest, 8, 0x1D, 0xFF, 0xFF)
    every = (number or 0).to_bytes(4, "little") + rest
    return sum(every) % 256 if profile == "SUM" else functools.reduce(operator.xor, every)


CASES = [
    *(("E2E-P01", mode, 0xFB7) for mode in ("both", "low", "alternating", "nibble")),
    ("E2E-P01", "both", 0), ("E2E-P01", "nibble", 0xFFFF), ("E2E-P02", "both", None), ("E2E-P05", "both", 0xABCD),
    *(("E2E-P11", mode, 0x123) for mode in ("both", "nibble")),
    ("J1850", "both", None), ("CRC8", "both", 0xFF01), ("J1850", "both", 0),
    ("SUM", "both", 0xFFFF_FFFF), ("XOR", "both", 0x18DA_F110), ("SUM", "both", None), ("XOR", "both", 0),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "mode", "number"), CASES)
@pytest.mark.parametrize("place", [0, 2, 5])
@pytest.mark.parametrize("order", ["@1", "@0"])
def test_a_checksum_anywhere_is_the_one_computed_bit_by_bit(
        tmp_path: Path, profile: str, mode: str, number: int | None, place: int, order: str) -> None:
    bits = 16 if profile == "E2E-P05" else 8
    at, width = 4, bits // 2  # the counter: from the lowest bit of byte 4
    begin, low = (8 * place + 7, 8 * at + width - 1) if order == "@0" else (8 * place, 8 * at)
    path = tmp_path / "m.dbc"
    path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: Car Unit\n\nBO_ 291 M: 7 Car\n'
                    f' SG_ Check : {begin}|{bits}{order}+ (1,0) [0|0] "" Unit\n'
                    f' SG_ Counter : {low}|{width}{order}+ (1,0) [0|0] "" Unit\n')
    ids = bytes(range(0xA0, 0xB0))
    protector = Protector(load_dbc(path).by_name("M"), Protection(profile, number, mode, "Counter", "Check",
                                                                  data_ids=ids if profile == "E2E-P02" else b""))
    for counter in range(protector.modulus):
        data = bytearray(b"\x11\x72\x93\xb4\xd5\xf6\x17")
        data[at] = data[at] >> width << width | counter
        if mode == "nibble":
            data[at] = data[at] & 0x0F | ((number or 0) >> 8 & 0x0F) << 4
        rest = bytes(data[:place] + data[place + bits // 8:])
        if profile in ("SUM", "XOR"):
            rest = bytes(data[:place] + b"\0" + data[place + 1:])
        wanted = by_hand(profile, mode, number, ids, counter, rest)
        data[place:place + bits // 8] = wanted.to_bytes(bits // 8, "little" if order == "@1" else "big")
        assert protector.apply(b"\x11\x72\x93\xb4\xd5\xf6\x17", counter) == data
        assert protector.check(bytes(data)) == (counter, True)
        assert protector.counter_of(bytes(data)) == counter
        spoiled = bytes(b ^ 0xFF if place <= n < place + bits // 8 else b for n, b in enumerate(data))
        assert protector.spoil(bytes(data)) == spoiled
        assert protector.check(spoiled) == (counter, False)
        if mode == "nibble":
            data[at] ^= 0x40
            data[place] = by_hand(profile, mode, number, ids, counter, bytes(data[:place] + data[place + 1:]))
            assert protector.check(bytes(data)) == (counter, False)


FITTING = 'BO_ 291 M: 8 Car\n' + "\n".join(
    f' SG_ {name} : {place} (1,0) [0|0] "" Unit' for name, place in {
        "Low": "0|4@1+", "High": "4|4@1+", "Long": "8|5@1+", "Check": "16|8@1+", "Askew": "31|8@0+", "Off": "33|8@1+",
        "Wide": "48|16@1+"}.items()) + """

BO_ 292 N: 8 Car
 SG_ Page M : 0|4@1+ (1,0) [0|0] "" Unit
 SG_ Paged m0 : 8|8@1+ (1,0) [0|0] "" Unit
 SG_ Real : 32|32@1- (1,0) [0|0] "" Unit
 SG_ Minus : 16|4@1- (1,0) [0|0] "" Unit
 SG_ Check : 24|8@1+ (1,0) [0|0] "" Unit

SIG_VALTYPE_ 292 Real : 1;
"""


@pytest.fixture(scope="module")
def fitting(tmp_path_factory: pytest.TempPathFactory) -> Database:
    path: Path = tmp_path_factory.mktemp("fit") / "fit.dbc"
    path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: Car Unit\n\n' + FITTING)
    return load_dbc(path)


NIBBLE = "mode nibble needs the counter in the low nibble of its byte"


@pytest.mark.parametrize(("protection", "problem"), [
    (Protection("E2E-P01", 0, "both", "Low", "Check"), None),
    (Protection("E2E-P01", 0xFFFF, "both", "Low", "Check"), None),
    (Protection("E2E-P01", -1, "both", "Low", "Check"), "needs a data id from 0 to 0xFFFF, not -1"),
    (Protection("E2E-P01", 0x10000, "both", "Low", "Check"), "needs a data id from 0 to 0xFFFF, not 65536"),
    (Protection("E2E-P05", 7, "both", "Low", "Wide"), "Low (counter): 4 bits cannot count 256 values"),
    (Protection("E2E-P05", 7, "both", "Check", "Wide"), None),
    (Protection("E2E-P02", None, "both", "Low", "Check", data_ids=bytes(16)), None),
    (Protection("E2E-P02", None, "both", "Low", "Check", data_ids=bytes(17)), "E2E-P02 needs 16 data ids, not 17"),
    (Protection("E2E-P11", 7, "alternating", "Low", "Check"), "E2E-P11 knows the data id modes both and nibble"),
    (Protection("E2E-P01", 7, "nibble", "Low", "Check"), None),
    (Protection("E2E-P01", 7, "nibble", "High", "Check"), f"High (counter): {NIBBLE}"),
    (Protection("E2E-P01", 7, "nibble", "Long", "Check"), f"Long (counter): {NIBBLE}"),
    (Protection("E2E-P01", 7, "both", "High", "Check"), None),
    (Protection("E2E-P01", 7, "both", "Low"), "E2E-P01 needs a counter and a checksum signal"),
    (Protection("E2E-P05", 7, checksum="Wide"), "E2E-P05 needs a counter and a checksum signal"),
    (Protection("J1850", checksum="Askew"), None),
    (Protection("J1850", checksum="Off"), "Off (checksum): J1850 needs 8 bits that fill whole bytes"),
    (Protection("J1850", checksum="High"), "High (checksum): J1850 needs 8 bits that fill whole bytes"),
    (Protection("CRC8", checksum="Wide"), "Wide (checksum): CRC8 needs 8 bits that fill whole bytes"),
    (Protection("SUM", (1 << 32) - 1, checksum="Off"), None),
    (Protection("SUM", 1 << 32, checksum="Off"), "SUM takes a data id of up to 32 bits, not 4294967296"),
    (Protection("XOR", -1, checksum="Off"), "XOR takes a data id of up to 32 bits, not -1"),
    (Protection("XOR", 1 << 32, counter="Low"), "XOR takes a data id of up to 32 bits, not 4294967296"),
    (Protection("J1850", 1 << 40, counter="Low"), None),
    (Protection("SUM", counter="Low", counter_modulus=16), None),
    (Protection("SUM", counter="Low", counter_modulus=17), "Low (counter): 4 bits cannot count 17 values"),
])  # fmt: skip
def test_what_fits_is_taken_and_what_does_not_is_named(
        fitting: Database, protection: Protection, problem: str | None) -> None:
    if problem is None:
        Protector(fitting.by_name("M"), protection)
        return
    with pytest.raises(ValueError, match=re.escape(problem)) as caught:
        Protector(fitting.by_name("M"), protection)
    assert str(caught.value).startswith("M")


@pytest.mark.parametrize("name", ["Paged", "Real", "Minus"])
@pytest.mark.parametrize("what", ["counter", "checksum"])
def test_no_signal_that_may_be_missing_or_negative_protects(fitting: Database, name: str, what: str) -> None:
    own = Protection("SUM", counter=name) if what == "counter" else Protection("SUM", checksum=name)
    with pytest.raises(ValueError, match=f"N.{name}: a {what} is unsigned, no float and not multiplexed"):
        Protector(fitting.by_name("N"), own)
    with pytest.raises(ValueError, match=f"N has no signal 'Nothing' for the {what}; signals: Page, Paged"):
        Protector(fitting.by_name("N"), replace(own, **{what: "Nothing"}))


def test_unless_told_otherwise_both_bytes_of_the_id_count_and_no_frame_may_be_lost() -> None:
    plain = Protection("E2E-P01")
    assert (plain.data_id_mode, plain.max_delta, plain.counter_modulus, plain.data_ids) == ("both", 1, None, b"")
    assert (plain.counter, plain.checksum, plain.data_id) == ("", "", None)
