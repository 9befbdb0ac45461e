"""A camera as the screen: what it sees, when, and how it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import pytest

from harness.contracts.screen import leading, plain
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.units import MS
from harness.screen.camera import Camera, View
from harness.screen.camera_source import Still, Video
from harness.screen.code import read_codes

LATENCY = 60 * MS
SIZE = (800, 480)


@pytest.fixture
def opened(clock: Any, camera: Any, quad: Any) -> Iterator[Any]:
    """Opens cameras on the test camera's stream, and closes them."""
    ports: list[Camera] = []

    def open_(**settings: Any) -> Camera:
        source = settings.pop("source", None) or Video(clock, camera.stream)
        view = settings.pop("view", View(quad, SIZE))
        ports.append(Camera(clock, source, view, **{"latency": LATENCY, **settings}))
        return ports[-1]

    yield open_
    for port in ports:
        port.close()


def run(clock: Any, by: int) -> None:
    clock.run_until(clock.now() + by)


def test_the_truth_lies_within_every_stamp(clock: Any, camera: Any, opened: Any, pages: Any) -> None:
    views = [pages[0](word) for word in ("One", "Two", "Three")]
    port, random = opened(), Random(4)
    run(clock, 200 * MS)
    for k in range(6):
        camera.show(views[k % 3])
        run(clock, random.randint(140, 200) * MS)
    run(clock, 400 * MS)
    seen = port.frames(0, port.seen_to())[1:]
    for shown in camera.shown:
        assert any(p.stamp.early <= shown <= p.stamp.late for p in seen)
    assert all(p.stamp.t == p.stamp.late for p in seen)
    widths = [p.stamp.late - p.stamp.early for p in seen]
    assert np.median(widths) < LATENCY + 150 * MS


def test_noise_is_no_change_and_a_digit_is_one(clock: Any, camera: Any, opened: Any, pages: Any) -> None:
    camera.sigma = 5.0
    camera.show(pages[0]("Messages 41"))
    port = opened()
    run(clock, 400 * MS)
    assert port.grabbed > 4
    assert len(port.frames(0, port.seen_to())) == 1
    camera.show(pages[0]("Messages 42"))
    run(clock, 300 * MS)
    assert len(port.frames(0, port.seen_to())) == 2


def test_pictures_are_upright_read_only_and_of_the_screens_size(
    clock: Any, camera: Any, opened: Any, pages: Any
) -> None:
    page = pages[0]("Upright")
    camera.show(page)
    port = opened()
    run(clock, 200 * MS)
    pixels = port.frames(0, port.seen_to())[-1].pixels
    assert pixels.shape == page.shape
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0, 0] = 1
    assert np.abs(pixels.astype(int) - page.astype(int)).mean() < 6


def test_a_login_code_is_read_after_correction(clock: Any, camera: Any, opened: Any, pages: Any) -> None:
    login = "https://login.example/car?t=7Hq2mW9ZkPx4Rb1N"
    camera.show(pages[1](login, (250, 100), 8))
    prepared: list[Any] = []
    port = opened(prepare=prepared.append)
    run(clock, 200 * MS)
    (picture,) = port.frames(0, port.seen_to())
    assert [code.text for code in read_codes(picture.pixels)] == [login]
    assert [p.pixels is picture.pixels for p in prepared] == [True]


def test_a_frozen_picture_stops_the_watermark_and_what_it_hid_is_stamped_as_wide(
    clock: Any, camera: Any, opened: Any, pages: Any
) -> None:
    port = opened(stall=200 * MS)
    run(clock, 150 * MS)
    camera.stuck = True
    frozen_at = clock.now()
    run(clock, 350 * MS)
    camera.show(pages[0]())
    run(clock, 150 * MS)
    assert port.seen_to() <= frozen_at
    assert clock.now() - port.seen_to() > port.stall
    assert "frozen" in str(port.fault)
    assert "noise: none" in str(port.fault)
    camera.stuck = False
    run(clock, 250 * MS)
    assert clock.now() - port.seen_to() < port.stall
    assert port.fault is None
    last = port.frames(0, port.seen_to())[-1]
    assert last.stamp.early < frozen_at < camera.shown[-1] < last.stamp.late


def test_a_grabber_may_repeat_itself(clock: Any, camera: Any, opened: Any) -> None:
    camera.stuck = True
    port = opened(noise=False, stall=200 * MS)
    run(clock, 400 * MS)
    assert clock.now() - port.seen_to() < port.stall
    assert port.fault is None


