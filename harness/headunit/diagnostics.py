"""Diagnostics: the unit as a UDS server (ISO 14229-1), between its transport and its table of services.

Theory. One request at a time: what comes while one is worked on is not heard. A request is checked in the standard's
order (8.7.3.1, figures 5 and 6): is the service there, in this session, at this security level; then, where it has
sub-functions, is the request long enough to have one, is the sub-function there, in this session; then the service
itself. The first thing wrong is the answer, except that a functional request gets no "not supported" of any kind. A
positive answer that was asked to be suppressed is not sent, unless "response pending" has already been.

An answer comes within P2; what takes longer is announced by 0x78 and then comes within P2*. A session other than the
default one ends by itself when nothing was asked for S3; leaving a session locks security and switches the recording of
trouble codes on again. All of it is forgotten without KL30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.diag import names as uds
from harness.foundation.units import MS
from harness.headunit import dtc
from harness.headunit.isotp_server import IsoTpServer
from harness.headunit.uds_data import Data
from harness.headunit.uds_security import Security
from harness.headunit.uds_services import Rule

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit


class Diagnostics:
    """``session`` is the number of the active diagnostic session."""

    def __init__(self, unit: HeadUnit) -> None:
        self.unit = unit
        self.session = uds.DEFAULT
        self.data = Data(unit)
        self.security = Security(unit)
        self._transport = IsoTpServer(unit, self._requested)
        self._restarts = False

    def die(self) -> None:
        self._transport.die()
        self.session = uds.DEFAULT
        self.security.lock()
        self._restarts = False

    def value(self, identifier: int) -> bytes | None:
        """What one identifier holds; None for one the unit does not have."""
        return self.data.value(identifier)

    def enter(self, session: int) -> None:
        """Begin a session, also the one that is there."""
        self.session = session
        self.security.lock()
        if session == uds.DEFAULT:
            dtc.set_recording(self.unit, True)

    def restart_after_answer(self) -> None:
        self._restarts = True

    # -- one request ----------------------------------------------------------------------------------------------

    def _requested(self, request: bytes, functional: bool) -> None:
        unit = self.unit
        quiet_presence = request[:2] == bytes((uds.TESTER_PRESENT, uds.SUPPRESS))
        if unit.running("uds"):
            return
        if quiet_presence:
            self._keep_session()  # beside everything else, and without a word
            return
        unit.stop("s3")
        unit.later("uds", unit.figures["p2_server"] // 2, lambda u: u.diagnostics.work(request, functional))

    def work(self, request: bytes, functional: bool) -> None:
        """Refuse a request, do it at once, or announce that it takes longer."""
        rule: Rule | None = self.unit.figures["uds_services"].get(request[0])
        refused = self._refusal(rule, request)
        if refused is not None or rule is None:
            self._finish(request, functional, uds.NOT_SUPPORTED if refused is None else refused, False)
        else:
            self._answer(rule, request, functional)

    def _answer(self, rule: Rule, request: bytes, functional: bool) -> None:
        outcome = rule.handler(self, request)
        if isinstance(outcome, int) or not rule.slow:
            self._finish(request, functional, outcome, False)
            return
        self._reply(request, functional, uds.PENDING_RESPONSE, False)
        after = self.unit.figures["slow_service"]
        self.unit.later("uds", after, lambda u: u.diagnostics.finish(request, functional, outcome))

    def finish(self, request: bytes, functional: bool, outcome: bytes) -> None:
        """The end of something that took longer."""
        self._finish(request, functional, outcome, True)

    def _refusal(self, rule: Rule | None, request: bytes) -> int | None:
        """The negative response code that the table gives, None where the service may begin."""
        if rule is None:
            return uds.NOT_SUPPORTED
        if self.session not in rule.sessions:
            return uds.NOT_IN_SESSION
        if rule.level not in (0, self.security.level):
            return uds.ACCESS_DENIED
        if rule.functions is None:
            return None
        if len(request) < 2:
            return uds.WRONG_LENGTH
        sessions = rule.functions.get(request[1] & 0x7F)
        if sessions is None:
            return uds.NO_SUBFUNCTION
        return None if self.session in sessions else uds.NO_SUBFUNCTION_IN_SESSION

    def _finish(self, request: bytes, functional: bool, outcome: bytes | int, announced: bool) -> None:
        self._reply(request, functional, outcome, announced)
        self._keep_session()
        if self._restarts:
            self._restarts = False
            # the answer has to be on the bus before the unit is gone
            self.unit.later("reset", 10 * MS, lambda u: u.restart())

    def _reply(self, request: bytes, functional: bool, outcome: bytes | int, announced: bool) -> None:
        unit, service = self.unit, request[0]
        payload: bytes | None
        if isinstance(outcome, int):
            quiet = functional and outcome in uds.QUIET_WHEN_FUNCTIONAL and not announced
            payload = None if quiet else bytes((uds.NEGATIVE, service, outcome))
        else:
            rule: Rule | None = unit.figures["uds_services"].get(service)
            has_functions = rule is not None and rule.functions is not None
            suppressed = has_functions and request[1] & uds.SUPPRESS and not announced
            payload = None if suppressed else bytes((service + uds.POSITIVE,)) + outcome
        payload = unit.tapped("uds", (request, functional, payload))[2]
        if payload is not None:
            self._transport.reply(payload)

    def _keep_session(self) -> None:
        """S3 begins anew; when it ends, so does the session."""
        if self.session != uds.DEFAULT:
            self.unit.later("s3", self.unit.figures["s3_server"], lambda u: u.diagnostics.enter(uds.DEFAULT))
        else:
            self.unit.stop("s3")
