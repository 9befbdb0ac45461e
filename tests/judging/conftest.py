"""A recording of one's own making: what stands on the tape becomes known as its clock goes on, late where wanted.

What questions answer to it is held in full against ``answers/``, a page for each test: value, bounds, unit, window,
references, and the words of a report. ``HIL_ANSWERS=write pytest tests/judging/FILE.py`` writes a file's pages anew;
read the difference before you commit it.
"""

from __future__ import annotations

import json
import os
import re
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.audio.port import RATE, Capture
from harness.can.port import Frame, Heard
from harness.console.port import Bytes
from harness.foundation.clock import VirtualClock
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Check, Limit, Measurement
from harness.judging.judge import Judge
from harness.judging.observation import Observation, Undecided
from harness.judging.requirements import Catalogue, load_requirements
from harness.phone.port import CallEvent, Delivered, SessionEvent, Unread
from harness.screen.port import Picture
from harness.supply.port import Reading
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).parents[2]
ANSWERS = Path(__file__).parent / "answers"
ANEW = "not what answers/ has; where it is meant so, HIL_ANSWERS=write writes the file's pages anew"
WRITE = os.environ.get("HIL_ANSWERS") == "write"
UNITS = {"s", "%", "1", "dB", "A", "V", "ppm"}
SOURCE = re.compile(r"can/(body|infotainment)|role/[\w.]+|account/[\w-]+|audio|screen|console|supply|diagnostics")
TRACK = re.compile(r"can/\w+|(audio|call)/[\w.]+|account/[\w-]+|[a-z]\w*(\.\w+)*")


def told(observation: Observation, answer: Undecided | Measurement) -> str:
    """An answer in one line. Instants that sound decides are told to a microsecond: the last bits are a library's."""
    digits = 6 if observation.source.startswith(("audio", "call", "account")) else 9

    def at(*instants: Ns) -> str:
        return " ".join(f"{t / S:.{digits}f}".rstrip("0").rstrip(".") for t in instants)

    if isinstance(answer, Undecided):
        return f"not before {at(answer.until)}"
    sides = [] if answer.value is None else [f"{x + 0.0:.6g}" for x in answer.value]
    bounds = f" ({sides[1]} to {sides[2]})" if len(set(sides)) > 1 else ""
    unit = "" if answer.unit == "1" else f" {answer.unit}"
    value = f"{sides[0]}{unit}{bounds}" if sides else f"never{unit}"
    refs = "; ".join(" ".join(at(v) if k == "t" else f"{k}={v}" for k, v in ref.items()) for ref in answer.refs)
    found = "" if observation.found is None else f" | found {at(*observation.found)}"
    samples = f" of {answer.samples}" if answer.samples != 1 else ""
    said = f"{answer.quantity} {value}{samples} | {answer.detail}"
    return f"{said} | {at(*answer.window)} | {refs or 'no refs'}{found}"


class Book:
    """The answers of all tests; ``open`` turns to a test's page, ``says`` compares the next line of it."""

    def __init__(self) -> None:
        self._files: dict[str, dict[str, list[str]]] = {}
        self._written = dict(self._files)
        self._page: list[str] | None = None
        self._expected: list[str] = []
        self._known: list[tuple[str, str]] = []

    def open(self, file: str, test: str) -> None:
        self._known = []
        if WRITE:
            self._page = self._written.setdefault(file, {}).setdefault(test, [])
            return
        if file not in self._files:
            place = ANSWERS / f"{file}.json"
            self._files[file] = json.loads(place.read_text("utf-8")) if place.is_file() else {}
        self._page, self._expected = [], self._files[file].get(test, [])

    def asked(self, question: Observation, answer: Undecided | Measurement) -> None:
        """A question and its answer; what comes again is kept once."""
        arguments = ", ".join(f"{name}={value!r}" for name, value in question.arguments.items())
        asked = f"{question.name}({arguments}) of {question.source}: {question.sentence}"
        answered = f"  {told(question, answer)}"
        if self._page is None or (asked, answered) in self._known:
            return
        self._known.append((asked, answered))
        for line in (asked, answered) if asked not in self._page else (answered,):
            self.says(line)

    def says(self, line: str) -> None:
        """The next line of the page."""
        if self._page is None:
            return
        self._page.append(line)
        kept = self._expected[len(self._page) - 1 : len(self._page)]
        if not WRITE and kept != [line]:
            self._page = None
            pytest.fail(f"{ANEW}\n now:  {line}\n page: {kept[0] if kept else 'ends here'}")

    def close(self) -> None:
        page, self._page = self._page, None
        if not WRITE and page is not None and len(page) < len(self._expected):
            pytest.fail(f"{ANEW}\n nothing more is said where the page has: {self._expected[len(page)]}")

    def write(self) -> None:
        for file, pages in self._written.items():
            place, kept = ANSWERS / f"{file}.json", {test: lines for test, lines in pages.items() if lines}
            place.unlink(missing_ok=True)
            if kept:
                place.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def book() -> Iterator[Book]:
    made = Book()
    yield made
    made.write()