def test_a_silent_camera_stops_the_watermark(clock: Any, camera: Any, opened: Any) -> None:
    port = opened(stall=200 * MS)
    run(clock, 150 * MS)
    camera.silent = True
    silent_at = clock.now()
    run(clock, 350 * MS)
    assert port.seen_to() <= silent_at
    assert clock.now() - port.seen_to() > port.stall
    camera.silent = False


def test_a_server_that_dies_is_a_fault_and_its_return_is_noticed(
    clock: Any, camera: Any, opened: Any, pages: Any
) -> None:
    port = opened(stall=200 * MS)
    run(clock, 150 * MS)
    camera.die()
    run(clock, 350 * MS)
    assert port.fault is not None
    assert clock.now() - port.seen_to() > port.stall
    before = port.seen_to()
    assert port.frames(0, before)
    camera.rise()
    camera.show(pages[0]())
    run(clock, 700 * MS)
    assert port.fault is None
    assert port.seen_to() > before
    last = port.frames(0, port.seen_to())[-1]
    assert last.stamp.early <= camera.shown[-1] <= last.stamp.late


def test_a_still_camera_that_dies_is_a_fault(clock: Any, camera: Any, opened: Any) -> None:
    port = opened(source=Still(clock, camera.still, 20.0), stall=200 * MS)
    camera.die()
    run(clock, 400 * MS)
    assert "gives no picture" in str(port.fault)
    assert clock.now() - port.seen_to() > port.stall
    camera.rise()


def test_a_camera_that_is_not_there_says_what_to_look_at(clock: Any) -> None:
    with pytest.raises(RigFault, match="ffplay"):
        Video(clock, "http://127.0.0.1:9/stream")
    with pytest.raises(RigFault, match="v4l2-ctl"):
        Video(clock, "/dev/video-that-is-not-there")


@pytest.mark.parametrize(("path", "said"), [("page", "no picture"), ("lost", "404")])
def test_an_address_without_a_picture_is_told(clock: Any, camera: Any, opened: Any, path: str, said: str) -> None:
    with pytest.raises(RigFault, match=said):
        opened(source=Still(clock, camera.still.replace("snap.jpg", path), 5.0))


def test_a_password_is_sent_and_never_shown(clock: Any, camera: Any, opened: Any) -> None:
    address = camera.still.replace("http://", "http://rig:s3cret@").replace("snap", "private")
    port = opened(source=Still(clock, address, 10.0))
    assert camera.passwords
    assert "s3cret" not in port.name
    camera.die()
    run(clock, 300 * MS)
    assert "s3cret" not in str(port.fault)
    camera.rise()


def test_touch_is_not_offered_without_a_toucher(opened: Any) -> None:
    port = opened()
    with pytest.raises(NotOffered, match="toucher"):
        port.touch(0.5, 0.5)
    with pytest.raises(HarnessError, match="0 to 1"):
        port.touch(1.5, 0.5)


def test_a_toucher_is_closed_with_the_camera(clock: Any, opened: Any, finger: Any) -> None:
    port = opened(toucher=finger)
    port.close()
    assert finger.closed
    with pytest.raises(HarnessError, match="closed"):
        port.touch(0.5, 0.5)


def test_forgotten_pictures_are_told_of(clock: Any, camera: Any, opened: Any) -> None:
    port = opened(keep=300_000, view=View(size=(320, 240)))
    for channel in (0, 1, 2):
        camera.show(plain(channel))
        run(clock, 200 * MS)
    run(clock, 200 * MS)
    with pytest.raises(RigFault, match="threshold"):
        port.frames(0, port.seen_to())
    assert leading(port.frames(port.seen_to(), port.seen_to())[-1]) == 2


def test_a_file_is_played_once_at_its_pace(clock: Any, tmp_path: Path, opened: Any) -> None:
    path = tmp_path / "screen.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (200, 120))
    for k in range(12):
        writer.write(np.ascontiguousarray(plain(0 if k < 6 else 2)[:, :, ::-1]))
    writer.release()
    port = opened(source=Video(clock, str(path)), view=View(), noise=False)
    run(clock, 700 * MS)
    assert [leading(p) for p in port.frames(0, port.seen_to())] == [0, 2]
    assert port.grabbed == 12
    assert "end" in str(port.fault)


def test_the_picture_in_front_has_figures(clock: Any, camera: Any, opened: Any, pages: Any) -> None:
    camera.show(pages[0]())
    port = opened()
    with pytest.raises(RigFault, match="no picture"):
        port.quality()
    run(clock, 200 * MS)
    assert 30 < port.quality().brightness < 70


def test_virtual_time_is_refused(camera: Any, clock: Any) -> None:
    with pytest.raises(HarnessError, match="wall clock"):
        Camera(VirtualClock(), Still(clock, camera.still, 5.0), latency=LATENCY)
