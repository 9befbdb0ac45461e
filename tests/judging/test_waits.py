"""How long each question waits, and what it says when nothing came: from the anchor's latest instant on, for what the
limit asks or the patience, whichever is longer, and not a nanosecond less than that."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging import (
    absences,
    accounts,
    buses,
    call_sound,
    calls,
    cameras,
    cyclic,
    diagnostics,
    foreground,
    interrupted,
    lists,
    pictures,
    playback,
    power,
    privacy,
    queue,
    remains,
    seen,
    signals,
    sounds,
    speech,
    stillness,
    thresholds,
    tours,
    trouble_codes,
    yields,
    zones,
)
from harness.judging import music as tones
from harness.judging.observation import Observation, Undecided
from harness.judging.voice import JUDGED_RATE

STATE = "infotainment/HU_Status.AppState"
APP, LINE, WHO = "head_unit.app", "amp.front_left", "driver"
AFTER = Stamp(5 * S, 5 * S - 30 * MS, 5 * S + 40 * MS)
LATER = Stamp(8 * S, 8 * S - 10 * MS, 8 * S + 20 * MS)
WORDS = np.random.default_rng(1).normal(0, 3000, JUDGED_RATE).astype(np.int16)
"""One second of something that is never played."""
SECOND = S


PATH = call_sound.Path("words", WORDS, AFTER, "call/contact", f"account/{WHO}")
LATER_PATH = PATH._replace(began=LATER, line=LINE, source="audio")
TRIED = [thresholds.Tried(6.0, 5 * S, 6 * S), thresholds.Tried(7.0, 7 * S, 9 * S)]


class Waits(NamedTuple):
    """``ask``: the question; ``tail``: how long it listens beyond the time that is watched, ns; ``said``: its detail
    with "{end}" for the end of that time, "{span}" for its length from the anchor on, both in seconds, and "{state}"
    for where the car's state is."""

    ask: Callable[[], Observation]
    said: str
    tail: Ns = 0


