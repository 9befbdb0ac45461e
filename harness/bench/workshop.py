"""A workshop tester on the diagnostic connector: what it asks, and what can be judged of the answers.

Requests go out by harness/diag; what is judged is read off the recorded bus (harness/judging/conversation.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.bench.broken_off import BrokenOff
from harness.bench.connector import STARTS_WITHIN, Connector
from harness.bench.guarded import Asking, Guarded, with_the_key, without_the_key
from harness.bench.lasting import Lasting
from harness.bench.provoked import provoked
from harness.bench.questions import Questions, Readings
from harness.bench.stimulus import Stimulus
from harness.bench.sweep import sweep
from harness.bench.world import World
from harness.can.port import Frame
from harness.diag import names as uds
from harness.diag import uds as requests
from harness.diag.addresses import address
from harness.diag.client import Tester
from harness.foundation.errors import HarnessError, NotOffered
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.judging.judge import PrerequisiteFailed
from harness.judging.refusals import AFTER_NONSENSE, TABLE
from harness.judging.signals import says

ANSWERED_WITHIN: Ns = 500 * MS
"""How long a wrong request is waited for: far beyond P2, so that a late answer is seen to be late."""
MOST_KEYS = 6
LOCKED_AT_MOST: Ns = 40 * S
SEED_EVERY: Ns = 80 * MS
IDENTITY = ("software", "serial")
NOBODYS = 0x0001
"""An identifier that no unit has (the table of DIA-02 asks for it alone)."""
IDENTIFICATION, ACCESS = "identification_mismatches", "access_mismatches"
NONSENSE = (
    "21 01 02 03 04 05 06 07", "30 00 00", "32 00 00", "10 14 22 F1 89 00 00 00", "00", "08 22 F1 89 00 00 00 00", "1F",
    "40 00 00 00 00 00 00 00", "2F", "03 22 F1",
)  # fmt: skip
"""Frames that are no request: a consecutive frame alone, flow control for nobody, a message that is never continued,
lengths that are none, an unknown kind of frame, less than it says."""


class Workshop:
    def __init__(self, world: World) -> None:
        self._world = world
        self._at = Connector(world)

    # -- asking --------------------------------------------------------------------------------------------------

    def enters(self, session: str) -> None:
        """Change the diagnostic session: default, extended or programming."""
        with self._at.tester() as tester:
            self._at.enter(tester, session)

    def reads_what_the_unit_is(self) -> Questions:
        """Software version, serial number and the active session, in the default and in the extended one."""
        world = self._world
        expected: dict[int, str] = {self._at.did(name): "text" for name in IDENTITY}
        began = world.now()
        with world.step("the unit is asked what it is"), self._at.tester() as tester:
            answers = {name: tester.ask(requests.read(self._at.did(name))) for name in (*IDENTITY, "active_session")}
        told = {name: text for name in IDENTITY if (text := requests.text(answers[name]))}
        world.journal.write("identity", world.clock.now(), **told)
        expected[self._at.did("active_session")] = f"{uds.DEFAULT:02X}"
        return self._at.questions("what the unit is", began, expected=expected)

    def reads_several_at_once(self) -> Questions:
        """Software and serial in one request, in either order, after each alone."""
        began, known = self._world.now(), [self._at.did(name) for name in IDENTITY]
        with self._world.step("several identifiers at once"), self._at.tester() as tester:
            asking, held = Asking(tester), {did: did.to_bytes(2, "big") + (tester.read(did) or b"") for did in known}
            for order in (known, known[::-1]):
                asking.ask("at once", requests.read(*order), 0, data=b"".join(held[did] for did in order))
        return self._at.questions("several identifiers", began, wanted=tuple(asking.wanted), wrong=IDENTIFICATION)

    def reads_some_that_it_has_not(self) -> Questions:
        """Software and serial in one request with identifiers that nobody has, before and between them."""
        began, known = self._world.now(), [self._at.did(name) for name in IDENTITY]
        with self._world.step("identifiers that nobody has, among others"), self._at.tester() as tester:
            asking, held = Asking(tester), {did: did.to_bytes(2, "big") + (tester.read(did) or b"") for did in known}
            asked, data = [did for one in known for did in (NOBODYS, one)], b"".join(held[did] for did in known)
            asking.ask("unknown ones among others", requests.read(*asked), 0, data=data)
        return self._at.questions("some unknown", began, wanted=tuple(asking.wanted), wrong=IDENTIFICATION)

    def begins_a_session(self, session: str) -> Questions:
        """Change from the default session to ``session``, and back."""
        began = self._world.now()
        with self._world.step(f"the {session} session is begun"), self._at.tester() as tester:
            self._at.enter(tester, session)
            tester.ask(requests.session(uds.DEFAULT))
        return self._at.questions(f"the {session} session", began)

    def reads_the_active_session(self, session: str) -> Questions:
        """The active session after a change to ``session``; afterwards the default one again."""
        world, identifier = self._world, self._at.did("active_session")
        began = world.now()
        with world.step(f"the unit is asked for its session in {session}"), self._at.tester() as tester:
            self._at.enter(tester, session)
            tester.ask(requests.read(identifier))
            tester.ask(requests.session(uds.DEFAULT))
        return self._at.questions("the active session", began, expected={identifier: f"{uds.SESSIONS[session]:02X}"})

    def asks_wrongly(self, addressing: str) -> Questions:
        """Every row of DIA-02's table, physically or functionally addressed."""
        world, functional = self._world, addressing == "functional"
        began, rows = world.now(), []
        with world.step(f"wrong {addressing} requests"), self._at.tester() as tester:
            for row in TABLE:
                if functional and row.functional is None:
                    continue
                for request in (*row.before,):
                    tester.ask(request)
                asked = tester.exchange(row.request, functional=functional, within=ANSWERED_WITHIN).asked
                if asked is None:
                    raise HarnessError(f"{row.name}: the request was not seen on the bus")
                rows.append((asked, row))
                if row.before:
                    tester.ask(requests.session(uds.DEFAULT))
        return self._at.questions(f"wrong {addressing} requests", began, rows=tuple(rows), functional=functional)

    def sends_nonsense(self) -> Questions:
        """Frames that no transport protocol knows, and then a plain question, which has to be answered."""
        world = self._world
        data = world.vehicle.diagnostics
        to = address(data.request, world.vehicle.buses[data.bus].database)
        began = world.now()
        with world.step("frames that are no requests"):
            for text in NONSENSE:
                world.ports.can[data.bus].send(Frame(to.id, bytes.fromhex(text), to.extended))
                world.wait(50 * MS)
            world.wait(2 * S)
            with self._at.tester() as tester:
                asked = tester.exchange(AFTER_NONSENSE.request, within=ANSWERED_WITHIN).asked
        return self._at.questions("nonsense", began, rows=() if asked is None else ((asked, AFTER_NONSENSE),))

    def breaks_off(self) -> Questions:
        """Requests and answers that the tester leaves half done, for a while or to ask anew at once."""
        began, known = self._world.now(), [self._at.did(name) for name in IDENTITY]
        with self._world.step("a tester that breaks off"):
            broken = BrokenOff(self._world, requests.read(*known))
            broken.rest_of_a_request_too_late(requests.read(*known, *known))
            broken.call_for_an_answer_too_late()
            broken.asked_anew(self._at.tester, requests.read(*known, *known))
        return self._at.questions("a tester that breaks off", began, wanted=tuple(broken.wanted))

    def resets_the_unit(self) -> Stimulus:
        """ECU reset (0x11). ``began``: the request."""
        world = self._world
        with world.step("the unit is reset by diagnostics"), self._at.tester() as tester:
            done = tester.exchange(requests.reset(uds.HARD_RESET))
        if done.answer is None or done.answer[:2] != b"\x51\x01":
            raise PrerequisiteFailed(f"the unit does not reset: {uds.answer(done.answer)}")
        return world.did(Stimulus("ECU reset", done.asked or world.now(), done.answered or world.now()))

    def asks_a_driving_unit_to_restart(self) -> Questions:
        """ECU reset and the programming session, which a unit refuses in a car that moves (conditionsNotCorrect)."""
        began, refused = self._world.now(), (uds.CONDITIONS_NOT_CORRECT, uds.NO_SUBFUNCTION)
        with self._world.step("a unit in a moving car is asked to restart"), self._at.tester() as tester:
            asking = Asking(tester)
            asking.ask("a hard reset", requests.reset(uds.HARD_RESET), *refused)
            asking.ask("a soft reset", requests.reset(uds.SOFT_RESET), *refused)
            self._at.enter(tester, "extended")
            asking.ask("the programming session", requests.session(uds.PROGRAMMING), *refused)
            tester.ask(requests.session(uds.DEFAULT))
        return self._at.questions("restarts while driving", began, wanted=tuple(asking.wanted))

    def asks_a_parked_unit_to_be_programmed(self) -> Questions:
        """The programming session, which opens from the extended one in a car that is parked."""
        began, told = self._world.now(), self._at.did("active_session")
        data = told.to_bytes(2, "big") + bytes((uds.PROGRAMMING,))
        with self._world.step("a parked unit is asked for its programming session"), self._at.tester() as tester:
            self._at.enter(tester, "extended")
            asking = Asking(tester)
            asking.ask("the programming session", requests.session(uds.PROGRAMMING), 0)
            asking.ask("the active session", requests.read(told), 0, data=data)
            tester.ask(requests.session(uds.DEFAULT))
        return self._at.questions("programming when parked", began, wanted=tuple(asking.wanted))

    def waits_until_the_unit_has_started(self, after: Stimulus) -> Stamp:
        """The instant from which the unit says on the bus that it is ready."""
        world = self._world
        if "head_unit.ready" not in world.vehicle.roles:
            raise NotOffered(f"{world.vehicle.name} does not say on the bus when it has started")
        ready = says("head_unit.ready", "ready", after.began)
        world.judge.reached(ready, STARTS_WITHIN, "the unit says that it has started")
        return ready.found or world.now()

    # -- faults --------------------------------------------------------------------------------------------------

    @contextmanager
    def provokes(self, code: str) -> Iterator[Lasting]:
        """While it lasts, the fault behind a trouble code is there (harness/bench/provoked.py)."""
        with provoked(self._world, code) as fault:
            yield fault

    @contextmanager
    def records_no_codes(self) -> Iterator[Lasting]:
        """While it lasts, ControlDTCSetting (0x85) is off, and the tester stays present."""
        world = self._world
        with world.step("the recording of trouble codes is off"), self._at.tester() as tester:
            self._at.enter(tester, "extended")
            answer = tester.ask(requests.dtc_setting(False))
            if answer is None or answer[:2] != b"\xc5\x02":
                raise PrerequisiteFailed(f"the recording of codes cannot be switched off: {uds.answer(answer)}")
            off = Lasting(world, "no codes are recorded", world.now())
            try:
                with self._at.stays():
                    yield off
            finally:
                off.ends()
                tester.ask(requests.dtc_setting(True))
                tester.ask(requests.session(uds.DEFAULT))

    @contextmanager
    def stays_extended(self) -> Iterator[None]:
        """While it lasts, the unit is in its extended session, and the tester stays present."""
        world = self._world
        with world.step("the extended session lasts"), self._at.tester() as tester:
            self._at.enter(tester, "extended")
            try:
                with self._at.stays():
                    yield
            finally:
                tester.ask(requests.session(uds.DEFAULT))

    def switches_recording(self, *, on: bool) -> Stimulus:
        """ControlDTCSetting (0x85), in the session that is there. ``began``: the request."""
        world, what = self._world, f"the recording of trouble codes is switched {'on' if on else 'off'}"
        with world.step(what), self._at.tester() as tester:
            done = tester.exchange(requests.dtc_setting(on))
        if done.answer != bytes((uds.DTC_SETTING + uds.POSITIVE, 0x01 if on else 0x02)):
            raise PrerequisiteFailed(f"the recording of codes cannot be switched: {uds.answer(done.answer)}")
        return world.did(Stimulus(what, done.asked or world.now(), done.answered or world.now()))

    def asks_what_has_one_answer(self) -> Questions:
        """Requests whose positive answer the standard gives to the last byte."""
        began = self._world.now()
        with self._world.step("requests with one right answer"), self._at.tester() as tester:
            self._at.enter(tester, "extended")
            asking = Asking(tester)
            asking.ask("tester present", requests.still_here(), 0, data=b"\x00")
            asking.ask("clear all codes", requests.clear_dtcs(), 0, data=b"")
            asking.ask("recording off", requests.dtc_setting(False), 0, data=b"\x02")
            asking.ask("recording on", requests.dtc_setting(True), 0, data=b"\x01")
            tester.ask(requests.session(uds.DEFAULT))
        return self._at.questions("requests with one right answer", began, wanted=tuple(asking.wanted))

    # -- security ------------------------------------------------------------------------------------------------

    def tries_wrong_keys(self, most: int = MOST_KEYS) -> Questions:
        """Wrong keys, in the extended session, until the unit locks, at most so many."""
        world, level = self._world, self._at.security().levels[0]
        began = world.now()
        with world.step("wrong keys until the unit locks"), self._at.tester() as tester:
            self._at.enter(tester, "extended")
            for _ in range(most):
                seed = requests.seed(tester.ask(requests.request_seed(level)))
                if seed is None:
                    break
                wrong = bytes(b ^ 0xFF for b in self._at.key(level, seed))
                if tester.ask(requests.send_key(level, wrong)) == b"\x7f\x27" + bytes((uds.TOO_MANY_ATTEMPTS,)):
                    break
        return self._at.questions("wrong keys", began)

    def waits_for_a_seed(self, tried: Questions, since: Stimulus | None = None) -> Questions:
        """Ask for a seed again and again until there is one; ``since``: KL30 was back then."""
        world, level = self._world, self._at.security().levels[0]
        end = world.clock.now() + LOCKED_AT_MOST
        with world.step("a seed is asked for until there is one"), self._at.tester() as tester:
            self._at.enter(tester, "extended")
            while requests.seed(tester.ask(requests.request_seed(level))) is None and world.clock.now() < end:
                world.wait(SEED_EVERY)
        back = None if since is None else since.ended
        return self._at.questions("a locked unit", tried.began, since=back)

    def unlocks(self) -> Questions:
        """The right key at each level of the car, in the extended session."""
        world, security = self._world, self._at.security()
        began = world.now()
        with world.step("every level is unlocked"), self._at.tester() as tester:
            for level in security.levels:
                self._at.unlock(tester, level)
        return self._at.questions("right keys", began, levels=security.levels)

    def reads_everything(self) -> Readings:
        """Every identifier of the sweep, in the default and the extended session and at each unlocked level."""
        world, security = self._world, self._world.vehicle.diagnostics.security
        began = world.now()
        found: dict[str, dict[int, bytes]] = {}
        read: list[list[Ns]] = []

        def swept(tester: Tester) -> dict[int, bytes]:
            since = world.clock.now()
            answers = sweep(world, tester)
            read.append([since, world.clock.now()])
            return answers

        with world.step("all readable identifiers are read, at each level"), self._at.tester() as tester:
            for session in ("default", "extended"):
                self._at.enter(tester, session)
                found[session] = swept(tester)
            for level in () if security is None else security.levels:
                if not self._at.unlock(tester, level):
                    raise PrerequisiteFailed(f"security level {level} does not open with the car's key")
                found[f"level {level}"] = swept(tester)
            tester.ask(requests.session(uds.DEFAULT))
        return Readings("everything readable", began, world.now(), {"at": list(found)}, world, found, read)

    def asks_without_the_key(self) -> Questions:
        """What security access guards, asked for in every way that must not open it (harness/bench/guarded.py)."""
        began, guarded = self._world.now(), self._guarded()
        with self._world.step("what is guarded is asked for without the key"), self._at.tester() as tester:
            without_the_key(asking := Asking(tester), guarded)
        return self._at.questions("guarded without the key", began, wanted=tuple(asking.wanted), wrong=ACCESS)

    def writes_with_the_key(self) -> Questions:
        """What security access guards is read and written with the right key; what was written reads back."""
        began, guarded = self._world.now(), self._guarded()
        with self._world.step("what is guarded is read and written with the key"), self._at.tester() as tester:
            data = with_the_key(asking := Asking(tester), guarded)
        return self._at.questions(
            "guarded with the key", began, wanted=tuple(asking.wanted), wrong=ACCESS,
            expected={guarded.written: data.hex()},
        )  # fmt: skip

    def reads_again(self, written: Questions) -> Questions:
        """What had been written, in the default session."""
        began = self._world.now()
        with self._world.step("what was written is read again"), self._at.tester() as tester:
            self._at.enter(tester, "default")
            for identifier in written.expected:
                tester.ask(requests.read(identifier))
        return self._at.questions("what was written", began, expected=written.expected)

    def _guarded(self) -> Guarded:
        at, level = self._at, self._at.security().levels[0]
        return Guarded(level, lambda seed: at.key(level, seed), at.did("service_log"), at.did("workshop"))
