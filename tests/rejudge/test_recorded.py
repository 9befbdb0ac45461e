"""What observations read of a live recording comes back from its files exactly."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.audio.stimuli import Library
from harness.bench.car import Car
from harness.bench.driver import Driver
from harness.bench.files import write_recordings
from harness.bench.head_unit import HeadUnit
from harness.bench.people import CONTACT, DRIVER
from harness.bench.phones import Contact, Phone
from harness.bench.recordings.described import spread_or_stamps
from harness.bench.recordings.encoded import Encoded
from harness.bench.routines import boots
from harness.bench.world import World
from harness.can.candump import to_line
from harness.can.port import Frame, Heard
from harness.evidence.rejudge.recorded import RecordedRun
from harness.evidence.rejudge.recorded_bus import RecordedBus
from harness.evidence.rejudge.recorded_screen import Decoded
from harness.foundation.journal import Journal
from harness.foundation.units import MS, Ns, S
from harness.judging.requirements import load_requirements
from harness.judging.tracks import Track
from harness.rig.load import load_rig
from harness.rig.rig import open_rig
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).resolve().parents[2]
CONTENTS: Ns = 1 << 60


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, RecordedRun]]:
    """A world in which somebody logged in, got a message and sent one while a bus was shorted; and its files."""
    folder = tmp_path_factory.mktemp("recorded")
    vehicle = load_vehicle(ROOT / "dbc" / "gs4")
    catalogue = load_requirements(ROOT / "scenarios" / "requirements").for_vehicle(vehicle)
    library = Library.load(ROOT / "scenarios" / "stimuli")
    ports = open_rig(load_rig(ROOT / "rigs" / "virtual.yaml"), vehicle, random.Random(5))
    world = World(ports, catalogue, library, Journal(folder / "journal.jsonl"), random.Random(6))
    car, unit, driver = Car(world), HeadUnit(world), Driver(world)
    boots(world, car)
    phone, contact = Phone(world, DRIVER.account), Contact(world, CONTACT.account, DRIVER.account)
    unit.logs_in(phone)
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=unit.speaker.plays("chime", after=press))
    driver.press("messaging")
    world.wait(6 * S)
    contact.sends("text", "come soon")
    world.wait(4 * S)
    car.shorts_the_buses(200 * MS)
    world.wait(1 * S)
    assert [world.recorder.account(who).name for who in ("driver", "contact")]
    write_recordings(world, folder, Encoded())
    yield world, RecordedRun(folder, vehicle, Decoded())
    world.close()
    world.journal.close()


def windows(end: Ns) -> list[tuple[Ns, Ns]]:
    rng = random.Random(3)
    starts = [rng.randrange(end) for _ in range(12)]
    return [(0, end), *((start, min(end, start + rng.randrange(3 * S))) for start in starts)]


def test_frames(both) -> None:
    live, files = both[0].recorder, both[1]
    for bus, known in live.buses.items():
        end = live.seen_to(f"can/{bus}")
        assert {heard.kind for heard in known.all} >= {"data", "error", "state"}
        for start, stop in windows(end):
            assert list(files.everything(bus, start, stop)) == list(live.everything(bus, start, stop))
            for key in list(dict.fromkeys((h.frame.id, h.frame.extended) for h in known.all if h.frame))[:6]:
                assert list(files.frames(bus, key, start, stop)) == list(live.frames(bus, key, start, stop))
                assert files.last_frame(bus, key, start) == live.last_frame(bus, key, start)


def test_sound(both) -> None:
    live, files = both[0].recorder, both[1]
    heard = 0
    for line in ("mic.driver", "media.in", "amp.front_left", "amp.rear_right"):
        for start, stop in windows(live.seen_to("audio")):
            one, other = live.sound(line, start, stop), files.sound(line, start, stop)
            assert (one.began, one.silent, one.line) == (other.began, other.silent, other.line)
            assert (one.samples == other.samples).all()
            heard += not one.silent
    assert heard > 2


def test_pictures(both) -> None:
    live, files = both[0].recorder, both[1]
    for start, stop in windows(live.seen_to("screen")):
        one, other = live.pictures(start, stop), files.pictures(start, stop)
        assert [p.stamp for p in one] == [p.stamp for p in other]
        assert all((p.pixels == q.pixels).all() for p, q in zip(one, other, strict=True))
    assert any(files.folder.glob("restricted/screen-*.png"))


def test_console_and_supply(both) -> None:
    live, files = both[0].recorder, both[1]
    for start, stop in windows(live.seen_to("console")):
        assert list(files.console(start, stop)) == list(live.console(start, stop))
        assert list(files.supply(start, stop)) == list(live.supply(start, stop))
    assert live.console_log
    assert live.supply_log


def test_accounts(both) -> None:
    live, files = both[0].recorder, both[1]
    files.contents = True
    for who in ("driver", "contact"):
        for start, stop in windows(live.seen_to(f"account/{who}")):
            assert list(files.sessions(who, start, stop)) == list(live.sessions(who, start, stop))
            assert list(files.calls(who, start, stop)) == list(live.calls(who, start, stop))
            assert list(files.unread(who, start, stop)) == list(live.unread(who, start, stop))
            one, other = live.inbox(who, start, stop), files.inbox(who, start, stop)
            assert list(one) == list(other)
            assert all((m.samples == n.samples).all() for m, n in zip(one, other, strict=True) if m.samples is not None)
    assert [m.kind for m in files.inbox("contact", 0, CONTENTS)] == ["voice"]
    assert [m.text for m in files.inbox("driver", 0, CONTENTS)] == ["come soon"]
    assert [a.act for a in files.answers] == ["scan", "confirm"]


def test_watermarks_and_witnesses(both) -> None:
    live, files = both[0].recorder, both[1]
    for source in ("can/body", "role/head_unit.app", "diagnostics", "audio", "screen", "console", "supply", "phone",
                   "account/driver"):  # fmt: skip
        assert files.seen_to(source) == live.seen_to(source)
        assert files.stalled(source) == live.stalled(source)
        assert files.offers(source) is live.offers(source)
    assert not files.offers("role/nothing.of.the.kind")


def test_stamps_that_no_one_spread_covers_are_kept_beside_the_lines(tmp_path: Path) -> None:
    heard = [Heard(n * MS, n * MS - n, n * MS + 2 * n, "data", Frame(0x123, bytes([n]))) for n in range(1, 5)]
    (tmp_path / "body.log").write_text("".join(to_line(one, "body") for one in heard))
    kept = spread_or_stamps(tmp_path, "body.stamps.csv", [one[:3] for one in heard])
    assert kept == {"spread": None, "stamps": "body.stamps.csv"}
    bus = RecordedBus(tmp_path, Track("can/body", "body.log", 0, S, S, **kept))
    assert list(bus.everything(0, S)) == heard
    assert bus.last_frame((0x123, False), 3 * MS) == heard[1]
