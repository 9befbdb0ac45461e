"""What becomes of databases that nobody here wrote: rest-bus and codec come up, or an error names file and line.

Run: ``python -P benchmarks/strangers.py [FOLDER OR FILE...]`` from the root (default: the foreign files of the tests).
Of each file every message is encoded and decoded beside cantools, from its start values and from drawn data, and the
rest-bus of the whole file runs for a second of virtual time; messages without a cycle time get one. Exit code 1 when a
file gives an error without a line, codec and cantools differ, or anything raises.
"""

# ruff: noqa: E402 - the tree is found first
from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cantools.database.can import Database as Oracle
from cantools.database.can import Message as OracleMessage

from harness.can.database import Database, Message, Undecodable, load_dbc
from harness.can.memory import MemoryBus
from harness.can.restbus import RestBus
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import MS, S
from harness.vehicle.cycles import with_cycles

FOREIGN = (ROOT / "tests/can/data/cantools", ROOT / "tests/vehicle/data/opendbc")
GIVEN_CYCLE = 500 * MS
COMES_UP, REFUSED, BROKEN = "comes up", "refused, with file and line", "broken"


class Outcome(NamedTuple):
    """``what`` is one of the three above; counts are of a file that came up; ``why`` of one that did not."""

    what: str
    messages: int = 0
    payloads: int = 0
    frames: int = 0
    why: tuple[BadInput, ...] = ()


def bring_up(path: Path, draws: int = 3) -> Outcome:
    """Read ``path``; compare its codec with cantools; run its rest-bus. AssertionError when they differ."""
    try:
        database = load_dbc(path)
    except (BadInput, SeveralBadInputs) as why:
        errors = tuple(why.errors) if isinstance(why, SeveralBadInputs) else (why,)
        told = all(e.where == path and e.line and e.problem and e.remedy for e in errors)
        return Outcome(REFUSED if told else BROKEN, why=errors)
    if unsendable := database.unsendable():
        return Outcome(REFUSED, why=tuple(unsendable))
    oracle = read_oracle(path)
    rng = random.Random(path.name)
    payloads = 0
    for theirs in oracle.values():
        ours = database.messages[(theirs.frame_id, theirs.is_extended_frame)]
        for data in (ours.start_data(), *(rng.randbytes(ours.length) for _ in range(draws))):
            payloads += agree(theirs, ours, data)
    return Outcome(COMES_UP, len(database.messages), payloads, run(database, oracle))


def read_oracle(path: Path) -> dict[tuple[int, bool], OracleMessage]:
    oracle = Oracle(strict=False)
    raw = path.read_bytes()
    try:
        oracle.add_dbc_string(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        oracle.add_dbc_string(raw.decode("cp1252", errors="replace"))
    return {(m.frame_id, m.is_extended_frame): m for m in oracle.messages}


def agree(theirs: OracleMessage, ours: Message, data: bytes) -> bool:
    """Both decode ``data`` to the same and encode that to the same, or neither can. Whether they could."""
    try:
        want: dict[str, Any] = dict(theirs.decode_simple(data, decode_choices=False))
    except Exception:  # noqa: BLE001 - an id that its multiplexer does not have, say; cantools has a class for each
        try:
            ours.decode(data)
        except ValueError:
            return False
        raise AssertionError(f"{ours.name}: cantools refuses {data.hex()}, we decode it") from None
    got = ours.decode(data)
    same = got.keys() == want.keys() and all(got[n] == w or (got[n] != got[n] and w != w) for n, w in want.items())
    assert same, f"{ours.name} {data.hex()}: {got} is not {want}"
    if all(v == v for v in want.values()):
        encoded = ours.encode(got)
        assert encoded == theirs.encode(want, strict=False), f"{ours.name}: encoded {got} differently"
        assert ours.decode(encoded) == got, f"{ours.name}: {got} does not come back"
    return True


def run(database: Database, oracle: dict[tuple[int, bool], OracleMessage]) -> int:
    """The rest-bus of the whole file for a second of virtual time; cantools reads what we read. Frames heard."""
    clock = VirtualClock()
    bus = MemoryBus(clock, 1_000_000, 8_000_000)
    rig, unit = bus.node("rig"), bus.node("head_unit")
    lacking = {m.name: GIVEN_CYCLE for m in database.messages.values() if m.cycle is None}
    restbus = RestBus(
        clock, rig, with_cycles(database, lacking), nodes_excluded=set(), protections={}, random=random.Random(7)
    )
    heard: list[Any] = []
    unit.listen(heard.append)
    restbus.start()
    for name in restbus.messages:
        restbus.send_event(name, {}, 0)  # whatever is sent on an event only
    clock.run_until(S)
    for one in heard:
        frame = one.frame
        if frame is None:
            continue
        decoded = database.decode_frame(frame)
        theirs = oracle[(frame.id, frame.extended)]
        if isinstance(decoded, Undecodable):
            continue
        assert decoded == theirs.decode_simple(frame.data, decode_choices=False), theirs.name
    restbus.silence()
    return len(heard)


def files(places: Sequence[Path]) -> list[Path]:
    found = [p for place in places for p in ([place] if place.is_file() else place.rglob("*"))]
    return sorted(p for p in found if p.suffix.lower() == ".dbc")


def main(places: Sequence[Path]) -> int:
    table: dict[str, Counter[str]] = {}
    reasons: Counter[str] = Counter()
    wrong = []
    for path in files(places):
        try:
            outcome = bring_up(path)
        except Exception as why:  # noqa: BLE001 - a traceback is what this is looking for
            outcome = Outcome(BROKEN, why=(BadInput(path, None, "", repr(why), ""),))
        row = table.setdefault(path.parent.name, Counter())
        row.update(
            {
                "files": 1,
                outcome.what: 1,
                "messages": outcome.messages,
                "payloads": outcome.payloads,
                "frames": outcome.frames,
                "errors": len(outcome.why),
            }
        )
        reasons.update({_kind(error) for error in outcome.why})
        wrong += [str(error) for error in outcome.why] if outcome.what == BROKEN else []
    columns = ("files", COMES_UP, REFUSED, BROKEN, "messages", "payloads", "frames", "errors")
    print(f"| from | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    total: Counter[str] = Counter()
    for name, row in table.items():
        total.update(row)
        print(f"| {name} | {' | '.join(f'{row[c]:,}' for c in columns)} |")
    print(f"| all | {' | '.join(f'{total[c]:,}' for c in columns)} |\n")
    for reason, count in reasons.most_common():
        print(f"- {count} of the refused: {reason}")
    print("\n".join(wrong))
    return 1 if total[BROKEN] or not total[COMES_UP] else 0


def _kind(error: BadInput) -> str:
    """The problem without what is particular to one place."""
    kinds = {
        "it overlaps": "signals overlap",
        "it needs": "a signal lies outside its message",
        "a CAN frame cannot": "a message is no single CAN frame",
        "no valid DBC syntax": "no DBC syntax",
        "more than 11 bits": "an extended id that is not marked as one",
        "value table of a signal": "a value table of a signal that is not there",
    }
    return next((kind for part, kind in kinds.items() if part in error.problem), error.problem)


if __name__ == "__main__":
    sys.exit(main([Path(a) for a in sys.argv[1:]] or FOREIGN))
