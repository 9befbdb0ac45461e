"""Messages that hypothesis invents are read and written as cantools does it."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest
from cantools.database.can import Database as Oracle
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.can.database import Message, load_dbc


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, int]:
    """(DBC text of one message, its length): up to six signals of any kind that do not overlap."""
    size = draw(st.sampled_from([1, 2, 3, 7, 8, 12, 64]))
    taken: set[int] = set()
    rows, types = [], []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["unsigned", "signed", "float"]))
        length = draw(st.sampled_from([16, 32, 64]) if kind == "float" else st.integers(1, 64))
        little = draw(st.booleans())
        begin = draw(st.integers(0, 8 * size - 1))
        first = begin if little else 8 * (begin // 8) + 7 - begin % 8
        if first + length > 8 * size:
            continue
        bits = {b if little else 8 * (b // 8) + 7 - b % 8 for b in range(first, first + length)}
        if bits & taken:
            continue
        taken |= bits
        scale = draw(st.sampled_from(["1", "0.1", "2", "-1", "0.0625", "-0.5", "1000", "0.001", "3"]))
        offset = draw(st.sampled_from(["0", "-40", "0.5", "1000000", "-0.1"]))
        sign = "+" if kind == "unsigned" else "-"
        rows.append(f' SG_ S{number} : {begin}|{length}@{int(little)}{sign} ({scale},{offset}) [0|0] "" Unit')
        if kind == "float":
            types.append(f"SIG_VALTYPE_ 291 S{number} : {2 if length == 64 else 1};")
    assume(rows)
    head = ['VERSION ""', "NS_ :", "BS_:", "BU_: Car Unit", f"BO_ 291 M: {size} Car"]
    return "\n".join([*head, *rows, "", *types, ""]), size


def load_text(text: str) -> Message:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.dbc"
        path.write_text(text)
        return load_dbc(path).by_name("M")


@settings(deadline=None, max_examples=120, database=None, derandomize=True)
@given(messages(), st.data())
def test_invented_messages_agree_both_ways(written: tuple[str, int], data: st.DataObject) -> None:
    text, size = written
    oracle = Oracle(strict=False)
    oracle.add_dbc_string(text)
    theirs, ours = oracle.get_message_by_name("M"), load_text(text)
    for _ in range(3):
        payload = data.draw(st.binary(min_size=size, max_size=size))
        want = dict(theirs.decode_simple(payload, decode_choices=False))
        got = ours.decode(payload)
        assume(not any(isinstance(x, float) and (math.isnan(x) or math.isinf(x)) for x in want.values()))
        assert got == want
        assert [type(x) for x in got.values()] == [type(want[name]) for name in got]
        try:
            encoded = theirs.encode(want, strict=False)
        except OverflowError:  # a rounded physical number just beyond the bits: ours must say so as well
            with pytest.raises(ValueError, match="outside"):
                ours.encode(got)
            continue
        assert ours.encode(got) == encoded


@settings(deadline=None, max_examples=60, database=None, derandomize=True)
@given(messages(), st.data())
def test_writing_one_signal_changes_no_other_bit(written: tuple[str, int], data: st.DataObject) -> None:
    text, size = written
    ours = load_text(text)
    before = data.draw(st.binary(min_size=size, max_size=size))
    for signal in ours.signals.values():
        other = data.draw(st.binary(min_size=size, max_size=size))
        raw = signal.read_raw(other)
        out = bytearray(before)
        signal.write_raw(out, raw)
        assert signal.read_raw(out) == raw or (signal.float and raw != raw)
        for neighbour in ours.signals.values():
            if neighbour is not signal:
                one, two = neighbour.read_raw(out), neighbour.read_raw(before)
                assert one == two or (one != one and two != two)
        changed = int.from_bytes(out, "little") ^ int.from_bytes(before, "little")
        signal.write_raw(out, signal.read_raw(before))
        if not signal.float:
            assert bytes(out) == before
        assert changed.bit_count() <= signal.length
