"""How good a camera picture is: sharp, bright, not clipped.

Theory. Sharpness is the variance of the Laplacian (J. L. Pech-Pacheco et al., ICPR 2000): edges have it, blurred edges
have little. Noise has it too, twenty times its own variance (the sum of the kernel's squared weights), and a noisy
blurred picture would pass for sharp. So the picture is smoothed with a 5 x 5 binomial first, and the noise's share of
what is left is taken off. The noise itself is estimated with a kernel that answers neither to areas nor to straight
edges (J. Immerkaer, Computer Vision and Image Understanding 64 (1996); the median of its answers instead of their mean,
which strokes of letters would raise). The figure is given relative to the picture's own variance, or a dim screen would
pass for a blurred one. What is left depends on what is shown: the limit here is for a page with letters or markers on
it; an empty screen has no sharpness.

Exposure is judged at the bright end, because a dark page is dark by right: too dark when even the brightest hundredth
is, too bright when a good part of the pixels has reached the sensor's end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.foundation.errors import RigFault
from harness.screen.opencv import opencv

TOP = 253
"""A colour from here on counts as clipped: compressed pictures seldom reach 255 exactly."""
_BINOMIAL = (1.0, 4.0, 6.0, 4.0, 1.0)
_LAPLACE = 0.0837
"""Sum of squared weights of the binomial, then 0 1 0 / 1 -4 1 / 0 1 0."""
_IMMERKAER = 6.0
"""1 -2 1 / -2 4 -2 / 1 -2 1: root of the sum of squared weights."""
_MEDIAN = 0.6745
"""Median of the absolute value of a standard normal variable."""


@dataclass(frozen=True)
class PictureQuality:
    """``sharpness``: variance of the luma's Laplacian relative to the luma's own, per mille, noise taken off;
    ``brightness`` and ``highlights``: mean and 99th percentile of the luma, 0..255; ``clipped``: share of pixels with a
    colour at its top, 0..1; ``noise``: standard deviation of the luma in grey levels."""

    sharpness: float
    brightness: float
    highlights: float
    clipped: float
    noise: float

    def __str__(self) -> str:
        return (
            f"sharpness {self.sharpness:.1f}, brightness {self.brightness:.0f}, highlights {self.highlights:.0f} of "
            f"255, clipped {self.clipped:.1%}, noise {self.noise:.1f}"
        )


@dataclass(frozen=True)
class QualityLimits:
    """What a picture with letters or markers must keep; meanings as in ``PictureQuality``."""

    sharpness: float = 1.5
    highlights: float = 60.0
    clipped: float = 0.20
    noise: float = 12.0


def describe_picture(pixels: NDArray[np.uint8]) -> PictureQuality:
    """Figures of a picture (height, width, 3) uint8 RGB, both sides at least 8 pixels."""
    cv2 = opencv()
    luma = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    answers = np.abs(cv2.filter2D(luma, cv2.CV_32F, kernel))[1:-1, 1:-1]
    noise = float(np.median(answers)) / (_IMMERKAER * _MEDIAN)
    weights = np.array(_BINOMIAL) / sum(_BINOMIAL)
    smooth = cv2.sepFilter2D(luma, cv2.CV_32F, weights, weights)
    edges = float(cv2.Laplacian(smooth, cv2.CV_32F)[3:-3, 3:-3].var()) - _LAPLACE * noise**2
    contrast = float(luma.var()) - noise**2
    return PictureQuality(
        sharpness=1000.0 * max(edges, 0.0) / contrast if contrast > 1.0 else 0.0,
        brightness=float(luma.mean()),
        highlights=float(np.percentile(luma, 99.0)),
        clipped=float((pixels.max(axis=2) >= TOP).mean()),
        noise=noise,
    )


def complaints(quality: PictureQuality, limits: QualityLimits = QualityLimits()) -> Sequence[str]:
    """What is wrong, each with its figure, its limit and what to do; () for a good picture."""
    found = []
    if quality.highlights < limits.highlights:
        found.append(
            f"underexposed: the brightest hundredth is at {quality.highlights:.0f} of 255 (at least "
            f"{limits.highlights:.0f}). Raise exposure time or the unit's backlight"
        )
    if quality.clipped > limits.clipped:
        found.append(
            f"overexposed: {quality.clipped:.1%} of the pixels are clipped (at most {limits.clipped:.0%}). Shorten the "
            f"exposure, or switch the automatic off"
        )
    if quality.sharpness < limits.sharpness:
        found.append(
            f"blurred: sharpness {quality.sharpness:.1f} (at least {limits.sharpness:.1f}). Focus on the screen and "
            f"switch autofocus off"
        )
    if quality.noise > limits.noise:
        found.append(
            f"noisy: {quality.noise:.1f} grey levels (at most {limits.noise:.0f}). Give more light or less gain"
        )
    return tuple(found)


def demand(quality: PictureQuality, what: str, limits: QualityLimits = QualityLimits()) -> None:
    """RigFault with every complaint about the picture ``what``."""
    found = complaints(quality, limits)
    if found:
        raise RigFault(f"{what}: " + "; ".join(found))
