"""Python source for reading and writing the signals of one message, compiled when the DBC is loaded.

Theory. A DBC fixes every shift, mask and factor, so nothing needs to be looked up while frames flow: each message
becomes a few expressions over the payload as one integer ("little" for Intel, "big" for Motorola signals; a signal
inside one byte is read from the byte). The expressions keep the arithmetic of cantools (the oracle in the tests), in
the same order and with the same number types, so that results agree to the last bit.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.can.signal import Raw, Value

_FLOATS = {16: "e", 32: "f", 64: "d"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the code generator needs of a signal. ``shift`` counts from the least significant end of the payload
    read in the signal's own byte order."""

    name: str
    start_bit: int
    length: int
    little_endian: bool
    signed: bool
    float: bool
    scale: Raw
    offset: Raw

    def first_and_last_byte(self) -> tuple[int, int]:
        first = self.start_bit // 8
        ahead = self.start_bit % 8 if self.little_endian else 7 - self.start_bit % 8
        return first, first + (ahead + self.length - 1) // 8

    def shift(self, size: int) -> int:
        """Bits below the signal when ``size`` bytes, the first at byte 0, are one integer."""
        if self.little_endian:
            return self.start_bit
        return 8 * size - (8 * (self.start_bit // 8) + 7 - self.start_bit % 8) - self.length


Encode = Callable[[Mapping[str, Value]], bytes | None]
Decode = Callable[[bytes], dict[str, Raw]]


@dataclass(frozen=True, slots=True)
class SignalCode:
    """The functions of one signal."""

    read_raw: Callable[[bytes | bytearray], Raw]
    write_raw: Callable[[bytearray, Raw], None]
    number_to_raw: Callable[[Raw], Raw]
    to_physical: Callable[[Raw], Raw]


@dataclass(frozen=True, slots=True)
class LevelCode:
    """The functions of a set of signals that are always there together. ``encode`` returns None where the plain path
    does not do (a label, a missing signal, a value out of range): the caller then goes signal by signal."""

    decode: Decode
    decode_raw: Decode
    encode: Encode


def _quotient(x: Raw, scale: int) -> int:
    """x / scale, rounded; whole quotients of large integers stay exact."""
    whole, rest = divmod(x, scale)
    return round(whole) if rest == 0 else round(x / scale)


def _misfit(name: str, raw: Raw, low: Raw, high: Raw) -> ValueError:
    return ValueError(f"{name}: raw {raw!r} is outside {low} to {high}")


def _names() -> dict[str, Any]:
    names: dict[str, Any] = {"quotient": _quotient, "misfit": _misfit, "from_bytes": int.from_bytes,
                             "errors": (KeyError, TypeError, ValueError, OverflowError, AttributeError, struct.error)}
    for bits, letter in _FLOATS.items():
        names[f"pack{bits}"] = struct.Struct("<" + letter).pack
        names[f"unpack{bits}"] = struct.Struct("<" + letter).unpack
    return names


def _typed(shape: Shape, bits: str) -> str:
    """The expression for the raw value whose bits are the non-negative integer ``bits``."""
    if shape.float:
        return f"unpack{shape.length}(({bits}).to_bytes({shape.length // 8}, 'little'))[0]"
    if shape.signed:
        sign = 1 << shape.length - 1
        return f"(({bits}) ^ {sign}) - {sign}"
    return bits


def _bits_of(shape: Shape, first: int, size: int, whole: str) -> str:
    """The bits of ``shape`` out of the integer ``whole`` made of ``size`` bytes that begin at byte ``first``."""
    shift = shape.shift(size) - 8 * first if shape.little_endian else shape.shift(first + size)
    expression = f"{whole} >> {shift}" if shift else whole
    return expression if shift + shape.length == 8 * size else f"{expression} & {(1 << shape.length) - 1}"


def _physical(shape: Shape, raw: str) -> str:
    scale, offset = _factors(shape)
    if scale == 1 and offset == 0:
        return raw
    if offset == 0 and scale > 0 and not shape.float:  # adding 0 could only change the sign of a zero
        return f"({raw}) * {scale!r}"
    return f"({raw}) * {scale!r} + {offset!r}"


def _factors(shape: Shape) -> tuple[int | float, int | float]:
    scale, offset = shape.scale, shape.offset
    if not shape.float and float(scale).is_integer() and float(offset).is_integer():
        return int(scale), int(offset)
    return scale, offset


def _raw(shape: Shape, x: str, whole: bool = False) -> str:
    """The expression for the raw value of the physical ``x``. With ``whole`` a value that needs no factor is taken as
    the integer it nearly always is; the shift that follows raises TypeError for a float."""
    scale, offset = _factors(shape)
    if shape.float:
        return x if scale == 1 and offset == 0 else f"({x} - {offset!r}) / {scale!r}"
    less = f"({x} - {offset!r})" if offset else x
    if scale == 1 and isinstance(offset, int):
        return less if whole else f"round({less})"
    if isinstance(scale, int) and isinstance(offset, int) and shape.length > 52:
        return f"quotient({less}, {scale!r})"
    # below 2**53 true division is exact wherever the quotient is whole; the method spares the look-up of round()
    return f"({less} / {scale!r}).__round__()" if whole else f"round({less} / {scale!r})"


def _signal_source(number: int, shape: Shape) -> list[str]:
    first, last = shape.first_and_last_byte()
    size, order = last - first + 1, "little" if shape.little_endian else "big"
    whole = f"d[{first}]" if size == 1 else f"from_bytes(d[{first}:{last + 1}], '{order}')"
    shift = shape.shift(size) - 8 * first if shape.little_endian else shape.shift(first + size)
    mask = (1 << shape.length) - 1
    lines = [f"def read_{number}(d): return {_typed(shape, _bits_of(shape, first, size, whole))}",
             f"def to_raw_{number}(x): return {_raw(shape, 'x')}",
             f"def physical_{number}(r): return {_physical(shape, 'r')}",
             f"def write_{number}(d, r):"]
    if shape.float:
        lines += [f"    r = from_bytes(pack{shape.length}(r), 'little')"]
    else:
        low, high = (-(1 << shape.length - 1), (1 << shape.length - 1) - 1) if shape.signed else (0, mask)
        lines += [f"    if not {low} <= r <= {high}: raise misfit({shape.name!r}, r, {low}, {high})"]
        if shape.signed:
            lines += [f"    r &= {mask}"]
    keep = ((1 << 8 * size) - 1) & ~(mask << shift)
    new = f"{whole} & {keep} | r << {shift}" if keep else f"r << {shift}"
    lines += [f"    d[{first}] = {new}" if size == 1
              else f"    d[{first}:{last + 1}] = ({new}).to_bytes({size}, '{order}')"]
    return lines


def _level_source(number: int, shapes: Sequence[Shape], size: int) -> list[str]:
    wide = [s for s in shapes if len(set(s.first_and_last_byte())) > 1]
    orders = {("little" if s.little_endian else "big") for s in wide}
    lines = []
    for name, physical in ((f"decode_{number}", True), (f"decode_raw_{number}", False)):
        lines.append(f"def {name}(d):")
        if "little" in orders:
            lines.append("    n = from_bytes(d, 'little')")
        if "big" in orders:
            lines.append("    m = from_bytes(d, 'big')")
        items = []
        for shape in shapes:
            first, last = shape.first_and_last_byte()
            if first == last:
                raw = _typed(shape, _bits_of(shape, first, 1, f"d[{first}]"))
            else:
                raw = _typed(shape, _bits_of(shape, 0, size, "n" if shape.little_endian else "m"))
            items.append(f"{shape.name!r}: {_physical(shape, raw) if physical else raw}")
        lines.append("    return {" + ", ".join(items) + "}")
    return lines + _encode_source(number, shapes, size, orders)


def _encode_source(number: int, shapes: Sequence[Shape], size: int, orders: set[str]) -> list[str]:
    """Two encoders: the first takes integers for signals without factor, the second rounds whatever it is given."""
    misfits: dict[int, list[str]] = {}
    fields: dict[str, list[str]] = {"little": [], "big": []}
    packing = []
    single = "big" if orders == {"big"} else "little"
    for i, shape in enumerate(shapes):
        bits = f"r{i}"
        if shape.float:
            packing.append(f"        r{i} = from_bytes(pack{shape.length}(r{i}), 'little')")
        elif shape.signed:
            misfits.setdefault(shape.length, []).append(f"r{i} + {1 << shape.length - 1}")
            bits = f"(r{i} & {(1 << shape.length) - 1})"
        else:
            misfits.setdefault(shape.length, []).append(f"r{i}")
        first, last = shape.first_and_last_byte()
        if first == last:  # within a byte both orders are the same
            in_byte = shape.shift(1) - 8 * first if shape.little_endian else shape.shift(first + 1)
            order = single
            shift = in_byte + 8 * (first if order == "little" else size - 1 - first)
        else:
            order = "little" if shape.little_endian else "big"
            shift = shape.shift(size)
        fields[order].append(f"{bits} << {shift}" if shift else bits)
    # values of one length share a test: negative and too large ones leave a bit beyond the length
    tests = [f"({' | '.join(f'({v})' if '+' in v else v for v in values)}) >> {length}"
             for length, values in misfits.items()]
    little, big = (" | ".join(fields[order]) or "0" for order in ("little", "big"))
    if orders == {"little", "big"}:
        result = f"(from_bytes(({big}).to_bytes({size}, 'big'), 'little') | {little}).to_bytes({size}, 'little')"
    else:
        result = f"({big if single == 'big' else little}).to_bytes({size}, '{single}')"
    lines = []
    rounding = f"round_{number}"
    for name, whole, otherwise in ((rounding, False, "None"), (f"encode_{number}", True, f"{rounding}(v)")):
        lines += [f"def {name}(v):", f"    if len(v) != {len(shapes)}: return None", "    try:"]
        lines += [f"        r{i} = {_raw(shape, f'v[{shape.name!r}]', whole)}" for i, shape in enumerate(shapes)]
        lines += packing
        lines += [f"        if {' or '.join(tests)}: return None"] if tests else []
        lines += [f"        return {result}", f"    except errors: return {otherwise}"]
    return lines


def compile_message(name: str, size: int, shapes: Sequence[Shape],
                    levels: Sequence[Sequence[Shape]]) -> tuple[list[SignalCode], list[LevelCode]]:
    """Code for each of ``shapes`` and for each of ``levels`` (sets of signals) of a message of ``size`` bytes."""
    lines: list[str] = []
    for i, shape in enumerate(shapes):
        lines += _signal_source(i, shape)
    for i, level in enumerate(levels):
        lines += _level_source(i, level, size)
    names = _names()
    exec(compile("\n".join(lines), f"<codec of {name}>", "exec"), names)  # noqa: S102 - the source is made of numbers and repr()d names only
    signals = [SignalCode(names[f"read_{i}"], names[f"write_{i}"], names[f"to_raw_{i}"], names[f"physical_{i}"])
               for i in range(len(shapes))]
    return signals, [LevelCode(names[f"decode_{i}"], names[f"decode_raw_{i}"], names[f"encode_{i}"])
                     for i in range(len(levels))]
