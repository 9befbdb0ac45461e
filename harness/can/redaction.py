"""Secrets in a recorded bus: where they are, and the recording without them.

Pure: lines as harness/can/candump.py writes them in, lines out. Every byte that carries a part of a secret becomes
``BLANK`` in every frame that carries it; stamps, identifiers, lengths and directions stay. What the rig itself sent is
searched in whole frames; what it heard also in stretches of frames (harness/can/joined.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from harness.can.joined import joined
from harness.foundation.spellings import SHORT, Hit, Needles

BLANK = "2A"
"""An asterisk."""
MOST_PASSES = 8


class Carried(NamedTuple):
    """A secret on a bus: ``places`` are (line from 0, byte of its data)."""

    identifier: str
    hit: Hit
    places: tuple[tuple[int, int], ...]


class Frames(NamedTuple):
    """The data frames of one identity and direction: the number of each line, and what it carries."""

    identifier: str
    own: bool
    lines: list[int]
    data: list[bytes]


def by_identity(lines: Sequence[bytes]) -> list[Frames]:
    """The data frames of a candump file. A line that is none is passed over, as a remote or an error frame is."""
    found: dict[tuple[bytes, bool], Frames] = {}
    for number, line in enumerate(lines):
        parts = line.split()
        if len(parts) < 3:
            continue
        identifier, hash_, shown = parts[2].partition(b"#")
        digits = shown[2:] if shown[:1] == b"#" else shown
        if not hash_ or digits[:1] == b"R" or (len(identifier) == 8 and int(identifier, 16) & 0x2000_0000):
            continue
        own = parts[-1] == b"T"
        try:
            data = bytes.fromhex(digits.decode())
        except ValueError:
            continue
        frames = found.get((identifier, own))
        if frames is None:
            frames = found[identifier, own] = Frames(identifier.decode(), own, [], [])
        frames.lines.append(number)
        frames.data.append(data)
    return list(found.values())


def carried(frames: Frames, needles: Needles) -> Iterator[Carried]:
    """Every secret that the frames of one identity carry. In what the rig sent itself, and may be anything, spellings
    of fewer than six bytes do not count."""
    seen = set()
    for one in joined(frames.data, whole=frames.own):
        for hit in needles.find(one.data):
            if frames.own and hit.stop - hit.start < SHORT:
                continue
            places = tuple((frames.lines[frame], byte) for frame, byte in one.places(hit.start, hit.stop))
            if places not in seen:
                seen.add(places)
                yield Carried(frames.identifier, hit, places)


def redact(lines: Sequence[bytes], needles: Needles) -> tuple[list[bytes], list[Carried]]:
    """The lines without what they must not say, and what that was. The same lines where there was nothing."""
    public = list(lines)
    told: list[Carried] = []
    for frames in by_identity(lines):
        for _ in range(MOST_PASSES):
            found = list(carried(frames, needles))
            if not found:
                break
            told += found
            numbers = {line: i for i, line in enumerate(frames.lines)}
            for line, byte in {place for one in found for place in one.places}:
                public[line] = _blanked(public[line], byte)
                data = bytearray(frames.data[numbers[line]])
                data[byte] = int(BLANK, 16)
                frames.data[numbers[line]] = bytes(data)
    return public, told


def _blanked(line: bytes, byte: int) -> bytes:
    """``line`` with one byte of its data blanked."""
    first = line.index(b"#") + 1
    if line[first : first + 1] == b"#":
        first += 2
    at = first + 2 * byte
    return line[:at] + BLANK.encode() + line[at + 2 :]
