"""A page with four markers, and the screen's corners found by it in a camera picture.

Theory. AprilTags (E. Olson, ICRA 2011; family 36h11) carry a number with a Hamming distance of 11, so that nothing else
on a dashboard is taken for one. Each lies at a known place of the page; the sixteen corners of all four give a least
squares projective map, with which the page's own corners are projected into the picture: they need not be visible
themselves (a dark rim, a bezel's shadow). The map takes in any stretching, so the page may be shown on a screen of
another size, as long as it fills it. What the sixteen points deviate from the map tells how flat the screen and how
straight the lens is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.foundation.errors import RigFault
from harness.screen.opencv import opencv
from harness.screen.perspective import WHOLE, Corners, corners_from

SIDE = 0.30
"""Of a marker, as a share of the page's shorter side, and its distance from the rim."""
RIM = 0.08
_PAPER, _INK = 200, 16
"""Not white and not black: a camera with its automatic on clips neither."""
_MODULES = 8
"""A 36h11 marker is 6 x 6 modules in a black frame of one."""
_NAMES = ("top left", "top right", "bottom right", "bottom left")


@dataclass(frozen=True)
class Found:
    """The screen's ``corners`` in the picture, and ``residual``: root mean square deviation of the markers' corners
    from the map, as a share of the picture's width."""

    corners: Corners
    residual: float


def page(size: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture to show on the unit, ``size`` (width, height): (height, width, 3) uint8. Markers 0 to 3 go round from
    the top left."""
    cv2 = opencv()
    width, height = size
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
    pixels = np.full((height, width, 3), _PAPER, np.uint8)
    for number, (x, y, side) in enumerate(_places(size)):
        marker = cv2.aruco.generateImageMarker(dictionary, number, side)
        pixels[y : y + side, x : x + side] = np.where(marker[:, :, None] > 127, _PAPER, _INK)
    return pixels


def find(pixels: NDArray[np.uint8], size: tuple[int, int]) -> Found:
    """The corners of a screen of ``size`` (width, height) that shows ``page``, in a camera picture (height, width, 3)
    uint8. RigFault naming the markers that are not seen and what to do."""
    cv2 = opencv()
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
    detector = cv2.aruco.ArucoDetector(dictionary, parameters)
    quads, numbers, _ = detector.detectMarkers(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY))
    seen = dict(zip([] if numbers is None else numbers.ravel().tolist(), quads, strict=True))
    missing = [f"{number} ({_NAMES[number]})" for number in range(4) if number not in seen]
    if missing:
        raise RigFault(
            f"of the page's four markers {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not seen. Show "
            f"the page ('--page FILE' writes it) over the whole screen, bring all of it into the picture, sharp and "
            f"without reflections; or give the corners by hand: --corners 'x,y x,y x,y x,y'."
        )
    height, width = pixels.shape[:2]
    there = np.concatenate([seen[number].reshape(4, 2) for number in range(4)]).astype(np.float64)
    known = np.concatenate([_outline(x, y, side, size) for x, y, side in _places(size)])
    fractions = (there + 0.5) / np.array([width, height])
    matrix, _ = cv2.findHomography(known, fractions, 0)
    if matrix is None:
        raise RigFault("the markers lie on a line. Turn the camera towards the screen.")
    off = (_project(matrix, known) - fractions) * np.array([1.0, height / width])
    try:
        corners = corners_from([(float(x), float(y)) for x, y in _project(matrix, np.array(WHOLE))])
    except ValueError as why:
        raise RigFault(f"the markers are seen, but {why}.") from why
    return Found(corners, float(np.sqrt((off**2).sum(axis=1).mean())))


def _places(size: tuple[int, int]) -> list[tuple[int, int, int]]:
    """x, y and side of each marker in pixels; a side is a whole number of modules."""
    width, height = size
    short = min(size)
    side = max(int(short * SIDE) // _MODULES, 1) * _MODULES
    rim = int(short * RIM)
    right, low = width - rim - side, height - rim - side
    return [(rim, rim, side), (right, rim, side), (right, low, side), (rim, low, side)]


def _outline(x: int, y: int, side: int, size: tuple[int, int]) -> NDArray[np.float64]:
    """A marker's corners as shares of the page, clockwise from its top left."""
    points = np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], np.float64)
    return points / np.array(size, np.float64)


def _project(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    mapped = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    projected: NDArray[np.float64] = mapped[:, :2] / mapped[:, 2:]
    return projected
