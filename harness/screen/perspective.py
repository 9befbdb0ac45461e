"""A screen seen from the side, set upright again.

Theory. A flat screen in a picture without lens distortion is a projective map of itself: straight lines stay straight,
and the four corners fix the eight numbers of the map (R. Hartley, A. Zisserman, Multiple View Geometry, 2nd ed., 4.1).
Corners are fractions of the camera's picture, 0..1 from its top left to its bottom right edge, so they hold whatever
resolution it is delivered in. Edges, not pixel centres: the centre of the first of ``n`` pixels is at 0.5 / n.
A curved screen or a wide-angle lens is not a projective map; what is left over then is told by ``hil rig align``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from harness.screen.opencv import opencv

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
"""Top left, top right, bottom right, bottom left of the screen."""

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]

WHOLE: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
"""The picture is the screen."""

LEAST_AREA = 0.01
"""A screen that fills less of the picture than this cannot be read."""
BEYOND = 0.25
"""So far outside the picture a corner may lie (hidden by its edge)."""
_ORDER = "Write them as top left, top right, bottom right, bottom left"


def corners_from(points: Sequence[Sequence[float]]) -> Corners:
    """Four points as corners. ValueError, with what to write, for another number, a wrong order, a fold, or too small a
    screen."""
    if len(points) != 4 or any(len(point) != 2 for point in points):
        raise ValueError(f"corners are four points [x, y], these are {len(points)}. {_ORDER}")
    first, second, third, fourth = ((float(x), float(y)) for x, y in points)
    corners = (first, second, third, fourth)
    if any(not -BEYOND <= value <= 1.0 + BEYOND for point in corners for value in point):
        raise ValueError("a corner lies outside the picture. Corners are fractions of it, 0 to 1, not pixels")
    turns = [_turn(corners[k], corners[(k + 1) % 4], corners[(k + 2) % 4]) for k in range(4)]
    if any(turn <= 1e-6 for turn in turns):
        raise ValueError(f"these corners do not go round clockwise or lie on a line. {_ORDER}")
    if area(corners) < LEAST_AREA:
        raise ValueError(f"the screen fills {area(corners):.1%} of the picture. Bring the camera nearer")
    return corners


def area(corners: Corners) -> float:
    """The share of the picture within the corners (shoelace formula)."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2.0


def homography(corners: Corners, seen: tuple[int, int], size: tuple[int, int]) -> Matrix:
    """The 3 x 3 map from a camera picture's pixels to the screen's; ``seen`` and ``size`` are (width, height)."""
    source = np.array([_pixel(point, seen) for point in corners], np.float32)
    target = np.array([_pixel(point, size) for point in WHOLE], np.float32)
    return np.asarray(opencv().getPerspectiveTransform(source, target), np.float64)


def correct(pixels: Pixels, corners: Corners, size: tuple[int, int]) -> Pixels:
    """The screen alone, upright, of ``size`` (width, height), out of a camera picture (height, width, 3) uint8."""
    height, width = pixels.shape[:2]
    if corners == WHOLE and (width, height) == tuple(size):
        return pixels
    cv2 = opencv()
    matrix = homography(corners, (width, height), size)
    upright: Pixels = cv2.warpPerspective(
        pixels, matrix, tuple(size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
    )
    return upright


def _pixel(point: Point, size: tuple[int, int]) -> Point:
    return point[0] * size[0] - 0.5, point[1] * size[1] - 0.5


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive where a, b, c turn clockwise (y points down)."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
