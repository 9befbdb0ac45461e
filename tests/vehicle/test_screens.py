"""The icons of the car can be told from each other by their edges, and are what the tool draws."""

from __future__ import annotations

import importlib.util
import itertools
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import sobel
from scipy.signal import fftconvolve

from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).parents[2]
ALIKE = 0.4
"""Highest edge correlation two icons may reach at any offset; the judge asks for much more."""
Edges = NDArray[np.float64]


def edges(path: Path) -> Edges:
    pixels = np.asarray(Image.open(path).convert("L"), dtype=float)
    return np.hypot(sobel(pixels, 0), sobel(pixels, 1))


def best_match(icon: Edges, field: Edges) -> float:
    """Highest normalised cross-correlation of ``icon`` anywhere within ``field`` (padded by a quarter)."""
    pad = icon.shape[0] // 4
    field = np.pad(field, pad)
    ones = np.ones_like(icon)
    centred = icon - icon.mean()
    cross = fftconvolve(field, centred[::-1, ::-1], mode="valid")
    total = fftconvolve(field, ones, mode="valid")
    square = fftconvolve(field**2, ones, mode="valid")
    spread = np.sqrt(np.maximum(square - total**2 / icon.size, 1e-9))
    return float((cross / (spread * np.linalg.norm(centred))).max())


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_icons", ROOT / "tools" / "make_icons.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_view_and_forbidden_thing_has_its_icon(gs4: Vehicle, tool: ModuleType) -> None:
    assert set(gs4.screens) == set(tool.ICONS)
    for name, path in gs4.screens.items():
        assert Image.open(path).size == ((800, 240) if name == "keyboard" else (96, 96))
        assert Image.open(path).mode == "L"


def test_no_two_icons_look_alike(gs4: Vehicle) -> None:
    found = {name: edges(path) for name, path in gs4.screens.items() if name != "keyboard"}
    alike = {
        (a, b): round(score, 2)
        for a, b in itertools.combinations(found, 2)
        if (score := max(best_match(found[a], found[b]), best_match(found[b], found[a]))) > ALIKE
    }
    assert alike == {}


def test_an_icon_finds_itself(gs4: Vehicle) -> None:
    for path in gs4.screens.values():
        assert best_match(edges(path), edges(path)) == pytest.approx(1.0, abs=1e-6)


def test_the_tool_draws_what_is_in_the_tree(gs4: Vehicle, tool: ModuleType, tmp_path: Path) -> None:
    tool.main(tmp_path)
    for name, path in gs4.screens.items():
        drawn = np.asarray(Image.open(tmp_path / f"{name}.png"), dtype=int)
        assert np.abs(drawn - np.asarray(Image.open(path), dtype=int)).mean() < 1.0
