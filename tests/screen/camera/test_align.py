"""``hil rig align``, the file it leaves, and the driver that takes its corners from there."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import yaml
from PIL import Image

from harness.cli.main import main, parser
from harness.foundation.clock import WallClock, civil_time
from harness.foundation.desk import Desk
from harness.foundation.errors import BadInput, NotOffered, RigFault
from harness.foundation.units import MS
from harness.headunit.process.served_screen import ServedScreen
from harness.rig.drivers import DRIVERS, Site, fit
from harness.rig.drivers_camera import camera as camera_driver
from harness.screen.alignment import Alignment, load, save
from harness.screen.code import read_codes
from harness.screen.markers import page

OTHERS = {
    "audio": {"driver": "none"},
    "supply": {"driver": "scpi"},
    "console": {"driver": "serial"},
    "phone": {"driver": "http"},
    "network": {"driver": "line"},
    "io": {"driver": "relay"},
}


@pytest.fixture
def rig(tmp_path: Path, camera: Any) -> Any:
    """Writes a rig file whose screen is the test camera."""

    def write(**settings: object) -> Path:
        screen = {"driver": "camera", "url": camera.stream, "size": [800, 480], **settings}
        path = tmp_path / "bench.yaml"
        path.write_text(yaml.safe_dump({"schema": 1, "clock": "wall", "can": {}, "screen": screen, **OTHERS}))
        return path

    return write


def site(clock: Any) -> Site:
    return Site(clock, cast("Any", None), random.Random(1))


def kept_corners(error: float) -> Alignment:
    corners = ((0.1 + error, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    return Alignment("camera", corners, (640, 480), (800, 480), "by hand", None, "", "2020-01-01", "2099-01-01")


def test_the_page_is_written_to_be_shown(rig: Any, tmp_path: Path) -> None:
    assert main(["rig", "align", str(rig()), "--page", str(tmp_path / "page.png")]) == 0
    assert np.array_equal(np.asarray(Image.open(tmp_path / "page.png")), page((800, 480)))


def test_markers_give_the_corners_and_the_driver_takes_them(
    rig: Any, tmp_path: Path, clock: Any, camera: Any, quad: Any, pages: Any, capsys: Any
) -> None:
    camera.show(page((800, 480)))
    path = rig()
    assert main(["rig", "align", str(path), "--out", str(tmp_path / "out"), "--days", "7"]) == 0
    said = capsys.readouterr().out
    assert "sharpness" in said
    kept = load(tmp_path / "bench.camera.json")
    assert kept.how == "markers"
    assert kept.measured == civil_time()[:10] < kept.expires
    assert np.abs(np.array(kept.corners) - np.array(quad)).max() < 0.01
    assert Image.open(tmp_path / "out/before.png").size == (640, 480)
    after = np.asarray(Image.open(tmp_path / "out/after.png"))
    assert np.abs(after.astype(int) - page((800, 480)).astype(int)).mean() < 12

    camera.show(pages[1]("https://login.example/car?t=1", (250, 100), 8))
    settings = {"url": camera.stream, "latency": "80 ms", "calibration": str(tmp_path / "bench.camera.json")}
    port = camera_driver(site(clock), "screen", settings).port
    clock.run_until(clock.now() + 300 * MS)
    pixels = port.frames(0, port.seen_to())[-1].pixels
    port.close()
    assert pixels.shape == (480, 800, 3)
    assert [c.text for c in read_codes(pixels)] == ["https://login.example/car?t=1"]


def test_corners_by_hand_are_kept_and_a_code_is_not_shown(
    rig: Any, tmp_path: Path, camera: Any, quad: Any, pages: Any
) -> None:
    camera.show(pages[1]("https://login.example/car?t=secret", (250, 100), 8))
    by_hand = " ".join(f"{x},{y}" for x, y in quad)
    assert main(["rig", "align", str(rig()), "--corners", by_hand, "--out", str(tmp_path)]) == 0
    kept = load(tmp_path / "bench.camera.json")
    assert kept.how == "by hand"
    assert kept.corners == pytest.approx(np.array(quad))
    for name in ("before.png", "after.png"):
        assert read_codes(np.asarray(Image.open(tmp_path / name))) == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--corners", "0,0 1,0 1,1"], "--corners"),
        (["--corners", "a,b c,d e,f g,h"], "0 to 1"),
        (["--size", "large"], "1920x720"),
    ],
)
def test_wrong_words_say_what_to_write(rig: Any, arguments: list[str], said: str, capsys: Any) -> None:
    assert main(["rig", "align", str(rig()), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_only_cameras_of_known_size_are_aligned(rig: Any, capsys: Any) -> None:
    assert main(["rig", "align", "virtual"]) == 2
    assert "driver: camera" in capsys.readouterr().err
    path = rig()
    path.write_text(path.read_text().replace("size:", "# size:").replace("  - ", "# - "))
    assert main(["rig", "align", str(path)]) == 2
    assert "--size" in capsys.readouterr().err


@pytest.mark.parametrize(("gain", "said"), [(0.15, "underexposed"), (3.0, "overexposed")])
def test_a_bad_exposure_is_not_aligned(
    rig: Any, tmp_path: Path, camera: Any, gain: float, said: str, capsys: Any
) -> None:
    camera.show(page((800, 480)))
    camera.gain = gain
    assert main(["rig", "align", str(rig()), "--out", str(tmp_path / "out")]) == 3
    told = capsys.readouterr().err
    assert said in told
    assert "before.png" in told
    assert (tmp_path / "out/before.png").exists()
    assert not (tmp_path / "bench.camera.json").exists()


def test_a_screen_without_the_page_is_not_aligned(
    rig: Any, tmp_path: Path, camera: Any, pages: Any, capsys: Any
) -> None:
    camera.show(pages[1]("nothing here"))
    assert main(["rig", "align", str(rig()), "--out", str(tmp_path / "out")]) == 3
    assert "--page" in capsys.readouterr().err


def test_an_alignment_survives_its_file(tmp_path: Path) -> None:
    save(tmp_path / "a.json", kept_corners(0.05))
    assert load(tmp_path / "a.json") == kept_corners(0.05)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2}', '{"schema": 1, "corners": [[0, 0]]}'])
def test_what_is_no_alignment_says_how_to_make_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BadInput, match="hil rig align"):
        load(tmp_path / "a.json")
    with pytest.raises(BadInput, match="never been aligned"):
        load(tmp_path / "none.json")


def test_an_alignment_expires_and_holds_for_one_size() -> None:
    kept = kept_corners(0.0)
    kept.demand("2098-12-31", (640, 480), Path("a"))
    with pytest.raises(RigFault, match="hil rig align"):
        kept.demand("2099-01-02", (640, 480), Path("a"))
    with pytest.raises(RigFault, match="640x480, now they are 1280x720"):
        kept.demand("2098-12-31", (1280, 720), Path("a"))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "device: 0"),
        ({"device": 0, "url": "http://a/b"}, "together"),
        ({"url": "http://a/b", "resolution": [640, 480]}, "own pages"),
        ({"url": "http://a/b", "rate": 5.0}, "stream"),
        ({"still": "a.jpg"}, "http"),
        ({"device": 0, "controls": {"exposur": 1.0}}, "exposure"),
        ({"device": 0, "latency": 0.08}, "unit"),
        ({"device": 0, "corners": [[0, 0], [1, 0], [1, 1], [0, 1]]}, "size"),
        ({"device": 0, "corners": [[0, 0], [640, 0], [640, 480], [0, 480]], "size": [8, 8]}, "pixels"),
        ({"device": 0, "noise": "little"}, "sensor"),
        ({"device": 0, "toucher": {"serial": "1"}}, "toucher"),
        ({"device": 0, "toucher": {"driver": "finger"}}, "module:function"),
        ({"device": 0, "toucher": {"driver": "memory"}}, "touch here"),
    ],
)
def test_a_wrong_setting_is_bad_input_with_its_remedy(clock: Any, settings: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        camera_driver(site(clock), "screen", settings)


def test_the_driver_table_leads_here_and_still_pictures_come(clock: Any, camera: Any, quad: Any, pages: Any) -> None:
    camera.show(pages[0]())
    settings = {"still": camera.still, "rate": 20, "corners": [list(p) for p in quad], "size": [800, 480]}
    port = fit(DRIVERS["screen", "camera"])(site(clock), "screen", {**settings, "latency": "80 ms"}).port
    clock.run_until(clock.now() + 300 * MS)
    assert port.frames(0, port.seen_to())[-1].pixels.shape == (480, 800, 3)
    with pytest.raises(NotOffered):
        port.touch(0.5, 0.5)
    port.close()


def test_the_command_line_knows_align() -> None:
    options = parser().parse_args(["rig", "align", "bench", "--days", "7"])
    assert (options.what, options.rig, options.days, options.corners) == ("align", "bench", 7, None)


def test_another_screen_driver_lends_its_finger(clock: Any, camera: Any) -> None:
    own, desk, stop = WallClock(zero=clock.zero), Desk(), threading.Event()
    thread = threading.Thread(target=desk.work, args=(own, stop.is_set))
    thread.start()
    unit, felt = ServedScreen(own, desk), []
    unit.on_touch(lambda x, y: felt.append((x, y)))
    settings = {"url": camera.stream, "toucher": {"driver": "http", "url": unit.url}}
    port = camera_driver(site(clock), "screen", settings).port
    began = clock.now()
    stamp = port.touch(0.25, 0.75)
    assert began <= stamp.t <= clock.now()
    port.close()
    unit.close()
    stop.set()
    thread.join(5)
    assert felt == [(0.25, 0.75)]
