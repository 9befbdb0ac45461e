"""People with phones: the driver's, which scans the login code, and the contact, who sends and receives."""

from __future__ import annotations

from harness.audio.port import RATE
from harness.bench.people import role_of
from harness.bench.received import Inbox
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.units import Ns
from harness.judging.accounts import accepted, session_is, session_state, session_stays
from harness.judging.observation import Observation, anchor


class Account:
    """A person's account as an independent witness: what the service says, not what the unit says."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self.name = name

    def session_opens(self, after: object) -> Observation:
        return self._world.ask(session_is(self.name, "opened", anchor(after)))

    def session_closes(self, after: object) -> Observation:
        return self._world.ask(session_is(self.name, "closed", anchor(after)))

    def session_is_open(self) -> Observation:
        return self._world.ask(session_state(self.name, "opened", self._world.now()))

    def session_is_closed(self) -> Observation:
        return self._world.ask(session_state(self.name, "closed", self._world.now()))

    def session_stays_open(self, after: object) -> Observation:
        return self._world.ask(session_stays(self.name, anchor(after)))


class Phone:
    """A phone in a hand: it reads what the camera sees of the unit's screen."""

    def __init__(self, world: World, account: str) -> None:
        self._world = world
        self._port = world.ports.service.phone(account)
        self.account = Account(world, role_of(account))
        self.outcome = ""

    def scans(self, code: str, at: Ns | None = None) -> Stimulus:
        """Scan a code (its text as read from the picture), now or ``at``. The answer of its app is in ``outcome``."""
        if at is not None:
            self._world.clock.run_until(at)
        answer = self._port.scan(code)
        self.outcome = answer.outcome
        return self._world.did(Stimulus("phone scans the code", answer.stamp, answer.stamp, {"answer": answer.outcome}))

    def confirms(self) -> Stimulus:
        answer = self._port.confirm()
        self.outcome = answer.outcome
        return self._world.did(Stimulus("phone confirms", answer.stamp, answer.stamp, {"answer": answer.outcome}))

    def refuses(self) -> Stimulus:
        answer = self._port.refuse()
        self.outcome = answer.outcome
        return self._world.did(Stimulus("phone refuses", answer.stamp, answer.stamp, {"answer": answer.outcome}))

    def accepted(self) -> Observation:
        """Whether the last scan or decision was accepted (1) or refused (0)."""
        return self._world.ask(accepted(self.outcome, self._world.now()))


class Contact:
    """Another account: the person the driver talks with."""

    def __init__(self, world: World, account: str, driver: str) -> None:
        self._world = world
        self._port = world.ports.service.account(account)
        self._driver = driver
        self.name = role_of(account)
        self.inbox = Inbox(world, self.name)

    def sends_voice(self, stimulus: str) -> Stimulus:
        spoken = self._world.library.get(stimulus)
        sent = self._port.send_voice(self._driver, spoken.samples, RATE)
        return self._world.did(Stimulus(f"contact sends {stimulus}", sent, sent, {"stimulus": stimulus}))

    def sends(self, kind: str, text: str) -> Stimulus:
        """Send text, or a picture, red_envelope, transfer, link, location ..."""
        sent = self._port.send_text(self._driver, text, kind)
        return self._world.did(Stimulus(f"contact sends a {kind}", sent, sent))
