"""Where the window of a question begins and ends, to the nanosecond: what comes at an edge counts, beyond it not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging import absences, accounts, calls, pictures, seen, signals
from harness.judging.observation import Observation

APP, WHO = "head_unit.app", "driver"
STATE = "infotainment/HU_Status.AppState"
AFTER = Stamp(5 * S, 5 * S - 30 * MS, 5 * S + 40 * MS)
END = AFTER.late + 2 * S
Happens = Callable[[Any, Ns], None]


class Comes(NamedTuple):
    """``happens(tape, t)``: what the question is about; ``said``: its detail with "{t}" for that instant in seconds;
    ``track``: where it was seen; ``begins``: the first instant that counts, None where what was there before counts."""

    ask: Callable[[], Observation]
    happens: Happens
    said: str
    track: str
    begins: Ns | None = AFTER.early


def front(view: str) -> Happens:
    def happens(tape: Any, t: Ns) -> None:
        tape.show(np.array(Image.open(tape.vehicle.screens[view]).convert("RGB")), t)

    return happens


def state(name: str) -> Happens:
    return lambda tape, t: tape.frame(APP, name, t)


def session(what: str) -> Happens:
    return lambda tape, t: tape.session(WHO, what, t)


def call(what: str) -> Happens:
    return lambda tape, t: tape.called(WHO, (0, "rung"), (1, "answered"), (t, what))


def message(kind: str) -> Happens:
    return lambda tape, t: tape.delivers(WHO, t, kind)


CAN, SCREEN, ACCOUNT = "can/infotainment", "screen", f"account/{WHO}"
LATENCIES = {
    "reaches": Comes(
        lambda: signals.reaches(APP, "listening", AFTER), state("listening"), f"{STATE} 'listening' at {{t}}", CAN
    ),
    "says": Comes(
        lambda: signals.says(APP, "listening", AFTER), state("listening"), f"{STATE} 'listening' at {{t}}", CAN
    ),
    "session_is": Comes(
        lambda: accounts.session_is(WHO, "closed", AFTER), session("closed"),
        "the service has the session closed at {t}", ACCOUNT,
    ),
    "session_is, revoked": Comes(
        lambda: accounts.session_is(WHO, "closed", AFTER), session("revoked"),
        "the service has the session revoked at {t}", ACCOUNT,
    ),
    "arrives": Comes(
        lambda: accounts.arrives(WHO, AFTER, "text"), message("text"), "text message from acct-x in the inbox at {t}",
        ACCOUNT,
    ),
    "call_is, lost": Comes(
        lambda: calls.call_is(WHO, "ended", AFTER), call("lost"), "the service has the call lost at {t}", ACCOUNT
    ),
    "call_is, refused": Comes(
        lambda: calls.call_is(WHO, "ended", AFTER), call("refused"), "the service has the call refused at {t}", ACCOUNT
    ),
    "call_is, missed": Comes(
        lambda: calls.call_is(WHO, "ended", AFTER), call("missed"), "the service has the call missed at {t}", ACCOUNT
    ),
    "shows": Comes(
        lambda: pictures.shows("listening", AFTER), front("listening"), "screen shows listening at {t}", SCREEN,
        AFTER.early + 1,
    ),
    "leaves": Comes(
        lambda: absences.leaves("home", AFTER), front("listening"), "home gone at {t}", SCREEN, AFTER.early + 1
    ),
    "reaches, by the screen": Comes(
        lambda: seen.reaches(APP, "listening", AFTER), front("listening"),
        "the screen shows head_unit.app 'listening' at {t}", SCREEN, AFTER.early + 1,
    ),
    "says, by the screen": Comes(
        lambda: seen.says(APP, "listening", AFTER), front("listening"),
        "the screen shows head_unit.app 'listening' at {t}", SCREEN, None,
    ),
}  # fmt: skip
WATCHES = {
    "stays": Comes(
        lambda: signals.stays(APP, "idle", AFTER), state("listening"), f"{STATE} 'idle' -> 'listening' at {{t}}", CAN
    ),
    "avoids": Comes(
        lambda: signals.avoids(APP, "listening", AFTER), state("listening"), f"{STATE} 'listening' at {{t}}", CAN
    ),
    "silent": Comes(
        lambda: signals.silent("cluster.prompt", AFTER), lambda tape, t: tape.frame("cluster.prompt", "new_message", t),
        "infotainment/IC_Prompt.PromptShown sent at {t}", CAN,
    ),
    "nothing_arrives": Comes(
        lambda: accounts.nothing_arrives(WHO, AFTER), message("text"), "a text message reached driver at {t}", ACCOUNT
    ),
    "session_stays": Comes(
        lambda: accounts.session_stays(WHO, AFTER), session("closed"), "the service has the session closed at {t}",
        ACCOUNT, AFTER.early + 1,
    ),
    "session_stays, revoked": Comes(
        lambda: accounts.session_stays(WHO, AFTER), session("revoked"), "the service has the session revoked at {t}",
        ACCOUNT, AFTER.early + 1,
    ),
    "call_stays": Comes(
        lambda: calls.call_stays(WHO, AFTER), call("ended"), "the service has the call ended at {t}", ACCOUNT,
        AFTER.early + 1,
    ),
    "free_of": Comes(
        lambda: pictures.free_of(("keyboard", "listening"), AFTER), front("listening"),
        "screen shows listening at {t}", SCREEN, None,
    ),
}  # fmt: skip


def at_rest(tape: Any) -> None:
    """Idle, the home page in front, logged in and in a call."""
    front("home")(tape, 0)
    tape.says(APP, (0, "idle"), until=30 * S)
    tape.session(WHO, "opened", 0)
    tape.called(WHO, (0, "rung"), (1, "answered"))


@pytest.fixture
def calm(tape):
    at_rest(tape)
    return tape


@pytest.fixture
def other(make_tape):
    return make_tape()


def answer(tape, comes: Comes, t: Ns, limit: Limit) -> Measurement:
    comes.happens(tape, t)
    tape.clock.run_until(20 * S)
    question = comes.ask()
    found = tape.ask(question, limit, 0)
    assert isinstance(found, Measurement)
    assert question.found in ((None,) if found.value is None or found.quantity == "watch" else (Stamp.exact(t),))
    return found


def tells(found: Measurement, comes: Comes, t: Ns) -> None:
    assert found.detail == comes.said.format(t=f"{t / S:.3f} s")
    assert [(ref["track"], ref["t"]) for ref in found.refs] == [(comes.track, t)]
    assert found.window == (AFTER.t, t)
    assert found.value is not None
    assert found.value.value == pytest.approx((t - AFTER.t) / S)


BEGINS = [(name, comes.begins, comes.begins - 1) for name, comes in LATENCIES.items() if comes.begins is not None]


@pytest.mark.parametrize(("name", "at", "beyond"), [*BEGINS, *((name, END, END + 1) for name in LATENCIES)])
def test_what_comes_at_an_edge_of_the_window_counts_and_beyond_it_not(tape, other, name, at: Ns, beyond: Ns) -> None:
    comes, limit = LATENCIES[name], Limit("s", high=2.0)
    for calm in (tape, other):
        at_rest(calm)
    tells(answer(tape, comes, at, limit), comes, at)
    assert answer(other, comes, beyond, limit).value is None


@pytest.mark.parametrize("name", WATCHES)
def test_what_breaks_a_watch_at_its_last_instant_breaks_it(calm, name) -> None:
    comes = WATCHES[name]
    tells(answer(calm, comes, END, Limit("s", low=2.0)), comes, END)


@pytest.mark.parametrize("name", WATCHES)
def test_what_comes_after_the_watch_does_not_break_it(calm, name) -> None:
    found = answer(calm, WATCHES[name], END + 1, Limit("s", low=2.0))
    assert found.value == (2.0, 2.0, 2.0)
    assert found.window == (AFTER.t, END)


@pytest.mark.parametrize("name", [name for name, comes in WATCHES.items() if comes.begins is not None])
def test_what_breaks_a_watch_as_it_begins_breaks_it(calm, name) -> None:
    comes = WATCHES[name]
    found = answer(calm, comes, comes.begins, Limit("s", low=2.0))
    assert found.detail == comes.said.format(t=f"{comes.begins / S:.3f} s")
    assert found.value.value <= 0.0
