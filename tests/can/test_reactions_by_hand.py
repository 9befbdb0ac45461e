"""What is told of a reaction, on traffic so small that it can be written down."""

from __future__ import annotations

import pytest

from harness.can.port import Frame, Heard
from harness.can.reactions import BusReactions, MessageReaction, reactions
from harness.can.traits import Field
from harness.foundation.units import MS, Ns, S

WINDOWS = [(t * 100 * MS, t * 100 * MS + S) for t in (50, 90, 160, 200, 270, 310)]
SPAN = (0, 40 * S)


def frame(t: Ns, data: bytes, number: int = 0x100) -> Heard:
    return Heard(t, t, t, "data", Frame(number, data))


def states(*values: tuple[Ns, bytes], every: Ns = 100 * MS, number: int = 0x100) -> list[Heard]:
    """A message that is sent all the time, with the last of ``values`` (since, data)."""
    return [frame(t, [d for since, d in values if since <= t][-1], number) for t in range(0, SPAN[1] + 1, every)]


def pulsed(rest: bytes, *during: bytes, late: Ns = 300 * MS) -> list[Heard]:
    values = [(0, rest)]
    for n, (begin, _) in enumerate(WINDOWS):
        values += [(begin + late, during[n % len(during)]), (begin + late + 400 * MS, rest)]
    return states(*values)


def test_what_changes_together_is_one_field_and_ends_with_its_byte() -> None:
    found = reactions(pulsed(b"\x00\x01\x80\x00", b"\x00\xfe\x7f\x03"), WINDOWS, SPAN)
    assert [(f.field, f.before, f.during) for f in found.fields] == [
        (Field(1, 0, 8), 1, 254), (Field(2, 0, 8), 128, 127), (Field(3, 0, 2), 0, 3)]  # fmt: skip
    first = found.fields[0]
    assert (first.key, first.data) == ((0x100, False), (b"\x00\x01\x80\x00", b"\x00\xfe\x7f\x03"))
    assert first.association.delays == (300 * MS,) * 6
    assert (found.heard, found.candidates) == (401, 18)
    assert found.traits[(0x100, False)].cycle == 100 * MS


def test_bits_beside_each_other_that_change_at_other_times_are_two_fields() -> None:
    """The upper bit also changes once elsewhere, or is later: each is told by itself."""
    both = {begin + 300 * MS: 3 for begin, _ in WINDOWS} | {begin + 700 * MS: 0 for begin, _ in WINDOWS}
    for other in ({37 * S: 2, 38 * S: 0}, {WINDOWS[2][0] + 300 * MS: 1, WINDOWS[2][0] + 400 * MS: 3}):
        values = sorted({0: 0, **both, **other}.items())
        found = reactions(states(*((t, bytes([0, v << 3])) for t, v in values)), WINDOWS, SPAN)
        assert [f.field for f in found.fields] == [Field(1, 3, 1), Field(1, 4, 1)]


def test_before_and_during_are_the_values_most_often_seen() -> None:
    found = reactions(pulsed(b"\x10\x05", b"\x10\x45", b"\x10\x45", b"\x90\x45"), WINDOWS, SPAN)
    assert [(f.field, f.before, f.during) for f in found.fields[:1]] == [(Field(1, 6, 1), 0, 1)]
    assert found.fields[0].data == (b"\x10\x05", b"\x10\x45")


def test_only_what_lies_in_the_recording_counts() -> None:
    heard = [frame(-1, b"\xff"), *pulsed(b"\0\0", b"\0\1"), frame(SPAN[1] + 1, b"\xff\xff")]
    found = reactions(heard, WINDOWS, SPAN)
    assert (found.heard, len(found.fields)) == (401, 1)
    edges = reactions([frame(0, b"\0"), frame(SPAN[1], b"\0")], WINDOWS, SPAN)
    assert edges.heard == 2


def test_of_several_lengths_the_usual_one_is_looked_at() -> None:
    heard = sorted([*pulsed(b"\0\0", b"\0\1"), *(frame(n * S + 50 * MS, b"\xff\xff\xff") for n in range(39))])
    found = reactions(heard, WINDOWS, SPAN)
    assert [f.field for f in found.fields] == [Field(1, 0, 1)]


def events(*trains: tuple[Ns, list[bytes]], apart: Ns = 20 * MS) -> list[Heard]:
    return [frame(t + k * apart, data, 0x320) for t, train in trains for k, data in enumerate(train)]


