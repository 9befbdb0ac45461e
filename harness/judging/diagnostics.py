"""What the unit answers to a tester, in which time, and what it does with wrong keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.diag import names as uds
from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.conversation import SOURCE, Asked, conversation, questions
from harness.judging.observation import Look, Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.refusals import Row, named, told


def response_time(after: Stamp, until: Ns) -> Observation:
    """Seconds from the end of a request to the start of the first answer to it ("response pending" counts): the
    slowest from ``after`` to ``until``. What the unit did not answer at all is judged elsewhere."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        slowest, said, refs = None, "no answer", ()
        for asked in questions(recording, after.early, until):
            word = asked.first_word
            if word is None:
                continue
            took = elapsed(asked.request.last, word.first)
            if slowest is None or took.high > slowest.high:
                slowest = took
                said = f"slowest to {asked.request.payload[:4].hex(' ').upper()} at {show_time(asked.request.last.t)}"
        return Measurement("latency", "s", slowest, said, refs, (after.t, until))

    return _observation("response_time", {"until": until}, "latency", after, look, "the unit answers")


def told_time(after: Stamp, until: Ns) -> Observation:
    """Seconds in which the unit says that it answers (P2 server, in the answer to session control: ISO 14229-1, 0x10,
    sessionParameterRecord): the longest; never where one of these answers has no such record, or a shorter P2*."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        begun = bytes((uds.SESSION_CONTROL + uds.POSITIVE,))
        asked = questions(recording, after.early, until)
        answers = [a.answer.payload for a in asked if a.answer is not None and a.answer.payload[:1] == begun]
        times = [_times(answer) for answer in answers]
        longest = None if not times or None in times else max(t for t in times if t is not None)
        said = ", ".join(answer[:8].hex(" ").upper() for answer in answers) or "no session was begun"
        value = None if longest is None else Interval.exact(longest)
        return Measurement("latency", "s", value, said, (), (after.t, until))

    return _observation("told_time", {"until": until}, "latency", after, look, "the unit tells its time for an answer")


def _times(answer: bytes) -> float | None:
    """P2 server, s; None where the record is not two times, of which the second, in 10 ms, is no shorter."""
    p2, p2_star = int.from_bytes(answer[2:4], "big"), 10 * int.from_bytes(answer[4:6], "big")
    return p2 / 1000 if len(answer) == 6 and 0 < p2 <= p2_star else None


def by_the_table(rows: Sequence[tuple[Stamp, Row]], functional: bool, after: Stamp, until: Ns) -> Observation:
    """How many of these requests, asked at these instants, were answered otherwise than the table says."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        answers = by_instant(recording, after.early, until)
        wrong = []
        for stamp, row in rows:
            answer = answers.get(stamp.t)
            allowed = (row.functional or ()) if functional else row.physical
            if told(row.request, answer) not in allowed:
                wrong.append(f"{row.name} ({row.request.hex(' ').upper()}): {uds.answer(answer)}, not {named(allowed)}")
        said = "; ".join(wrong[:4]) if wrong else f"{len(rows)} requests answered as the table says"
        return Measurement("response_mismatches", "1", Interval.exact(len(wrong)), said, (), (after.t, until))

    asked_at = [list(stamp) for stamp, _ in rows]
    arguments = {"rows": [row.name for _, row in rows], "asked": asked_at, "functional": functional, "until": until}
    how = "functional" if functional else "physical"
    return _observation("by_the_table", arguments, "response_mismatches", after, look, f"wrong {how} requests")


def tells(expected: Mapping[int, str], after: Stamp, until: Ns) -> Observation:
    """How many of these identifiers were not told as they should be. ``expected``: identifier -> "text" (not empty and
    printable), or the data in hex."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        got: dict[int, bytes] = {}
        for asked in questions(recording, after.early, until):
            request, answer = asked.request.payload, asked.answer
            if request[:1] == b"\x22" and len(request) == 3 and answer and answer.payload[:3] == b"\x62" + request[1:]:
                got[int.from_bytes(request[1:], "big")] = answer.payload[3:]
        wrong = [f"0x{i:04X}: {_shown(got.get(i))}" for i, kind in expected.items() if not _fits(got.get(i), kind)]
        right = [f"0x{i:04X} {_shown(got[i])}" for i in expected if i in got]
        said = "; ".join(wrong) if wrong else ", ".join(right)
        return Measurement("identification_mismatches", "1", Interval.exact(len(wrong)), said, (), (after.t, until))

    arguments = {"expected": {f"0x{i:04X}": kind for i, kind in expected.items()}, "until": until}
    return _observation("tells", arguments, "identification_mismatches", after, look, "the unit tells what it is")


def keys_until_locked(after: Stamp, until: Ns) -> Observation:
    """How many wrong keys were refused up to the one that locked (exceededNumberOfAttempts)."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        codes = [_code(a) for a in _security(recording, after.early, until) if a.request.payload[1] % 2 == 0]
        window = (after.t, until)
        if uds.TOO_MANY_ATTEMPTS not in codes:
            said = f"not locked after {len(codes)} wrong keys: {', '.join(named((c,)) for c in codes)}"
            return Measurement("security_attempts", "1", None, said, (), window)
        count = codes.index(uds.TOO_MANY_ATTEMPTS) + 1
        said = f"locked by wrong key {count}: {', '.join(named((c,)) for c in codes[:count])}"
        return Measurement("security_attempts", "1", Interval.exact(count), said, (), window)

    return _observation("keys_until_locked", {"until": until}, "security_attempts", after, look, "wrong keys lock")


