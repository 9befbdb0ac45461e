"""``hil rig align RIG``: find the screen's corners in its camera's picture; keep them, with their date, beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.project import project_root
from harness.foundation.clock import Clock, WallClock, civil_time
from harness.foundation.errors import BadInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.rig.drivers_camera import CameraSettings
    from harness.screen.perspective import Corners

PICTURES = 5
"""So many are averaged: noise goes down, and a camera's automatic has settled."""
_LINE = (255, 40, 40)


def align(name: str, corners: str | None, size: str | None, page: Path | None, out: Path | None, days: int) -> int:
    """Writes ``<rig>.camera.json`` and two pictures; or, with ``page``, only the picture to show. BadInput for what was
    written wrongly, RigFault when the picture will not do or the markers are not seen."""
    from harness.foundation.places import find
    from harness.rig.load import load_rig
    from harness.rig.settings import checked

    root = project_root(Path.cwd())
    path = find("rigs", name, ".yaml", root)
    port = load_rig(path).model.screen
    from harness.rig.drivers_camera import NAMES, CameraSettings

    if port.driver not in NAMES:
        raise BadInput(path, None, f"screen: {port.driver}", "is no camera", "Only 'driver: camera' is aligned.")
    # what is measured now need not have been written yet
    given = {k: v for k, v in port.settings.items() if k not in ("calibration", "corners", "toucher")}
    settings = checked(CameraSettings, "screen", given)
    wanted = _size(size) if size is not None else settings.size
    if wanted is None:
        raise BadInput(
            path, None, "screen", "the screen's size is not known", "Give it: --size 1920x720, or 'size: [1920, 720]'."
        )
    if page is not None:
        return _write_page(page, wanted)
    by_hand = None if corners is None else parse_corners(corners)
    folder = out if out is not None else root / "reports" / f"align-{civil_time()[:19].replace(':', '')}"
    return _measure(path, settings, wanted, by_hand, folder, days)


def parse_corners(text: str) -> Corners:
    """``"0.1,0.1 0.9,0.12 0.88,0.9 0.12,0.88"``. BadInput with what to write."""
    from harness.screen.perspective import corners_from

    try:
        points = [[float(value) for value in point.split(",")] for point in text.split()]
        return corners_from(points)
    except ValueError as why:
        remedy = "Write --corners 'x,y x,y x,y x,y', each from 0 to 1 of the picture, from the top left clockwise."
        raise BadInput("command line", None, f"--corners {text}", str(why), remedy) from None


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and min(int(width), int(height)) >= 8):
        raise BadInput("command line", None, f"--size {text}", "is no size", "Write it like --size 1920x720.")
    return int(width), int(height)


def _write_page(target: Path, size: tuple[int, int]) -> int:
    from harness.screen.markers import page

    _save(target, page(size))
    print(f"{target}: show it over the whole screen of the unit ({size[0]}x{size[1]}), then align without --page")
    return 0


def _measure(
    path: Path, settings: CameraSettings, size: tuple[int, int], by_hand: Corners | None, folder: Path, days: int
) -> int:
    from harness.audio.calibration import later
    from harness.screen.alignment import SUFFIX, Alignment, save
    from harness.screen.exposure import demand, describe_picture
    from harness.screen.markers import find
    from harness.screen.perspective import area, correct

    name, seen = _look(WallClock(), settings)
    before, after = folder / "before.png", folder / "after.png"
    _save(before, _decent(seen))
    residual: float | None = None
    if by_hand is None:
        demand(describe_picture(seen), f"{name} (see {before})")
        found = find(seen, size)
        corners, residual = found.corners, found.residual
    else:
        corners = by_hand
    upright = correct(seen, corners, size)
    quality = describe_picture(upright)
    _save(before, _decent(_drawn(seen, corners)))
    _save(after, _decent(upright))
    demand(quality, f"{name}, the screen alone (see {after})")
    today = civil_time()[:10]
    how = "by hand" if by_hand else "markers"
    frame = (int(seen.shape[1]), int(seen.shape[0]))
    kept = Alignment(name, corners, frame, size, how, residual, str(quality), today, later(today, days))
    target = path.with_suffix(SUFFIX)
    save(target, kept)
    said = "" if residual is None else f"; the markers lie within {residual:.2%} of the picture's width"
    shown = " ".join(f"{x:.4f},{y:.4f}" for x, y in corners)
    print(f"{name}: corners {shown}, {area(corners):.0%} of the picture{said}")
    print(f"the screen alone: {quality}")
    print(f"look at {before} and {after}")
    print(f"kept in {target} until {kept.expires}; name it in the rig: calibration: {target}")
    return 0


def _look(clock: Clock, settings: CameraSettings) -> tuple[str, NDArray[np.uint8]]:
    """The camera's name, and the average of a few pictures."""
    import threading

    import numpy as np

    from harness.rig.drivers_camera import open_source

    source = open_source(clock, settings)
    try:
        wait = threading.Event().wait
        pictures = [source.grab(wait).pixels for _ in range(2 * PICTURES)][PICTURES:]
    finally:
        source.close()
    averaged: NDArray[np.uint8] = np.rint(np.mean(pictures, axis=0)).astype(np.uint8)
    return source.name, averaged


def _drawn(pixels: NDArray[np.uint8], corners: Corners) -> NDArray[np.uint8]:
    """The picture with the screen's outline and its first corner marked."""
    import numpy as np
    from PIL import Image, ImageDraw

    height, width = pixels.shape[:2]
    picture = Image.fromarray(pixels)
    pen = ImageDraw.Draw(picture)
    points = [(x * width, y * height) for x, y in corners]
    pen.line([*points, points[0]], fill=_LINE, width=max(width // 400, 1))
    for number, (x, y) in enumerate(points, 1):
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), outline=_LINE)
        pen.text((x + 6, y + 6), str(number), fill=_LINE)
    return np.asarray(picture)


def _decent(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without login codes: what lies in reports/ is passed on."""
    from harness.screen.code import mask, read_codes

    codes = read_codes(pixels)
    return mask(pixels, codes) if codes else pixels


def _save(target: Path, pixels: NDArray[np.uint8]) -> None:
    from PIL import Image

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(target, format="PNG")
    except OSError as why:
        raise BadInput("command line", None, str(target), f"cannot be written: {why}", "Name another place.") from why