@pytest.fixture(autouse=True)
def page(request: pytest.FixtureRequest, book: Book) -> Iterator[None]:
    """Of each test but those whose cases are drawn by chance."""
    if not hasattr(request.function, "hypothesis"):
        book.open(request.path.stem, request.node.name)
    yield
    book.close()


@dataclass
class Tape:
    """Implements judging.recording.Recording.

    What happened at ``t`` is known from ``t + late[source]`` on, the watermark of a source lies ``lag[source]`` behind
    the clock, and stands for ever where ``stands[source]`` says. Sources are named as the observations name them.
    """

    vehicle: Vehicle
    clock: VirtualClock
    late: dict[str, Ns] = field(default_factory=dict)
    lag: dict[str, Ns] = field(default_factory=dict)
    stands: dict[str, Ns] = field(default_factory=dict)
    lacks: set[str] = field(default_factory=set)
    spread: Ns = 0
    book: Book = field(default_factory=Book)

    def __post_init__(self) -> None:
        self._frames: dict[tuple[str, tuple[int, bool]], list[Heard]] = {}
        self._sounds: dict[str, list[tuple[Ns, NDArray[np.int16]]]] = {}
        self._pictures: list[Picture] = []
        self._console: list[Bytes] = []
        self._supply: list[Reading] = []
        self._inbox: dict[str, list[Delivered]] = {}
        self._sessions: dict[str, list[SessionEvent]] = {}
        self._calls: dict[str, list[CallEvent]] = {}
        self._counts: dict[str, list[Unread]] = {}

    def stamp(self, t: Ns) -> Stamp:
        return Stamp.within(t, self.spread)

    def frame(self, role: str, state: str | float, t: Ns, also: dict[str, str | float] | None = None) -> None:
        """One frame of the role's message; ``also``: states of other roles in it."""
        where = self.vehicle.role(role)
        raw = {}
        for name, said in {role: state, **(also or {})}.items():
            carried = self.vehicle.role(name)
            assert carried.signal is not None
            raw[carried.signal.name] = carried.raw(said)
        data = where.message.encode_raw(raw)
        self.bytes_on(where.bus, where.message.key, data, t)

    def bytes_on(self, bus: str, key: tuple[int, bool], data: bytes, t: Ns) -> None:
        heard = Heard(*self.stamp(t), "data", Frame(key[0], data, key[1]))
        insort(self._frames.setdefault((bus, key), []), heard, key=lambda one: one.t)

    def error_on(self, bus: str, t: Ns) -> None:
        self._frames.setdefault((bus, (-1, False)), []).append(Heard(*self.stamp(t), "error", None))

    def says(self, role: str, *states: tuple[Ns, str], until: Ns) -> None:
        """Cyclic frames: from each instant on the state beside it."""
        cycle = self.vehicle.role(role).message.cycle or 100 * MS
        for (start, state), (stop, _) in zip(states, [*states[1:], (until, "")], strict=True):
            for t in range(start, stop, cycle):
                if state != "silent":
                    self.frame(role, state, t)

    def play(self, line: str, samples: NDArray[np.int16], t: Ns) -> None:
        self._sounds.setdefault(line, []).append((t, samples))

    def show(self, pixels: NDArray[np.uint8], t: Ns) -> None:
        self._pictures.append(Picture(self.stamp(t), pixels))

    def print(self, data: bytes, t: Ns) -> None:
        self._console.append(Bytes(self.stamp(t), data))

    def draws(self, amperes: float, t: Ns) -> None:
        self._supply.append(Reading(13.5, amperes, self.stamp(t)))

    def delivers(self, account: str, t: Ns, kind: str = "voice", **more: object) -> None:
        known = self._inbox.setdefault(account, [])
        known.append(Delivered(f"m{len(known)}", "acct-x", kind, self.stamp(t), **more))  # type: ignore[arg-type]

    def session(self, account: str, what: str, t: Ns) -> None:
        self._sessions.setdefault(account, []).append(SessionEvent(what, "SN-1", self.stamp(t)))

    def called(self, account: str, *what: tuple[Ns, str], media: str = "voice") -> None:
        self._calls[account] = [CallEvent(event, "c1", media, self.stamp(t)) for t, event in what]

    def counts(self, account: str, *unread: tuple[Ns, int]) -> None:
        self._counts[account] = [Unread(count, self.stamp(t)) for t, count in unread]

    def ask(self, observation: Observation, limit: Limit, patience: Ns) -> Undecided | Measurement:
        """The observation's answer, after a look at what a report will need of it."""
        answer = observation.look(self, limit, patience)
        if isinstance(answer, Undecided):
            assert isinstance(answer.until, int)
            self.book.asked(observation, answer)
            return answer
        assert answer.quantity == observation.quantity
        assert answer.unit in UNITS, answer.unit
        assert answer.detail
        first, last = answer.window
        assert isinstance(first, int)
        assert isinstance(last, int)
        for ref in answer.refs:
            assert TRACK.fullmatch(ref["track"]), ref
            assert isinstance(ref["t"], int)
        self.book.asked(observation, answer)
        return answer

    def seen_to(self, source: str) -> Ns:
        assert SOURCE.fullmatch(source), f"nobody has a source {source!r}"
        seen = self.clock.now() - self.lag.get(source, self.late.get(source, 0))
        return min(seen, self.stands.get(source, seen))

    def offers(self, source: str) -> bool:
        return source not in self.lacks

    def stalled(self, source: str) -> Ns:
        return 1 * S

    def _known(self, source: str) -> Ns:
        """What happened up to here has been delivered."""
        known = self.clock.now() - self.late.get(source, 0)
        return min(known, self.stands.get(source, known))

    def _bus(self, bus: str) -> Ns:
        """A bus is known as far as any of its names says."""
        names = [f"can/{bus}", *(f"role/{n}" for n, r in self.vehicle.roles.items() if r.bus == bus)]
        return min(self._known(name) for name in names)

    def frames(self, bus: str, key: tuple[int, bool], start: Ns, stop: Ns) -> Sequence[Heard]:
        stop = min(stop, self._bus(bus))
        return [h for h in self._frames.get((bus, key), []) if start <= h.t <= stop]

    def last_frame(self, bus: str, key: tuple[int, bool], before: Ns) -> Heard | None:
        known = self.frames(bus, key, 0, before - 1)
        return known[-1] if known else None

    def everything(self, bus: str, start: Ns, stop: Ns) -> Sequence[Heard]:
        known = [h for (name, _), heard in self._frames.items() if name == bus for h in heard]
        stop = min(stop, self._bus(bus))
        return sorted((h for h in known if start <= h.t <= stop), key=lambda h: h.t)

    def sound(self, line: str, start: Ns, stop: Ns) -> Capture:
        assert stop <= self.seen_to("audio"), "nobody may listen beyond the watermark"
        first, stop_index = start * RATE // S, stop * RATE // S
        mixed = np.zeros(stop_index - first, np.int32)
        for t, samples in self._sounds.get(line, []):
            at = round(t * RATE / S) - first
            begin, end = max(at, 0), min(at + len(samples), len(mixed))
            if begin < end:
                mixed[begin:end] += samples[begin - at : end - at]
        heard = np.clip(mixed, -32768, 32767).astype(np.int16)
        return Capture(line, heard, self.stamp(first * S // RATE), not heard.any())

    def pictures(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        if stop < start:
            return []
        known = [p for p in self._pictures if p.stamp.t <= min(stop, self._known("screen"))]
        front = [p for p in known if p.stamp.t <= start][-1:]
        return [*front, *(p for p in known if p.stamp.t > start)]

    def console(self, start: Ns, stop: Ns) -> Sequence[Bytes]:
        return [c for c in self._console if start <= c.stamp.t <= min(stop, self._known("console"))]

    def supply(self, start: Ns, stop: Ns) -> Sequence[Reading]:
        return [r for r in self._supply if start <= r.stamp.t <= min(stop, self._known("supply"))]

    def calls(self, account: str, start: Ns, stop: Ns) -> Sequence[CallEvent]:
        known = min(stop, self._known(f"account/{account}"))
        return [e for e in self._calls.get(account, []) if start <= e.stamp.t <= known]

    def unread(self, account: str, start: Ns, stop: Ns) -> Sequence[Unread]:
        known = [e for e in self._counts.get(account, []) if e.stamp.t <= min(stop, self._known(f"account/{account}"))]
        return [*[e for e in known if e.stamp.t < start][-1:], *(e for e in known if e.stamp.t >= start)]

    def inbox(self, account: str, start: Ns, stop: Ns) -> Sequence[Delivered]:
        known = min(stop, self._known(f"account/{account}"))
        return [m for m in self._inbox.get(account, []) if start <= m.stamp.t <= known]

    def sessions(self, account: str, start: Ns, stop: Ns) -> Sequence[SessionEvent]:
        known = min(stop, self._known(f"account/{account}"))
        return [e for e in self._sessions.get(account, []) if start <= e.stamp.t <= known]


@pytest.fixture(scope="session")
def gs4() -> Vehicle:
    return load_vehicle(ROOT / "dbc" / "gs4")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_requirements(Path(__file__).parent / "catalogue")


@pytest.fixture
def keeps(book: Book) -> Callable[[str], None]:
    """A line of the page of one's own."""
    return book.says


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture(scope="session")
def make_tape(gs4: Vehicle, book: Book) -> Callable[..., Tape]:
    """Tapes of one's own; each has its clock unless one is given."""
    return lambda **more: Tape(gs4, more.pop("clock", None) or VirtualClock(), book=book, **more)


@pytest.fixture
def tape(gs4: Vehicle, clock: VirtualClock, book: Book) -> Tape:
    return Tape(gs4, clock, book=book)


@pytest.fixture
def written() -> list[Check]:
    return []


@pytest.fixture
def judge(clock: VirtualClock, tape: Tape, catalogue: Catalogue, written: list[Check], book: Book) -> Judge:
    def write(check: Check) -> None:
        written.append(check)
        book.says(str(check.to_json()))

    return Judge(clock, tape, catalogue, write)


@pytest.fixture
def says_what_it_asks() -> Callable[[tuple[Any, ...], Stamp, Stamp], None]:
    """Holds a row (how it is asked, name, quantity, source, arguments, sentence) against the question it makes."""

    def check(row: tuple[Any, ...], after: Stamp, later: Stamp) -> None:
        make, name, quantity, source, arguments, sentence = row
        asked = make()
        assert (asked.name, asked.quantity, asked.source, asked.sentence) == (name, quantity, source, sentence)
        assert json.loads(json.dumps(dict(asked.arguments))) == arguments
        second = "second" in arguments or "matured" in arguments or ("since" in arguments and "line" in arguments)
        assert asked.anchor == (later if second else after)
        assert asked.roles == ((arguments["role"],) if source.startswith("role/") and "role" in arguments else ())
        assert asked.found is None
        assert not asked.judged

    return check
