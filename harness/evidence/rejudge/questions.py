"""The table: by the name an observation has in the journal, how it is asked again of the files.

Each entry takes from the journal what the question was about (names, instants, what was said) and nothing of what was
found. What an entry needs beside comes from where it came from when the scenario ran: stored sounds from the stimulus
library, tolerances from the requirements, icons from the car's folder, codes from the pictures, a tester's answers from
the bus. Where that is not possible the entry says why (harness/evidence/rejudge/questions_told.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.evidence.rejudge.question import NotPossible, Question, Rebuild, stamp_from
from harness.evidence.rejudge.questions_sound import SOUND
from harness.evidence.rejudge.questions_told import TOLD
from harness.judging import (
    absences,
    accounts,
    answers,
    buses,
    calls,
    cameras,
    changes,
    cyclic,
    diagnostics,
    foreground,
    interrupted,
    lists,
    music,
    pictures,
    power,
    presses,
    queue,
    remains,
    seen,
    signals,
    stillness,
    thresholds,
    tours,
    trouble_codes,
    votes,
)
from harness.judging.answers import Wanted
from harness.judging.observation import Observation
from harness.judging.refusals import AFTER_NONSENSE, TABLE

_ROWS = {row.name: row for row in (*TABLE, AFTER_NONSENSE)}


def _code_shown(q: Question) -> Observation:
    other = q.secret()[0] if q["fresh"] else None
    return pictures.code_there(q.stamp("after"), other_than=other)


def _by_the_table(q: Question) -> Observation:
    unknown = [name for name in q["rows"] if name not in _ROWS]
    if unknown:
        raise NotPossible(f"the table of wrong requests has no row {unknown[0]!r}")
    rows = [(stamp_from(at), _ROWS[name]) for at, name in zip(q["asked"], q["rows"], strict=True)]
    return diagnostics.by_the_table(rows, bool(q["functional"]), q.stamp("after"), q.ns("until"))


def _answered_so(q: Question) -> Observation:
    wanted = []
    for at, name, asked, codes, data in q["wanted"]:
        said = None if data is None else bytes.fromhex(data)
        wanted.append((stamp_from(at), Wanted(name, bytes.fromhex(asked), tuple(codes), said)))
    return answers.answered_so(wanted, q.quantity, q.text("what"), q.stamp("after"), q.ns("until"))


def _since(q: Question) -> Observation:
    since = q["since"]
    return diagnostics.stays_locked(q.stamp("after"), None if since is None else stamp_from(since), q.ns("until"))


def _changes(q: Question) -> Observation:
    return trouble_codes.changes(
        q.text("name"), q.ns("code"), q.ns("bit"), bool(q["on"]), q.stamp("after"), q.ns("until"), q.quantity
    )


def _snapshot(q: Question) -> Observation:
    return trouble_codes.snapshot_tells_supply(
        q.text("name"), q.ns("code"), q.ns("identifier"), {int(k): int(v) for k, v in q["lengths"]},
        q.stamp("matured"), q.stamp("asked"), q.ns("until"),
    )  # fmt: skip


def _returns(q: Question) -> Observation:
    """The unit on its buses after a short, or music after a message."""
    if "watch" in q:
        return buses.returns(q.stamp("after"), q.ns("watch"))
    tolerance = q.catalogue["MSG-08"].limit("level_change").high or 0.0
    return music.returns(_music(q), q.stamp("after"), tolerance)


def _music(q: Question) -> music.Music:
    return music.Music(q.text("line"), float(q["frequency"]), q.stamp("before"))


def _gives_way(q: Question) -> Observation:
    """Music to a message, or a message to something more important."""
    if "frequency" in q:
        return music.gives_way(_music(q), q.stamp("start"), q.stamp("stop"))
    return SOUND["gives_way"](q)


def _falls_below(q: Question) -> Observation:
    return power.falls_below(q.catalogue["PWR-03"].limit("sleep_current").high or 0.0, q.stamp("after"))


def _threshold(q: Question) -> Observation:
    tries = [thresholds.Tried(float(volts), int(settled), int(asked)) for volts, settled, asked in q["tries"]]
    code, low, high = q["code"], float(q["low"]), float(q["high"])
    return thresholds.threshold(q.text("of"), None if code is None else int(code), low, high, tries, q.stamp("at"))


def _tour(ask: Callable[..., Observation]) -> Rebuild:
    def rebuild(q: Question) -> Observation:
        taps = [tours.Tap(int(point), int(looked)) for point, looked in q["taps"]]
        return ask(taps, q.ns("depth"), q.ns("points"), q.stamp("began"), q.stamp("ended"))

    return rebuild


def _of_presses(which: int) -> Rebuild:
    def rebuild(q: Question) -> Observation:
        if "cuts" in q:
            return TOLD["cut_spacing"](q)
        instants = tuple((stamp_from(began), stamp_from(ended)) for began, ended in q["presses"])
        by = q["by"]
        if "role" in by:
            role = str(by["role"])
            return presses.OF_ALL[which](
                presses.by_state(role, str(by["state"]), instants), f"role/{role}", instants, role
            )
        found = presses.by_sound(str(by["sound"]), str(by["line"]), instants)
        return presses.OF_ALL[which](found, "audio", instants, str(by["sound"]))

    return rebuild


_SIGNALS: Mapping[str, Rebuild] = {
    "reaches": lambda q: signals.reaches(q.text("role"), q.text("state"), q.stamp("after")),
    "says": lambda q: signals.says(q.text("role"), q.text("state"), q.stamp("after")),
    "stays": lambda q: signals.stays(q.text("role"), q.text("state"), q.stamp("after")),
    "avoids": lambda q: signals.avoids(q.text("role"), q.text("state"), q.stamp("after")),
    "silent": lambda q: signals.silent(q.text("role"), q.stamp("after")),
    "answered": _of_presses(0),
    "latency": _of_presses(1),
    "latency_growth": _of_presses(2),
    "count_difference": lambda q: queue.count_difference(q.text("role"), q.text("account"), q.stamp("after")),
    "returns": _returns,
    "error_frames": lambda q: buses.error_frames(q.stamp("after"), q.ns("watch")),
    "within_cycle": lambda q: cyclic.within_cycle(float(q["share"]), q.stamp("after"), q.ns("until")),
    "counter_errors": lambda q: cyclic.counter_errors(q.stamp("after"), q.ns("until")),
    "checksum_errors": lambda q: cyclic.checksum_errors(q.stamp("after"), q.ns("until")),
    "changes_repeated": lambda q: changes.changes_repeated(q.stamp("after"), q.ns("until")),
}

_SCREEN: Mapping[str, Rebuild] = {
    "reaches_seen": lambda q: seen.reaches(q.text("role"), q.text("state"), q.stamp("after")),
    "says_seen": lambda q: seen.says(q.text("role"), q.text("state"), q.stamp("after")),
    "stays_seen": lambda q: seen.stays(q.text("role"), q.text("state"), q.stamp("after")),
    "avoids_seen": lambda q: seen.avoids(q.text("role"), q.text("state"), q.stamp("after")),
    "shows": lambda q: pictures.shows(q.text("view"), q.stamp("after")),
    "free_of": lambda q: pictures.free_of(tuple(q["things"]), q.stamp("after")),
    "code_shown": _code_shown,
    "code_gone": lambda q: pictures.code_there(q.stamp("after"), gone=True),
    "differs": lambda q: pictures.differs(q.stamp("first"), q.stamp("second"), q.ns("span")),
    "shown_among": lambda q: pictures.shown_among(tuple(q["things"]), q.stamp("start"), q.stamp("stop")),
    "reads_through": lambda q: pictures.reads_through(q.text("camera"), q.ns("seed"), q.stamp("at")),
    "no_code": lambda q: absences.no_code(q.stamp("after")),
    "leaves": lambda q: absences.leaves(q.text("view"), q.stamp("after")),
    "messaging_leaves": lambda q: foreground.messaging_leaves(q.stamp("after")),
    "motion": lambda q: stillness.motion(q.stamp("after"), q.ns("span")),
    "bears": lambda q: cameras.bears(q.text("kind"), q.ns("seed"), q.stamp("at")),
    "list_items": lambda q: lists.list_items(q.stamp("start"), q.stamp("stop")),
    "characters": lambda q: lists.characters(q.stamp("start"), q.stamp("stop")),
    "share": _tour(tours.share),
    "list_depth": _tour(tours.list_depth),
    "name_is_written": lambda q: remains.name_is_written(q.ns("length"), q.stamp("after"), q.ns("until")),
    "on_the_screen": lambda q: remains.on_the_screen(q.ns("length"), q.stamp("after"), q.ns("until")),
}

_SERVICE: Mapping[str, Rebuild] = {
    "session_is": lambda q: accounts.session_is(q.text("account"), q.text("what"), q.stamp("after")),
    "session_stays": lambda q: accounts.session_stays(q.text("account"), q.stamp("after")),
    "session_state": lambda q: accounts.session_state(q.text("account"), q.text("wanted"), q.stamp("at")),
    "arrives": lambda q: accounts.arrives(q.text("account"), q.stamp("after"), q.text("kind")),
    "delivered": lambda q: accounts.delivered(q.text("account"), q.stamp("after"), q.ns("watch")),
    "nothing_arrives": lambda q: accounts.nothing_arrives(q.text("account"), q.stamp("after")),
    "finished": lambda q: interrupted.finished(q.text("account"), q.stamp("after"), q.ns("span"), q.ns("expected")),
    "call_is": lambda q: calls.call_is(q.text("account"), q.text("what"), q.stamp("after")),
    "call_stays": lambda q: calls.call_stays(q.text("account"), q.stamp("after")),
    "with_picture": lambda q: calls.with_picture(q.text("account"), q.stamp("after")),
}

_UNIT: Mapping[str, Rebuild] = {
    "response_time": lambda q: diagnostics.response_time(q.stamp("after"), q.ns("until")),
    "told_time": lambda q: diagnostics.told_time(q.stamp("after"), q.ns("until")),
    "by_the_table": _by_the_table,
    "answered_so": _answered_so,
    "lists_agree": lambda q: answers.lists_agree([int(x) for x in q["codes"]], q.stamp("after"), q.ns("until")),
    "tells": lambda q: diagnostics.tells(
        {int(i, 16): str(kind) for i, kind in q["expected"].items()}, q.stamp("after"), q.ns("until")
    ),
    "keys_until_locked": lambda q: diagnostics.keys_until_locked(q.stamp("after"), q.ns("until")),
    "stays_locked": _since,
    "unlocks": lambda q: diagnostics.unlocks([int(x) for x in q["levels"]], q.stamp("after"), q.ns("until")),
    "changes": _changes,
    "status_is": lambda q: trouble_codes.status_is(
        q.text("name"), q.ns("code"), q.text("stage"), q.stamp("asked"), q.ns("until")
    ),
    "keeps_voting": lambda q: votes.keeps_voting(q.stamp("after"), q.ns("until")),
    "asks_nothing": lambda q: votes.asks_nothing(q.stamp("after"), q.ns("until")),
    "tells_who_woke": lambda q: votes.tells_who_woke(bool(q["itself"]), q.stamp("after"), q.ns("until")),
    "first_votes": lambda q: votes.first_votes(int(q["count"]), q.stamp("after"), q.ns("until")),
    "forgotten": lambda q: trouble_codes.forgotten(q.text("name"), q.ns("code"), q.stamp("asked"), q.ns("until")),
    "stored": lambda q: trouble_codes.stored(
        {str(k): int(v) for k, v in q["codes"].items()}, q.text("what"), q.stamp("asked"), q.ns("until")
    ),
    "snapshot_tells_supply": _snapshot,
    "current_after": lambda q: power.current_after(q.stamp("after"), q.ns("settle"), q.ns("over")),
    "falls_below": _falls_below,
    "threshold": _threshold,
}

_MUSIC: Mapping[str, Rebuild] = {
    "gives_way": _gives_way,
    "changed": lambda q: music.changed(_music(q), q.stamp("at")),
}

QUESTIONS: Mapping[str, Rebuild] = {**SOUND, **TOLD, **_SIGNALS, **_SCREEN, **_SERVICE, **_UNIT, **_MUSIC}
