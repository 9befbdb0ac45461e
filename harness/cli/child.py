"""A child process of the supervisor: started in its own group, its output kept, ended with everything it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from harness.foundation.clock import pause, stopwatch

_PR_SET_PDEATHSIG = 1
_GRACE = ((signal.SIGINT, 8.0), (signal.SIGTERM, 3.0))


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel ends the child when the supervisor is killed; a run nobody watches must not go on."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None
    return lambda: prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


class Child:
    """``output`` is the file its standard output and error go to."""

    def __init__(
        self, name: str, command: Sequence[str], cwd: Path, output: Path, variables: Mapping[str, str] | None = None
    ) -> None:
        """``variables`` are added to its environment."""
        self.name = name
        self.output = output
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "PYTEST_ADDOPTS")}
        environment |= variables or {}
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        with output.open("wb") as file:
            self._process = subprocess.Popen(
                list(command),
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=os.name != "nt",
                creationflags=flags,
                preexec_fn=_end_with_parent(),
            )

    def ended(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def stop(self) -> int:
        """Ask it to end (its runners put the rig back), then insist, then kill the whole group."""
        for ask, seconds in _GRACE:
            if self._signal(ask):
                watch = stopwatch()
                while watch() < seconds:
                    if self.ended() is not None:
                        break
                    pause(0.05)
        self._signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL, even_if_ended=True)
        return self._process.wait()

    def tail(self, lines: int = 40) -> str:
        """The end of its output."""
        text = self.output.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.rstrip().splitlines()[-lines:])

    def _signal(self, number: signal.Signals, *, even_if_ended: bool = False) -> bool:
        """To the whole group. With ``even_if_ended`` also to what the child left running."""
        if self.ended() is not None and not even_if_ended:
            return False
        try:
            if os.name == "nt":
                self._process.terminate()
            else:
                os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True
