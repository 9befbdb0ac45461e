"""A console's chunks as lines of a text file, and back, byte for byte.

``(12.003456789) boot: ready``: seconds with nine decimals, then the bytes as UTF-8. A backslash is doubled; a carriage
return, a line feed and bytes that are no UTF-8 are ``\\r``, ``\\n``, ``\\xNN``. The carriage return and line feed that
end a chunk, as consoles do, are the line's own end; a chunk that ends with a line feed alone shows it, and one that
ends otherwise is followed by a single backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.foundation.units import Ns, S

_LINE = re.compile(rb"\((\d+)\.(\d{9})\) (.*)", re.DOTALL)
_ESCAPE = re.compile(rb"\\(\\|n|r|x[0-9a-f]{2})")
_PLAIN = {b"\\": b"\\", b"n": b"\n", b"r": b"\r"}


def to_line(t: Ns, data: bytes) -> str:
    """One chunk, line feed included."""
    whole = data.endswith(b"\r\n") and not data.endswith(b"\n\r\n")
    shown = (data[:-2] if whole else data).replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    end = "" if whole or data.endswith(b"\n") else "\\"
    return f"({t // S}.{t % S:09d}) {shown.decode('utf-8', 'backslashreplace')}{end}\n"


def from_text(text: bytes) -> Iterator[tuple[Ns, bytes]]:
    """(instant, bytes) of each line of such a file. ValueError, with the line's number, for one that is none."""
    for number, line in enumerate(text.split(b"\n")[:-1], 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number} is no recorded line of a console")
        seconds, fraction, shown = match.groups()
        open_end = (len(shown) - len(shown.rstrip(b"\\"))) % 2 == 1
        data = _ESCAPE.sub(_unescaped, shown[:-1] if open_end else shown)
        yield int(seconds) * S + int(fraction), data + (b"" if open_end or data.endswith(b"\n") else b"\r\n")


def _unescaped(match: re.Match[bytes]) -> bytes:
    found = match[1]
    return _PLAIN.get(found) or bytes.fromhex(found[1:].decode())
