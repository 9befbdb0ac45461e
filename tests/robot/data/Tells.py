"""Tells whoever reads a pipe that the bench's time goes on."""

from __future__ import annotations

from pathlib import Path

from robot.libraries.BuiltIn import BuiltIn

from harness.foundation.units import S


def tell_in_a_while(pipe: str) -> None:
    """Write to ``pipe`` one second of bench time from now, in the middle of whatever is waited for then."""
    clock = BuiltIn().get_library_instance("harness.robot_library")._ready.world.clock
    clock.at(clock.now() + S, lambda: Path(pipe).write_text("waiting"), name="tells")
