"""How fast our codec is beside cantools, on messages of ten signals: ratios, measured in one process, interleaved.

Run: ``python -P benchmarks/codec.py`` from the root. Limits: encode at least 3 times, decode at least 2 times cantools
(``strict=False``, ``decode_choices=False``). Exit code 1 when a limit is missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from cantools.database.can import Database as Peer

from harness.can.database import load_dbc
from harness.foundation.clock import stopwatch

ENCODE, DECODE = 3.0, 2.0
LAYOUTS = {
    "Intel": [f"{6 * i}|6@1+ ({'0.5,-3' if i % 2 else '1,0'})" for i in range(10)],
    "Motorola": ["7|8@0+ (1,0)", "15|12@0- (0.1,0)", "19|4@0+ (1,0)", "31|4@0+ (1,0)", "27|10@0+ (0.25,-20)",
                 "33|2@0+ (1,0)", "47|6@0+ (1,0)", "41|2@0+ (1,0)", "55|7@0+ (2,0)", "63|8@0- (1,0)"],
    "mixed": ["0|8@1+ (1,0)", "8|4@1+ (1,0)", "12|2@1+ (1,0)", "14|2@1+ (1,0)", "23|12@0- (0.1,0)", "27|4@0+ (1,0)",
              "32|10@1+ (0.01,0)", "42|6@1- (1,0)", "55|8@0+ (1,-40)", "56|8@1+ (0.5,0)"],
}


def database() -> Path:
    rows = ['VERSION ""', "NS_ :", "BS_:", "BU_: Car Unit"]
    for number, (name, layout) in enumerate(LAYOUTS.items()):
        rows += ["", f"BO_ {256 + number} {name}: 8 Car"]
        rows += [f' SG_ S{i} : {place} [0|0] "" Unit' for i, place in enumerate(layout)]
    path = Path(tempfile.mkdtemp()) / "ten.dbc"
    path.write_text("\n".join(rows) + "\n")
    return path


def per_call(work: Callable[[], object], calls: int = 4000) -> float:
    """Microseconds per call."""
    took = stopwatch()
    for _ in range(calls):
        work()
    return took() / calls * 1e6


def compare(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, float]:
    """(our us, their us, ratio), the medians of nine interleaved rounds."""
    rounds = [(per_call(ours), per_call(theirs)) for _ in range(9)]
    one, other = median(r[0] for r in rounds), median(r[1] for r in rounds)
    return one, other, other / one


def main() -> int:
    path = database()
    peer = Peer(strict=False)
    peer.add_dbc_string(path.read_text())
    missed = 0
    print(f"{'message':10} {'':8} {'ours':>9} {'cantools':>9} {'ratio':>7}  limit")
    for name in LAYOUTS:
        ours, theirs = load_dbc(path).by_name(name), peer.get_message_by_name(name)
        data = bytes([0x12, 0x34, 0x56, 0x18, 0x2A, 0x5C, 0x31, 0x42])
        values = ours.decode(data)
        assert values == theirs.decode(data, decode_choices=False)
        assert ours.encode(values) == theirs.encode(values, strict=False)
        for what, limit, pair in (
            ("encode", ENCODE, (lambda: ours.encode(values), lambda: theirs.encode(values, strict=False))),  # noqa: B023
            ("decode", DECODE, (lambda: ours.decode(data), lambda: theirs.decode(data, decode_choices=False))),  # noqa: B023
        ):
            one, other, ratio = compare(*pair)
            missed += ratio < limit
            print(f"{name:10} {what:8} {one:6.2f} us {other:6.2f} us {ratio:6.1f}x  >= {limit:g}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
