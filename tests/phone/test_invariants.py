"""Whatever people and units do in whatever order: what the messaging service always keeps."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.units import S
from harness.phone.backend import Backend
from harness.phone.codes import CONFIRM_WITHIN, VALID_FOR
from harness.phone.events import CodeConfirmed

PEOPLE = ("driver", "contact", "stranger")
UNITS = ("HU-1", "HU-2")

people, units, recent = st.sampled_from(PEOPLE), st.sampled_from(UNITS), st.integers(1, 3)
acts = st.one_of(
    st.tuples(st.just("code"), units),
    st.tuples(st.just("scan"), people, recent),
    st.tuples(st.just("confirm"), people, recent),
    st.tuples(st.just("refuse"), people, recent),
    st.tuples(st.just("login"), people, units),
    st.tuples(st.just("close"), recent),
    st.tuples(st.just("send"), recent, people, st.integers(0, 4)),
    st.tuples(st.just("write"), people, people, st.integers(0, 4)),
    st.tuples(st.just("play"), recent, st.integers(0, 4)),
)
waits = st.one_of(st.just(0), st.integers(0, 20 * S), st.sampled_from([60 * S - 1, 60 * S, 240 * S, 299 * S, 300 * S]))
stories = st.lists(st.tuples(waits, acts), max_size=25)


class Story:
    """The service and a witness who only writes down what was answered when."""

    def __init__(self) -> None:
        self.backend = Backend(Random(11))
        self.now = 0
        self.made: dict[str, int] = {}
        self.answers: list[tuple[int, str, tuple[object, ...], str]] = []
        self.tokens: list[str] = []
        self.closed: set[str] = set()
        self.events: list[tuple[str, object]] = []
        for person in PEOPLE:
            self.backend.add_account(person)
        for serial in UNITS:
            self.backend.register_unit(serial, "key", 0)
            self.backend.on_push(serial, lambda event, serial=serial: self.told(serial, event))

    def told(self, serial: str, event: object) -> None:
        self.events.append((serial, event))
        if isinstance(event, CodeConfirmed):
            self.tokens.append(event.token)

    def act(self, what: str, *args) -> None:
        backend, now = self.backend, self.now
        if what == "code":
            code = backend.new_code(args[0], now)
            self.made[code] = now
        elif what == "login":
            self.act("code", args[1])
            self.act("scan", args[0], 1)
            self.act("confirm", args[0], 1)
        elif what in ("scan", "confirm", "refuse"):
            code = [*self.made, *["nothing"] * 3][-args[1]] if len(self.made) < args[1] else list(self.made)[-args[1]]
            self.note(what, (args[0], code), getattr(backend, what)(args[0], code, now))
        elif what == "write":
            answer = backend.account_send(args[0], args[1], "text", "w", f"w{args[2]}", now)
            self.note("deliver", (args[0], args[1], f"w{args[2]}"), answer)
        else:
            token = self.tokens[-args[0]] if len(self.tokens) >= args[0] else "none"
            session = backend.session(token, now)
            sender = session.account if session else "nobody"
            if what == "close":
                self.note("close", (token,), backend.close_session(token, now))
                self.closed.add(token)
            elif what == "send":
                answer = backend.send(token, args[1], "text", "u", f"u{args[2]}", now)
                self.note("deliver", (sender, args[1], f"u{args[2]}"), answer)
            else:
                self.note("play", (sender,), backend.mark_played(token, f"w{args[1]}", now))

    def note(self, what: str, args: tuple[object, ...], answer: str) -> None:
        self.answers.append((self.now, what, args, answer))

    def accepted(self, what: str) -> list[tuple[int, tuple]]:
        return [(now, args) for now, did, args, answer in self.answers if did == what and answer == "accepted"]


def tell(story: Story, steps, nudges: tuple[int, ...] = ()) -> Story:
    for n, (wait, act) in enumerate(steps):
        if nudges:
            story.backend.advance(story.now + wait * (nudges[n % len(nudges)] % 100) // 100)
        story.now += wait
        story.act(*act)
        active = [s for t in story.tokens if (s := story.backend.session(t, story.now))]
        assert len({s.account for s in active}) == len(active)
        for person in PEOPLE:
            session = story.backend.active_session(person)
            assert (session is not None) == (person in {s.account for s in active})
        assert not {s.token for s in active} & story.closed
    return story


@given(stories)
@settings(deadline=None, max_examples=200)
def test_a_code_works_once_never_after_its_end_and_only_for_who_scanned_it(steps):
    story = tell(Story(), steps)
    scans, confirms, refusals = (story.accepted(what) for what in ("scan", "confirm", "refuse"))
    scanned = {code: (at, person) for at, (person, code) in scans}
    assert len(scanned) == len(scans)
    decided = [code for _, (_, code) in confirms + refusals]
    assert len(set(decided)) == len(decided)
    for at, (_, code) in scans + confirms + refusals:
        assert at - story.made[code] < VALID_FOR
    for at, (person, code) in confirms + refusals:
        assert scanned[code][1] == person
        assert at - scanned[code][0] < CONFIRM_WITHIN
    assert len(confirms) == len(story.tokens) == len(set(story.tokens))


@given(stories)
@settings(deadline=None, max_examples=200)
def test_messages_arrive_exactly_once_and_in_the_order_of_their_acceptance(steps):
    story = tell(Story(), steps)
    delivered = story.accepted("deliver")
    for person in PEOPLE:
        inbox = [(m.at, m.sender, m.id) for m in story.backend.inbox(person)]
        assert inbox == [(at, sender, name) for at, (sender, to, name) in delivered if to == person]
    assert len({(sender, name) for _, (sender, _, name) in delivered}) == len(delivered)
    for _, what, args, answer in story.answers:
        if what == "deliver" and answer == "duplicate":
            assert (args[0], args[2]) in {(sender, name) for _, (sender, _, name) in delivered}


@given(stories)
@settings(deadline=None, max_examples=100)
def test_an_accounts_log_opens_and_ends_in_turn(steps):
    story = tell(Story(), steps)
    for person in PEOPLE:
        log = story.backend.session_log(person)
        assert [e.what == "opened" for e in log] == [n % 2 == 0 for n in range(len(log))]
        assert all(a.serial == b.serial for a, b in list(pairwise(log))[::2])
        assert (len(log) % 2 == 1) == (story.backend.active_session(person) is not None)


@given(stories, st.lists(st.integers(0, 99), min_size=1, max_size=5))
@settings(deadline=None, max_examples=100)
def test_it_does_not_matter_how_often_time_is_driven(steps, nudges):
    plain, nudged = tell(Story(), steps), tell(Story(), steps, tuple(nudges))
    for story in (plain, nudged):
        story.backend.advance(story.now + 1000 * S)
    assert plain.answers == nudged.answers
    assert plain.events == nudged.events
