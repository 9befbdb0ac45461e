"""People with phones: the driver's, which scans the login code, and the contact, who sends and receives."""

from __future__ import annotations

from harness.audio.port import RATE
from harness.bench.behind import stage
from harness.bench.people import account_of, role_of
from harness.bench.received import Inbox
from harness.bench.recorder import able
from harness.bench.stimulus import Speech, Stimulus
from harness.bench.world import World
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns, S
from harness.judging.accounts import accepted, session_is, session_state, session_stays
from harness.judging.calls import call_is, call_stays, with_picture
from harness.judging.observation import Observation, anchor
from harness.phone.port import Scan
from harness.phone.recorded import Answer


class Account:
    """A person's account as an independent witness: what the service says, not what the unit says."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self.name = name

    def has_many_friends(self, count: int) -> None:
        """So many more contacts, from the next login on. NotOffered where people cannot be made up."""
        names = tuple(f"Friend {number:03}" for number in range(count))
        stage(self._world, f"{count} more contacts").befriend_many(account_of(self.name), names)
        self._world.journal.write("note", self._world.clock.now(), text=f"{self.name} has {count} more contacts")

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
        self._world.intends("phone scans the code")
        answer = self._told("scan", self._port.scan(code))
        return self._world.did(Stimulus("phone scans the code", answer.stamp, answer.stamp, {"answer": answer.outcome}))

    def confirms(self) -> Stimulus:
        self._world.intends("phone confirms")
        answer = self._told("confirm", self._port.confirm())
        return self._world.did(Stimulus("phone confirms", answer.stamp, answer.stamp, {"answer": answer.outcome}))

    def refuses(self) -> Stimulus:
        self._world.intends("phone refuses")
        answer = self._told("refuse", self._port.refuse())
        return self._world.did(Stimulus("phone refuses", answer.stamp, answer.stamp, {"answer": answer.outcome}))

    def _told(self, act: str, answer: Scan) -> Scan:
        self.outcome = answer.outcome
        self._world.origins.note(answer.stamp, f"phone/{self.account.name}")
        self._world.recorder.answers.append(Answer(self.account.name, act, answer.outcome, answer.stamp))
        return answer

    def mutes(self, contact: Contact, on: bool = True) -> None:
        """The conversation with ``contact`` is not to disturb any more."""
        account = self._world.ports.service.account(account_of(self.account.name))
        with self._world.step(f"the conversation with {contact.name} is {'muted' if on else 'heard again'}"):
            able(account, "mute")(account_of(contact.name), on)

    def logs_in_elsewhere(self) -> Stimulus:
        """Scan and confirm the code of another car. NotOffered where there is none."""
        world = self._world
        code = stage(world, "a login on another car").code_of_another_car()
        with world.step("a login on another car"):
            self.scans(code)
            confirmed = self.confirms()
            if self.outcome != "accepted":
                raise RigFault(f"the other car's code was not accepted: {self.outcome}")
        return confirmed

    def accepted(self) -> Observation:
        """Whether the last scan or decision was accepted (1) or refused (0)."""
        return self._world.ask(accepted(self.outcome, self._world.now()), account=self.account.name)


class Contact:
    """Another account: the person the driver talks with."""

    def __init__(self, world: World, account: str, driver: str) -> None:
        self._world = world
        self._port = world.ports.service.account(account)
        self._driver = driver
        self.name = role_of(account)
        self.inbox = Inbox(world, self.name)

    def is_called(self, name: str) -> None:
        """The contact is shown under another name from now on. NotOffered where people cannot be renamed."""
        stage(self._world, "another name").rename(account_of(self.name), name)

    def sends_voice(self, stimulus: str) -> Stimulus:
        spoken = self._world.library.get(stimulus)
        self._world.intends(f"contact sends {stimulus}")
        sent = self._port.send_voice(self._driver, spoken.samples, RATE)
        return self._world.did(Stimulus(f"contact sends {stimulus}", sent, sent, {"stimulus": stimulus}))

    def sends(self, kind: str, text: str) -> Stimulus:
        """Send text, or a picture, red_envelope, transfer, link, location ..."""
        self._world.intends(f"contact sends a {kind}")
        sent = self._port.send_text(self._driver, text, kind)
        return self._world.did(Stimulus(f"contact sends a {kind}", sent, sent))

    # -- calls ---------------------------------------------------------------------------------------------------
    def calls(self, whom: Contact | None = None, video: bool = False) -> Stimulus:
        """Ring the driver, or ``whom``; with picture where asked for."""
        to = self._driver if whom is None else account_of(whom.name)
        what = f"{self.name} makes a {'video' if video else 'voice'} call"
        self._world.intends(what)
        rung = able(self._port, "call")(to, video)
        return self._world.did(Stimulus(what, rung, rung))

    def answers(self) -> Stimulus:
        """Take the call that rings at this person's own phone."""
        self._world.intends(f"{self.name} takes the call")
        taken = able(self._port, "answer")()
        return self._world.did(Stimulus(f"{self.name} takes the call", taken, taken))

    def hangs_up(self) -> Stimulus:
        self._world.intends(f"{self.name} hangs up")
        ended = able(self._port, "hang_up")()
        return self._world.did(Stimulus(f"{self.name} hangs up", ended, ended))

    def speaks(self, stimulus: str) -> Speech:
        """Speak a stored sentence into the call, and wait until it has been said."""
        world = self._world
        spoken = world.library.get(stimulus)
        length = len(spoken.samples) * S // RATE
        world.intends(f"{self.name} speaks {stimulus}")
        began = able(self._port, "speak")(spoken.samples, RATE, world.clock.now() + MS)
        world.clock.run_until(began.t + length)
        speech = Speech(f"{self.name} speaks {stimulus}", began, began.shifted(length), {"text": spoken.text}, stimulus)
        world.did(speech)
        return speech

    def joins_the_network_of_the_car(self) -> None:
        """This person's phone uses the network link of the head unit from now on."""
        able(self._port, "joins_network")()

    def call_is(self, what: str, after: object) -> Observation:
        """Latency until the service has the call "answered" or "ended"."""
        return self._world.ask(call_is(self.name, what, anchor(after)))

    def call_goes_on(self, after: object) -> Observation:
        return self._world.ask(call_stays(self.name, anchor(after)))

    def taken_with_picture(self, after: object) -> Observation:
        """How many calls were taken with picture."""
        return self._world.ask(with_picture(self.name, anchor(after)))
