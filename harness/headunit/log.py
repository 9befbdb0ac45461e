"""The serial console: what a developer would want to know, and nothing of the user.

Only names of states, counts and faults are written; codes, tokens, names and texts never come near this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.foundation.units import MS

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit


class Log:
    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit

    def line(self, text: str) -> None:
        """One line, stamped with the unit's own milliseconds since its first start."""
        unit = self._unit
        kept: str | None = unit.tapped("log_line", text)
        if kept is not None:
            unit.ends.console.write(f"[{unit.clock.now() // MS:>10}] {kept}\r\n".encode())

    def state(self, machine: str, before: str, after: str) -> None:
        if machine != "button":
            self.line(f"{machine}: {before} -> {after}")

    def boot(self, kind: str) -> None:
        figures = self._unit.figures
        self.line(f"boot: {kind.removeprefix('boot_')} start {self._unit.flash.starts}")
        self.line(f"boot: software {figures['software']} hardware {figures['hardware']}")
