from __future__ import annotations

from pathlib import Path

from harness.vehicle.figures import FIGURES

HARNESS = Path(__file__).parents[2] / "harness"


def test_somebody_reads_every_figure_that_a_car_may_say() -> None:
    written = {"figures.py", "nominal.py", "usual.py"}
    read = "".join(p.read_text("utf-8") for p in HARNESS.rglob("*.py") if p.name not in written)
    assert not [name for name in FIGURES if f'"{name}"' not in read]