def come(heard: list[Heard]) -> MessageReaction:
    found = reactions(heard, WINDOWS, SPAN)
    assert isinstance(found, BusReactions)
    (one,) = found.messages
    assert found.fields == ()
    return one


def test_a_message_of_an_action_tells_how_often_it_comes_and_what_differs() -> None:
    trains = [(begin + 30 * MS, [bytes([7, n, 1])] * (2 + n % 2)) for n, (begin, _) in enumerate(WINDOWS)]
    trains[3] = (trains[3][0], [bytes([7, 0, 1])] * 4)
    found = come(events(*trains))
    assert (found.key, found.frames, found.varies) == ((0x320, False), (2, 4), (1,))
    assert found.data == bytes([7, 0, 1])
    assert found.association.delays == (30 * MS,) * 6


def test_a_byte_that_only_some_first_frames_have_differs() -> None:
    trains = [(begin + 30 * MS, [b"\x07" if n else b"\x07\x01"]) for n, (begin, _) in enumerate(WINDOWS)]
    found = come(events(*trains))
    assert (found.varies, found.data, found.frames) == ((1,), b"\x07", (1, 1))


def test_actions_without_it_count_no_frames() -> None:
    found = come(events(*((begin + 30 * MS, [b"\1", b"\1"]) for begin, _ in WINDOWS[:5])))
    assert found.frames == (2, 2)
    assert found.association.hits == 5


@pytest.mark.parametrize(("away", "anew"), [(200 * MS, False), (201 * MS, True)])
def test_a_message_begins_anew_when_it_was_away_for_a_fifth_of_a_second(away: Ns, anew: bool) -> None:
    """It comes at uneven distances all the time, and pauses before each action."""
    times: list[Ns] = []
    for n, (begin, _) in enumerate(WINDOWS):
        stop = WINDOWS[n + 1][0] if n + 1 < len(WINDOWS) else begin + 3 * S
        t = begin + 10 * MS
        while t < stop + 10 * MS - away:
            times.append(t)
            t += (40 * MS, 110 * MS)[len(times) % 2]
        times.append(stop + 10 * MS - away)
    found = reactions([frame(t, b"\1") for t in times], WINDOWS, SPAN)
    assert [m.association.delays for m in found.messages] == ([(10 * MS,) * 6] if anew else [])


@pytest.mark.parametrize(("missing", "reacts"), [(4, False), (6, True)])
def test_a_cyclic_message_begins_anew_when_five_cycles_are_missing(missing: int, reacts: bool) -> None:
    """It pauses before each action and comes again with it."""
    cycle = 100 * MS
    silent = [(begin - missing * cycle, begin) for begin, _ in WINDOWS]
    heard = [frame(t, b"\0") for t in range(0, SPAN[1], cycle) if not any(a <= t < b for a, b in silent)]
    found = reactions(heard, WINDOWS, SPAN)
    assert [m.association.delays for m in found.messages] == ([(0,) * 6] if reacts else [])


def test_the_best_comes_first_and_of_equals_the_lower_identifier_and_bit() -> None:
    heard = [*pulsed(b"\0\0", b"\x01\x10")]
    values = [(0, b"\0")]
    for begin, _ in WINDOWS[:5]:
        values += [(begin + 300 * MS, b"\1"), (begin + 700 * MS, b"\0")]
    heard += states(*values, number=0x080)
    heard += [h._replace(frame=Frame(0x0F0, h.frame.data)) for h in heard[:401] if h.frame]
    found = reactions(sorted(heard), WINDOWS, SPAN)
    assert [(f.key[0], f.field.byte, f.field.low) for f in found.fields] == [
        (0x0F0, 0, 0), (0x0F0, 1, 4), (0x100, 0, 0), (0x100, 1, 4), (0x080, 0, 0)]  # fmt: skip
    trains = [(begin + 30 * MS, [b"\1"]) for begin, _ in WINDOWS]
    alike = [h._replace(frame=Frame(number, b"\1")) for number in (9, 7) for h in events(*trains)]
    later = [frame(h.t + MS, b"\1", 3) for h in events(*trains)]
    found = reactions(sorted([*alike, *later]), WINDOWS, SPAN)
    assert [m.key[0] for m in found.messages] == [7, 9, 3]
    assert found.candidates == 3