LATENCIES = {
    "reaches": Waits(
        lambda: signals.reaches(APP, "listening", AFTER),
        "{state} still 'idle' at {end}; first 'listening' never (watched {span})",
    ),
    "reaches what was there": Waits(
        lambda: signals.reaches(APP, "idle", AFTER),
        "{state} still 'idle' at {end}; first 'idle' never (watched {span}); it was 'idle' all the time",
    ),
    "says": Waits(
        lambda: signals.says(APP, "listening", AFTER),
        "{state} 'idle' at {end}; 'listening' never (watched {span})",
    ),
    "session_is": Waits(
        lambda: accounts.session_is(WHO, "closed", AFTER), "the service never had the session closed (watched {span})"
    ),
    "arrives": Waits(
        lambda: accounts.arrives(WHO, AFTER, "text"), "no text message in the inbox of driver (watched {span})"
    ),
    "call_is": Waits(
        lambda: calls.call_is(WHO, "ended", AFTER), "the service never had the call ended (watched {span})"
    ),
    "shows": Waits(lambda: pictures.shows("listening", AFTER), "screen never came to show listening (watched {span})"),
    "shows what was there": Waits(
        lambda: pictures.shows("home", AFTER),
        "screen never came to show home (watched {span}); it was there all the time",
    ),
    "code_there": Waits(lambda: pictures.code_there(AFTER), "no readable code at {end} (watched {span})"),
    "leaves": Waits(lambda: absences.leaves("home", AFTER), "home still in front at {end}"),
    "reaches, by the screen": Waits(
        lambda: seen.reaches(APP, "listening", AFTER),
        "the screen never came to show head_unit.app 'listening' (watched {span})",
    ),
    "reaches what was there, by the screen": Waits(
        lambda: seen.reaches(APP, "idle", AFTER),
        "the screen never came to show head_unit.app 'idle' (watched {span}); it was there all the time",
    ),
    "says, by the screen": Waits(
        lambda: seen.says(APP, "listening", AFTER),
        "the screen never came to show head_unit.app 'listening' (watched {span})",
    ),
    "plays_speech": Waits(
        lambda: speech.plays_speech("words", WORDS, LINE, AFTER),
        "words never on amp.front_left (listened {span})",
        SECOND + 200 * MS,
    ),
    "falls_below": Waits(
        lambda: power.falls_below(0.1, AFTER), "not below 100 mA for 5.000 s up to {end}", 5 * S + 1 * S
    ),
}
WATCHES = {
    "stays": Waits(lambda: signals.stays(APP, "idle", AFTER), "{state} 'idle' all the time to {end}"),
    "avoids": Waits(lambda: signals.avoids(APP, "listening", AFTER), "{state} never 'listening' to {end}"),
    "silent": Waits(lambda: signals.silent("network.head_unit", AFTER), "no infotainment/NM_HU to {end}"),
    "nothing_arrives": Waits(lambda: accounts.nothing_arrives(WHO, AFTER), "nothing reached driver to {end}"),
    "session_stays": Waits(lambda: accounts.session_stays(WHO, AFTER), "the service keeps the session to {end}"),
    "call_stays": Waits(lambda: calls.call_stays(WHO, AFTER), "the call goes on to {end}"),
    "no_code": Waits(lambda: absences.no_code(AFTER), "no code to {end}"),
    "free_of": Waits(
        lambda: pictures.free_of(("keyboard", "listening"), AFTER), "screen free of keyboard, listening to {end}"
    ),
    "stays, by the screen": Waits(
        lambda: seen.stays(APP, "idle", AFTER), "the screen showed head_unit.app 'idle' all the time to {end}",
        250 * MS,
    ),
    "avoids, by the screen": Waits(
        lambda: seen.avoids(APP, "listening", AFTER), "the screen never showed head_unit.app 'listening' to {end}",
        250 * MS,
    ),
    "silent_of_speech": Waits(
        lambda: speech.silent_of_speech("words", WORDS, LINE, AFTER), "no words on amp.front_left to {end}",
        SECOND + 200 * MS,
    ),
}  # fmt: skip
SPANS = {
    "delivered": (lambda: accounts.delivered(WHO, AFTER, 3 * S), AFTER.late + 3 * S),
    "error_frames": (lambda: buses.error_frames(AFTER, 3 * S), AFTER.late + 3 * S),
    "current_after": (lambda: power.current_after(AFTER, 3 * S, 1 * S), AFTER.late + 4 * S),
    "current_after, as long as usual": (lambda: power.current_after(AFTER, 3 * S), AFTER.late + 5 * S),
    "count_difference": (
        lambda: queue.count_difference("head_unit.unread", WHO, AFTER),
        AFTER.late + queue.SETTLES,
    ),
    "in_order": (lambda: queue.in_order({"words": WORDS}, LINE, AFTER, LATER), LATER.t),
    "motion": (lambda: stillness.motion(AFTER, 3 * S), AFTER.late + 3 * S),
    "differs": (lambda: pictures.differs(AFTER, LATER, 2 * S), LATER.late + 2 * S),
    "shown_among": (lambda: pictures.shown_among(("settings",), AFTER, LATER), LATER.t),
    "list_items": (lambda: lists.list_items(AFTER, LATER), LATER.t),
    "characters": (lambda: lists.characters(AFTER, LATER), LATER.t),
    "session_state": (lambda: accounts.session_state(WHO, "active", LATER), LATER.t),
    "gives_way of music": (lambda: tones.gives_way(MUSIC, AFTER, LATER), LATER.early + 40 * MS),
    "changed": (lambda: tones.changed(MUSIC, AFTER), AFTER.late + 1 * S + 40 * MS),
    "identity": (
        lambda: speech.identity("words", {"words": WORDS}, LINE, AFTER, "identity"), AFTER.late + 2 * S + SECOND,
    ),
    "separation": (
        lambda: zones.separation("words", WORDS, LINE, ("amp.rear_left",), AFTER),
        AFTER.late + 5 * S + SECOND + 200 * MS,
    ),
    "stoi_of": (lambda: playback.stoi_of("words", WORDS, LINE, AFTER), AFTER.late + playback.WITHIN + SECOND),
    "clear": (lambda: call_sound.clear("stoi", PATH), AFTER.late + SECOND + 2 * S),
    "clear of holes": (lambda: call_sound.clear("gaps", LATER_PATH), LATER.late + SECOND + 2 * S),
    "added_delay": (
        lambda: call_sound.added_delay((PATH, LATER_PATH), (PATH, PATH)), LATER.late + SECOND + 2 * S,
    ),
    "finished": (lambda: interrupted.finished(WHO, AFTER, 3 * S, 1), AFTER.late + 3 * S),
    "bears": (lambda: cameras.bears("blur", 1, LATER), LATER.t),
    "reads_through": (lambda: pictures.reads_through("blur", 1, LATER), LATER.t),
    "share": (lambda: tours.share([tours.Tap(0, LATER.t)], 1, 1, AFTER, LATER), LATER.t),
    "list_depth": (lambda: tours.list_depth([tours.Tap(0, LATER.t)], 1, 1, AFTER, LATER), LATER.t),
    "threshold": (lambda: thresholds.threshold("voltage_off", None, 6.0, 7.0, TRIED, LATER), 9 * S),
    "arrive_in_order": (lambda: queue.arrive_in_order({"words": WORDS}, WHO, AFTER, 3 * S), AFTER.late + 3 * S),
    "with_picture": (lambda: calls.with_picture(WHO, AFTER), AFTER.late + 9 * S),
    "gaps_of": (lambda: playback.gaps_of("words", WORDS, LINE, AFTER), AFTER.late + playback.WITHIN + SECOND),
}  # fmt: skip
UNTIL = 8 * S
ASKED_UP_TO = {
    "within_cycle": lambda: cyclic.within_cycle(0.1, AFTER, UNTIL),
    "counter_errors": lambda: cyclic.counter_errors(AFTER, UNTIL),
    "checksum_errors": lambda: cyclic.checksum_errors(AFTER, UNTIL),
    "response_time": lambda: diagnostics.response_time(AFTER, UNTIL),
    "by_the_table": lambda: diagnostics.by_the_table([], True, AFTER, UNTIL),
    "tells": lambda: diagnostics.tells({0xF195: "text"}, AFTER, UNTIL),
    "keys_until_locked": lambda: diagnostics.keys_until_locked(AFTER, UNTIL),
    "stays_locked": lambda: diagnostics.stays_locked(AFTER, None, UNTIL),
    "unlocks": lambda: diagnostics.unlocks([1], AFTER, UNTIL),
    "changes": lambda: trouble_codes.changes("x", 1, 8, True, AFTER, UNTIL, "latency"),
    "status_is": lambda: trouble_codes.status_is("x", 1, "passed", AFTER, UNTIL),
    "stored": lambda: trouble_codes.stored({"x": 1}, "", AFTER, UNTIL),
    "snapshot": lambda: trouble_codes.snapshot_tells_supply("x", 1, 2, {2: 2}, AFTER, AFTER, UNTIL),
    "on_the_buses": lambda: privacy.on_the_buses(("x",), AFTER, UNTIL),
    "on_the_console": lambda: privacy.on_the_console(("x",), AFTER, UNTIL),
    "name_is_written": lambda: remains.name_is_written(60, AFTER, UNTIL),
    "on_the_screen": lambda: remains.on_the_screen(60, AFTER, UNTIL),
}
MUSIC = tones.Music(LINE, 11_000.0, Stamp.exact(4 * S))


