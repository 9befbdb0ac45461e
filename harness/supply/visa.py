"""One instrument behind VISA: commands out, answers in, every failure told as a fault of the rig.

Theory. After an answer that came too late or broken, the next one read might belong to the question before. So a
session that failed is closed, and the next exchange opens it anew: questions and answers never fall out of step.
"""

from __future__ import annotations

import re
import socket
from typing import Any

from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns
from harness.supply.accuracy import step_of

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*[A-Za-z%]*\s*")


class VisaSession:
    """``resource`` as VISA names it ("TCPIP::192.168.0.7::5025::SOCKET"), ``library`` as pyvisa takes it ("@py", "" for
    an installed VISA, "file.yaml@sim"). ``timeout`` in ns bounds each answer."""

    def __init__(self, resource: str, library: str, write_termination: str, read_termination: str, timeout: Ns) -> None:
        self.resource = resource
        self._library = library
        self._write_termination = write_termination
        self._read_termination = read_termination
        self._timeout = timeout
        self._session: Any = None
        self._opened()

    def tell(self, command: str) -> None:
        """Send a command that has no answer. RigFault when it cannot be sent."""
        session = self._opened()
        try:
            session.write(command)
        except Exception as why:  # pyvisa and its backends raise many kinds, all mean the line is gone
            raise self._fault(f"{command!r} could not be sent: {why}") from why

    def ask(self, question: str) -> str:
        """Send a question, return its answer without white space around it. RigFault when none comes in time."""
        session = self._opened()
        try:
            answer = str(session.query(question))
        except Exception as why:
            raise self._fault(
                f"no whole answer to {question!r} within {self._timeout // MS} ms: {why}. See that it is on, connected "
                f"and in remote mode, and that the dialect's terminations are those of this interface"
            ) from why
        return answer.strip()

    def number(self, question: str) -> float:
        """The answer as a number; a unit behind it ("12.00 V") is allowed. RigFault for anything else."""
        return self.figure(question)[0]

    def figure(self, question: str) -> tuple[float, float]:
        """As ``number``, with the place of its last digit: (12.0, 0.01) for "12.00 V"."""
        answer = self.ask(question)
        match = _NUMBER.fullmatch(answer)
        if match is None:
            raise self._fault(
                f"{question!r} was answered {answer!r}, which is no number. Check that dialect and instrument match"
            )
        return float(match[1]), step_of(match[1])

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _opened(self) -> Any:
        if self._session is None:
            import pyvisa

            try:
                self._session = pyvisa.ResourceManager(self._library).open_resource(
                    self.resource,
                    open_timeout=self._timeout // MS,
                    timeout=self._timeout // MS,
                    write_termination=self._write_termination,
                    read_termination=self._read_termination,
                )
            except Exception as why:
                raise RigFault(
                    f"instrument {self.resource} cannot be opened by VISA {self._library!r}: {why}. Check the resource "
                    f"name ('pyvisa-shell list'), the cable, and that nobody else holds it."
                ) from why
            _send_at_once(self._session)
        return self._session

    def _fault(self, what: str) -> RigFault:
        try:
            self.close()
        except Exception as why:  # noqa: BLE001 - the first fault is the one to tell
            what = f"{what} (nor did it close: {why})"
        return RigFault(f"instrument {self.resource}: {what}.")


def _send_at_once(session: Any) -> None:
    """Two commands in a row over TCP: without TCP_NODELAY the second waits for the other side's delayed
    acknowledgement, 44 ms measured. pyvisa-py 0.8.1 lists the VISA attribute but refuses to set it, so its socket is
    set directly."""
    backend = getattr(session.visalib, "sessions", {}).get(session.session)
    interface = getattr(backend, "interface", None)
    if isinstance(interface, socket.socket):
        interface.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
