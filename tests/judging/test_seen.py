"""What a car does not say on its bus is seen on its screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.bench import told
from harness.foundation.clock import VirtualClock
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.headunit.render import Style, View, black, picture
from harness.judging import seen
from harness.judging.observation import Undecided
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

AFTER = Stamp.exact(1 * S)
WITHIN, WATCH = Limit("s", high=0.25), Limit("s", low=2.0)
APP, SESSION = "head_unit.app", "head_unit.session"


@pytest.fixture(scope="module")
def f5() -> Vehicle:
    return load_vehicle(Path(__file__).parents[2] / "dbc" / "f5")


@pytest.fixture
def screen(f5: Vehicle, make_tape: Callable[..., Any]) -> Callable[..., Any]:
    """``screen((t, view), ..., until=t)``: a tape whose screen shows these views; "dark": no light, "login": a code."""

    def shows(*views: tuple[Ns, str], until: Ns) -> Any:
        clock = VirtualClock()
        tape = make_tape(clock=clock)
        tape.vehicle = f5
        icons = tuple(sorted(f5.screens.items()))
        for t, name in views:
            view = View("code", code="weixin://HIL-0417-TEST") if name == "login" else View(name)
            tape.show(black() if name == "dark" else picture(view, Style(0, "zh", icons)), t)
        clock.run_until(until)
        return tape

    return shows


def answer(observation: Any, tape: Any, limit: Limit, patience: Ns = 2 * S) -> Measurement:
    found = tape.ask(observation, limit, patience)
    assert isinstance(found, Measurement), found
    return found


class TestReaches:
    def test_it_is_the_picture_that_brings_the_state(self, screen: Callable[..., Any]) -> None:
        tape = screen((0, "home"), (1160 * MS, "listening"), until=5 * S)
        found = answer(seen.reaches(APP, "listening", AFTER), tape, WITHIN)
        assert found.value is not None
        assert found.value.value == pytest.approx(0.16)

    def test_what_was_there_all_the_time_is_not_reached(self, screen: Callable[..., Any]) -> None:
        tape = screen((0, "listening"), until=5 * S)
        found = answer(seen.reaches(APP, "listening", AFTER), tape, WITHIN)
        assert found.value is None
        assert "all the time" in found.detail
        assert answer(seen.says(APP, "listening", AFTER), tape, WITHIN).value is not None

    def test_it_is_undecided_until_the_screen_was_seen(self, screen: Callable[..., Any]) -> None:
        tape = screen((0, "home"), until=1100 * MS)
        assert isinstance(tape.ask(seen.reaches(APP, "listening", AFTER), WITHIN, 2 * S), Undecided)

    def test_idle_is_a_lit_screen_with_nothing_of_messaging(self, screen: Callable[..., Any]) -> None:
        tape = screen((0, "playing"), (1500 * MS, "dark"), (1900 * MS, "settings"), until=9 * S)
        found = answer(seen.reaches(APP, "idle", AFTER), tape, WITHIN)
        assert found.value is not None
        assert found.value.value == pytest.approx(0.9)

    @pytest.mark.parametrize(("view", "state"), [("home", "active"), ("prompt", "active"), ("logged_out", "logged_out"),
                                                 ("login", "code_shown"), ("code", "confirming")])  # fmt: skip
    def test_whose_session_it_is(self, screen: Callable[..., Any], view: str, state: str) -> None:
        tape = screen((0, "dark"), (1100 * MS, view), until=5 * S)
        assert answer(seen.reaches(SESSION, state, AFTER), tape, WITHIN).value is not None
        for (role, other), sees in seen.STATES.items():
            if role == SESSION and other != state:
                assert not sees(tape, tape.pictures(2 * S, 2 * S)[0]), other


class TestStays:
    def test_it_stays_while_every_picture_shows_it(self, screen: Callable[..., Any]) -> None:
        tape = screen((0, "home"), (1500 * MS, "contacts"), until=9 * S)
        found = answer(seen.stays(APP, "idle", AFTER), tape, WATCH)
        assert found.value is not None
        assert found.value.value == 2.0

    @pytest.mark.parametrize("other", ["listening", "dark", "boot"])
    def test_another_picture_ends_it(self, screen: Callable[..., Any], other: str) -> None:
        tape = screen((0, "home"), (2 * S, other), (2200 * MS, "home"), until=9 * S)
        found = answer(seen.stays(APP, "idle", AFTER), tape, WATCH)
        assert found.value is not None
        assert found.value.value == pytest.approx(1.0)

    def test_the_screen_may_follow(self, screen: Callable[..., Any]) -> None:
        follows = screen((0, "home"), (1200 * MS, "listening"), until=9 * S)
        too_late = screen((0, "home"), (1300 * MS, "listening"), until=9 * S)
        observation = seen.stays(APP, "listening", AFTER)
        first, second = (answer(observation, tape, WATCH).value for tape in (follows, too_late))
        assert first is not None
        assert second is not None
        assert (first.value, second.value) == (2.0, 0.0)


class TestAvoids:
    def test_a_picture_of_it_is_too_much(self, screen: Callable[..., Any]) -> None:
        tape = screen((0, "home"), (1100 * MS, "playing"), (1200 * MS, "home"), until=9 * S)
        found = answer(seen.avoids(APP, "playing", AFTER), tape, WATCH)
        assert found.value is not None
        assert found.value.value == pytest.approx(0.1)

    def test_what_was_in_front_may_go(self, screen: Callable[..., Any]) -> None:
        tape = screen((0, "playing"), (1200 * MS, "home"), until=9 * S)
        found = answer(seen.avoids(APP, "playing", AFTER), tape, WATCH)
        assert found.value is not None
        assert found.value.value == 2.0

    def test_a_screen_that_shows_nothing_at_all_is_no_witness(self, screen: Callable[..., Any]) -> None:
        tape = screen((0, "dark"), until=9 * S)
        found = answer(seen.avoids(APP, "playing", AFTER), tape, WATCH)
        assert found.value is not None
        assert found.value.value == 0.0
        assert "dark" in found.detail


class TestWhichWitness:
    def test_the_bus_where_it_says_so_else_the_screen(self, gs4: Vehicle, f5: Vehicle) -> None:
        assert told.reaches(gs4, APP, "listening", AFTER).source == f"role/{APP}"
        assert told.reaches(f5, APP, "listening", AFTER).source == "screen"
        assert told.stays(f5, SESSION, "active", AFTER).source == "screen"

    def test_what_no_picture_tells_is_left_to_the_judge_as_missing(self, f5: Vehicle) -> None:
        assert told.says(f5, SESSION, "leaving", AFTER).source == f"role/{SESSION}"
        assert told.avoids(f5, "head_unit.audio", "voice", AFTER).source == "role/head_unit.audio"