@pytest.fixture
def calm(tape, gs4):
    """A car in which nothing happens: idle, the home page in front, logged in, in a call, drawing 1.8 A."""
    from PIL import Image

    tape.show(np.array(Image.open(gs4.screens["home"]).convert("RGB")), 0)
    tape.says(APP, (0, "idle"), until=30 * S)
    tape.session(WHO, "opened", 0)
    tape.called(WHO, (0, "rung"), (1, "answered"))
    for t in range(0, 30 * S, 100 * MS):
        tape.draws(1.8, t)
    return tape


def waited(tape, question: Observation, limit: Limit, patience: Ns, end: Ns) -> Measurement:
    """Undecided up to ``end`` and not at it."""
    tape.clock.run_until(AFTER.late + 100 * MS)
    first = tape.ask(question, limit, patience)
    assert isinstance(first, Undecided)
    tape.clock.run_until(end - 1)
    last = tape.ask(question, limit, patience)
    assert isinstance(last, Undecided), last
    assert last.until == end
    tape.clock.run_until(end)
    found = tape.ask(question, limit, patience)
    assert isinstance(found, Measurement)
    assert tape.ask(question, limit, patience) == found
    return found


@pytest.mark.parametrize("patience", [0, 2 * S, 4 * S])
@pytest.mark.parametrize("name", LATENCIES)
def test_what_never_comes_is_waited_for_as_long_as_the_limit_or_the_patience_asks(calm, name, patience: Ns) -> None:
    ask, said, tail = LATENCIES[name]
    watched = max(3 * S, patience)
    end = AFTER.late + watched
    found = waited(calm, ask(), Limit("s", high=3.0), patience, end + tail)
    assert (found.value, found.unit, found.window) == (None, "s", (AFTER.t, end + tail))
    told = end + (tail if "falls_below" in name else 0)
    assert found.detail == said.format(state=STATE, end=f"{told / S:.3f} s", span=f"{(watched + 40 * MS) / S:.3f} s")