def stays_locked(after: Stamp, since: Stamp | None, until: Ns) -> Observation:
    """Seconds from the refusal that locked (or from ``since``, the return of KL30) to the first seed that was given
    again, asked for again and again up to ``until``. Between two requests it may have come at any time."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        window = (after.t, until)
        tried = _security(recording, after.early, until)
        locked = next((a for a in tried if _code(a) == uds.TOO_MANY_ATTEMPTS), None)
        if locked is None or locked.answer is None:
            return Measurement("security_delay", "s", None, "never locked", (), window)
        began = since or locked.answer.last
        before = began
        for asked in tried:
            if asked.request.last.t <= began.t or asked.request.payload[1] % 2 == 0 or asked.answer is None:
                continue
            if _code(asked) == 0:
                late, early = elapsed(began, asked.answer.last), elapsed(began, before)
                said = f"a seed at {show_time(asked.answer.last.t)}, none before"
                value = Interval(late.value, max(0.0, early.low), late.high)
                return Measurement("security_delay", "s", value, said, (), window)
            before = asked.answer.last
        said = f"no seed any more up to {show_time(until)}"
        return Measurement("security_delay", "s", None, said, (), window)

    arguments = {"since": None if since is None else list(since), "until": until}
    return _observation("stays_locked", arguments, "security_delay", after, look, "security stays locked")


def unlocks(levels: Sequence[int], after: Stamp, until: Ns) -> Observation:
    """How many of these levels did not open with the right key."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        opened = {a.request.payload[1] - 1 for a in _security(recording, after.early, until) if _opened(a)}
        shut = [level for level in levels if level not in opened]
        said = (
            f"level {', '.join(map(str, shut))} did not open" if shut else f"level {', '.join(map(str, levels))} open"
        )
        return Measurement("unlock_failures", "1", Interval.exact(len(shut)), said, (), (after.t, until))

    return _observation(
        "unlocks", {"levels": list(levels), "until": until}, "unlock_failures", after, look, "the right key opens"
    )


def by_instant(recording: Recording, start: Ns, stop: Ns) -> dict[Ns, bytes | None]:
    """The answer to each request, None for silence, by the end of the request. "Tester present" that asks for silence
    is one here: its silence is judged."""
    out: dict[Ns, bytes | None] = {}
    said = conversation(recording, start, stop)
    for n, request in enumerate(said):
        if request.by_unit:
            continue
        answers = []
        for other in said[n + 1 :]:
            if not other.by_unit:
                break
            answers.append(other)
        final = [a for a in answers if a.payload[2:3] != bytes((uds.PENDING_RESPONSE,)) or a.payload[0] != uds.NEGATIVE]
        out[request.last.t] = final[0].payload if final else None
    return out


def _security(recording: Recording, start: Ns, stop: Ns) -> list[Asked]:
    asked = questions(recording, start, stop)
    return [a for a in asked if a.request.payload[0] == uds.SECURITY_ACCESS and len(a.request.payload) > 1]


def _code(asked: Asked) -> int | None:
    return told(asked.request.payload, None if asked.answer is None else asked.answer.payload)


def _opened(asked: Asked) -> bool:
    return asked.request.payload[1] % 2 == 0 and _code(asked) == 0


def _fits(data: bytes | None, kind: str) -> bool:
    if data is None:
        return False
    if kind != "text":
        return data == bytes.fromhex(kind)
    text = data.rstrip(b"\x00 \xff")
    return bool(text) and text.isascii() and text.decode("ascii").isprintable()


def _shown(data: bytes | None) -> str:
    if data is None:
        return "not told"
    return (
        repr(data.decode("ascii")) if data.isascii() and data.decode("ascii").isprintable() else data.hex(" ").upper()
    )


def _observation(
    name: str, more: Mapping[str, object], quantity: str, after: Stamp, look: Look, sentence: str
) -> Observation:
    return Observation(name, {"after": list(after), **more}, quantity, SOURCE, after, look, sentence)