@pytest.mark.parametrize("name", WATCHES)
def test_what_is_watched_is_watched_to_the_end_and_patience_makes_it_no_longer(calm, name) -> None:
    ask, said, tail = WATCHES[name]
    screen = tail if "screen" in name else 0
    end = AFTER.late + 2 * S
    found = waited(calm, ask(), Limit("s", low=2.0), 0, end + tail)
    assert (found.value, found.unit) == ((2.0, 2.0, 2.0), "s")
    assert found.window == (AFTER.t, end + screen)
    assert found.detail == said.format(state=STATE, end=f"{(end + screen) / S:.3f} s")
    assert calm.ask(ask(), Limit("s", low=2.0), 9 * S) == found


@pytest.mark.parametrize("name", SPANS)
def test_what_lasts_a_fixed_time_is_answered_at_its_end(calm, name) -> None:
    ask, end = SPANS[name]
    calm.play(LINE, (np.sin(2 * np.pi * 11_000 * np.arange(20 * RATE) / RATE) * 2000).astype(np.int16), 0)
    waited(calm, ask(), Limit("1", low=0.0, high=3.0), 9 * S, end)


@pytest.mark.parametrize("name", ASKED_UP_TO)
def test_what_is_asked_up_to_an_instant_is_answered_then(calm, name) -> None:
    found = waited(calm, ASKED_UP_TO[name](), Limit("1", low=0.0, high=3.0), 9 * S, UNTIL)
    assert found.window == (AFTER.t, UNTIL)


@pytest.mark.parametrize("patience", [0, 4 * S])
def test_the_end_of_messaging_is_awaited_two_seconds_longer(calm, gs4, patience: Ns) -> None:
    from PIL import Image

    calm.show(np.array(Image.open(gs4.screens["playing"]).convert("RGB")), AFTER.t)
    end = AFTER.late + max(3 * S, patience) + 2 * S
    found = waited(calm, foreground.messaging_leaves(AFTER), Limit("s", high=3.0), patience, end)
    assert (found.value, found.window) == (None, (AFTER.t, end))
    assert found.detail == f"playing is in front at {end / S:.3f} s"


@pytest.mark.parametrize("patience", [0, 4 * S])
def test_a_sound_is_awaited_for_its_own_length_longer(calm, gs4, patience: Ns) -> None:
    length = len(sounds.read_sound(gs4.sounds["chime"])) * S // RATE
    end = AFTER.late + max(3 * S, patience) + length + sounds.TAIL
    found = waited(calm, sounds.plays("chime", LINE, AFTER), Limit("s", high=3.0), patience, end)
    assert (found.value, found.window) == (None, (AFTER.t, end))
    assert found.detail == f"chime never on amp.front_left (listened {(max(3 * S, patience) + 40 * MS) / S:.3f} s)"


@pytest.mark.parametrize("patience", [0, 4 * S])
def test_a_message_that_should_give_way_is_listened_to_from_that_instant_on(calm, patience: Ns) -> None:
    question = yields.gives_way("words", WORDS, LINE, Stamp.exact(2 * S), AFTER)
    found = waited(calm, question, Limit("s", high=3.0), patience, AFTER.late + max(3 * S, patience))
    assert found.value is None
    assert found.detail.startswith("words was not heard before it had to give way: ")


@pytest.mark.parametrize("patience", [0, 4 * S])
def test_music_is_back_only_after_a_second_of_it(calm, patience: Ns) -> None:
    calm.play(LINE, (np.sin(2 * np.pi * 11_000 * np.arange(4 * RATE) / RATE) * 2000).astype(np.int16), 0)
    end = AFTER.late + max(3 * S, patience)
    found = waited(calm, tones.returns(MUSIC, AFTER, 1.0), Limit("s", high=3.0), patience, end + 1 * S + 40 * MS)
    assert (found.value, found.window) == (None, (AFTER.t, end + 1 * S + 40 * MS))
    assert found.detail.endswith(f" dBov for good before {end / S:.3f} s")
